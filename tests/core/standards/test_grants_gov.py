"""The grants.gov extract: posted and forecast, codes, amounts, and what is refused."""

from __future__ import annotations

from communs.core.standards import grants_gov
from communs.core.standards.documents import Document
from communs.core.standards.formats import Sample

NAMESPACE = "http://apply.grants.gov/system/OpportunityDetail-V1.0"
BASE = {"OpportunityID": "1", "OpportunityTitle": "A grant", "PostDate": "11172011", "CloseDate": "11292011"}


def extract(*rows: dict[str, str | list[str]], name: str = grants_gov.SYNOPSIS) -> str:
    def fields(row: dict[str, str | list[str]]) -> str:
        merged = {**BASE, **row}
        listed = (
            (key, text) for key, value in merged.items() for text in ([value] if isinstance(value, str) else value)
        )
        return "\n".join(f"<{key}>{text}</{key}>" for key, text in listed)

    inner = "\n".join(f"<{name}>\n{fields(row)}\n</{name}>" for row in rows)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<Grants xmlns="{NAMESPACE}">\n{inner}\n</Grants>'


def one(**values: str | list[str]) -> dict[str, object]:
    (record,) = grants_gov.read(extract(values)).records
    return dict(record)


def codes(document: Document) -> list[str]:
    return [found.code for found in document.problems]


def test_a_posted_opportunity_becomes_a_record() -> None:
    record = one(
        AgencyName="Geological Survey", FundingInstrumentType="CA", CategoryOfFundingActivity=["ST", "ENV"],
        AwardFloor="0", AwardCeiling="none", EstimatedTotalProgramFunding="31900", LastUpdatedDate="11282011",
        Description="Help &amp;amp; &lt;p&gt;research&lt;/p&gt;",
    )  # fmt: skip
    assert (record["id"], record["title"], record["kind"]) == ("grants-gov-1", "A grant", "grant")
    assert record["summary_en"] == "Help &\nresearch"
    assert record["amount"] == {"pot": 31900, "currency": "USD"}
    assert record["themes"] == ["Science and Technology and other Research and Development", "Environment"]
    assert record["window"] == {
        "model": "one_off", "opens": "2011-11-17", "closes": "2011-11-29", "precision": "day", "note": None,
    }  # fmt: skip
    assert record["evidence"][0]["seen_as_of"] == "2011-11-28"  # type: ignore[index]


def test_codes_of_applicants_become_forms_with_their_names_beside() -> None:
    record = one(EligibleApplicants=["12", "21"])
    assert record["recipients"] == ["association", "foundation", "individual"]
    (criterion,) = record["criteria"]  # type: ignore[misc]
    assert (criterion["dimension"], criterion["force"]) == ("applicant_form", "text")


def test_others_shut_nobody_out_and_the_text_must_hold() -> None:
    record = one(EligibleApplicants=["25"], AdditionalInformationOnEligibility="Partners of the programme only.")
    assert "recipients" not in record
    (criterion,) = record["criteria"]  # type: ignore[misc]
    assert (criterion["quote"], criterion["force"]) == ("Partners of the programme only.", "hard")
    unrestricted = one(EligibleApplicants=["99"])
    assert {"association", "individual", "cooperative"} <= set(unrestricted["recipients"])  # type: ignore[call-overload]
    assert "criteria" not in unrestricted


def test_a_forecast_is_announced_not_promised() -> None:
    row: dict[str, str | list[str]] = {
        "EstimatedSynopsisPostDate": "08012026",
        "EstimatedSynopsisCloseDate": "10012026",
    }
    (record,) = grants_gov.read(extract(row, name=grants_gov.FORECAST)).records
    assert (record["window"]["model"], record["window"]["opens"]) == ("forecast", "2026-08-01")


def test_cost_sharing_is_said() -> None:
    record = one(CostSharingOrMatchingRequirement="Yes")
    assert [c["dimension"] for c in record["criteria"]] == ["own_share"]  # type: ignore[attr-defined]
    assert "criteria" not in one(CostSharingOrMatchingRequirement="No")


def test_of_two_versions_the_last_updated_counts() -> None:
    rows: list[dict[str, str | list[str]]] = [
        {"LastUpdatedDate": "01022012", "OpportunityTitle": "New"},
        {"LastUpdatedDate": "01012012", "OpportunityTitle": "Old"},
    ]
    document = grants_gov.read(extract(*rows))
    assert [record["title"] for record in document.records] == ["New"]
    assert codes(document) == ["repeated-record"]


def test_faults_stand_at_their_line() -> None:
    document = grants_gov.read(extract({"CloseDate": "13452011", "EligibleApplicants": "77"}))
    assert [(p.code, p.line) for p in document.problems] == [("not-a-date", 7), ("code-unknown", 8)]
    assert document.records[0]["window"]["closes"] is None
    assert document.records[0]["window"]["note"] == "13452011"


def test_a_floor_above_the_ceiling_is_left_out_and_told() -> None:
    document = grants_gov.read(extract({"AwardFloor": "500", "AwardCeiling": "100"}))
    assert "amount" not in document.records[0]
    assert codes(document) == ["floor-above-ceiling"]


def test_a_broken_end_keeps_what_came_before() -> None:
    document = grants_gov.read(extract({}, {"OpportunityID": "2"})[:-60])
    assert [record["id"] for record in document.records] == ["grants-gov-1"]
    assert codes(document) == ["not-xml"]
    assert not document.is_valid


def test_a_document_type_is_refused_before_any_entity() -> None:
    laughs = '<!DOCTYPE a [<!ENTITY l "ha"><!ENTITY m "&l;&l;">]>'
    document = grants_gov.read(extract({"OpportunityTitle": "&m;"}).replace("<Grants", f"{laughs}<Grants"))
    assert codes(document) == ["doctype"]
    outside = '<!DOCTYPE a SYSTEM "file:///etc/hostname">'
    assert codes(grants_gov.read(outside + "<a/>")) == ["doctype"]


def test_another_xml_is_not_taken_for_one() -> None:
    assert grants_gov.recognise(Sample(extract({})))
    assert not grants_gov.recognise(Sample("<ContractNotice/>"))
    assert codes(grants_gov.read("<a/>")) == ["no-records"]


def test_a_day_that_cannot_be_read_is_told_with_the_way_to_write_it_and_kept_in_words() -> None:
    row: dict[str, str | list[str]] = {"EstimatedSynopsisCloseDate": "13452026"}
    document = grants_gov.read(extract(row, name=grants_gov.FORECAST))
    assert [found.say_fix(str) for found in document.problems] == ["Write month, day and year as MMDDYYYY."]
    assert document.records[0]["window"]["note"] == "13452026"
