"""Which licence is asked of the results, and how the licences of the parts answer."""

import pytest

from communs.core.matching import Opportunity, PartLicence, Profile, Result, match

FIELDS = {"id": "fund", "recipients": ["association"], "countries": ["INT"], "commons_kinds": ["software"]}


def result(parts: list[tuple[str, str]], criteria: list[dict[str, object]] | None = None, **fields: object) -> Result:
    commons = Profile(
        kinds=frozenset({"software"}), legal_form="association", licences=tuple(PartLicence(*part) for part in parts)
    )
    return match(commons, Opportunity.from_record({**FIELDS, **fields, "criteria": criteria or []})).result


@pytest.mark.parametrize(
    ("parts", "expected"),
    [
        ([("code", "MIT")], "eligible"),
        ([("code", "GPL-3.0-or-later"), ("documentation", "CC-BY-SA-4.0")], "eligible"),
        ([("code", "MIT OR LicenseRef-proprietary")], "eligible"),
        ([("", "MIT")], "eligible"),
        ([("code", "CC-BY-NC-4.0")], "no"),
        ([("texts", "CC-BY-ND-4.0")], "no"),
        ([("code", "etalab-2.0")], "no"),
        ([("texts", "etalab-2.0")], "eligible"),
        ([("", "etalab-2.0")], "ask"),
        ([("design", "CERN-OHL-S-2.0")], "eligible"),
        ([("code", "MIT"), ("media", "CC-BY-NC-4.0")], "ask"),
        ([("code", "LicenseRef-unheard-of")], "ask"),
        ([("code", "")], "ask"),
        ([], "ask"),
    ],
)
def test_osi_or_fsf_is_asked_of_code_and_openness_of_the_rest(parts: list[tuple[str, str]], expected: Result) -> None:
    assert result(parts, licence_requirement="osi_or_fsf") == expected


def test_open_content_takes_any_open_licence_and_no_restriction_on_use() -> None:
    assert result([("texts", "CC-BY-SA-4.0")], licence_requirement="open_content") == "eligible"
    assert result([("data", "ODbL-1.0")], licence_requirement="open_content") == "eligible"
    assert result([("texts", "CC-BY-NC-SA-4.0")], licence_requirement="open_content") == "no"


def test_all_of_two_licences_must_be_open_and_one_of_two_suffices() -> None:
    assert result([("code", "MIT AND CC-BY-NC-4.0")], licence_requirement="osi") == "no"
    assert result([("code", "MIT OR CC-BY-NC-4.0")], licence_requirement="osi") == "eligible"


def test_both_lists_are_asked_where_the_funder_says_both() -> None:
    both = {
        "dimension": "output_licence",
        "force": "hard",
        "statement": "Accepted by both OSI and FSF",
        "accepts": ["OSI", "FSF"],
    }
    either = {**both, "statement": "A licence of the OSI or the FSF"}
    on_one_list = [("code", "CAL-1.0")]
    assert result(on_one_list, [either]) == "eligible"
    assert result(on_one_list, [both]) != "eligible"
    assert result([("code", "MIT")], [both]) == "eligible"


def test_named_licences_are_taken_as_the_list_they_are() -> None:
    named = {"dimension": "output_licence", "force": "hard", "statement": "These", "accepts": ["Apache-2.0", "MIT"]}
    assert result([("code", "MIT")], [named]) == "eligible"
    assert result([("code", "AGPL-3.0-only")], [named]) == "no"


def test_a_word_that_no_list_holds_is_asked_and_not_decided() -> None:
    unheard = {
        "dimension": "output_licence",
        "force": "hard",
        "statement": "Free as in our charter",
        "accepts": ["our charter"],
    }
    assert result([("code", "MIT")], [unheard]) == "ask"


def test_a_promise_about_the_results_settles_what_the_parts_leave_open() -> None:
    asked = Opportunity.from_record({**FIELDS, "licence_requirement": "osi_or_fsf"})
    commons = Profile(kinds=frozenset({"software"}), legal_form="association")
    key = match(commons, asked).questions[0].key
    assert match(commons.with_answers({key: "yes"}), asked).result == "eligible"
    refused = match(commons.with_answers({key: "no"}), asked)
    assert (refused.result, refused.changes[0].code) == ("no", "open_licence")


def test_a_licence_that_is_not_stated_promises_only_to_what_is_open_in_all_parts() -> None:
    assert result([("code", "MIT")], licence_requirement="unknown") == "eligible"
    assert result([("code", "LicenseRef-proprietary")], licence_requirement="unknown") == "likely"
    assert result([], licence_requirement="unknown") == "likely"
