"""Bundles and recipients as plain JSON values, and back: each value is looked at, for files come from strangers."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from communs.core.bundles.terms import Acceptance, Bundle, InvalidBundle, Kind, Recipient, Share


def written(bundle: Bundle) -> dict[str, Any]:
    """A bundle as JSON values."""
    return {
        "commons": bundle.commons,
        "starts_on": bundle.starts_on.isoformat(),
        "shares": [{"party": one.party, "kind": one.kind.value, "ppm": one.ppm} for one in bundle.shares],
        "acceptances": [
            {"party": one.party, "who": one.who, "on": one.on.isoformat(), "terms": one.terms}
            for one in bundle.acceptances
        ],
    }


def read(document: Any, place: str) -> Bundle:
    """The bundle that `written` wrote. Raises `InvalidBundle` with the place of what is no bundle."""
    try:
        return Bundle(
            _text(document, "commons"),
            date.fromisoformat(_text(document, "starts_on")),
            tuple(Share(_text(one, "party"), Kind(one["kind"]), _whole(one, "ppm")) for one in document["shares"]),
            tuple(
                Acceptance(
                    _text(one, "party"), _text(one, "who"), date.fromisoformat(_text(one, "on")), _text(one, "terms")
                )
                for one in document["acceptances"]
            ),
        )
    except (KeyError, TypeError, ValueError) as wrong:
        raise InvalidBundle(f"{place}: this is no bundle ({wrong!r:.100}). See the rule's page.") from None


def read_recipient(document: Any, place: str) -> Recipient:
    """The recipient of `{"id", "accepted"}`. Raises `InvalidBundle`."""
    try:
        return Recipient(_text(document, "id"), _yes_or_no(document, "accepted"))
    except (KeyError, TypeError) as wrong:
        raise InvalidBundle(f"{place}: this is no recipient ({wrong!r:.100}). Write id and accepted.") from None


def _text(document: Mapping[str, Any], key: str) -> str:
    value = document[key]
    if not isinstance(value, str):
        raise TypeError(f"{key} is no text")
    return value


def _whole(document: Mapping[str, Any], key: str) -> int:
    value = document[key]
    if type(value) is not int:
        raise TypeError(f"{key} is no whole number")
    return value


def _yes_or_no(document: Mapping[str, Any], key: str) -> bool:
    value = document[key]
    if type(value) is not bool:
        raise TypeError(f"{key} is neither true nor false")
    return value
