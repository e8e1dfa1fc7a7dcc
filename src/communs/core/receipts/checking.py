"""Whether a gift can be receipted and the receipt says all that it has to: `check` names what is wrong.

Whether the body may give receipts at all is not decided here: it says under which articles it may (`Body.articles`).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Final

from stdnum.fr import siren

from communs.core.receipts.number_words import MINOR_MAX
from communs.core.receipts.numbering import InvalidNumber, read_number
from communs.core.receipts.problems import Found, Problem
from communs.core.receipts.receipts import Address, Article, Category, Nature, Receipt
from communs.core.texts import N_

TEXT_MAX: Final = 500
_RNA: Final = re.compile(r"W[0-9A-Z]\d{8}", re.ASCII)
# What no font shows: control characters but for none, halves of characters, what turns the direction of writing.
_UNPRINTABLE: Final = re.compile(
    "[\x00-\x1f\x7f-\x9f\u200b\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff\ud800-\udfff\ue000-\uf8ff]"
)


def check(receipt: Receipt) -> tuple[Problem, ...]:
    """Everything that keeps this receipt from being issued. Nothing: it may be."""
    return tuple(problem for rule in _RULES for problem in rule(receipt))


def _number(receipt: Receipt) -> Found:
    try:
        year, _order = read_number(receipt.number)
    except InvalidNumber:
        year = 0
    if year != receipt.issued_on.year:
        values = {"number": receipt.number[:40], "year": str(receipt.issued_on.year)}
        message = N_("“{number}” is no number of a receipt issued in {year}.")
        yield Problem("number", "number", message, N_("Number it like {year}-000001."), values)


def _said(receipt: Receipt) -> Iterator[tuple[str, str]]:
    """What every receipt has to say, with the place where it stands."""
    body, donor = receipt.body, receipt.donor
    yield "body.name", body.name
    yield "body.object", body.object
    yield from _address("body.address", body.address)
    yield "donor.name", donor.name
    yield from _address("donor.address", donor.address)
    yield "signature.name", receipt.signature.name
    yield "signature.role", receipt.signature.role
    if not (body.siren or body.rna):
        yield "body.siren", ""
    if body.category in {Category.PUBLIC_UTILITY, Category.EUROPEAN, Category.OTHER}:
        yield "body.category_detail", body.category_detail
    if donor.is_company:
        yield "donor.legal_form", donor.legal_form
        yield "donor.siren", donor.siren
    if receipt.nature is not Nature.MONEY:
        yield "description", receipt.description
    if receipt.nature is Nature.MONEY:
        yield "payment", receipt.payment or ""
    if receipt.cancelled is not None:
        yield "cancelled.reason", receipt.cancelled.reason


def _address(place: str, address: Address) -> Iterator[tuple[str, str]]:
    yield f"{place}.town", address.town
    if not address.country:
        yield f"{place}.postcode", address.postcode


def _complete(receipt: Receipt) -> Found:
    for place, text in _said(receipt):
        if not text.strip():
            message, fix = N_("“{place}” is missing."), N_("A receipt without it is not accepted: add it.")
            yield Problem("complete", place, message, fix, {"place": place})
    if not receipt.articles:
        message, fix = N_("No article of the tax code is named."), N_("Name the one that the gift comes under.")
        yield Problem("complete", "articles", message, fix)


def _texts(receipt: Receipt) -> Iterator[tuple[str, str]]:
    yield from _said(receipt)
    yield "donor.given_names", receipt.donor.given_names
    yield "description", receipt.description
    for place, address in (("body.address", receipt.body.address), ("donor.address", receipt.donor.address)):
        yield f"{place}.street", address.street
        yield f"{place}.postcode", address.postcode
        yield f"{place}.country", address.country
    yield "body.category_detail", receipt.body.category_detail


def _printable(receipt: Receipt) -> Found:
    seen = set()
    for place, text in _texts(receipt):
        found = _UNPRINTABLE.search(text)
        if found and place not in seen:
            seen.add(place)
            values = {"place": place, "code": f"U+{ord(found[0]):04X}"}
            message = N_("“{place}” holds the character {code}, which cannot be printed.")
            yield Problem("printable", place, message, N_("Remove it."), values)
        if len(text) > TEXT_MAX and place not in seen:
            seen.add(place)
            message = N_("“{place}” is longer than {bound} characters.")
            yield Problem("printable", place, message, N_("Shorten it."), {"place": place, "bound": str(TEXT_MAX)})


def _numbers_of_bodies(receipt: Receipt) -> Found:
    for place, number in (("body.siren", receipt.body.siren), ("donor.siren", receipt.donor.siren)):
        if number and not siren.is_valid(number):
            message = N_("“{value}” is no SIREN number.")
            fix = N_("Write its nine digits, as the register of companies and associations has them.")
            yield Problem("identified", place, message, fix, {"value": number[:40]})
    if receipt.body.rna and _RNA.fullmatch(receipt.body.rna) is None:
        message, fix = N_("“{value}” is no RNA number."), N_("Write W and nine characters, as W751234567.")
        yield Problem("identified", "body.rna", message, fix, {"value": receipt.body.rna[:40]})


def _amount(receipt: Receipt) -> Found:
    if receipt.currency != "EUR":
        message = N_("The amount is in {currency}.")
        fix = N_("Write what it was worth in euros on the day of the gift.")
        yield Problem("amount", "currency", message, fix, {"currency": receipt.currency[:10]})
    if type(receipt.minor) is not int or not 0 < receipt.minor <= MINOR_MAX:
        message = N_("{minor} cents cannot be receipted.")
        fix = N_("A receipt is for one cent to 999,999,999.99 euros; for a gift given back wholly, issue none.")
        yield Problem("amount", "minor", message, fix, {"minor": repr(receipt.minor)[:40]})


def _no_counterpart(receipt: Receipt) -> Found:
    if not receipt.counterpart:
        return
    message = (
        N_("This membership fee was paid in exchange for something: {counterpart}.")
        if receipt.is_membership
        else N_("This was paid in exchange for something: {counterpart}.")
    )
    fix = N_("Issue no receipt. What is paid on top as a gift is a gift of its own.")
    yield Problem("no-counterpart", "counterpart", message, fix, {"counterpart": receipt.counterpart[:100]})


def _entitled(receipt: Receipt) -> Found:
    for article in sorted(receipt.articles - receipt.body.articles):
        message = N_("The body gives no receipts under article {article}.")
        fix = N_("Leave the article out, or have the body’s right confirmed first.")
        yield Problem("entitled", "articles", message, fix, {"article": article})
    for article in sorted(receipt.articles):
        if (article is Article.COMPANIES) is not receipt.donor.is_company:
            message = N_("Article {article} is not for this donor.")
            fix = N_("Companies come under article 238 bis, people under articles 200 and 978.")
            yield Problem("entitled", "articles", message, fix, {"article": article})


def _paid(receipt: Receipt) -> Found:
    if receipt.nature is not Nature.MONEY and receipt.payment is not None:
        message, fix = N_("A mode of payment is stated for what is no money."), N_("Leave the mode of payment out.")
        yield Problem("paid", "payment", message, fix)


def _days(receipt: Receipt) -> Found:
    until, cancelled = receipt.given_until or receipt.given_on, receipt.cancelled
    if until < receipt.given_on:
        message, fix = N_("The period ends before it begins."), N_("Exchange the two days.")
        yield Problem("days", "given_until", message, fix)
    if receipt.issued_on < until:
        message, fix = N_("The receipt is dated before the gift."), N_("Issue it once the gift has arrived.")
        yield Problem("days", "issued_on", message, fix)
    if cancelled is not None and cancelled.on < receipt.issued_on:
        message, fix = N_("It is cancelled before it was issued."), N_("Write the day on which it was cancelled.")
        yield Problem("days", "cancelled.on", message, fix)


_RULES: Final[tuple[Callable[[Receipt], Found], ...]] = (
    _number, _complete, _printable, _numbers_of_bodies, _amount, _no_counterpart, _entitled, _paid, _days,
)  # fmt: skip
RULES: Final = (
    "number", "complete", "printable", "identified", "amount", "no-counterpart", "entitled", "paid", "days",
)  # fmt: skip
"""The names that `check` gives, in its order."""
