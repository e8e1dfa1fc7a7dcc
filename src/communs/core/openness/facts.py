"""The facts that the commons test reads: licences part by part, and answers about governance and community.

Everything known is a `Claim`: a value with its source, date and method. Several claims about one thing may disagree;
the test then says so and leaves the answer open.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final

from communs.core.openness.fields import COMMUNITY_FIELDS, GOVERNANCE_FIELDS, Field
from communs.core.openness.parts import Claim, Limit, Part, read_parts

_NO_CLAIMS: Final[Mapping[str, Sequence[Claim]]] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known about one commons for the test. Empty means "not known", never "none".

    `governance` and `community` map the keys of `GOVERNANCE_FIELDS` and `COMMUNITY_FIELDS` to claims, the one that is
    shown first. `steward_form` is recorded with the result and decides nothing: a company may look after a commons.
    """

    kind: str = ""
    parts: tuple[Part, ...] = ()
    limits: tuple[Limit, ...] = ()
    governance: Mapping[str, tuple[Claim, ...]] = field(default_factory=dict, hash=False)
    community: Mapping[str, tuple[Claim, ...]] = field(default_factory=dict, hash=False)
    steward_form: str = ""

    @classmethod
    def from_record(cls, record: Mapping[str, object], claims: Mapping[str, Sequence[Claim]] = _NO_CLAIMS) -> Facts:
        """Read the record shape of `seed/commons.jsonl`, with `governance` and `community` objects where there are any.

        `claims` holds, by field (`licences`, `governance.rules_url`, `community.answers_outsiders` …), everything said
        about it with its evidence, the claim shown first. A field without claims takes the record's own value, without
        a source. Never raises: a value of the wrong type is not known.

        >>> facts = Facts.from_record({"kind": "software", "licences": [{"part": "code", "spdx": "MIT"}]})
        >>> [(part.name, part.kind, part.shown.spdx) for part in facts.parts]
        [('code', 'software', 'MIT')]
        """
        kind = _text(record.get("kind"))
        parts, limits = read_parts(kind, _licence_claims(record, claims))
        steward = _object(record.get("steward"))
        governance = {"rules_url": record.get("governance_url"), **_object(record.get("governance"))}
        return cls(
            kind=kind,
            parts=parts,
            limits=limits,
            governance=_answers("governance", GOVERNANCE_FIELDS, governance, claims),
            community=_answers("community", COMMUNITY_FIELDS, _object(record.get("community")), claims),
            steward_form=_text(steward.get("form")),
        )


def _licence_claims(record: Mapping[str, object], claims: Mapping[str, Sequence[Claim]]) -> tuple[Claim, ...]:
    given = claims.get("licences") or (Claim(record.get("licences")),)
    declared = _text(_object(record.get("identifiers")).get("publiccode_declared_licence"))
    if not declared:
        return tuple(given)
    return (*given, Claim([{"part": "code", "spdx": declared}], source="publiccode.yml", method="declared"))


def _answers(
    group: str, fields: Sequence[Field], values: Mapping[str, object], claims: Mapping[str, Sequence[Claim]]
) -> Mapping[str, tuple[Claim, ...]]:
    found: dict[str, tuple[Claim, ...]] = {}
    for asked in fields:
        given = claims.get(f"{group}.{asked.name}") or (Claim(values.get(asked.name)),)
        said = tuple(claim for claim in given if claim.value not in (None, "", "unknown"))
        if said:
            found[asked.name] = said
    return found


def _object(value: object) -> Mapping[str, object]:
    return value if isinstance(value, Mapping) else {}


def _text(value: object) -> str:
    return value.strip() if isinstance(value, str) else ""
