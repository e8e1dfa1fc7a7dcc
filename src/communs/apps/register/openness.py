"""The commons test on what the register knows: claims with their sources in, answers with evidence out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from communs.core.openness import Claim as Evidence
from communs.core.openness import Facts, TestResult, test_commons
from communs.kit.records.resolve import Claim, in_question
from communs.kit.records.values import nest

GROUPS = ("licences", "governance.", "community.")


def result_of(values: Mapping[str, Any], told: Mapping[str, Sequence[Claim]] | None) -> TestResult:
    """The result for the values shown. With `told`, sources of equal standing that disagree leave an answer open."""
    claims = {
        field: tuple(map(_evidence, in_question(ranked)))
        for field, ranked in (told or {}).items()
        if field.startswith(GROUPS)
    }
    return test_commons(Facts.from_record(nest(values), claims))


def _evidence(claim: Claim) -> Evidence:
    statement = claim.statement
    seen = statement.seen_as_of or statement.stated_at.date().isoformat()
    return Evidence(claim.value, source=_source(statement), date=seen, method=str(statement.method))


def _source(statement: Any) -> str:
    return str(statement.source) if statement.source else ""
