"""The order of a list: total, the same for any order of input, and explained."""

from datetime import date

from communs.core.matching import Opportunity, Profile, rank, score_of, shared_topics

TODAY = date(2026, 11, 23)
COMMONS = Profile(
    kinds=frozenset({"data"}), legal_form="association", country="FR", themes=frozenset({"open maps", "addresses"})
)


def fund(name: str, **fields: object) -> Opportunity:
    record = {
        "id": name, "recipients": ["association"], "countries": ["INT"], "licence_requirement": "none",
        "commons_kinds": ["data"], "window": {"model": "rolling"}, **fields,
    }  # fmt: skip
    return Opportunity.from_record(record)


FUNDS = [
    fund("b-plain"),
    fund("a-plain"),
    fund("closed", window={"model": "closed"}),
    fund("closing", window={"model": "one_off", "closes": "2026-11-30"}),
    fund("collective", funds_what=["commons_collective"]),
    fund("maps", themes=["maps"]),
    fund("silent", recipients=[]),
    fund("asks", languages_of_application=["en"]),
    fund("no", recipients=["company"]),
]


def test_results_come_first_then_the_calendar_then_the_collective_then_topics_then_the_id() -> None:
    order = [found.opportunity.id for found in rank(COMMONS, FUNDS, TODAY)]
    assert order == ["closing", "collective", "maps", "a-plain", "b-plain", "closed", "silent", "asks", "no"]


def test_the_order_of_input_plays_no_part() -> None:
    forwards = [found.opportunity.id for found in rank(COMMONS, FUNDS, TODAY)]
    backwards = [found.opportunity.id for found in rank(COMMONS, FUNDS[::-1], TODAY)]
    assert forwards == backwards


def test_a_score_names_its_parts() -> None:
    best = rank(COMMONS, [fund("maps", themes=["maps"])], TODAY)[0]
    assert dict(score_of(best).parts) == {
        "result": "eligible", "status": "open", "funds the commons as a collective": "no", "topics shared": "1",
        "open questions": "0", "id": "maps",
    }  # fmt: skip


def test_words_that_every_record_has_are_no_topic() -> None:
    assert shared_topics(COMMONS, fund("x", themes=["open software", "maps"])) == {"maps"}
