"""A bank that is played: it shares no code with what it judges, and keeps books of its own in a file.

`python bank.py BOOKS VERB …`: each verb is one process and one transaction. It reads orders by the XSD that sepaxml
ships, pays each payment of a file it has not had before, and counts how often it has paid each. Answers are camt.053
and pain.002 as banks write them. `--break` makes the faults: a wrong reference, a line twice in two statements, a
payment that comes back, an answer that never arrives.

`python bank.py BOOKS listen` takes its verbs from stdin instead, a JSON list a line, and answers each with a line.
"""

from __future__ import annotations

import argparse
import json
import sqlite3
import sys
from importlib import resources
from pathlib import Path
from typing import Any

from lxml import etree

PAIN = "urn:iso:std:iso:20022:tech:xsd:pain.001.001.09"
CAMT = "urn:iso:std:iso:20022:tech:xsd:camt.053.001.08"
STATUS = "urn:iso:std:iso:20022:tech:xsd:pain.002.001.10"
TABLES = """
CREATE TABLE IF NOT EXISTS account (iban TEXT, opening INTEGER);
CREATE TABLE IF NOT EXISTS files (msg TEXT PRIMARY KEY, payments TEXT);
CREATE TABLE IF NOT EXISTS moves (id INTEGER PRIMARY KEY, day TEXT, minor INTEGER, e2e TEXT, msg TEXT, name TEXT,
  iban TEXT, text TEXT, ref TEXT, reason TEXT, code TEXT);
CREATE TABLE IF NOT EXISTS rejected (msg TEXT, e2e TEXT, reason TEXT);
"""


def books(path: str) -> sqlite3.Connection:
    connection = sqlite3.connect(path, timeout=20)
    connection.executescript(TABLES)
    return connection


def minor_of(text: str) -> int:
    whole, _, cents = text.partition(".")
    return int(whole) * 100 + int(cents.ljust(2, "0")[:2] or 0)


def take(connection: sqlite3.Connection, path: str, day: str, reject: str, swallow: str, reason: str) -> dict[str, Any]:
    """A file of orders. A message identifier that was here before is refused: banks do that."""
    schema = resources.files("sepaxml").joinpath("schemas/pain.001.001.09.xsd").read_bytes()
    document = etree.fromstring(Path(path).read_bytes())
    etree.XMLSchema(etree.fromstring(schema)).assertValid(document)
    at = {"p": PAIN}
    msg = document.findtext(".//p:GrpHdr/p:MsgId", namespaces=at)
    if connection.execute("SELECT 1 FROM files WHERE msg = ?", [msg]).fetchone():
        return {"answer": "duplicate", "msg": msg}
    said = []
    for one in document.iterfind(".//p:CdtTrfTxInf", at):
        e2e = one.findtext("p:PmtId/p:EndToEndId", namespaces=at)
        minor = minor_of(one.findtext("p:Amt/p:InstdAmt", namespaces=at))
        name = one.findtext("p:Cdtr/p:Nm", namespaces=at)
        iban = one.findtext("p:CdtrAcct/p:Id/p:IBAN", namespaces=at)
        text = one.findtext("p:RmtInf/p:Ustrd", namespaces=at) or ""
        said.append(e2e)
        if iban in reject.split(","):
            connection.execute("INSERT INTO rejected VALUES (?, ?, ?)", [msg, e2e, reason])
        elif iban not in swallow.split(","):
            move(connection, day, -minor, e2e=e2e, msg=msg, name=name, iban=iban, text=text)
    connection.execute("INSERT INTO files VALUES (?, ?)", [msg, json.dumps(said)])
    return {"answer": "taken", "msg": msg, "payments": said}


def move(connection: sqlite3.Connection, day: str, minor: int, **said: str) -> None:
    names = ("e2e", "msg", "name", "iban", "text", "ref", "reason", "code")
    connection.execute(
        f"INSERT INTO moves (day, minor, {', '.join(names)}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",  # noqa: S608
        [day, minor, *(said.get(name, "") for name in names)],
    )


