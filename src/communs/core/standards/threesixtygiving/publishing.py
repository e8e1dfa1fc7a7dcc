"""One's own grants as a 360Giving package: whole and well named, or refused. Others' awards are passed on by `write`.

`write` leaves out what it cannot say and puts a word where one is missing; whoever publishes their own grants must not.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any, Final

from communs.core.money import UnknownCurrency, exponent
from communs.core.standards.documents import CannotWrite
from communs.core.standards.problems import Problem
from communs.core.standards.threesixtygiving.writing import write
from communs.core.texts import N_, Translate, identity

MINOR_MAX: Final = 10**14
"""As many digits as every reader of JSON holds exactly."""
_PREFIX: Final = re.compile(r"360G-[A-Za-z0-9]+", re.ASCII)
_ORG_ID: Final = re.compile(r"[A-Z]{2}-[A-Z0-9_]+-\S+|360G-\S+", re.ASCII)

MISSING: Final = (N_("“{path}” is missing."), N_("Every grant needs it: add it."))
NOT_OURS: Final = (N_("The id “{value}” does not begin with {prefix}."), N_("Begin it with the publisher’s prefix."))
REPEATED: Final = (N_("The id “{value}” stands here a second time."), N_("Give every grant an id of its own."))
NO_ORG_ID: Final = (
    N_("“{value}” is no identifier of an organisation."),
    N_("Write it as FR-SIREN-380475558, with a code of org-id.guide."),
)
NOT_A_DAY: Final = (N_("“{value}” is no date."), N_("Write YYYY-MM-DD."))
BACKWARDS: Final = (N_("It ends before it begins."), N_("Exchange the two days."))
NOT_AN_AMOUNT: Final = (
    N_("“{value}” is no amount that can be published."),
    N_("Give whole smallest units above zero of a known currency, at most fourteen digits."),
)


class CannotPublish(CannotWrite):
    """Grants lack what the standard asks for; `problems` names each, `line` is the place of the grant, from 1."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__(self.say_each())

    def say_each(self, translate: Translate = identity) -> tuple[str, ...]:
        """The problems in words, with the place of the grant."""
        return tuple(f"{found.path}: {found.say(translate)} {found.say_fix(translate)}" for found in self.problems)


def publish(records: Iterable[Mapping[str, Any]], prefix: str) -> str:
    """A package of these awards (the shape `read` gives). Raises `CannotPublish` with everything that is wrong.

    `prefix`: the publisher's, from 360Giving's register, as `360G-communs`; every id begins with it.
    Raises `ValueError` for what is no prefix.
    """
    kept = tuple(records)
    if faults := tuple(faults_of(kept, prefix)):
        raise CannotPublish(faults)
    return write(kept, prefix)


def faults_of(records: Iterable[Mapping[str, Any]], prefix: str) -> Iterator[Problem]:
    """What keeps these awards from being published, one by one. Raises `ValueError` for what is no prefix."""
    if _PREFIX.fullmatch(prefix) is None:
        raise ValueError(f"“{prefix}” is no 360Giving prefix. Write it as 360G-communs.")
    seen: set[str] = set()
    for number, record in enumerate(records, 1):
        for path, said, value in (*_absent(record), *_wrong(record, prefix)):
            values = {"value": value[:200], "prefix": f"{prefix}-"}
            yield Problem(f"grants[{number - 1}].{path}", number, 1, _CODES[said], "error", *said, values=values)
        if (own := str(record.get("id", ""))) in seen:
            values = {"value": own[:200]}
            yield Problem(f"grants[{number - 1}].id", number, 1, "repeated-id", "error", *REPEATED, values=values)
        seen.add(own)


Fault = tuple[str, tuple[str, str], str]


def _absent(record: Mapping[str, Any]) -> Iterator[Fault]:
    said = {name: record.get(name) for name in ("id", "title", "description", "currency", "awarded_on")}
    for party in ("funder", "recipient"):
        body = record.get(party) or {}
        if party == "recipient" and body.get("kind") == "individual":
            continue
        said |= {f"{party}.{name}": body.get(name) for name in ("name", "org_id")}
    for path, value in said.items():
        if not str(value or "").strip():
            yield path, MISSING, ""


def _wrong(record: Mapping[str, Any], prefix: str) -> Iterator[Fault]:
    own = str(record.get("id", ""))
    if own and (not own.startswith(f"{prefix}-") or own == f"{prefix}-" or re.search(r"\s", own)):
        yield "id", NOT_OURS, own
    for party in ("funder", "recipient"):
        org_id = str((record.get(party) or {}).get("org_id", ""))
        if org_id and _ORG_ID.fullmatch(org_id) is None:
            yield f"{party}.org_id", NO_ORG_ID, org_id
    if not _is_amount(record.get("amount_minor"), str(record.get("currency", ""))):
        yield "amount_minor", NOT_AN_AMOUNT, f"{record.get('amount_minor')} {record.get('currency', '')}"
    days = {name: record[name] for name in ("awarded_on", "starts_on", "ends_on") if record.get(name)}
    wrong = [name for name, day in days.items() if not _is_day(day)]
    for name in wrong:
        yield name, NOT_A_DAY, str(days[name])
    if not wrong and days.get("ends_on", "9999") < days.get("starts_on", ""):
        yield "ends_on", BACKWARDS, ""


def _is_amount(minor: Any, currency: str) -> bool:
    try:
        exponent(currency)
    except UnknownCurrency:
        return False
    return type(minor) is int and 0 < minor < MINOR_MAX


def _is_day(day: Any) -> bool:
    try:
        return isinstance(day, str) and date.fromisoformat(day).isoformat() == day
    except ValueError:
        return False


_CODES: Final = {
    MISSING: "missing", NOT_OURS: "not-ours", NO_ORG_ID: "no-org-id", NOT_A_DAY: "not-a-date", BACKWARDS: "backwards",
    NOT_AN_AMOUNT: "not-an-amount",
}  # fmt: skip
