"""What holds for every commons and every opportunity, tried on thousands that nobody thought of."""

from dataclasses import replace
from datetime import date
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from communs.core.matching import (
    FACTS_READ,
    FORMS,
    KINDS,
    RESULTS,
    Catalogue,
    Criterion,
    InvalidRecord,
    Opportunity,
    PartLicence,
    Profile,
    by_score,
    evaluate,
    match,
    rank,
)

PLACES = ["INT", "EU27", "EEA", "FR", "FR-NAQ", "FRI", "FRI1", "DE", "US", "GB"]
LICENCES = ["MIT", "GPL-3.0-or-later", "CC-BY-SA-4.0", "CC-BY-NC-4.0", "MIT OR CC-BY-NC-4.0", "LicenseRef-x", ""]
STATEMENTS = ["Works on mobile", "Has users", "Peaceful use"]
REQUIREMENTS = ["none", "unknown", "osi", "fsf", "osi_or_fsf", "osi_and_fsf", "open_content"]


def some(values: Any, at_most: int = 3) -> st.SearchStrategy[list[str]]:
    return st.lists(st.sampled_from(list(values)), max_size=at_most, unique=True)


listed = st.one_of(
    st.builds(
        lambda force, dimension, statement: {"dimension": dimension, "force": force, "statement": statement},
        st.sampled_from(["hard", "hard", "scored", "text"]),
        st.sampled_from(["topic", "role", "place"]),
        st.sampled_from(STATEMENTS),
    ),
    st.builds(
        lambda forms: {"dimension": "applicant_form", "force": "hard", "statement": "Only some", "accepts": forms},
        some(FORMS),
    ),
    st.builds(
        lambda dimension, places: {"dimension": dimension, "force": "hard", "statement": "There", "accepts": places},
        st.sampled_from(["seat", "place", "residence", "tax_residence"]),
        some(PLACES),
    ),
    st.builds(
        lambda words: {"dimension": "output_licence", "force": "hard", "statement": "Open", "accepts": words},
        some(["OSI", "FSF", "open licence", "MIT", "charter"]),
    ),
    st.builds(
        lambda low, high: {"dimension": "team_size", "force": "hard", "accepts": {"min": low, "max": low + high}},
        st.integers(0, 5),
        st.integers(0, 5),
    ),
)
records = st.fixed_dictionaries(
    {
        "id": st.sampled_from(["a", "b", "c"]),
        "recipients": some(FORMS, 5),
        "payees": some(FORMS, 2),
        "countries": some(PLACES, 2),
        "countries_excluded": some(PLACES, 1),
        "licence_requirement": st.sampled_from(REQUIREMENTS),
        "commons_kinds": some(KINDS),
        "languages_of_application": some(["en", "fr", "de"], 2),
        "requires_legal_entity": st.sampled_from([True, False, "unknown"]),
        "fiscal_host_accepted": st.sampled_from([True, False, "unknown"]),
        "criteria": st.lists(listed, max_size=4),
    }
)
opportunities = records.map(Opportunity.from_record)
parts = st.builds(PartLicence, st.sampled_from(["code", "texts", ""]), st.sampled_from(LICENCES))
profiles = st.builds(
    Profile,
    kinds=some(KINDS, 2).map(frozenset),
    legal_form=st.none() | st.sampled_from(FORMS),
    hosted_by=st.none() | st.just("A host"),
    country=st.none() | st.sampled_from(PLACES),
    countries=some(PLACES, 2).map(tuple),
    licences=st.lists(parts, max_size=2).map(tuple),
    languages=some(["en", "fr", "de"], 2).map(frozenset),
    answers=st.dictionaries(
        st.sampled_from(["hosted", "legal_form", "team_size", "territory:FR", "application_language:en"]),
        st.sampled_from(["yes", "no", "dont_know", "association", "3"]),
        max_size=3,
    ),
)
UNKNOWN: dict[str, Any] = {
    "kinds": frozenset(), "legal_form": None, "hosted_by": None, "country": None, "countries": (), "licences": (),
    "languages": frozenset(),
}  # fmt: skip
SETTINGS = settings(max_examples=150, deadline=None)


def statuses(profile: Profile, opportunity: Opportunity) -> dict[Criterion, str]:
    return {outcome.criterion: outcome.status for outcome in match(profile, opportunity).outcomes}