def give_back(connection: sqlite3.Connection, day: str, e2e: str, kept: int, reason: str) -> None:
    """A payment comes back, less what a bank on the way kept."""
    row = connection.execute("SELECT minor, msg, name, iban FROM moves WHERE e2e = ? AND minor < 0", [e2e]).fetchone()
    move(connection, day, -row[0] - kept, e2e=e2e, msg=row[1], name=row[2], iban=row[3], reason=reason)


def element(name: str, *inner: Any, **attributes: str) -> Any:
    made = etree.Element(name, attributes)
    for one in inner:
        if isinstance(one, str):
            made.text = one
        elif one is not None:
            made.append(one)
    return made


def amount(minor: int) -> tuple[Any, Any]:
    figure = f"{abs(minor) // 100}.{abs(minor) % 100:02}"
    return element("Amt", figure, Ccy="EUR"), element("CdtDbtInd", "CRDT" if minor >= 0 else "DBIT")


def balance(kind: str, minor: int, day: str) -> Any:
    code = element("Tp", element("CdOrPrtry", element("Cd", kind)))
    return element("Bal", code, *amount(minor), element("Dt", element("Dt", day)))


def entry(row: tuple[Any, ...], wrong: str) -> Any:
    number, day, minor, e2e, msg, name, iban, text, ref, reason, code = row
    if wrong == "references":
        e2e = e2e[:10]
    elif wrong == "no-references":
        e2e = "NOTPROVIDED"
    family = ("RCDT", "RRTN") if reason else ("RCDT", "ESCT") if minor > 0 else ("ICDT", code or "ESCT")
    business = element(
        "BkTxCd",
        element(
            "Domn", element("Cd", "PMNT"), element("Fmly", element("Cd", family[0]), element("SubFmlyCd", family[1]))
        ),
    )
    # In a return the parties are those of the payment that came back: the payee stays the payee.
    side = "Dbtr" if minor > 0 and not reason else "Cdtr"
    parties = element(
        "RltdPties",
        element(side, element("Pty", element("Nm", name))) if name else None,
        element(f"{side}Acct", element("Id", element("IBAN", iban))) if iban else None,
    )
    references = element("Refs", element("MsgId", msg) if msg else None, element("EndToEndId", e2e or "NOTPROVIDED"))
    remittance = None
    if ref:
        remittance = element("RmtInf", element("Strd", element("CdtrRefInf", element("Ref", ref))))
    elif text:
        remittance = element("RmtInf", element("Ustrd", text))
    returned = element("RtrInf", element("Rsn", element("Cd", reason))) if reason else None
    details = element("TxDtls", references, *amount(minor), parties, remittance, returned)
    return element(
        "Ntry", *amount(minor), element("Sts", element("Cd", "BOOK")), element("BookgDt", element("Dt", day)),
        element("AcctSvcrRef", f"B{number:08}"), business, element("NtryDtls", details),
    )  # fmt: skip


def entries(rows: list[tuple[Any, ...]], wrong: str) -> list[Any]:
    """One entry each; with "one-sum", one for all payments of a file, as banks book batches."""
    if wrong != "one-sum":
        return [entry(row, wrong) for row in rows]
    sums: dict[str, int] = {}
    for row in rows:
        sums[row[4]] = sums.get(row[4], 0) + row[2]
    return [
        element(
            "Ntry", *amount(minor), element("Sts", element("Cd", "BOOK")),
            element("BookgDt", element("Dt", rows[0][1])),
            element("NtryDtls", element("Btch", element("MsgId", msg))),
        )
        for msg, minor in sums.items()
    ]  # fmt: skip


def statement(connection: sqlite3.Connection, first: str, last: str, wrong: str) -> bytes:
    """camt.053 of the days from `first` to `last`."""
    iban, opening = connection.execute("SELECT iban, opening FROM account").fetchone()
    before = connection.execute("SELECT coalesce(sum(minor), 0) FROM moves WHERE day < ?", [first]).fetchone()[0]
    rows = connection.execute(
        "SELECT * FROM moves WHERE day BETWEEN ? AND ? ORDER BY day, id", [first, last]
    ).fetchall()
    start, end = opening + before, opening + before + sum(row[2] for row in rows)
    made = element(
        "Stmt", element("Id", f"S-{first}-{last}"), element("CreDtTm", f"{last}T23:00:00+00:00"),
        element("Acct", element("Id", element("IBAN", iban)), element("Ccy", "EUR")),
        balance("OPBD", start, first), balance("CLBD", end, last), *entries(rows, wrong),
    )  # fmt: skip
    head = element("GrpHdr", element("MsgId", f"M-{first}-{last}"), element("CreDtTm", f"{last}T23:00:00+00:00"))
    document = element("Document", element("BkToCstmrStmt", head, made), xmlns=CAMT)
    return etree.tostring(document, xml_declaration=True, encoding="UTF-8")


