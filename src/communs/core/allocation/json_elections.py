"""Elections from JSON: one object with the budget, the projects and the ballots.

{"budget": "500.00", "currency": "EUR", "kind": "approval", "about": {"unit": "Example"},
 "projects": [{"id": "park", "cost": 300, "name": "A park"}, …],
 "ballots": [["park", "tree"], ["tree"], …]}

A ballot is a list of ids (ordinal: the most preferred first) or, where voters give points, an object of points by id.
Amounts are numbers or texts; they are read as they are written, digit by digit.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from communs.core.allocation.elections import BallotKind, Instance, InvalidElection, Project
from communs.core.allocation.prices import decimals_of, price
from communs.core.standards.pabulib.votes import POINTS_MAX

BYTES_MAX: Final = 256 * 1024 * 1024
_KEYS: Final = ("about", "ballots", "budget", "currency", "kind", "projects")


class _Number(str):
    """A number of JSON that is not whole, as it is written."""

    __slots__ = ()


def from_json(data: bytes | str) -> Instance:
    """The election of a JSON document. Raises `InvalidElection`, with the place.

    >>> election = from_json('{"budget": 500, "projects": [{"id": "park", "cost": 99.5}], "ballots": [["park"], []]}')
    >>> election.voters, election.budget, election.costs
    (2, 5000, (995,))
    """
    document = _loaded(data)
    kind = _kind(document.get("kind", "approval"))
    currency = _text(document.get("currency", ""), "currency")
    budget = price(_amount(document.get("budget"), "budget"), "budget")
    listed = [_project(one, f"projects[{place}]") for place, one in enumerate(_list(document, "projects"))]
    costs = [price(cost, f"projects[{place}].cost") for place, (_id, cost, _name) in enumerate(listed)]
    decimals = decimals_of([budget, *costs], currency)
    return Instance.from_rows(
        [Project(id_, cost.scaled(decimals), name) for (id_, _said, name), cost in zip(listed, costs, strict=True)],
        budget.scaled(decimals),
        [_ballot(one, kind, f"ballots[{place}]") for place, one in enumerate(_list(document, "ballots"))],
        kind,
        decimals=decimals,
        currency=currency,
        about=_about(document.get("about", {})),
    )


def votes(data: bytes | str) -> Iterator[dict[str, int]]:
    """Every ballot of a JSON election that can be read, in its order: points by project, 1 where voters give none."""
    document = _loaded(data)
    kind = _kind(document.get("kind", "approval"))
    for place, one in enumerate(_list(document, "ballots")):
        ballot = _ballot(one, kind, f"ballots[{place}]")
        yield dict(ballot) if isinstance(ballot, Mapping) else dict.fromkeys(ballot, 1)


def _loaded(data: bytes | str) -> dict[str, Any]:
    if len(data) > BYTES_MAX:
        raise InvalidElection(f"The file is larger than {BYTES_MAX // 1024 // 1024} MiB. Split the election.")
    try:
        document = json.loads(data, parse_float=_Number, parse_constant=_no_constant, object_pairs_hook=_object)
    except json.JSONDecodeError as error:
        raise InvalidElection(
            f"{error.lineno}:{error.colno}: This is no JSON: {error.msg}. Check commas and quotes just before."
        ) from error
    except UnicodeDecodeError as error:
        raise InvalidElection(f"Byte {error.start + 1} is no UTF-8. Save the file as UTF-8.") from error
    except InvalidElection:
        raise
    except (ValueError, RecursionError) as error:
        raise InvalidElection("The document is nested too deep, or a number is too long. Write it plainer.") from error
    if not isinstance(document, dict):
        raise InvalidElection('The document is no object. Write {"budget": …, "projects": […], "ballots": […]}.')
    unknown = next((key for key in document if key not in _KEYS), None)
    if unknown is not None:
        raise InvalidElection(f"{unknown[:40]!r} is no key of an election. Write one of {', '.join(_KEYS)}.")
    return document


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _value in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise InvalidElection(f"{twice[:40]!r} stands twice in one object. Keep one of the two.")
    return found


def _no_constant(text: str) -> Any:
    raise InvalidElection(f"{text} is no number that can be counted. Write digits.")


def _kind(value: Any) -> BallotKind:
    try:
        return BallotKind(value)
    except ValueError:
        kinds = ", ".join(BallotKind)
        raise InvalidElection(f"kind: {value!r:.40} is no kind of ballot. Write one of {kinds}.") from None


def _text(value: Any, place: str) -> str:
    if not isinstance(value, str) or isinstance(value, _Number):
        raise InvalidElection(f"{place}: {value!r:.40} is no text. Put it between double quotes.")
    return value


def _amount(value: Any, place: str) -> str:
    if value is None or isinstance(value, bool | list | dict):
        raise InvalidElection(f"{place}: {value!r:.40} is no amount. Write a number such as 1234.50.")
    return str(value)


def _list(document: Mapping[str, Any], key: str) -> Sequence[Any]:
    value = document.get(key)
    if not isinstance(value, list):
        raise InvalidElection(f"{key}: there is no list. Write one, between square brackets.")
    return value


def _project(value: Any, place: str) -> tuple[str, str, str]:
    """Id, cost and name."""
    if not isinstance(value, dict):
        raise InvalidElection(f'{place}: {value!r:.40} is no object. Write {{"id": …, "cost": …}}.')
    id_ = value.get("id")
    known = str(id_) if type(id_) is int else _text(id_, f"{place}.id")
    return known, _amount(value.get("cost"), f"{place}.cost"), _text(value.get("name", ""), f"{place}.name")


def _ballot(value: Any, kind: BallotKind, place: str) -> Sequence[str] | Mapping[str, int]:
    if kind.has_points:
        if not isinstance(value, dict):
            raise InvalidElection(f'{place}: {value!r:.40} gives no points. Write {{"park": 3, …}}.')
        wrong = next(
            (points for points in value.values() if type(points) is not int or not 0 <= points < POINTS_MAX), None
        )
        if wrong is not None:
            raise InvalidElection(
                f"{place}: {wrong!r:.40} is no whole number of points. Write 0 or more, less than a million."
            )
        return value
    if not isinstance(value, list):
        raise InvalidElection(f'{place}: {value!r:.40} is no list of projects. Write ["park", …].')
    return [str(one) if type(one) is int else _text(one, place) for one in value]


def _about(value: Any) -> Mapping[str, str]:
    if not isinstance(value, dict):
        raise InvalidElection('about: this is no object. Write {"unit": …}, or leave it out.')
    return {key: _text(said, f"about.{key[:40]}") for key, said in value.items()}
