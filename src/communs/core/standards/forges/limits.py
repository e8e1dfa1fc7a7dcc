"""How long a host wants to be left alone, in the headers that forges answer with."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

WAIT_MAX_S: Final = 86_400.0
# A forge that says "too many" without saying until when.
WAIT_UNTOLD_S: Final = 60.0
_LEFT: Final = ("x-ratelimit-remaining", "ratelimit-remaining")
_RESET: Final = ("x-ratelimit-reset", "ratelimit-reset")
# Moments are told in seconds since 1970 by some and in seconds from now by others.
_A_MOMENT: Final = 1_000_000_000


def wait_s(status: int, headers: Mapping[str, str], retry_after_s: float | None, now: float) -> float:
    """Seconds to wait before asking this host again; 0 where nothing is asked for.

    `headers` with names in lower case; `now` in seconds since 1970.

    >>> wait_s(200, {"x-ratelimit-remaining": "0", "x-ratelimit-reset": "1700000030"}, None, 1_700_000_000)
    30.0
    >>> wait_s(429, {}, None, 0), wait_s(200, {"x-ratelimit-remaining": "59"}, None, 0)
    (60.0, 0.0)
    """
    spent = is_spent(headers)
    is_refused = status == 429 or (status in {403, 503} and retry_after_s is not None) or (status == 403 and spent)
    if not is_refused and not spent:
        return 0.0
    asked = retry_after_s if is_refused else None
    if asked is None and spent:
        asked = _until_reset(headers, now)
    if asked is None:
        asked = WAIT_UNTOLD_S if is_refused else 0.0
    return min(max(asked, 1.0 if is_refused else 0.0), WAIT_MAX_S)


def is_spent(headers: Mapping[str, str]) -> bool:
    """Whether the requests that a forge allows within a time are used up."""
    return next((headers[name].strip() == "0" for name in _LEFT if name in headers), False)


def _until_reset(headers: Mapping[str, str], now: float) -> float | None:
    for name in _RESET:
        told = headers.get(name, "").strip()
        if told.isascii() and told.isdecimal() and len(told) <= 12:
            moment = float(told)
            return max(0.0, moment - now) if moment > _A_MOMENT else moment
    return None
