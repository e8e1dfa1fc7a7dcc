"""Status reports: what is decided, what is not, and that nothing undecided is taken for refused."""

from __future__ import annotations

from pathlib import Path

from communs.core.standards.pain002 import Outcome, StatusReport, read_report

FILE = (Path(__file__).parent / "bank_files" / "report-03.xml").read_text(encoding="utf-8")
REFUSED, PAID, WAITING = (f"6f1c7a5200004000800000000000000{number}" for number in (1, 2, 3))


def report(payments: str = "", group: str = "", whole: str = "") -> StatusReport:
    return read_report(
        '<Document xmlns="urn:iso:std:iso:20022:tech:xsd:pain.002.001.10"><CstmrPmtStsRpt>'
        f"<OrgnlGrpInfAndSts><OrgnlMsgId>R</OrgnlMsgId>{whole}</OrgnlGrpInfAndSts>"
        f"<OrgnlPmtInfAndSts><OrgnlPmtInfId>G</OrgnlPmtInfId>{group}{payments}</OrgnlPmtInfAndSts>"
        "</CstmrPmtStsRpt></Document>"
    )


def payment(key: str, status: str, code: str = "") -> str:
    reason = f"<StsRsnInf><Rsn><Cd>{code}</Cd></Rsn></StsRsnInf>" if code else ""
    said = f"<TxSts>{status}</TxSts>" if status else ""
    return f"<TxInfAndSts><OrgnlEndToEndId>{key}</OrgnlEndToEndId>{said}{reason}</TxInfAndSts>"


def test_each_payment_has_its_outcome_and_the_refused_one_its_reason() -> None:
    found = read_report(FILE)
    assert found.problems == ()
    assert (found.version, found.id, found.order, found.whole.status) == ("001.03", "PSR-1", "ROUND-3", "PART")
    assert [found.of(key).outcome for key in (REFUSED, PAID, WAITING)] == ["rejected", "settled", "pending"]
    assert found.of(REFUSED).reasons[0].say() == "The account number is wrong. (AC01: IBAN inconnu)"
    assert found.of(REFUSED).line == 10


def test_in_part_says_nothing_of_a_payment_that_is_not_named() -> None:
    assert read_report(FILE).of("another", "ROUND-3").outcome is Outcome.UNKNOWN


def test_a_payment_that_is_not_named_has_the_status_of_its_group_then_of_the_file() -> None:
    refused = report(group="<PmtInfSts>RJCT</PmtInfSts>", whole="<GrpSts>ACCP</GrpSts>")
    assert refused.of("1", "G").outcome is Outcome.REJECTED
    assert refused.of("1", "another").outcome is Outcome.ACCEPTED
    assert report(payment("1", "", "AC04"), whole="<GrpSts>RJCT</GrpSts>").of("1").reasons[0].code == "AC04"
    assert report(payment("1", "", "AC04"), whole="<GrpSts>RJCT</GrpSts>").of("1").outcome is Outcome.REJECTED


def test_two_statuses_that_contradict_each_other_decide_nothing() -> None:
    found = report(payment("1", "RJCT") + payment("1", "ACSC") + payment("1", "RJCT"), whole="<GrpSts>RJCT</GrpSts>")
    assert found.of("1").outcome is Outcome.UNKNOWN
    assert {one.code for one in found.problems} == {"contradiction"}
    assert report(payment("1", "RJCT") + payment("1", "RJCT")).of("1").outcome is Outcome.REJECTED


def test_a_code_that_is_not_known_decides_nothing_and_is_told() -> None:
    found = report(payment("1", "WHAT"))
    assert found.of("1").outcome is Outcome.UNKNOWN
    assert [(one.code, one.severity) for one in found.problems] == [("status-unknown", "warning")]


def test_a_status_without_a_payment_is_told() -> None:
    assert [one.code for one in report(payment("NOTPROVIDED", "RJCT")).problems] == ["no-key"]


def test_a_report_that_breaks_off_decides_only_what_it_names() -> None:
    found = read_report(FILE.replace("PART", "RJCT", 1)[: FILE.index("ACSC")])
    assert not found.is_valid
    assert found.of(REFUSED).outcome is Outcome.REJECTED
    assert found.of(PAID).outcome is Outcome.UNKNOWN


def test_two_orders_in_one_report_are_told() -> None:
    second = "<OrgnlGrpInfAndSts><OrgnlMsgId>S</OrgnlMsgId><GrpSts>RJCT</GrpSts></OrgnlGrpInfAndSts>"
    found = read_report(FILE.replace("<OrgnlPmtInfAndSts>", second + "<OrgnlPmtInfAndSts>"))
    assert "other-orders" in {one.code for one in found.problems}
    assert found.of("another").outcome is Outcome.UNKNOWN


def test_what_is_no_report_is_said_to_be_none() -> None:
    for data in ("<Document/>", "", b"\x00", "<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>"):
        assert not read_report(data).is_valid