def report(connection: sqlite3.Connection, msg: str) -> bytes:
    """pain.002 about a file: what was refused, and that the rest is under way."""
    refused = connection.execute("SELECT e2e, reason FROM rejected WHERE msg = ?", [msg]).fetchall()
    said = [
        element(
            "TxInfAndSts", element("OrgnlEndToEndId", e2e), element("TxSts", "RJCT"),
            element("StsRsnInf", element("Rsn", element("Cd", reason))),
        )
        for e2e, reason in refused
    ]  # fmt: skip
    document = element(
        "Document",
        element(
            "CstmrPmtStsRpt",
            element("GrpHdr", element("MsgId", f"R-{msg[:30]}"), element("CreDtTm", "2026-03-02T10:00:00+00:00")),
            element(
                "OrgnlGrpInfAndSts", element("OrgnlMsgId", msg), element("OrgnlMsgNmId", "pain.001.001.09"),
                element("GrpSts", "PART" if refused else "ACSP"),
            ),
            element("OrgnlPmtInfAndSts", element("OrgnlPmtInfId", msg), *said),
        ),
        xmlns=STATUS,
    )  # fmt: skip
    return etree.tostring(document, xml_declaration=True, encoding="UTF-8")


def paid(connection: sqlite3.Connection) -> dict[str, int]:
    """How often each payment was made: what it is all about."""
    rows = connection.execute("SELECT e2e, count(*) FROM moves WHERE minor < 0 AND msg <> '' GROUP BY e2e")
    return dict(rows.fetchall())


def do(arguments: list[str]) -> str:
    """One verb; its answer as JSON."""
    parser = argparse.ArgumentParser()
    parser.add_argument("books")
    parser.add_argument("verb", choices=["open", "take", "deposit", "return", "statement", "report", "paid", "fee"])
    parser.add_argument("values", nargs="*")
    for name in ("day", "reject", "swallow", "wrong", "name", "text", "ref", "reason", "iban"):
        parser.add_argument(f"--{name}", default="2026-03-02" if name == "day" else "")
    parser.add_argument("--kept", type=int, default=0)
    asked = parser.parse_args(arguments)
    answer: Any = None
    with books(asked.books) as connection:
        if asked.verb == "open":
            connection.execute("INSERT INTO account VALUES (?, ?)", [asked.values[0], int(asked.values[1])])
        elif asked.verb == "take":
            answer = take(connection, asked.values[0], asked.day, asked.reject, asked.swallow, asked.reason or "AC04")
        elif asked.verb == "deposit":
            said = {name: getattr(asked, name) for name in ("name", "text", "ref", "reason", "iban")}
            move(connection, asked.day, int(asked.values[0]), **said)
        elif asked.verb == "fee":
            move(connection, asked.day, -int(asked.values[0]), code="CHRG")
        elif asked.verb == "return":
            give_back(connection, asked.day, asked.values[0], asked.kept, asked.reason or "AC04")
        elif asked.verb == "statement":
            Path(asked.values[2]).write_bytes(statement(connection, *asked.values[:2], asked.wrong))
        elif asked.verb == "report":
            Path(asked.values[1]).write_bytes(report(connection, asked.values[0]))
        elif asked.verb == "paid":
            answer = paid(connection)
    return json.dumps(answer)


def listen(path: str) -> None:
    """Verbs from stdin, until it closes."""
    for line in sys.stdin:
        sys.stdout.write(do([path, *json.loads(line)]) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    if sys.argv[2:] == ["listen"]:
        listen(sys.argv[1])
    else:
        sys.stdout.write(do(sys.argv[1:]))
