"""Which value is shown when several sources and people have said something (pure: no queries of its own).

Order, first difference decides (`docs/rules/claims.md`):
1. locked by an editor;
2. authority of the method: steward or funder, then editor, then reader and import, then general knowledge;
3. trust of the source (imports only);
4. date the fact was seen, then the moment it was stated: later wins; then the digest, which is the same on every site.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from communs.kit.records.models import Method, Statement

AUTHORITY = {
    Method.STEWARD: 4,
    Method.FUNDER: 4,
    Method.EDITOR: 3,
    Method.READER: 2,
    Method.IMPORT: 2,
    Method.GENERAL: 0,
}


@dataclass(frozen=True, slots=True)
class Claim:
    """One value of one field, with everything that speaks for it."""

    field: str
    value: Any
    statement: Statement
    locked: bool

    @property
    def rank(self) -> tuple[bool, int, int, str, str, str]:
        statement = self.statement
        trust = statement.source.trust if statement.source and statement.method == Method.IMPORT else 0
        authority = AUTHORITY[Method(statement.method)]
        return (
            self.locked,
            authority,
            trust,
            statement.seen_as_of,
            statement.stated_at.isoformat(),
            statement.digest,
        )

    @property
    def standing(self) -> tuple[bool, int]:
        """Locked or not, and the authority of the method: what a source alone cannot outweigh."""
        return (self.locked, AUTHORITY[Method(self.statement.method)])

    @property
    def voice(self) -> tuple[str, int]:
        """Who speaks: of one voice only the last word counts."""
        if self.statement.source_id:
            return ("source", self.statement.source_id)
        return (self.statement.method, 0)


def resolve(statements: Iterable[Statement]) -> dict[str, list[Claim]]:
    """Claims in force by field, the one shown first; of each voice only its best claim is kept."""
    by_field: dict[str, list[Claim]] = {}
    for statement in statements:
        if statement.is_in_force:
            for field, value in statement.values.items():
                by_field.setdefault(field, []).append(Claim(field, value, statement, field in statement.locked))
    return {field: _one_a_voice(claims) for field, claims in by_field.items()}


def shown(claims: dict[str, list[Claim]]) -> dict[str, Any]:
    """The value shown for each field. A claim of `None` says "there is none" and hides the field."""
    return {field: ranked[0].value for field, ranked in claims.items() if ranked[0].value is not None}


def conflicts(claims: dict[str, list[Claim]]) -> dict[str, list[Claim]]:
    """Fields on which voices disagree: the claims that differ from the one shown, best first."""
    found = {}
    for field, ranked in claims.items():
        differing = [claim for claim in ranked[1:] if canonical(claim.value) != canonical(ranked[0].value)]
        if differing:
            found[field] = differing
    return found


def in_question(claims: Sequence[Claim]) -> list[Claim]:
    """The claims that count when sources disagree: those of the same standing as the one shown, that one first.

    What someone with more authority said, or an editor locked, settles what others say.
    """
    standing = claims[0].standing
    return [claim for claim in claims if claim.standing == standing]


def diff(before: dict[str, Any], after: dict[str, Any]) -> dict[str, list[Any]]:
    """`{field: [before, after]}` of the fields whose value differs; `None` stands for "not there"."""
    fields = sorted(before.keys() | after.keys())
    return {
        field: [before.get(field), after.get(field)]
        for field in fields
        if canonical(before.get(field)) != canonical(after.get(field))
    }


def canonical(value: Any) -> str:
    """One spelling of a JSON value, for comparing and hashing."""
    return json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def digest_of(*parts: Any) -> str:
    """SHA-256 of the canonical spelling of `parts`, in hexadecimal."""
    return hashlib.sha256(canonical(parts).encode()).hexdigest()


def _one_a_voice(claims: list[Claim]) -> list[Claim]:
    if len(claims) == 1:
        return claims
    best: dict[tuple[str, int], Claim] = {}
    for claim in sorted(claims, key=lambda claim: claim.rank, reverse=True):
        best.setdefault(claim.voice, claim)
    return list(best.values())
