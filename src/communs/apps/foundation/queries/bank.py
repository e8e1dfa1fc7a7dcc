"""Reads of the bank: files, statements held against the books, lines that wait, and what each of them might be."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

from django.db.models import F, OuterRef, Q, QuerySet, Subquery, Sum, Value
from django.db.models.functions import Coalesce
from django.utils.translation import get_language

from communs.apps.foundation.models import (
    BankAccount,
    BankFile,
    BankLine,
    BankStatement,
    Fund,
    Gift,
    LineDecision,
    Payout,
    PayoutStep,
    Posting,
    Settlement,
)
from communs.apps.foundation.queries.gate import Duty, require
from communs.apps.foundation.queries.gifts import gifts
from communs.apps.foundation.queries.payees import called
from communs.apps.foundation.queries.payouts import AT_BANK, by_end_to_end, payouts
from communs.core.standards.iso20022.characters import NoSuchLetter, to_sepa
from communs.kit.gates import NotThere
from communs.kit.texts import pick

What = LineDecision.What
NOT_FINAL: Final = (What.UNIDENTIFIED, What.CLEARING)
"""Decisions that put the money somewhere and leave the question open."""
SUGGESTIONS_MAX: Final = 10
LOOKED_AT_MAX: Final = 500
FUNDS_MAX: Final = 500
GAPS_AMONG_MAX: Final = 500
"""So many of the latest statements are looked at for gaps."""
WORD: Final = re.compile(r"[\w-]+")
NAMED_BY: Final = 8
"""So many characters of a payout's name are no accident."""


def lines(kept: Q | None = None) -> QuerySet[BankLine]:
    """Lines with `what` was decided last ("" for nothing yet), the latest first."""
    last = LineDecision.objects.filter(line=OuterRef("pk")).order_by("-number")
    found = BankLine.objects.annotate(what=Coalesce(Subquery(last.values("what")[:1]), Value("")))
    return (
        found.filter(kept or Q())
        .select_related("bank_account__account", "bank_account__fund", "statement")
        .order_by("-booked_on", "-pk")
    )


TO_DECIDE: Final = Q(what="") | Q(what__in=NOT_FINAL)


@dataclass(frozen=True, slots=True)
class Asked:
    """Which lines a list shows: `standing` is "waiting", "all" or a decision; an amount without its sign."""

    standing: str = "waiting"
    text: str = field(default="", repr=False)
    minor: int | None = None
    since: date | None = None
    until: date | None = None

    def lines(self) -> QuerySet[BankLine]:
        """The lines, the latest first."""
        kept = {"waiting": TO_DECIDE, "all": Q()}.get(self.standing, Q(what=self.standing))
        if self.minor is not None:
            kept &= Q(minor__in=(self.minor, -self.minor))
        if self.since is not None:
            kept &= Q(booked_on__gte=self.since)
        if self.until is not None:
            kept &= Q(booked_on__lte=self.until)
        for word in self.text.split()[:5]:
            kept &= Q(name__icontains=word) | Q(text__icontains=word) | Q(reference__icontains=word)
        return lines(kept)


def beside(asked: Asked, line: BankLine) -> tuple[BankLine | None, BankLine | None]:
    """The lines of the list before and after this one, which may have left the list since."""
    day, rows = line.booked_on, asked.lines()
    later = rows.filter(Q(booked_on__gt=day) | Q(booked_on=day, pk__gt=line.pk)).order_by("booked_on", "pk")
    earlier = rows.filter(Q(booked_on__lt=day) | Q(booked_on=day, pk__lt=line.pk))
    return later.first(), earlier.first()


def get_line(person: Any, number: int, duty: Duty = Duty.LOOK) -> BankLine:
    """A line with what was decided of it. Raises `Refused`, `NotThere`."""
    require(person, duty)
    found = lines().filter(pk=number).first()
    if found is None:
        raise NotThere
    return found


def get_statement(person: Any, number: int) -> BankStatement:
    """A statement. Raises `Refused`, `NotThere`."""
    require(person, Duty.LOOK)
    found = statements().filter(pk=number).first()
    if found is None:
        raise NotThere
    return found


def get_bank_account(slug: str) -> BankAccount:
    """An account at a bank, by the name of its account in the books. Raises `NotThere`."""
    found = BankAccount.objects.select_related("account", "fund").filter(account__slug=slug).first()
    if found is None:
        raise NotThere
    return found


