"""Grants in, awards out and back: dates, amounts, people, columns beyond the standard."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from communs.core.standards.documents import Document
from communs.core.standards.formats import Sample
from communs.core.standards.threesixtygiving import CannotPublish, publish, read, recognise, write

GRANT: dict[str, Any] = {
    "id": "360G-example-1",
    "title": "Grant to Free Map",
    "description": "Servers and tiles",
    "currency": "GBP",
    "amountAwarded": 3239.34,
    "awardDate": "2015-06-01",
    "recipientOrganization": [{"id": "GB-COH-0100", "name": "Free Map"}],
    "fundingOrganization": [{"id": "GB-CHC-1000001", "name": "Example Foundation"}],
}


def package(*grants: dict[str, Any]) -> Document:
    return read(json.dumps({"grants": grants}))


def one(**changes: Any) -> dict[str, Any]:
    document = package({name: value for name, value in {**GRANT, **changes}.items() if value is not None})
    return dict(document.records[0])


def codes(document: Document) -> list[str]:
    return [found.code for found in document.problems]


def test_a_grant_becomes_an_award_in_whole_minor_units() -> None:
    assert package(GRANT).problems == ()
    assert one() == {
        "id": "360G-example-1",
        "title": "Grant to Free Map",
        "description": "Servers and tiles",
        "currency": "GBP",
        "amount_minor": 323_934,
        "awarded_on": "2015-06-01",
        "funder": {"name": "Example Foundation", "org_id": "GB-CHC-1000001"},
        "recipient": {"kind": "organisation", "name": "Free Map", "org_id": "GB-COH-0100"},
    }


@pytest.mark.parametrize(
    ("written", "day", "told"),
    [
        ("2015-06-10T00:00:00+00:00", "2015-06-10", []),
        ("05/06/2014", "2014-06-05", ["other-date"]),
        ("17/08/2015 00:00", "2015-08-17", ["other-date"]),
        ("31/02/2015", None, ["not-a-date"]),
        ("last spring", None, ["not-a-date"]),
    ],
)
def test_dates_are_read_as_publishers_write_them(written: str, day: str | None, told: list[str]) -> None:
    document = package({**GRANT, "awardDate": written})
    assert document.records[0].get("awarded_on") == day
    assert codes(document) == told


def test_the_month_comes_first_only_where_other_dates_of_the_file_show_it() -> None:
    american = package(
        {**GRANT, "awardDate": "05/06/2014"}, {**GRANT, "id": "360G-example-2", "awardDate": "12/31/2014"}
    )
    assert [record["awarded_on"] for record in american.records] == ["2014-05-06", "2014-12-31"]
    assert set(codes(american)) == {"other-date"}


@pytest.mark.parametrize(
    ("amount", "currency", "minor", "told"),
    [
        (1000, "EUR", 100_000, []),
        (0.1 + 0.2, "EUR", 30, []),
        (12, "JPY", 12, []),
        ("15,000", "GBP", 1_500_000, ["amount-between-quotes"]),
        ("Â£5", "GBP", 500, ["amount-between-quotes"]),
        (10.005, "EUR", 1000, ["too-exact"]),
        (-5, "EUR", -500, []),
    ],
)
def test_amounts_are_exact(amount: Any, currency: str, minor: int, told: list[str]) -> None:
    document = package({**GRANT, "amountAwarded": amount, "currency": currency})
    assert document.records[0]["amount_minor"] == minor
    assert codes(document) == told


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"amountAwarded": "much"}, "not-an-amount"),
        ({"amountAwarded": True}, "not-an-amount"),
        ({"currency": "POUNDS"}, "not-an-amount"),
        ({"id": ""}, "missing"),
        ({"fundingOrganization": []}, "missing"),
        ({"recipientOrganization": [{"id": "GB-COH-1"}]}, "missing"),
    ],
)
def test_what_makes_no_award_is_refused_with_its_place_and_the_others_are_kept(
    changes: dict[str, Any], code: str
) -> None:
    document = package({**GRANT, **changes}, {**GRANT, "id": "360G-example-2"})
    assert [record["id"] for record in document.records] == ["360G-example-2"]
    assert not document.is_valid
    [problem] = [found for found in document.problems if found.severity == "error"]
    assert (problem.code, problem.path.startswith("grants[0]")) == (code, True)
    assert problem.say_fix()


def test_the_same_id_counts_once() -> None:
    document = package(GRANT, {**GRANT, "title": "Again"})
    assert [record["title"] for record in document.records] == ["Grant to Free Map"]
    assert codes(document) == ["repeated-id"]


def test_a_person_is_counted_and_nothing_that_could_name_the_person_is_kept() -> None:
    award = one(
        recipientOrganization=None,
        recipientIndividual={"id": "360G-example-person-1", "name": "Jo Example"},
        title="Grant to Jo Example",
        description="Jo lives in …",
        Village="Smallplace",
    )
    assert award["recipient"] == {"kind": "individual"}
    assert award["amount_minor"] == 323_934
    assert "Jo" not in json.dumps(award)
    assert "Smallplace" not in json.dumps(award)


def test_further_columns_are_kept_as_notes_but_for_contacts() -> None:
    award = one(**{"Open Call?": "YES", "Ward": "E05001429", "Contact name": "Jo", "Info": "jo@example.org"})
    assert award["notes"] == {"Open Call?": "YES", "Ward": "E05001429"}
    assert award["open_call"] is True
    told = package({**GRANT, "Ward": "E05001429", "Contact name": "Jo"})
    assert sorted(codes(told)) == ["left-out", "other-columns"]


def test_text_that_was_encoded_twice_is_mended_and_told() -> None:
    document = package({**GRANT, "title": "CafÃ© des communs"})
    assert document.records[0]["title"] == "Café des communs"
    assert codes(document) == ["encoded-twice"]


def test_regranting_types_are_those_of_the_standard() -> None:
    assert one(regrantType="FRG050")["regrant_type"] == "FRG050"
    other = package({**GRANT, "regrantType": "FRG999"})
    assert "regrant_type" not in other.records[0]
    assert other.records[0]["notes"] == {"regrantType": "FRG999"}


def test_the_same_is_told_twenty_times_and_then_counted() -> None:
    grants = [{**GRANT, "id": f"360G-example-{number}", "awardDate": "05/06/2014"} for number in range(50)]
    told = [found for found in package(*grants).problems if found.code == "other-date"]
    more = [found for found in package(*grants).problems if found.code == "other-date-more"]
    assert (len(told), len(more)) == (20, 1)
    assert more[0].say() == "The same was found in 30 more places."


def test_programmes_dates_and_places_are_read() -> None:
    award = one(
        grantProgramme=[{"code": "E", "title": "Education"}],
        plannedDates=[{"startDate": "2015-07-01", "endDate": "2016-06-30", "duration": 12}],
        beneficiaryLocation=[{"name": "Leeds", "countryCode": "GB", "geoCode": "E08000035", "geoCodeType": "MD"}],
        dataSource="https://example.org/grants",
        amountDisbursed=0,
    )
    assert award["programmes"] == [{"title": "Education", "code": "E"}]
    assert (award["starts_on"], award["ends_on"], award["months"]) == ("2015-07-01", "2016-06-30", 12)
    assert award["places"] == [{"name": "Leeds", "country": "GB", "code": "E08000035", "code_type": "MD"}]
    assert award["disbursed_minor"] == 0


def test_written_and_read_again_it_is_the_same() -> None:
    document = package(
        {**GRANT, "fromOpenCall": "Yes", "regrantType": "FRG010", "dateModified": "2019-05-15T00:00:00+00:00",
         "plannedDates": [{"startDate": "2015-07-01", "duration": 12}], "url": "https://example.org/1", "Ward": "E05"},
        {**GRANT, "id": "360G-example-2", "amountAwarded": 2, "currency": "JPY"},
        {**GRANT, "id": "360G-example-3", "recipientIndividual": {"id": "p", "name": "x"}},
    )  # fmt: skip
    assert read(write(document.records)).records == document.records


def test_an_award_without_a_day_cannot_be_written() -> None:
    assert json.loads(write([one(awardDate=None)]))["grants"] == []


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("[]", "not-a-package"),
        ('{"grants": 3}', "not-a-package"),
        ('{"grants": [4]}', "not-a-grant"),
        ("{", "not-json"),
    ],
)
def test_what_is_no_package_is_refused_in_words(text: str, code: str) -> None:
    assert codes(read(text)) == [code]
    assert all(found.say() and found.say_fix() for found in read(text).problems)


def test_a_package_is_recognised_by_its_grants() -> None:
    assert recognise(Sample(json.dumps({"grants": [GRANT]})))
    for other in ("{}", "[]", '{"grants": [{"name": "x"}]}', "grants: []", '{"results": []}'):
        assert not recognise(Sample(other))


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=12),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from([*GRANT, "name"]), inner, max_size=3),
    max_leaves=8,
)


@given(st.lists(st.dictionaries(st.sampled_from([*GRANT, "plannedDates", "notes"]), VALUES, max_size=9), max_size=4))
def test_nothing_in_a_file_breaks_the_reading(grants: list[dict[str, Any]]) -> None:
    document = read(json.dumps({"grants": [{**GRANT, **grant} for grant in grants]}))
    for problem in document.problems:
        assert problem.line >= 1
        assert problem.say()
        assert problem.say_fix()
    again = read(write(document.records))
    assert [record["amount_minor"] for record in again.records] == [
        record["amount_minor"] for record in document.records if record.get("awarded_on")
    ]


OWN: dict[str, Any] = {
    "id": "360G-communs-2026-7", "title": "Free Map, round 3", "description": "Servers and tiles", "currency": "EUR",
    "amount_minor": 4_780_020, "awarded_on": "2026-07-01", "starts_on": "2026-08-01", "ends_on": "2027-07-31",
    "funder": {"name": "Fonds des communs", "org_id": "FR-SIREN-233500016"},
    "recipient": {"kind": "organisation", "name": "Carte libre", "org_id": "FR-SIREN-380475558"},
}  # fmt: skip


def test_a_foundation_publishes_its_own_grants_whole() -> None:
    package_ = json.loads(publish([OWN, {**OWN, "id": "360G-communs-2026-8"}], "360G-communs"))
    assert len(package_["grants"]) == 2
    assert package_["grants"][0] == {
        "id": "360G-communs-2026-7",
        "title": "Free Map, round 3",
        "description": "Servers and tiles",
        "currency": "EUR",
        "amountAwarded": 47800.2,
        "awardDate": "2026-07-01T00:00:00+00:00",
        "plannedDates": [{"startDate": "2026-08-01T00:00:00+00:00", "endDate": "2027-07-31T00:00:00+00:00"}],
        "fundingOrganization": [{"id": "FR-SIREN-233500016", "name": "Fonds des communs"}],
        "recipientOrganization": [{"id": "FR-SIREN-380475558", "name": "Carte libre"}],
    }
    assert read(publish([OWN], "360G-communs")).records == (OWN,)


@pytest.mark.parametrize(
    ("changes", "path", "code"),
    [
        ({"id": "7"}, "id", "not-ours"),
        ({"id": "360G-communs-"}, "id", "not-ours"),
        ({"id": "360G-communs-a b"}, "id", "not-ours"),
        ({"title": ""}, "title", "missing"),
        ({"description": None}, "description", "missing"),
        ({"awarded_on": ""}, "awarded_on", "missing"),
        ({"awarded_on": "01/07/2026"}, "awarded_on", "not-a-date"),
        ({"ends_on": "2026-07-31"}, "ends_on", "backwards"),
        ({"amount_minor": 0}, "amount_minor", "not-an-amount"),
        ({"amount_minor": 10**14}, "amount_minor", "not-an-amount"),
        ({"amount_minor": 1.5}, "amount_minor", "not-an-amount"),
        ({"currency": "EURO"}, "amount_minor", "not-an-amount"),
        ({"funder": {"name": "Fonds"}}, "funder.org_id", "missing"),
        (
            {"recipient": {"kind": "organisation", "name": "Carte", "org_id": "380475558"}},
            "recipient.org_id",
            "no-org-id",
        ),
        ({"recipient": {"kind": "organisation"}}, "recipient.name", "missing"),
    ],
)
def test_nothing_is_left_out_or_made_up_when_publishing(changes: dict[str, Any], path: str, code: str) -> None:
    with pytest.raises(CannotPublish) as refused:
        publish([OWN, {**OWN, "id": "360G-communs-2026-8", **changes}], "360G-communs")
    assert (f"grants[1].{path}", code) in {(found.path, found.code) for found in refused.value.problems}
    assert all(refused.value.say_each())


def test_the_same_id_is_not_published_twice_nor_under_what_is_no_prefix() -> None:
    with pytest.raises(CannotPublish, match="a second time"):
        publish([OWN, OWN], "360G-communs")
    with pytest.raises(ValueError, match="360G-communs"):
        publish([OWN], "communs")


@given(st.integers(1, 10**14 - 1), st.sampled_from(["EUR", "JPY", "TND"]))
def test_every_amount_is_published_to_the_smallest_unit(minor: int, currency: str) -> None:
    (back,) = read(publish([{**OWN, "amount_minor": minor, "currency": currency}], "360G-communs")).records
    assert back["amount_minor"] == minor