@given(opportunities)
@SETTINGS
def test_an_unknown_never_hides_an_opportunity(opportunity: Opportunity) -> None:
    found = match(Profile(), opportunity)
    excluded_everywhere = "INT" in opportunity.places_excluded or any("INT" in c.excluded for c in opportunity.criteria)
    assert found.result != "no" or excluded_everywhere
    assert all(outcome.status != "not_met" for outcome in found.outcomes)


@given(profiles, opportunities)
@SETTINGS
def test_an_unknown_never_promises(profile: Profile, opportunity: Opportunity) -> None:
    found = match(profile, opportunity)
    hard = [outcome for outcome in found.outcomes if outcome.criterion.force == "hard"]
    if found.result == "eligible":
        assert all(outcome.status == "met" for outcome in hard)
        assert opportunity.applicants or any(c.dimension == "applicant_form" for c in opportunity.criteria)
        assert opportunity.places or opportunity.places_excluded or any(c.values for c in opportunity.criteria)


@given(profiles, opportunities)
@SETTINGS
def test_the_result_follows_from_the_outcomes(profile: Profile, opportunity: Opportunity) -> None:
    found = match(profile, opportunity)
    hard = [outcome for outcome in found.outcomes if outcome.criterion.force == "hard"]
    if any(outcome.status == "not_met" for outcome in hard):
        assert found.result == "no"
        assert found.changes
    elif any(outcome.question for outcome in hard):
        assert found.result == "ask"
        assert found.questions
    else:
        assert found.result == ("eligible" if all(outcome.status == "met" for outcome in hard) else "likely")


@given(profiles, opportunities, st.data())
@SETTINGS
def test_an_answer_turns_no_into_yes_only_through_the_criterion_that_asked(
    profile: Profile, opportunity: Opportunity, data: st.DataObject
) -> None:
    before = match(profile, opportunity)
    if not before.questions:
        return
    question = data.draw(st.sampled_from(before.questions))
    answer = data.draw(st.sampled_from(question.choices or ("1", "7")))
    after = match(profile.with_answers({question.key: answer}), opportunity)
    failed = {o.criterion for o in before.outcomes if o.criterion.force == "hard" and o.status == "not_met"}
    assert failed <= {o.criterion for o in after.outcomes if o.status == "not_met"}
    if before.result == "no":
        assert after.result == "no"


@given(profiles, profiles, opportunities, st.sampled_from(sorted(UNKNOWN)))
@SETTINGS
def test_a_fact_never_changes_the_answer_to_a_criterion_of_another_dimension(
    profile: Profile, other: Profile, opportunity: Opportunity, fact: str
) -> None:
    before = match(profile, opportunity).outcomes
    after = match(replace(profile, **{fact: getattr(other, fact)}), opportunity).outcomes
    for one, two in zip(before, after, strict=True):
        if fact not in FACTS_READ.get(one.criterion.dimension, frozenset()):
            assert one == two


@given(profiles, opportunities, st.sampled_from(sorted(UNKNOWN)))
@SETTINGS
def test_learning_a_fact_never_turns_an_answer_round(profile: Profile, opportunity: Opportunity, fact: str) -> None:
    silent = replace(profile, answers={})
    before = statuses(replace(silent, **{fact: UNKNOWN[fact]}), opportunity)
    for criterion, status in statuses(silent, opportunity).items():
        assert before[criterion] in {"unknown", status}


@given(profiles, opportunities)
@SETTINGS
def test_answering_every_question_leaves_none(profile: Profile, opportunity: Opportunity) -> None:
    for _ in range(10):
        questions = match(profile, opportunity).questions
        profile = profile.with_answers({q.key: "association" if q.kind == "choice" else "dont_know" for q in questions})
    assert match(profile, opportunity).result != "ask"


