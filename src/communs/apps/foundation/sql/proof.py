"""What was proven stays: leaves, checkpoints and verifications are added, never changed or taken away; the log's name.

The horizon of the log only goes forward, and no further than what there is: whoever moved it past an entry that is not
committed yet would keep that entry out of the log. Verification finds one that was passed over ("in-the-log").
"""

from __future__ import annotations

from typing import Final

from communs.apps.foundation.sql.building import Check, Conditions, Part, build, changed
from communs.apps.foundation.sql.words import SAYS

SAYS["horizon"] = "the log goes on from where it stands, up to what has been recorded"

_BEGINS: Final = Check("logstate_begins", "BEFORE INSERT", "logstate", [
    ("horizon", "NEW.id <> 1 OR NEW.up_to <> 0 OR NEW.older_than <> 0"),
])  # fmt: skip
# Entries are committed there in the order of their numbers: no horizon is ever kept.
_NEVER: Final = (("horizon", changed("up_to", "older_than")),)
_GIVEN: Final = "(SELECT CASE WHEN g.is_called THEN g.last_value ELSE g.last_value - 1 END FROM foundation_sequence g)"
_FORWARD: Final = (
    ("horizon", "NEW.up_to < OLD.up_to OR NEW.older_than < OLD.older_than"),
    ("horizon", "NEW.up_to > OLD.up_to AND NEW.older_than = OLD.older_than"),
    ("horizon", f"NEW.up_to > {_GIVEN} OR NEW.older_than > pg_current_xact_id()::text::bigint"),
)


def _part(conditions: Conditions) -> Part:
    return Part(
        (_BEGINS, Check("logstate_goes_on", "BEFORE UPDATE", "logstate", conditions)),
        stays=("logstate",),
        added_only=("leaf", "checkpoint", "verification"),
        frozen={"logstate": ("origin",)},
    )


SQLITE, POSTGRESQL = build(_part(_NEVER))[0], build(_part(_FORWARD))[1]
