"""Books as one JSON object a line, and back: the first line says what there is, each other line is an entry.

What is written holds all that `verify` needs, so that a stranger can check it with nothing else.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, fields
from datetime import date, datetime
from enum import StrEnum
from typing import Any, Final

from communs.core.ledger.accounts import Account, Fund, InvalidBooks, Period
from communs.core.ledger.books import Books
from communs.core.ledger.entries import POSTINGS_MAX, Entry, Posting, Transition, body
from communs.core.ledger.kinds import AccountKind, EntryKind, Nature

LINE_LENGTH_MAX: Final = 50_000_000
_RULE: Final = "ledger-1"
_DAYS: Final = {"opens_on", "closes_on", "expires_on", "starts_on", "ends_on"}


class InvalidLine(ValueError):
    """A line cannot be read; the message names it and says what belongs there."""


def json_lines(entries: Iterable[Entry], books: Books) -> Iterator[str]:
    """The books in lines."""
    head = {
        "rule": _RULE,
        "funds": [_said(one) for _id, one in sorted(books.funds.items())],
        "accounts": [_said(one) for _id, one in sorted(books.accounts.items())],
        "periods": [_said(one) for one in books.periods],
    }
    yield _line(head)
    for entry in entries:
        about = {"id": entry.id, "key": entry.key, "recorded_at": entry.recorded_at.isoformat()}
        if entry.actor:
            about["actor"] = entry.actor
        yield _line({**about, **body(entry), "body_sha256": entry.body_sha256})


def read_json_lines(lines: Iterable[str]) -> tuple[Books, Iterator[Entry]]:
    """Books and entries, which are read as they are asked for. Raises `InvalidLine`."""
    numbered = enumerate(lines, 1)
    number, head = _first(numbered)
    try:
        if head["rule"] != _RULE:
            raise InvalidLine(f"Line {number}: “{head['rule']}” is not {_RULE}. Export the books again.")
        books = Books.of(
            (Account(**{**_values(one), "kind": AccountKind(one["kind"])}) for one in head["accounts"]),
            (Fund(**{**_values(one), "nature": Nature(one["nature"])}) for one in head["funds"]),
            (Period(**_values(one)) for one in head["periods"]),
        )
    except InvalidBooks as error:
        raise InvalidLine(f"Line {number}: {error}") from error
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        if isinstance(error, InvalidLine):
            raise
        raise InvalidLine(
            f"Line {number}: the funds, accounts and periods cannot be read ({error}). Export the books again."
        ) from error
    return books, (_entry(place, text) for place, text in numbered if text.strip())


def _first(numbered: Iterator[tuple[int, str]]) -> tuple[int, Any]:
    for number, text in numbered:
        if text.strip():
            return number, _object(number, text)
    raise InvalidLine("Line 1: there is nothing. The first line holds funds, accounts and periods.")


def _entry(number: int, text: str) -> Entry:
    said = _object(number, text)
    try:
        if len(said["postings"]) > POSTINGS_MAX:
            raise InvalidLine(f"Line {number}: more than {POSTINGS_MAX} postings. Divide the entry.")
        transition, happened = said.get("transition"), said.get("happened_on")
        return Entry(
            id=_text(said["id"]),
            key=_text(said["key"]),
            kind=EntryKind(said["kind"]),
            effective_on=date.fromisoformat(said["effective_on"]),
            recorded_at=_moment(said["recorded_at"]),
            postings=tuple(_posting(*one) for one in said["postings"]),
            memo=_text(said.get("memo", "")),
            reverses=None if said.get("reverses") is None else _text(said["reverses"]),
            document=_text(said.get("document", "")),
            actor=_text(said.get("actor", "")),
            transition=None if transition is None else Transition(*map(_text, transition)),
            happened_on=None if happened is None else date.fromisoformat(happened),
            # An empty hash would be worked out; a missing one is wrong, and said to be.
            body_sha256=_text(said.get("body_sha256")) or "missing",
        )
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        if isinstance(error, InvalidLine):
            raise
        raise InvalidLine(f"Line {number}: the entry cannot be read ({error}). Export the books again.") from error


def _posting(account: Any, fund: Any, minor: Any, currency: Any) -> Posting:
    if type(minor) is not int:
        raise TypeError(f"{minor!r} is no whole number of smallest units")
    return Posting(_text(account), _text(fund), minor, _text(currency))


def _moment(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError(f"{text} has no time zone")
    return moment


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError(f"{value!r} is no text")
    return value


def _object(number: int, text: str) -> Mapping[str, Any]:
    if len(text) > LINE_LENGTH_MAX:
        raise InvalidLine(f"Line {number}: longer than {LINE_LENGTH_MAX} characters. Divide the entry.")
    try:
        found = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise InvalidLine(f"Line {number}: no JSON ({error}). Write one object a line.") from error
    if not isinstance(found, dict):
        raise InvalidLine(f"Line {number}: no JSON object. Write one object a line.")
    return found


def _said(one: Fund | Account | Period) -> dict[str, Any]:
    """What differs from the usual, so that lines stay short."""
    usual = {each.name: each.default for each in fields(one)}
    return {name: _plain(value) for name, value in asdict(one).items() if value != usual[name]}


def _plain(value: Any) -> Any:
    return value.value if isinstance(value, StrEnum) else value.isoformat() if isinstance(value, date) else value


def _values(said: Mapping[str, Any]) -> dict[str, Any]:
    read = dict(said)
    for name in read.keys() & _DAYS:
        read[name] = date.fromisoformat(said[name])
    if "closed_at" in read:
        read["closed_at"] = _moment(said["closed_at"])
    return read


def _line(said: Mapping[str, Any]) -> str:
    return json.dumps(said, sort_keys=True, separators=(",", ":"), ensure_ascii=False) + "\n"
