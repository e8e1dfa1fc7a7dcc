"""Lines of the bank and what they are: exact where a name of ours or a reference says so, otherwise a person decides.

Money that came in and that nobody knows is put aside (`unidentified`), so that the books say what the bank says.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from communs.apps.foundation import naming
from communs.apps.foundation.actions.books import KeyTaken, NotRecorded, entry, open_account, record
from communs.apps.foundation.actions.payees import refusals_told
from communs.apps.foundation.actions.payout_news import ACTOR, came_back, days, paid
from communs.apps.foundation.actions.settling import arrived
from communs.apps.foundation.actions.several import Outcome, each
from communs.apps.foundation.incoming import incoming
from communs.apps.foundation.models import BankAccount, BankLine, Entry, LineDecision, Payout, PayoutStep, Settlement
from communs.apps.foundation.queries import bank as queries
from communs.apps.foundation.queries import payouts as payout_queries
from communs.apps.foundation.queries.books import get_fund
from communs.apps.foundation.queries.gate import Duty, require
from communs.core.ledger import Account, Contradiction, EntryKind
from communs.core.standards.creditor_reference import find_references
from communs.kit.gates import NotThere
from communs.kit.records.actions import Impossible

What = LineDecision.What
State = PayoutStep.State
AT_ONCE_MAX: Final = 20_000
FEE_CODES: Final = ("CHRG", "FEES", "COMM")
"""Sub-families by which a bank says that it takes something for itself."""


@dataclass(frozen=True, slots=True)
class Reconciled:
    """How many lines were decided, and how many wait for a person."""

    decided: int = 0
    unidentified: int = 0
    waiting: int = 0


def reconcile(account: BankAccount, now: datetime) -> Reconciled:
    """Decide every line that is exact, each in a transaction of its own; safe to break off and to run again."""
    found = queries.lines(Q(what="", bank_account=account))
    # What went out before what came in, day by day: a return follows the payment that it takes back.
    ordered = found.order_by("booked_on", "minor", "pk").values_list("pk", flat=True)[:AT_ONCE_MAX]
    decided = unidentified = waiting = 0
    for number in list(ordered):
        what = _reconcile_one(number, now)
        decided += what not in {"", What.UNIDENTIFIED}
        unidentified += what == What.UNIDENTIFIED
        waiting += what == ""
    return Reconciled(decided, unidentified, waiting)


def _reconcile_one(number: int, now: datetime) -> str:
    """What a line was found to be; "" where a person has to say, or where the books refuse it for now."""
    try:
        with refusals_told(), transaction.atomic():
            line = _lock(number)
            if line.decisions.exists():
                return str(line.decisions.order_by("-number")[0].what)
            found = _exactly(line, now)
            if found is None:
                return ""
            what, done = found
            _decided(line, what, done, now)
            return what
    except (NotRecorded, KeyTaken, Contradiction, Impossible):
        return ""


def _exactly(line: BankLine, now: datetime) -> tuple[str, Entry | None] | None:
    payout = payout_queries.by_end_to_end(line.end_to_end)
    if payout is None and not line.is_return and _known_settlement(line, queries.settlement_named(line), now):
        return What.SETTLEMENT, None
    if line.minor < 0:
        return _exactly_out(line, payout, now)
    if payout is not None and line.is_return:
        booked = payout_queries.state_of(payout) == State.CONFIRMED
        return (What.RETURN, came_back(payout, line, now)) if booked and payout.minor == line.minor else None
    if payout is not None:
        return None
    if not line.is_return and _known_gift(line, _references(line), now):
        return What.GIFT, None
    return What.UNIDENTIFIED, _put_aside(line, 1, now)


def _exactly_out(line: BankLine, payout: Payout | None, now: datetime) -> tuple[str, Entry | None] | None:
    if payout is not None:
        ours = payout.steps.filter(batch__bank_account=line.bank_account_id).exists()
        is_sent = payout_queries.state_of(payout) in payout_queries.AT_BANK
        return (What.PAYOUT, paid(payout, line, now)) if ours and is_sent and payout.minor == -line.minor else None
    batch = payout_queries.batches().filter(ident=line.order, bank_account=line.bank_account_id).first()
    if batch is not None and not line.end_to_end:
        asked = list(payout_queries.payouts_in(batch))
        sent = [one for one in asked if payout_queries.state_of(one) != State.REFUSED]
        # One sum for a whole file, as some banks book it: exact only while none of it was booked by itself.
        under_way = all(payout_queries.state_of(one) in payout_queries.AT_BANK for one in sent)
        if under_way and sent and sum(one.minor for one in sent) == -line.minor:
            for one in sent:
                paid(one, line, now)
            return What.PAYOUT, None
        return None
    if line.code.rpartition("-")[2] in FEE_CODES:
        return What.FEE, _fee(line, 1, now)
    return None


def _references(line: BankLine) -> list[str]:
    """References of the line: the one with a place of its own, else those in the text, if they are one."""
    if line.reference:
        return [line.reference]
    found = {one for length in sorted(incoming.lengths) for one in find_references(line.text, length)}
    return list(found) if len(found) == 1 else []


def _known_gift(line: BankLine, references: list[str], now: datetime) -> bool:
    code = line.bank_account.account.currency
    on, _happened = days(line.booked_on, now)
    said = [(handler, one) for one in references for handler in incoming.handlers]
    return any(handler(one, line.minor, code, on, line.key, now) for handler, one in said)


def _known_settlement(line: BankLine, found: Settlement | None, now: datetime) -> bool:
    """Whether a payout of a provider was waiting for this line; then it has arrived."""
    on, _happened = days(line.booked_on, now)
    return found is not None and arrived(found, line, on, now)


@dataclass(frozen=True, slots=True)
class Said:
    """What a person says a line is.

    `target`: a payout's id, a reference, the number of a provider's payout, or a fund, as `what` asks for; else empty.
    """

    what: str
    target: str = ""
    note: str = ""


def decide(by: Any, number: int, said: Said, now: datetime) -> LineDecision:
    """Decide a line that waits, or one that was put aside. What was posted for it before is taken back first.

    Raises `Refused`, `NotThere`, `Impossible`, `NotRecorded`.
    """
    require(by, Duty.KEEP)
    with refusals_told(), transaction.atomic():
        line = _lock(number)
        before = line.decisions.order_by("-number").first()
        if before is not None and before.what not in queries.NOT_FINAL:
            raise Impossible(_("This line has been decided already."))
        count = 1 + line.decisions.count()
        verb = _VERBS.get(said.what)
        if verb is None:
            raise Impossible(_("Choose what the line is."))
        if said.what != What.GIVE_BACK or before is None:
            _take_back(line, before, count, now)
        try:
            done = verb(line, said, count, now)
        except Contradiction as error:
            raise Impossible(str(error)) from error
        return _decided(line, said.what, done, now, person=by, note=said.note)


def decide_all(by: Any, wanted: Mapping[int, Said], now: datetime) -> list[Outcome]:
    """Decide many lines, each by itself: what became of each, in this order. Raises `Refused`, `Impossible`."""
    require(by, Duty.KEEP)
    return each(wanted, lambda number: decide(by, number, wanted[number], now))


def _take_back(line: BankLine, before: LineDecision | None, count: int, now: datetime) -> None:
    """Undo what a line was put aside as."""
    if before is None or before.entry is None:
        return
    postings = [
        (one.account.slug, one.fund.slug, -one.minor, one.currency)
        for one in before.entry.postings.select_related("account", "fund").order_by("position")
    ]
    on, happened_on = days(line.booked_on, now)
    said = {"actor": ACTOR, "reverses": str(before.entry.public_id), "happened_on": happened_on}
    record(entry(_key(line, count, "undone"), EntryKind.REVERSAL, postings, on=on, now=now, **said))


def _as_payout(line: BankLine, said: Said, count: int, now: datetime) -> Entry:
    payout = _payout(said.target)
    if payout.minor != -line.minor:
        raise Impossible(_("The amounts differ: the bank has to correct one of them."))
    return paid(payout, line, now)


def _as_return(line: BankLine, said: Said, count: int, now: datetime) -> Entry:
    """A payout came back, perhaps less what a bank on the way kept for itself: that is a fee of the fund paid from."""
    payout = _payout(said.target)
    kept = payout.minor - line.minor
    if kept < 0 or line.minor < 0:
        raise Impossible(_("More came back than was paid. Put it aside, and ask the bank."))
    done = came_back(payout, line, now)
    if kept:
        _book(line, EntryKind.FEE, naming.fees(payout.currency), -kept, now, f"{count}:fee", fund=payout.fund.slug)
    return done


def _as_gift(line: BankLine, said: Said, count: int, now: datetime) -> None:
    if line.minor < 0 or not _known_gift(line, [said.target.strip()], now):
        raise Impossible(_("No gift with this reference is waiting for this amount."))


def _as_settlement(line: BankLine, said: Said, count: int, now: datetime) -> None:
    waiting = queries.settlements_waiting(_code(line)).filter(object_id=said.target)
    if not _known_settlement(line, waiting.first(), now):
        raise Impossible(_("No payout of a provider with this number is waiting for this amount."))


def _fee(line: BankLine, count: int, now: datetime) -> Entry:
    return _book(line, EntryKind.FEE, naming.fees(_code(line)), line.minor, now, f"{count}:fee")


def _put_aside(line: BankLine, count: int, now: datetime) -> Entry:
    return _book(line, EntryKind.PAY_IN, naming.unidentified(_code(line)), line.minor, now, f"{count}:unidentified")


def _as_income(line: BankLine, said: Said, count: int, now: datetime) -> Entry:
    if line.minor < 0:
        raise Impossible(_("Money that went out is no gift."))
    fund = get_fund(said.target).slug
    return _book(line, EntryKind.PAY_IN, naming.income(_code(line)), line.minor, now, f"{count}:income", fund=fund)


def _as_give_back(line: BankLine, said: Said, count: int, now: datetime) -> Entry:
    """Owed to whoever sent it: put aside first, where it has not been, then known to be theirs."""
    if line.minor < 0:
        raise Impossible(_("Money that went out cannot be given back."))
    aside, donor = naming.unidentified(_code(line)), naming.donor(_code(line))
    last = line.decisions.order_by("-number").first()
    if last is None or last.what != What.UNIDENTIFIED:
        _put_aside(line, count, now)
    open_account(donor, now=now)
    fund, code = line.bank_account.fund.slug, _code(line)
    on, happened_on = days(line.booked_on, now)
    postings = [(aside.id, fund, line.minor, code), (donor.id, fund, -line.minor, code)]
    said_more = {"actor": ACTOR, "happened_on": happened_on}
    done = record(
        entry(_key(line, count, "give-back"), EntryKind.IDENTIFICATION, postings, on=on, now=now, **said_more)
    )
    return Entry.objects.get(public_id=done.id)


def _as_clearing(line: BankLine, said: Said, count: int, now: datetime) -> Entry:
    """To be cleared up with the bank: it holds the money, or we hold the bank's."""
    return _book(line, EntryKind.SETTLEMENT, naming.clearing("bank", _code(line)), line.minor, now, f"{count}:clearing")