@given(profiles, st.lists(records, min_size=1, max_size=4))
@SETTINGS
def test_a_catalogue_answers_as_match_does(profile: Profile, found: list[dict[str, Any]]) -> None:
    opportunities = [Opportunity.from_record(record) for record in found]
    catalogue, today = Catalogue(opportunities), date(2026, 11, 23)
    for someone in (Profile(), profile, profile.with_answers({"hosted": "no"})):
        one_by_one = [match(someone, opportunity, today=today) for opportunity in opportunities]
        assert [m.outcomes for m in catalogue.match_all(someone, today)] == [m.outcomes for m in one_by_one]
        assert [m.result for m in catalogue.match_all(someone)] == [m.result for m in one_by_one]
        assert list(catalogue.results(someone)) == [m.result for m in one_by_one]


@given(profiles, st.lists(records, min_size=1, max_size=6, unique_by=lambda record: record["id"]))
@SETTINGS
def test_a_catalogue_orders_and_sorts_out_as_its_matches_do(profile: Profile, found: list[dict[str, Any]]) -> None:
    catalogue = Catalogue([Opportunity.from_record(record) for record in found])
    for someone in (Profile(), profile):
        for today in (None, date(2026, 11, 23)):
            matches = catalogue.match_all(someone, today)
            assert [matches[position] for position in catalogue.best_first(someone, today)] == by_score(matches)
            some = catalogue.matches_at(someone, range(len(found)), today)
            assert [(m.outcomes, m.status) for m in some] == [(m.outcomes, m.status) for m in matches]
            bits = catalogue.positions_by_result(someone)
            assert [next(r for r in RESULTS if bits[r] >> n & 1) for n in range(len(found))] == [
                m.result for m in matches
            ]
            assert sum(number.bit_count() for number in bits.values()) == len(found)


@given(profiles, records, st.randoms(use_true_random=False))
@SETTINGS
def test_the_order_of_criteria_plays_no_part(profile: Profile, record: dict[str, Any], random: Any) -> None:
    lists = {key: random.sample(value, len(value)) for key, value in record.items() if isinstance(value, list)}
    shuffled = {**record, **lists}
    one, two = Opportunity.from_record(record), Opportunity.from_record(shuffled)
    assert match(profile, one).outcomes == match(profile, two).outcomes


@given(
    profiles, st.lists(records, max_size=4, unique_by=lambda record: record["id"]), st.randoms(use_true_random=False)
)
@SETTINGS
def test_the_order_of_opportunities_plays_no_part(profile: Profile, found: list[dict[str, Any]], random: Any) -> None:
    opportunities = [Opportunity.from_record(record) for record in found]
    shuffled = random.sample(opportunities, len(opportunities))
    ranked = [[m.opportunity.id for m in rank(profile, order)] for order in (opportunities, shuffled)]
    assert ranked[0] == ranked[1]


@given(profiles, records)
@SETTINGS
def test_one_criterion_is_answered_the_same_wherever_it_stands(profile: Profile, record: dict[str, Any]) -> None:
    opportunity = Opportunity.from_record(record)
    assert [evaluate(c, profile) for c in opportunity.requirements] == list(match(profile, opportunity).outcomes)


def check_explained(refused: InvalidRecord) -> None:
    assert refused.path
    assert refused.problem
    assert refused.remedy


junk = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=6) | st.sampled_from(PLACES),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=4), inner, max_size=2),
    max_leaves=4,
)


@given(records, st.data())
@settings(max_examples=400, deadline=None)
def test_a_broken_opportunity_raises_only_what_says_where_and_what_to_do(
    record: dict[str, Any], data: st.DataObject
) -> None:
    keys = [*record, "window", "windows", "amount", "evidence", "themes", "title", "cofunding_rate_max"]
    for key in data.draw(st.lists(st.sampled_from(keys), min_size=1, max_size=2)):
        record = {**record, key: data.draw(junk)}
    if record.get("criteria") and data.draw(st.booleans()):
        broken = {"dimension": data.draw(junk), "force": data.draw(junk), "accepts": data.draw(junk)}
        record = {**record, "criteria": [broken]}
    try:
        Opportunity.from_record(record)
    except InvalidRecord as refused:
        check_explained(refused)


@given(
    st.dictionaries(st.sampled_from(["id", "kind", "steward", "countries", "licences", "languages", "functions"]), junk)
)
@settings(max_examples=400, deadline=None)
def test_a_broken_commons_raises_only_what_says_where_and_what_to_do(record: dict[str, Any]) -> None:
    try:
        Profile.from_record(record)
    except InvalidRecord as refused:
        check_explained(refused)
