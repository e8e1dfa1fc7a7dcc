"""What comes from the bank: accounts, files kept as they are, statements taken apart line by line, each line once.

A file twice writes nothing. Statements that overlap share lines: a line has the same key in both.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final

from django.db import transaction
from django.utils.translation import gettext as _

from communs.apps.foundation import naming
from communs.apps.foundation.actions.books import open_account
from communs.apps.foundation.actions.payees import refusals_told
from communs.apps.foundation.actions.payout_news import refused
from communs.apps.foundation.models import BankAccount, BankFile, BankLine, BankStatement
from communs.apps.foundation.queries import payouts as payout_queries
from communs.apps.foundation.queries.books import get_fund
from communs.apps.foundation.queries.gate import Duty, require
from communs.core.ledger import Contradiction
from communs.core.standards.camt053 import Entry, Payment, Statement, Statements, read_statements
from communs.core.standards.iban import check_iban
from communs.core.standards.pain002 import Outcome, StatusReport, read_report
from communs.kit.records.actions import Impossible

SAID_MAX: Final = 20
GOES_ON_MAX: Final = 50
"""So many statements of one day are looked at for lines that are alike."""


@dataclass(frozen=True, slots=True)
class Received:
    """What a file brought. `again`: it was there before, and nothing was written. `said`: what people have to know."""

    file: BankFile
    again: bool = False
    new_lines: int = 0
    known_lines: int = 0
    refused: int = 0
    said: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class AccountWanted:
    """An account at a bank to be written down. `name` tells several apart; `fund` has what nobody claims, and fees."""

    fund: str
    holder: str
    iban: str
    town: str
    country: str
    bic: str = ""
    currency: str = "EUR"
    name: str = "main"


def add_account(by: Any, wanted: AccountWanted, now: datetime) -> BankAccount:
    """Write down an account at a bank. The same again is once. Raises `Refused`, `InvalidIban`, `Impossible`."""
    require(by, Duty.KEEP)
    iban, fund = check_iban(wanted.iban), get_fund(wanted.fund)
    with refusals_told(), transaction.atomic():
        account = open_account(naming.bank(wanted.currency, wanted.name), now=now)
        for other in (naming.unidentified(wanted.currency), naming.fees(wanted.currency)):
            open_account(other, now=now)
        values = {"fund": fund, "holder": wanted.holder, "iban": iban, "bic": wanted.bic}
        values |= {"town": wanted.town, "country": wanted.country, "created_at": now}
        row, made = BankAccount.objects.get_or_create(account=account, defaults=values)
        if not made and row.iban != iban:
            raise Impossible(_("The books have another bank account under this name. Choose another name."))
        return row


def receive(by: Any, name: str, data: bytes, now: datetime) -> Received:
    """Take in a file of a bank, statement or status report: kept byte for byte, each line once.

    Raises `Refused`, and `Impossible` with what is wrong: then nothing is kept.
    """
    require(by, Duty.KEEP)
    sha256 = hashlib.sha256(data).hexdigest()
    there = BankFile.objects.filter(sha256=sha256).first()
    if there is not None:
        return Received(there, again=True)
    statements = read_statements(data)
    if statements.statements or statements.version:
        _refuse_wrong(statements)
        return _keep_statements(by, name, data, statements, now)
    report = read_report(data)
    if not (report.order or report.version):
        raise Impossible(_("This is neither a statement (camt.053) nor a status report (pain.002) of a bank."))
    _refuse_wrong(report)
    return _keep_report(by, name, data, report, now)


def _refuse_wrong(read: Statements | StatusReport) -> None:
    wrong = [problem.render(_) for problem in read.problems if problem.severity == "error"]
    if wrong:
        raise Impossible(" ".join([_("Nothing was taken from this file."), *wrong[:SAID_MAX]]))


def _keep_file(by: Any, name: str, data: bytes, kind: str, now: datetime) -> tuple[BankFile, bool]:
    values = {"kind": kind, "name": name[:200], "data": data, "person": by, "received_at": now}
    return BankFile.objects.get_or_create(sha256=hashlib.sha256(data).hexdigest(), defaults=values)


def _keep_statements(by: Any, name: str, data: bytes, read: Statements, now: datetime) -> Received:
    with refusals_told(), transaction.atomic():
        accounts = _lock_accounts(read)
        file, made = _keep_file(by, name, data, BankFile.Kind.STATEMENT, now)
        if not made:
            return Received(file, again=True)
        new = known = 0
        for one in read.statements:
            account = accounts[one.account]
            row = _keep_statement(file, account, one)
            lines = list(_lines(account, row, one))
            there = set(
                BankLine.objects.filter(bank_account=account, key__in=[line.key for line in lines]).values_list(
                    "key", flat=True
                )
            )
            BankLine.objects.bulk_create([line for line in lines if line.key not in there], batch_size=200)
            new, known = new + len(lines) - len(there), known + len(there)
        warned = tuple(problem.render(_) for problem in read.problems if problem.severity == "warning")
        return Received(file, new_lines=new, known_lines=known, said=warned[:SAID_MAX])


def _lock_accounts(read: Statements) -> dict[str, BankAccount]:
    """The accounts that the statements are of, locked: two files of one account are taken in one after the other."""
    wanted = {one.account for one in read.statements}
    locked = BankAccount.objects.select_for_update(of=("self",), no_key=True).select_related("account", "fund")
    found = {row.iban: row for row in locked.filter(iban__in=wanted).order_by("pk")}
    for one in read.statements:
        if one.account not in found:
            why = _("The statement is of the account {iban}, which is not written down here. Add it first.")
            raise Impossible(why.format(iban=one.account or "?"))
        currency = found[one.account].account.currency
        if any(entry.amount.currency != currency for entry in one.entries if entry.is_booked):
            raise Impossible(
                _("The statement is not in {currency}, the currency of its account.").format(currency=currency)
            )
    return found


def _keep_statement(file: BankFile, account: BankAccount, one: Statement) -> BankStatement:
    opening, closing = one.balance("OPBD", "PRCD"), one.balance("CLBD")
    begins = opening.on if opening else None
    if opening is not None and begins is not None and opening.kind == "PRCD":
        begins += timedelta(days=1)  # the previous closing balance has the day before
    said = {
        "bank_account": account,
        "ident": one.id[:80],
        "number": one.number[:40],
        "opening_minor": opening.amount.minor if opening else None,
        "opening_on": begins,
        "closing_minor": closing.amount.minor if closing else None,
        "closing_on": closing.on if closing else None,
    }
    # A bank writes a file anew with another time in it: the statement in it is the one that is here.
    there = BankStatement.objects.filter(**said).order_by("pk").first() if one.id else None
    return there or BankStatement.objects.create(file=file, **said)


def _lines(account: BankAccount, row: BankStatement, one: Statement) -> Iterator[BankLine]:
    """Lines of booked entries: one for each payment where the bank states all amounts, else one for the entry."""
    alike = _alike_before(account, row)
    for entry in one.entries:
        day = entry.booked_on or entry.valued_on or row.closing_on
        if not entry.is_booked or not entry.amount.minor:
            continue
        if day is None:
            raise Impossible(_("An entry of the statement has no day. Ask the bank for the file again."))
        payments: list[Payment | None] = [*entry.payments]
        amounts = [payment.amount.minor if payment.amount else 0 for payment in entry.payments]
        if not all(amounts) or sum(amounts) != entry.amount.minor:
            payments, amounts = [entry.payments[0] if len(entry.payments) == 1 else None], [entry.amount.minor]
        for payment, minor in zip(payments, amounts, strict=True):
            line = _line(entry, payment, minor, day)
            seen = _fingerprint(account.iban, line)
            alike[seen] += 1
            line.key = hashlib.sha256(f"{seen}:{alike[seen]}".encode()).hexdigest()
            line.bank_account, line.statement = account, row
            yield line


def _alike_before(account: BankAccount, row: BankStatement) -> Counter[str]:
    """How often a line stands in the statements that this one goes on from: alike here, it is another one."""
    found: Counter[str] = Counter()
    at: BankStatement | None = row
    for _place in range(GOES_ON_MAX):
        at = at and _before(account, at)
        if at is None:
            break
        found.update(_fingerprint(account.iban, line) for line in at.lines.all())
    return found


def _before(account: BankAccount, row: BankStatement) -> BankStatement | None:
    """The statement that this one goes on from on the same day: by its number, and by the balance between them."""
    if row.opening_on is None or row.opening_minor is None or not row.number.isdecimal():
        return None
    there = account.statements.filter(closing_minor=row.opening_minor, closing_on=row.opening_on).exclude(pk=row.pk)
    numbered = there.exclude(opening_minor=None).exclude(opening_minor=row.opening_minor).order_by("-pk")
    before = int(row.number) - 1
    return next((one for one in numbered[:GOES_ON_MAX] if one.number.isdecimal() and int(one.number) == before), None)


def _fingerprint(iban: str, line: BankLine) -> str:
    """What makes a line itself in every statement that holds it: not its place in one, and not the file it is in."""
    said = (
        *(iban, line.booked_on.isoformat(), line.minor, line.bank_reference),
        *(line.end_to_end, line.name, line.iban, line.reference, line.text, line.code),
    )
    return hashlib.sha256(repr(said).encode()).hexdigest()


def _line(entry: Entry, payment: Payment | None, minor: int, day: date) -> BankLine:
    line = BankLine(booked_on=day, minor=minor, code=entry.code[:40], is_return=entry.is_reversal)
    line.bank_reference = entry.bank_reference[:80]
    line.order = next((batch.order or batch.group for batch in entry.batches), "")[:80]
    line.text = entry.text[:1000]
    if payment is not None:
        other = payment.counterparty
        line.name, line.iban = (other.name or other.ultimate)[:200], other.iban[:40]
        line.end_to_end, line.reference = payment.end_to_end[:80], payment.reference[:80]
        line.text = " ".join(payment.texts)[:1000] or line.text
        line.order = (payment.order or payment.group)[:80] or line.order
        line.code = (payment.code or entry.code)[:40]
        line.bank_reference = (payment.bank_reference or entry.bank_reference)[:80]
        if payment.returned is not None:
            line.is_return, line.reason = True, payment.returned.say()[:200]
    return line


def _keep_report(by: Any, name: str, data: bytes, report: StatusReport, now: datetime) -> Received:
    """What the bank says of a file of ours. Only what it refuses changes anything: what it pays, a statement shows."""
    with refusals_told(), transaction.atomic():
        file, made = _keep_file(by, name, data, BankFile.Kind.REPORT, now)
        batch = payout_queries.batches().filter(ident=report.order).first()
        if not made or batch is None:
            said = () if not made else (_("The report is about a file that was not made here; it changes nothing."),)
            return Received(file, again=not made, said=said)
        count, told = 0, []
        for payout in payout_queries.payouts_in(batch):
            heard = report.of(payout.public_id.hex, batch.ident)
            if heard.outcome is not Outcome.REJECTED:
                continue
            reason = " ".join(one.say() for one in heard.reasons)
            try:
                count += refused(payout, reason, file, now)
            except Contradiction as error:
                told.append(f"{payout.public_id}: {error}")
        warned = [problem.render(_) for problem in report.problems if problem.severity == "warning"]
        return Received(file, refused=count, said=tuple((told + warned)[:SAID_MAX]))
