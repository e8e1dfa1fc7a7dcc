"""A statement of the bank of the story, as banks send them (camt.053.001.08)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from xml.sax.saxutils import escape


@dataclass(frozen=True, slots=True)
class Line:
    """Something that the bank booked: minor units above zero came in, below went out."""

    on: date
    minor: int
    name: str = ""
    reference: str = ""
    text: str = ""
    end_to_end: str = ""
    family: str = ""


def statement(number: int, iban: str, opening: int, first: date, last: date, lines: Sequence[Line]) -> bytes:
    """The file, from `opening` (minor units) on the first day to what the lines make of it on the last."""
    closing = opening + sum(one.minor for one in lines)
    entries = "".join(_entry(f"{number}-{place}", one) for place, one in enumerate(lines, 1))
    written = f"<CreDtTm>{last}T22:00:00+00:00</CreDtTm>"
    text = (
        '<?xml version="1.0" encoding="UTF-8"?>\n<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.08">'
        f"<BkToCstmrStmt><GrpHdr><MsgId>DEMO-{number}</MsgId>{written}</GrpHdr>"
        f"<Stmt><Id>DEMONSTRATION-{number}</Id>{written}"
        f"<Acct><Id><IBAN>{iban}</IBAN></Id><Ccy>EUR</Ccy></Acct>"
        f"{_balance('OPBD', opening, first)}{_balance('CLBD', closing, last)}{entries}"
        "</Stmt></BkToCstmrStmt></Document>"
    )
    return text.encode()


def _amount(minor: int) -> str:
    side = "CRDT" if minor >= 0 else "DBIT"
    return f'<Amt Ccy="EUR">{abs(minor) // 100}.{abs(minor) % 100:02}</Amt><CdtDbtInd>{side}</CdtDbtInd>'


def _balance(code: str, minor: int, on: date) -> str:
    kind = f"<Tp><CdOrPrtry><Cd>{code}</Cd></CdOrPrtry></Tp>"
    return f"<Bal>{kind}{_amount(minor)}<Dt><Dt>{on}</Dt></Dt></Bal>"


def _entry(number: str, one: Line) -> str:
    family, part = ("RCDT", "ESCT") if one.minor > 0 else ("ICDT", one.family or "ESCT")
    code = f"<Domn><Cd>PMNT</Cd><Fmly><Cd>{family}</Cd><SubFmlyCd>{part}</SubFmlyCd></Fmly></Domn>"
    side = "Dbtr" if one.minor > 0 else "Cdtr"
    party = f"<RltdPties><{side}><Pty><Nm>{escape(one.name)}</Nm></Pty></{side}></RltdPties>" if one.name else ""
    told = ""
    if one.reference:
        told = f"<RmtInf><Strd><CdtrRefInf><Ref>{one.reference}</Ref></CdtrRefInf></Strd></RmtInf>"
    elif one.text:
        told = f"<RmtInf><Ustrd>{escape(one.text)}</Ustrd></RmtInf>"
    refs = f"<Refs><EndToEndId>{one.end_to_end or 'NOTPROVIDED'}</EndToEndId></Refs>"
    return (
        f"<Ntry>{_amount(one.minor)}<Sts><Cd>BOOK</Cd></Sts><BookgDt><Dt>{one.on}</Dt></BookgDt>"
        f"<AcctSvcrRef>DEMO-{number}</AcctSvcrRef><BkTxCd>{code}</BkTxCd>"
        f"<NtryDtls><TxDtls>{refs}{_amount(one.minor)}{party}{told}</TxDtls></NtryDtls></Ntry>"
    )
