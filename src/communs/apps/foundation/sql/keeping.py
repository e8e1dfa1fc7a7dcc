"""Bank details that are set aside: nothing is proposed to be paid there, and nothing goes to the bank for it."""

from __future__ import annotations

from typing import Final

from communs.apps.foundation.sql.building import Check, Part, build

_ASIDE: Final = "EXISTS (SELECT 1 FROM foundation_detailssetaside a WHERE a.details_id = {details})"
_OF_PAYOUT: Final = "(SELECT o.details_id FROM foundation_payout o WHERE o.id = NEW.payout_id)"
_PART: Final = Part(
    (
        Check("payout_to_details_in_force", "BEFORE INSERT", "payout", [
            ("bank-details", _ASIDE.format(details="NEW.details_id")),
        ]),
        Check("payoutstep_to_details_in_force", "BEFORE INSERT", "payoutstep", [
            ("bank-details", f"NEW.state = 'submitted' AND {_ASIDE.format(details=_OF_PAYOUT)}"),
        ]),
        Check("detailssetaside_says_why", "BEFORE INSERT", "detailssetaside", [
            ("bank-details", f"NEW.reason = '' OR NEW.details_id <> {_OF_PAYOUT}"),
        ]),
    ),
    added_only=("detailssetaside",),
)  # fmt: skip
SQLITE, POSTGRESQL = build(_PART)