_VERBS: Final[dict[str, Callable[[BankLine, Said, int, datetime], Entry | None]]] = {
    What.PAYOUT: _as_payout,
    What.RETURN: _as_return,
    What.GIFT: _as_gift,
    What.FEE: lambda line, _said, count, now: _fee(line, count, now),
    What.UNIDENTIFIED: lambda line, _said, count, now: _put_aside(line, count, now),
    What.INCOME: _as_income,
    What.GIVE_BACK: _as_give_back,
    What.CLEARING: _as_clearing,
    What.SETTLEMENT: _as_settlement,
}


def _book(
    line: BankLine, kind: EntryKind, other: Account, minor: int, now: datetime, what: str, *, fund: str = ""
) -> Entry:
    """Post `minor` (in above zero) on the account at the bank against `other`, in a fund (that of the bank account)."""
    fund, code = fund or line.bank_account.fund.slug, _code(line)
    open_account(other, now=now)
    on, happened_on = days(line.booked_on, now)
    postings = [(line.bank_account.account.slug, fund, minor, code), (other.id, fund, -minor, code)]
    done = record(entry(_key(line, 0, what), kind, postings, on=on, now=now, actor=ACTOR, happened_on=happened_on))
    return Entry.objects.get(public_id=done.id)


def _key(line: BankLine, count: int, what: str) -> str:
    return f"bank-line:{line.key}:{f'{count}:' if count else ''}{what}"


def _code(line: BankLine) -> str:
    return line.bank_account.account.currency


def _payout(target: str) -> Payout:
    try:
        public_id = UUID(hex=target)
    except ValueError as error:
        raise NotThere from error
    found = payout_queries.payouts().filter(public_id=public_id).first()
    if found is None:
        raise NotThere
    return found


def _lock(number: int) -> BankLine:
    locked = BankLine.objects.select_for_update(of=("self",), no_key=True)
    found = locked.select_related("bank_account__account", "bank_account__fund").filter(pk=number).first()
    if found is None:
        raise NotThere
    return found


def _decided(line: BankLine, what: str, done: Entry | None, now: datetime, **said: Any) -> LineDecision:
    number = 1 + line.decisions.count()
    return LineDecision.objects.create(line=line, number=number, what=what, entry=done, at=now, **said)