def get_file(person: Any, number: int) -> BankFile:
    """A file as the bank sent it. Raises `Refused`, `NotThere`."""
    require(person, Duty.LOOK)
    found = BankFile.objects.filter(pk=number).first()
    if found is None:
        raise NotThere
    return found


def statements() -> QuerySet[BankStatement]:
    """Statements, the latest first."""
    found = BankStatement.objects.select_related("bank_account__account", "file").defer("file__data")
    return found.order_by(F("closing_on").desc(nulls_last=True), "-pk")


@dataclass(frozen=True, slots=True)
class Comparison:
    """A statement beside the books at the end of its last day. Minor units; None where the bank states no balance."""

    closing_on: date
    closing: int
    booked: int
    undecided: int

    @property
    def difference(self) -> int:
        """By how much the bank has more than the books say."""
        return self.closing - self.booked

    @property
    def unexplained(self) -> int:
        """What is left of the difference when every line that waits is counted."""
        return self.difference - self.undecided


def compare(statement: BankStatement) -> Comparison | None:
    """Hold a statement against the books: its closing balance, the account's balance on that day, what waits."""
    if statement.closing_minor is None or statement.closing_on is None:
        return None
    account, day = statement.bank_account, statement.closing_on
    waiting = lines(Q(what="", bank_account=account, booked_on__lte=day)).order_by()
    undecided = waiting.aggregate(minor=Sum("minor"))["minor"] or 0
    return Comparison(day, statement.closing_minor, booked_on(account, day), int(undecided))


def booked_on(account: BankAccount, day: date) -> int:
    """What the books say that the bank had at the end of a day, over all funds."""
    happened = Coalesce("entry__happened_on", "entry__effective_on")
    found = Posting.objects.filter(account=account.account_id, entry__sealed=True).annotate(day=happened)
    return int(found.filter(day__lte=day).aggregate(minor=Sum("minor"))["minor"] or 0)


def latest_statement(account: BankAccount) -> BankStatement | None:
    """The statement that ends last."""
    return statements().filter(bank_account=account, closing_on__isnull=False).first()


def gaps(account: BankAccount) -> list[tuple[BankStatement, BankStatement]]:
    """Statements that do not begin with what those before them end with: one between them is missing."""
    kept = statements().filter(bank_account=account, opening_on__isnull=False, closing_on__isnull=False)
    spans = [(one, one.opening_on or date.min, one.closing_on or date.max) for one in kept[:GAPS_AMONG_MAX]]
    missing = []
    for one, begins, _ends in sorted(spans, key=lambda span: (span[1], span[0].pk)):
        before = [(ends, other.pk, other) for other, _begins, ends in spans if ends < begins]
        inside = any(start < begins <= end or (one.pk > other.pk and start == begins) for other, start, end in spans)
        if before and not inside:
            last = max(before)[2]
            if last.closing_minor != one.opening_minor:
                missing.append((last, one))
    return missing


@dataclass(frozen=True, slots=True)
class Suggestion:
    """What a line might be, and why; a person says so. `reasons`: of `REASONS`, in order."""

    what: str
    target: str
    title: str
    reasons: tuple[str, ...]


def suggest(line: BankLine) -> list[Suggestion]:
    """What a line may be about: the amount is that of a payout or of a gift, and something else speaks for it too."""
    found = [
        *_payouts_for(line),
        *_settlements_for(line),
        *(_gifts_for(line) if line.minor > 0 and not line.is_return else ()),
    ]
    return sorted(found, key=lambda one: -len(one.reasons))[:SUGGESTIONS_MAX]


def sure(found: list[Suggestion]) -> Suggestion | None:
    """The one suggestion for which more speaks than for any other: offered to be confirmed together with others."""
    if not found or (len(found) > 1 and len(found[0].reasons) == len(found[1].reasons)):
        return None
    return found[0]


def _payouts_for(line: BankLine) -> Iterator[Suggestion]:
    if line.minor < 0:
        there, what = payouts(*AT_BANK).filter(minor=-line.minor), What.PAYOUT
    else:
        # Less may come back than was paid; then two other things have to speak for it, one of them these.
        alike = Q(minor=line.minor) | Q(details__iban=line.iban or "-") | Q(details__name__iexact=line.name or "-")
        there, what = payouts(PayoutStep.State.CONFIRMED).filter(alike, minor__gte=line.minor), What.RETURN
    for payout in there[:LOOKED_AT_MAX]:
        reasons = tuple(_reasons(line, payout))
        if len(reasons) > 1 or (reasons and reasons != ("amount",) and payout.minor == abs(line.minor)):
            yield Suggestion(what, payout.public_id.hex, called(payout.payee), reasons)


