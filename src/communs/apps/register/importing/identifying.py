"""Which commons a file is about: files of other formats bear no id of the register, only names and addresses.

Identifiers decide (`core.identity`), never likeness. What is the same as an entry becomes a claim on that entry; what
is not gets an id made from its name, with a digest behind it where another commons has that id.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Q

from communs.apps.register.models import Commons, CommonsStatement
from communs.core.identity import Identity, same_commons
from communs.kit.records.files import Placed
from communs.kit.records.importing import Within
from communs.kit.records.values import nest

CANDIDATES_MAX = 50
ID_MAX = 120
KEY_MAX = 300


@dataclass(slots=True)
class Identifier:
    """Gives the records of one run their ids. `taken`: what this run has called so."""

    within: Within
    taken: dict[str, Identity] = field(default_factory=dict)

    def named(self, placed: Placed, values: dict[str, Any]) -> Placed:
        """The record under the id of the commons that it is about; `values` are its flat values."""
        draft = Commons(public_id="draft", values=values)
        draft.project()
        identity = Identity.from_record(nest(values))
        public_id = self._as_before(placed, identity) or self._known(draft, identity) or self._free(placed, identity)
        self.taken.setdefault(public_id, identity)
        return Placed(placed.place, {**placed.record, "id": public_id}, key=placed.key)

    def _as_before(self, placed: Placed, identity: Identity) -> str:
        """The entry that the source spoke of under this key before, whatever others have made of that since."""
        if self.within.feed is None or not placed.key:
            return ""
        said = CommonsStatement.objects.filter(source=self.within.feed, key=placed.key[:KEY_MAX])
        for statement in said.select_related("subject").order_by("-pk")[:CANDIDATES_MAX]:
            before = Identity.from_record(nest(statement.values))
            moved = self.within.listed is not None and before.name == identity.name
            if before == identity or moved or same_commons(before, identity):
                return statement.subject.public_id
        return ""

    def _known(self, draft: Commons, identity: Identity) -> str:
        same = Q()
        for column in ("wikidata_key", "repository_key", "homepage_key"):
            if key := getattr(draft, column):
                same |= Q(**{column: key})
        if not same:
            return ""
        rows = Commons.objects.filter(same).only("public_id", "values", "merged_into")
        # One that was merged into another comes last: what is said goes to the entry that is shown.
        found = sorted(rows[:CANDIDATES_MAX], key=lambda row: (row.merged_into_id is not None, row.pk))
        return next((row.public_id for row in found if same_commons(identity, Identity.from_record(row.facts))), "")

    def _free(self, placed: Placed, identity: Identity) -> str:
        own = str(placed.record.get("id") or "")[:ID_MAX]
        if self._may_be(own, identity):
            return own
        told_apart = identity.wikidata or identity.repository or identity.homepage
        feed = self.within.feed.key if self.within.feed else ""
        digest = hashlib.sha256(f"{identity.name} {told_apart or feed}".encode()).hexdigest()[:8]
        return f"{own[: ID_MAX - 9]}-{digest}"

    def _may_be(self, own: str, identity: Identity) -> bool:
        """Whether the id is free, or stands for this very commons."""
        before = self.taken.get(own)
        if before is not None:
            return before == identity
        row = Commons.objects.filter(public_id=own).only("public_id", "values").first()
        if row is None:
            return True
        # Without an address nothing shows that two of one name are the same, unless the same source says so again.
        mine = CommonsStatement.objects.filter(subject=row, source=self.within.feed)
        return Identity.from_record(row.facts) == identity and self.within.feed is not None and mine.exists()
