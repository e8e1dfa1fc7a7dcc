"""Whether a notification was signed with the key we share with its sender. Compared in constant time."""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Mapping
from datetime import datetime
from typing import Final

from communs.core.providers.news import Authenticity

TOLERANCE_S: Final = 300
"""How far the time in a signature may lie from when it arrived: who records a notification cannot use it for long."""
HEADER_MAX: Final = 2000


def header(headers: Mapping[str, str], name: str) -> str:
    """A header whatever its capitals, "" where there is none."""
    return next((text for given, text in headers.items() if given.lower() == name), "")[:HEADER_MAX]


def of_whole_body(key: str, body: bytes, given: str) -> Authenticity:
    """HelloAsso's way: the hexadecimal HMAC-SHA256 of the raw body. Without a key nothing can be said.

    >>> of_whole_body("", b"{}", "") is Authenticity.UNSIGNED, of_whole_body("key", b"{}", "") is Authenticity.FORGED
    (True, True)
    """
    if not key:
        return Authenticity.UNSIGNED
    right = hmac.new(key.encode(), body, hashlib.sha256).hexdigest()
    return _said(hmac.compare_digest(right.encode(), given.strip().lower().encode()))


def of_time_and_body(key: str, body: bytes, given: str, now: datetime) -> Authenticity:
    """Stripe's way: `t=…,v1=…`, the HMAC-SHA256 of the time, a point and the raw body. One right `v1` is enough."""
    if not key:
        return Authenticity.UNSIGNED
    pairs = [part.strip().partition("=") for part in given.split(",")]
    times = [text for name, _, text in pairs if name == "t" and re.fullmatch(r"[0-9]{1,12}", text)]
    if len(times) != 1 or abs(now.timestamp() - int(times[0])) > TOLERANCE_S:
        return Authenticity.FORGED
    right = hmac.new(key.encode(), times[0].encode() + b"." + body, hashlib.sha256).hexdigest().encode()
    return _said(any(hmac.compare_digest(right, text.encode()) for name, _, text in pairs if name == "v1"))


def fingerprint(body: bytes) -> str:
    """What stands for the number of a notification where its sender gives it none."""
    return hashlib.sha256(body).hexdigest()


def _said(is_right: bool) -> Authenticity:
    return Authenticity.SIGNED if is_right else Authenticity.FORGED
