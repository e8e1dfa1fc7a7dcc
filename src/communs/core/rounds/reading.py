"""`round.json` read back: every value is looked at, for the file comes from a stranger."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any, TypeVar

from communs.core.bundles import InvalidBundle, Unclaimed
from communs.core.bundles.documents import read as read_bundle
from communs.core.bundles.documents import read_recipient
from communs.core.rounds.ballots import Ballot
from communs.core.rounds.closing import Round
from communs.core.rounds.questions import College, Edge, Form, Format, Option, Parameter, PassingOn, Question
from communs.core.rounds.rolls import Roll, Voter

T = TypeVar("T")


class InvalidFile(ValueError):
    """The document is no round: the message names the place."""


def round_of(document: Any) -> Round:
    """The round that `round_document` wrote. Raises `InvalidFile`.

    Hashes that stand in the document are not read: whoever verifies compares them with those that follow.
    """
    top = _object(document, "the file")
    roll = _object(_of(top, "roll", dict), "roll")
    try:
        recipients = tuple(
            read_recipient(one, f"recipients[{n}]") for n, one in enumerate(_of(top, "recipients", list))
        )
        bundles = tuple(read_bundle(one, f"bundles[{n}]") for n, one in enumerate(_of(top, "bundles", list)))
    except InvalidBundle as wrong:
        raise InvalidFile(str(wrong)) from wrong
    return Round(
        question=_question(_of(top, "question", dict)),
        roll=Roll(_of(roll, "round", str), _each(roll, "voters", _voter)),
        ballots=_each(top, "ballots", _ballot),
        seed=_of(top, "seed", str),
        recipients=recipients,
        bundles=bundles,
    )


def _question(said: Mapping[str, Any]) -> Question:
    waits, passing = _of(said, "unclaimed", dict), _of(said, "passing_on", dict)
    return Question(
        id=_of(said, "id", str),
        title=_of(said, "title", str),
        fund=_of(said, "fund", str),
        currency=_of(said, "currency", str),
        pot=_of(said, "pot", int),
        rule=_of(said, "rule", str),
        options=_each(said, "options", _option),
        form=_form(_of(said, "form", dict)),
        opens_at=_parsed(said, "opens_at", datetime.fromisoformat),
        closes_at=_parsed(said, "closes_at", datetime.fromisoformat),
        seed_commitment=_of(said, "seed_commitment", str),
        unclaimed=Unclaimed(_parsed(waits, "expires_on", date.fromisoformat), _of(waits, "destination", str)),
        parameters=_parameters(_of(said, "parameters", dict)),
        colleges=_each(said, "colleges", _college),
        passing_on=PassingOn(_of(passing, "ppm", int), _each(passing, "graph", _edge)),
        secret=_of(said, "secret", bool),
        version=_of(said, "version", str),
    )


def _form(said: Mapping[str, Any]) -> Form:
    return Form(
        _parsed(said, "format", Format), _of(said, "most", int), _of(said, "points", int), _of(said, "within_pot", bool)
    )


def _option(said: Any, place: str) -> Option:
    one = _object(said, place)
    return Option(_of(one, "id", str), _of(one, "name", str), _of(one, "cost", int))


def _college(said: Any, place: str) -> College:
    one = _object(said, place)
    return College(_of(one, "id", str), _of(one, "weight", int))


def _edge(said: Any, place: str) -> Edge:
    source, target, weight = _row(said, (str, str, int), place)
    return source, target, weight


def _voter(said: Any, place: str) -> Voter:
    return Voter(*_row(said, (str, str), place))


def _ballot(said: Any, place: str) -> Ballot:
    one = _object(said, place)
    names, points = _of(one, "names", list), _of(one, "points", list)
    return Ballot(
        _of(one, "voter", str),
        tuple(_row(names, (str,) * len(names), f"{place}.names")),
        tuple(_row(points, (int,) * len(points), f"{place}.points")),
    )


def _parameters(said: Mapping[str, Any]) -> dict[str, Parameter]:
    wrong = next((name for name, value in said.items() if type(value) not in {str, int, bool}), None)
    if wrong is not None:
        raise InvalidFile(f"parameters.{wrong[:100]} is neither a text nor a whole number, true or false.")
    return dict(said)


def _row(said: Any, kinds: tuple[type, ...], place: str) -> list[Any]:
    if not isinstance(said, list) or tuple(map(type, said)) != kinds:
        raise InvalidFile(f"{place} is no row of {len(kinds)} values as the rule's page shows them.")
    return said


def _object(said: Any, place: str) -> Mapping[str, Any]:
    if not isinstance(said, dict):
        raise InvalidFile(f"{place} is no object. Give the file that the round was published in.")
    return said


def _of(said: Mapping[str, Any], key: str, kind: type[T]) -> T:
    value = said.get(key)
    if type(value) is not kind:
        raise InvalidFile(f"{key}: there is no {kind.__name__} in its place. Give the file as it was published.")
    return value


def _each(said: Mapping[str, Any], key: str, read: Callable[[Any, str], T]) -> tuple[T, ...]:
    return tuple(read(one, f"{key}[{number}]") for number, one in enumerate(_of(said, key, list)))


def _parsed(said: Mapping[str, Any], key: str, parse: Callable[[str], T]) -> T:
    text = _of(said, key, str)
    try:
        return parse(text)
    except ValueError:
        raise InvalidFile(f"{key}: {text[:100]!r} cannot be read. Give the file as it was published.") from None
