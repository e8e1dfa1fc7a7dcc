"""A receipt as a page of words: headings, names with what is said under them, sentences. All is text, never markup."""

from __future__ import annotations

from datetime import date
from typing import Any, Final

from communs.core.receipts.number_words import in_words
from communs.core.receipts.printing.labels import ARTICLES, MONTHS, TEXTS, VALUES, Words
from communs.core.receipts.receipts import Address, Receipt

Rows = list[tuple[str, str]]
UNSAID: Final = "Treasurer"
"""The capacity of who signs where no other is set: printed in the language of the receipt."""
_FRENCH_MARKS: Final = str.maketrans({",": "\u202f", ".": ","})


def contents(receipt: Receipt, language: str) -> dict[str, Any]:
    """What the template sets. Raises `KeyError` for a language other than fr and en, `ValueError` for the amount."""
    words = TEXTS[language]
    who = "companies" if receipt.donor.is_company else "people"
    gone = receipt.cancelled
    notices = [words["translation"]] if words["translation"] else []
    if receipt.replaces:
        notices.append(words["replaces"].format(number=receipt.replaces))
    if gone is not None:
        notices.append(words["cancelled-said"].format(on=_day(gone.on, language), reason=gone.reason.rstrip(" .")))
    if gone is not None and gone.replaced_by:
        notices.append(words["replaced-by"].format(number=gone.replaced_by))
    sections = [
        (words["body"], _body(receipt, words, language)),
        (words["company" if receipt.donor.is_company else "donor"], _donor(receipt, words)),
        (words["gift"], _gift(receipt, words, language)),
        (words["signature"], _signature(receipt, words, language)),
    ]
    return {
        "language": language,
        "title": words["short"].format(number=receipt.number),
        "author": receipt.body.name,
        "issued_on": [receipt.issued_on.year, receipt.issued_on.month, receipt.issued_on.day],
        "separator": words["separator"],
        "heading": words[f"title-{who}"],
        "number": [words["number"], receipt.number],
        "stamp": words["cancelled"] if gone is not None else "",
        "notices": notices,
        "sections": [{"heading": heading, "rows": [list(row) for row in rows if row[1]]} for heading, rows in sections],
        "received": words["received"],
        "certified": words["certified"].format(articles=_articles(receipt, words)),
        "model": words[f"model-{who}"],
    }


def figures(minor: int, language: str) -> str:
    """The amount in euros between asterisks, as computers may print it.

    >>> figures(123_456, "fr").replace("\\u202f", " ").replace("\\u00a0", " "), figures(5, "en")
    ('*** 1 234,56 € ***', '***\\xa0€0.05\\xa0***')
    """
    text = f"{minor // 100:,}.{minor % 100:02}"
    text = f"{text.translate(_FRENCH_MARKS)}\u00a0€" if language == "fr" else f"€{text}"
    return f"***\u00a0{text}\u00a0***"


def _body(receipt: Receipt, words: Words, language: str) -> Rows:
    body = receipt.body
    status = VALUES[language][body.category]
    if body.category_detail:
        status = f"{status} ({body.category_detail})"
    return [
        (words["name"], body.name),
        (words["siren"], body.siren),
        (words["rna"], body.rna),
        (words["address"], _address(body.address, words)),
        (words["object"], body.object),
        (words["category"], status),
    ]


def _donor(receipt: Receipt, words: Words) -> Rows:
    donor = receipt.donor
    address = (words["address"], _address(donor.address, words))
    if donor.is_company:
        legal = (words["legal-form"], donor.legal_form)
        return [(words["name"], donor.name), legal, (words["siren"], donor.siren), address]
    return [(words["surname"], donor.name), (words["given-names"], donor.given_names), address]


def _gift(receipt: Receipt, words: Words, language: str) -> Rows:
    values = VALUES[language]
    first = _day(receipt.given_on, language)
    if receipt.given_until is not None and receipt.given_until != receipt.given_on:
        period = words["between"].format(first=first, last=_day(receipt.given_until, language))
        when = (words["given-between"], period)
    else:
        when = (words["given-on"], first)
    return [
        (words["amount"], figures(receipt.minor, language)),
        (words["amount-in-words"], in_words(receipt.minor, language)),
        when,
        (words["form"], values[receipt.form]),
        (words["nature"], values[receipt.nature]),
        (words["description"], receipt.description),
        (words["payment"], values[receipt.payment] if receipt.payment is not None else ""),
    ]


def _signature(receipt: Receipt, words: Words, language: str) -> Rows:
    return [
        (words["issued-on"], _day(receipt.issued_on, language)),
        (words["signed-by"], receipt.signature.name),
        (words["role"], words["treasurer"] if receipt.signature.role == UNSAID else receipt.signature.role),
    ]


def _articles(receipt: Receipt, words: Words) -> str:
    named = [ARTICLES[article] for article in sorted(receipt.articles)]
    if len(named) == 1:
        return words["to-article"].format(first=named[0])
    return words["articles"].format(first=", ".join(named[:-1]), last=named[-1] if named else "")


def _address(address: Address, words: Words) -> str:
    town = f"{address.postcode} {address.town}".strip()
    return ", ".join(part for part in (address.street, town, address.country or words["france"]) if part)


def _day(day: date, language: str) -> str:
    number = "1er" if day.day == 1 and language == "fr" else str(day.day)
    return f"{number}\u00a0{MONTHS[language][day.month - 1]}\u00a0{day.year}"