def settlements_waiting(currency: str) -> QuerySet[Settlement]:
    """Payouts of providers that are posted, and that no line of the bank has shown yet; the oldest first."""
    found = Settlement.objects.filter(posted_at__isnull=False, line=None, currency=currency)
    return found.order_by("heard_at", "pk")


def settlement_named(line: BankLine) -> Settlement | None:
    """The payout of a provider that a line names by its number, for its amount; None unless it is one and certain.

    A number without letters could be anything: then the provider has to be named too.
    """
    found = [
        one
        for one, reasons in _settlements(line)
        if "text" in reasons and ("name" in reasons or not one.object_id.isdecimal())
    ]
    return found[0] if len(found) == 1 else None


def _settlements(line: BankLine) -> Iterator[tuple[Settlement, list[str]]]:
    """Payouts of providers for the amount of a line, and what else speaks for each."""
    said = f"{line.reference} {line.end_to_end} {line.text}"
    words, named = set(WORD.findall(said)), fold(f"{line.name} {said}")
    for one in settlements_waiting(line.bank_account.account.currency).filter(minor=line.minor)[:LOOKED_AT_MAX]:
        reasons = [
            "amount",
            *(["name"] if one.provider in named else []),
            *(["text"] if one.object_id in words else []),
        ]
        yield one, reasons


def _settlements_for(line: BankLine) -> Iterator[Suggestion]:
    for one, reasons in _settlements(line):
        if len(reasons) > 1:
            yield Suggestion(What.SETTLEMENT, one.object_id, f"{one.provider} {one.object_id}", tuple(reasons))


def _gifts_for(line: BankLine) -> Iterator[Suggestion]:
    """Gifts by transfer of the same amount of which nothing came, or that repeat, whose giver or reference it names."""
    waits = Q(("promised", line.minor)) & (Q(("came", 0)) | ~Q(every=""))
    there = gifts(waits & Q(way=Gift.TRANSFER, currency=line.bank_account.account.currency, stopped_at=None))
    said = "".join(f"{line.reference} {line.text} {line.end_to_end}".upper().split())
    for gift in there.select_related("giver")[:LOOKED_AT_MAX]:
        giver, reasons = getattr(gift, "giver", None), ["amount"]
        if giver and giver.name and fold(giver.name) in fold(line.name):
            reasons.append("name")
        if any(gift.reference[start : start + NAMED_BY] in said for start in range(4, 25 - NAMED_BY + 1)):
            reasons.append("text")
        if len(reasons) > 1:
            names = (giver.given_names, giver.name) if giver else ()
            title = " ".join(filter(None, (*names, gift.reference)))
            yield Suggestion(What.GIFT, gift.reference, title, tuple(reasons))


def _reasons(line: BankLine, payout: Payout) -> list[str]:
    key, details = payout.public_id.hex, payout.details
    said = f"{line.end_to_end} {line.reference} {line.text}".lower().replace("-", "")
    found = ["amount"] if payout.minor == abs(line.minor) else []
    if line.iban and line.iban == details.iban:
        found.append("iban")
    if line.name and fold(line.name) == fold(details.name):
        found.append("name")
    if key[:NAMED_BY] in said or (payout.text and fold(payout.text) in fold(line.text)):
        found.append("text")
    return found


def fold(text: str) -> str:
    """A name as banks write it, so that two spellings of one are one."""
    try:
        return " ".join(to_sepa(text).casefold().split())
    except NoSuchLetter:
        return text.casefold()


def why_waiting(line: BankLine) -> str:
    """Why the machine did not decide: the name of a reason that pages put into words."""
    payout = by_end_to_end(line.end_to_end)
    if payout is None:
        return "incoming" if line.minor > 0 else "outgoing"
    if payout.minor != abs(line.minor):
        return "amount"
    if line.minor > 0:
        return "not-booked" if str(getattr(payout, "state", "")) in AT_BANK else "returned"
    return "paid-already" if str(getattr(payout, "state", "")) == PayoutStep.State.CONFIRMED else "not-sent"


def fund_choices() -> list[tuple[str, str]]:
    """Funds as a form offers them, by title in the reader's language."""
    lang = get_language() or "en"
    return [(row.slug, str(pick(row.title, lang)) or row.slug) for row in Fund.objects.order_by("slug")[:FUNDS_MAX]]
