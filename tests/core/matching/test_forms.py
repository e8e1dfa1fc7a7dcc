"""Who may apply and who may be paid: legal forms, hosts, legal personality."""

import pytest

from communs.core.matching import FORMS, Criterion, Match, Opportunity, Profile, explain, match

ANYWHERE = {"countries": ["INT"], "licence_requirement": "none", "commons_kinds": ["software"]}


def fund(**fields: object) -> Opportunity:
    return Opportunity.from_record({"id": "fund", **ANYWHERE, **fields})


def commons(**fields: object) -> Profile:
    return Profile(kinds=frozenset({"software"}), **fields)  # type: ignore[arg-type]


def status_of(found: Match, dimension: str) -> str:
    return next(outcome.status for outcome in found.outcomes if outcome.criterion.dimension == dimension)


@pytest.mark.parametrize("form", FORMS)
def test_a_form_that_is_named_is_accepted(form: str) -> None:
    assert match(commons(legal_form=form), fund(recipients=[form])).result == "eligible"


def test_an_unknown_form_is_asked_once_with_all_choices() -> None:
    found = match(commons(), fund(recipients=["association"], payees=["company"]))
    assert found.result == "ask"
    assert [question.key for question in found.questions] == ["legal_form"]
    assert set(FORMS) < set(found.questions[0].choices)


def test_an_unknown_form_is_no_question_where_every_form_is_accepted() -> None:
    assert match(commons(), fund(recipients=list(FORMS))).result == "eligible"


def test_an_answered_form_counts_like_a_recorded_one_but_does_not_replace_it() -> None:
    asked = fund(recipients=["association"])
    assert match(commons(answers={"legal_form": "association"}), asked).result == "eligible"
    assert match(commons(legal_form="company", answers={"legal_form": "association"}), asked).result == "no"


def test_recipients_that_are_not_stated_never_promise_and_never_refuse() -> None:
    found = match(commons(legal_form="informal_collective"), fund(recipients=[]))
    assert found.result == "likely"
    assert found.questions == ()


def test_a_hosted_collective_may_apply_as_such_and_as_an_informal_group() -> None:
    hosted = commons(legal_form="hosted_collective")
    assert match(hosted, fund(recipients=["informal_collective"])).result == "eligible"
    assert match(hosted, fund(recipients=["association"], fiscal_host_accepted=True)).result == "eligible"


def test_where_hosts_are_accepted_hosting_is_the_one_question() -> None:
    asked = fund(recipients=["association", "hosted_collective"])
    group = commons(legal_form="informal_collective")
    assert [question.key for question in match(group, asked).questions] == ["hosted"]
    assert match(group.with_answers({"hosted": "yes"}), asked).result == "eligible"
    refused = match(group.with_answers({"hosted": False}), asked)
    assert refused.result == "no"
    assert refused.changes[0].code == "join_host"


def test_a_host_that_the_funder_does_not_mention_is_advice_and_never_a_way_in() -> None:
    hosted = commons(legal_form="informal_collective", hosted_by="A host")
    refused = match(hosted, fund(recipients=["association", "company"]))
    assert refused.result == "no"
    assert [change.code for change in refused.changes] == ["find_carrier", "ask_about_host"]
    assert "ask_about_host" not in [
        change.code for change in match(hosted, fund(recipients=["association"], fiscal_host_accepted=False)).changes
    ]


def test_a_legal_person_is_required_where_the_forms_do_not_say_so_already() -> None:
    asked = fund(recipients=[], requires_legal_entity=True)
    assert status_of(match(commons(legal_form="individual"), asked), "legal_entity") == "not_met"
    assert status_of(match(commons(legal_form="cooperative"), asked), "legal_entity") == "met"
    assert not [
        c
        for c in fund(recipients=["company"], requires_legal_entity=True).requirements
        if c.dimension == "legal_entity"
    ]


def test_who_may_be_paid_is_another_question_than_who_may_apply() -> None:
    asked = fund(recipients=["individual", "association"], payees=["association", "company"])
    found = match(commons(legal_form="individual"), asked)
    assert status_of(found, "applicant_form") == "met"
    assert status_of(found, "payee") == "not_met"
    assert explain(found).sentence.startswith("Not as you are: they pay legal persons only.")


def test_a_form_that_only_one_part_of_the_record_names_is_asked() -> None:
    listed = {
        "dimension": "applicant_form",
        "force": "hard",
        "statement": "Companies are sorted out",
        "accepts": ["individual"],
    }
    asked = fund(recipients=["individual", "informal_collective"], criteria=[listed])
    assert match(commons(legal_form="individual"), asked).result == "eligible"
    assert match(commons(legal_form="company"), asked).result == "no"
    disputed = match(commons(legal_form="informal_collective"), asked)
    assert disputed.result == "ask"
    assert "Companies are sorted out" in explain(disputed).questions[0].text


def test_forms_may_be_given_by_what_is_left_out() -> None:
    asked = Criterion.from_record(
        {"dimension": "applicant_form", "force": "hard", "operator": "none_of", "accepts": ["company"]}
    )
    assert "company" not in asked.values
    assert set(asked.values) == set(FORMS) - {"company"}


def test_a_refusal_names_a_carrier_even_where_the_record_contradicts_itself() -> None:
    listed = {"dimension": "applicant_form", "force": "hard", "statement": "Groups", "accepts": ["informal_collective"]}
    refused = match(commons(legal_form="individual"), fund(recipients=["association"], criteria=[listed]))
    assert refused.changes[0].code == "find_carrier"
    assert refused.changes[0].params == (("forms", ("association", "informal_collective")),)
