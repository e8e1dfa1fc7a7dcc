"""The commons test on facts as the register holds them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from communs.core.openness import Claim, Facts, TestResult, explain, test_commons

GOVERNANCE: dict[str, object] = {
    "rules_url": "https://example.org/rules",
    "rules_changed_by": "members",
    "single_owner": False,
    "fork_right": "all",
    "contributor_terms": "dco",
}
COMMUNITY: dict[str, object] = {
    "independent_organisations": 2,
    "way_in_url": "https://example.org/join",
    "answers_outsiders": "yes",
}


def record(**changes: object) -> dict[str, object]:
    licences = [{"part": "code", "spdx": "EUPL-1.2"}]
    return {"kind": "software", "licences": licences, "governance": GOVERNANCE, "community": COMMUNITY} | changes


def outcome_of(**changes: object) -> TestResult:
    return test_commons(Facts.from_record(record(**changes)))


def said(spdx: str, source: str) -> Claim:
    return Claim([{"part": "code", "spdx": spdx}], source, "2026-05", "found")


def test_all_three_groups_make_a_commons() -> None:
    result = outcome_of()
    assert (result.verdict, result.headline, result.missing) == ("commons", "commons", ())
    assert {rule.answer for rule in result.rules if rule.decides} == {"yes"}


def test_nothing_known_is_unknown_and_says_what_is_missing() -> None:
    result = test_commons(Facts())
    assert result.verdict == "unknown"
    assert result.missing[0] == "licence.stated"
    assert len(result.missing) == 9
    assert len(explain(result).missing) == 9


@pytest.mark.parametrize("field", sorted({*GOVERNANCE, *COMMUNITY}))
def test_one_missing_answer_leaves_the_verdict_open(field: str) -> None:
    without = {key: value for key, value in GOVERNANCE.items() if key != field}
    result = outcome_of(governance=without, community={key: v for key, v in COMMUNITY.items() if key != field})
    assert (result.verdict, result.headline) == ("unknown", "open_at_least")
    assert len(result.missing) == 1


NOES = [
    {"rules_published": "no"}, {"rules_changed_by": "steward_alone"}, {"rules_changed_by": "steward_consults"},
    {"single_owner": "yes"}, {"fork_right": "not_data"}, {"contributor_terms": "one_sided"},
]  # fmt: skip


@pytest.mark.parametrize("answer", NOES)
def test_one_no_of_the_people_makes_an_open_resource(answer: dict[str, str]) -> None:
    result = outcome_of(governance=answer, community={})
    assert (result.verdict, result.missing) == ("open_resource", ())
    assert [rule.change for rule in result.rules if rule.answer == "no"] != [None]


def test_a_company_as_steward_is_not_a_no() -> None:
    assert outcome_of(steward={"name": "Vendor", "form": "company"}).verdict == "commons"
    alone = outcome_of(steward={"name": "Vendor", "form": "company"}, governance={}, community={})
    assert (alone.verdict, alone.of("governance")) == ("unknown", "unknown")


def test_what_is_only_recorded_does_not_decide() -> None:
    assert outcome_of(governance={**GOVERNANCE, "asset_lock": "none"}).verdict == "commons"


def test_a_single_organisation_is_not_a_community() -> None:
    assert outcome_of(community={**COMMUNITY, "independent_organisations": 1}).verdict == "open_resource"
    assert outcome_of(community={**COMMUNITY, "independent_organisations": "3"}).verdict == "commons"


def test_the_licence_fails_in_part() -> None:
    parts = [{"part": "core data", "spdx": "CC0-1.0"}, {"part": "other data", "spdx": "CC-BY-NC-SA-3.0"}]
    result = outcome_of(kind="data", licences=parts)
    assert (result.verdict, result.headline) == ("closed", "closed_in_part")
    assert [(rule.part, rule.answer) for rule in result.rules[:2]] == [("core data", "yes"), ("other data", "no")]


def test_an_unknown_licence_leaves_only_itself_missing_where_the_people_are_a_no() -> None:
    result = outcome_of(
        licences=[{"part": "code", "spdx": "LicenseRef-x"}], governance={"single_owner": True}, community={}
    )
    assert (result.verdict, result.missing) == ("unknown", ("licence.code",))


@pytest.mark.parametrize("part", ["enterprise edition", "commercial licence", "hosted service"])
def test_what_is_sold_around_a_commons_is_a_limit(part: str) -> None:
    sold = {"part": part, "spdx": "LicenseRef-Vendor"}
    result = outcome_of(licences=[{"part": "code", "spdx": "MIT"}, sold])
    assert result.verdict == "commons"
    assert [limit.part for limit in result.limits] == [part]
    assert part in explain(result).limits[0]
    assert outcome_of(licences=[sold]).verdict == "unknown"


def test_a_non_commercial_part_is_no_limit_but_a_no() -> None:
    parts = [{"part": "code", "spdx": "MIT"}, {"part": "non-commercial images", "spdx": "CC-BY-NC-4.0"}]
    assert outcome_of(licences=parts).of("licence") == "no"


def test_an_alternative_licence_is_a_choice() -> None:
    either = [
        {"part": "current versions", "spdx": "AGPL-3.0-only"},
        {"part": "alternative licence", "spdx": "SSPL-1.0"},
    ]
    assert outcome_of(licences=either).verdict == "commons"
    other = [{"part": "specification", "spdx": "LicenseRef-x"}, {"part": "specification (alternative)", "spdx": "MIT"}]
    assert outcome_of(kind="standard", licences=other).verdict == "commons"


def test_two_sources_that_disagree_are_shown_as_a_conflict() -> None:
    claims = {"licences": [said("MIT", "package"), said("GPL-3.0-only", "LICENSE"), said("GPL-3.0-or-later", "site")]}
    rule = test_commons(Facts.from_record(record(), claims)).rules[0]
    assert (rule.answer, rule.conflict) == ("unknown", True)
    assert [claim.source for claim in rule.evidence] == ["package", "LICENSE", "site"]
    assert "MIT (package); GPL-3.0-only (LICENSE)" in rule.reasons[0].render()


def test_a_source_that_says_nothing_disagrees_with_none() -> None:
    claims = {"licences": [said("MIT", "package"), said("NOASSERTION", "forge"), said("mit", "site")]}
    assert test_commons(Facts.from_record(record(), claims)).of("licence") == "yes"


def test_a_conflict_noted_in_the_record_itself_counts() -> None:
    parts = [
        {"part": "code (declared)", "spdx": "MIT"},
        {"part": "code (classifier, conflicting)", "spdx": "AGPL-3.0-only"},
    ]
    assert outcome_of(licences=parts).rules[0].conflict
    declared = {"publiccode_declared_licence": "AGPL-3.0-or-later"}
    assert outcome_of(identifiers=declared).rules[0].conflict
    assert not outcome_of(identifiers={"publiccode_declared_licence": "eupl-1.2"}).rules[0].conflict


def test_claims_on_governance_that_answer_differently_are_a_conflict() -> None:
    claims = {"governance.single_owner": [Claim(False, "steward", "2026-05"), Claim("yes", "a reader", "2026-06")]}
    result = test_commons(Facts.from_record(record(), claims))
    rule = next(rule for rule in result.rules if rule.rule == "governance.no_single_owner")
    assert (rule.answer, rule.conflict, len(rule.evidence)) == ("unknown", True, 2)
    assert result.verdict == "unknown"
    same = {"governance.rules_url": [Claim("https://a.example", "a"), Claim("https://b.example", "b")]}
    assert test_commons(Facts.from_record(record(), same)).verdict == "commons"


def test_a_model_needs_weights_code_and_a_statement_of_its_data() -> None:
    weights, code = {"part": "weights", "spdx": "Apache-2.0"}, {"part": "training code", "spdx": "MIT"}
    data = {"part": "training data", "spdx": "LicenseRef-documented-on-the-site"}
    assert outcome_of(kind="model", licences=[weights, code, data]).verdict == "commons"
    result = outcome_of(kind="model", licences=[weights, code])
    assert (result.verdict, result.missing) == ("unknown", ("licence.model_parts",))


def test_everything_is_said_in_the_readers_language() -> None:
    result = outcome_of(governance={"single_owner": True}, licences=[{"part": "code", "spdx": "CC-BY-NC-4.0"}])
    shown = explain(result, lambda message: f"«{message}»")
    sentences = [shown.verdict, shown.sentence]
    for group in shown.groups:
        for rule in group.rules:
            sentences += [rule.title, rule.answer_text, *rule.reasons, rule.change or "««"]
    assert [sentence for sentence in sentences if not sentence.startswith("«")] == []
    assert "{" not in "".join(sentences)


ANY_VALUE = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8) | st.sampled_from(["MIT", "code", "steward_alone"]),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["part", "spdx", "x"]), inner, max_size=3)
    ),
    max_leaves=8,
)
FIELDS = st.sampled_from(["kind", "licences", "governance", "community", "steward", "identifiers", "governance_url"])


@given(st.dictionaries(FIELDS, ANY_VALUE))
def test_no_record_makes_the_test_fail(given_record: dict[str, object]) -> None:
    result = test_commons(Facts.from_record(given_record))
    assert result.verdict in ("commons", "open_resource", "closed", "unknown")
    assert bool(result.missing) == (result.verdict == "unknown")
    explain(result)


GOV_VALUES = st.fixed_dictionaries({}, optional={
    "rules_published": st.booleans(), "rules_changed_by": st.sampled_from(["contributors", "steward_alone"]),
    "single_owner": st.booleans(), "fork_right": st.sampled_from(["all", "no"]),
    "contributor_terms": st.sampled_from(["none", "one_sided"]),
})  # fmt: skip
COM_VALUES = st.fixed_dictionaries({}, optional={
    "independent_organisations": st.integers(0, 5), "way_in_documented": st.booleans(),
    "answers_outsiders": st.booleans(),
})  # fmt: skip
SPDX = st.sampled_from(["MIT", "CC-BY-NC-4.0", "LicenseRef-x", ""])


@given(GOV_VALUES, COM_VALUES, SPDX, st.data())
def test_learning_a_fact_never_turns_a_yes_into_a_no_or_back(
    governance: dict[str, object], community: dict[str, object], spdx: str, data: st.DataObject
) -> None:
    full = record(licences=[{"part": "code", "spdx": spdx}], governance=governance, community=community)
    forgotten = data.draw(st.sampled_from([*governance, *community, "licences"]))
    less = {key: value for key, value in full.items() if key != forgotten}
    less["governance"] = {key: value for key, value in governance.items() if key != forgotten}
    less["community"] = {key: value for key, value in community.items() if key != forgotten}
    before = {rule.rule: rule.answer for rule in test_commons(Facts.from_record(less)).rules}
    after = test_commons(Facts.from_record(full))
    for rule in after.rules:
        assert before.get(rule.rule, "unknown") in ("unknown", rule.answer)
    if test_commons(Facts.from_record(less)).verdict != "unknown":
        assert after.verdict in (test_commons(Facts.from_record(less)).verdict, "closed", "open_resource")
