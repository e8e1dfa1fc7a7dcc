"""Web addresses, e-mail addresses and URNs by the rules of the libraries that the reference parser is built on.

`parse` follows Go's `net/url` (as of 1.25), `is_url` and `is_http_url` the validators `url` and `http_url` of
go-playground/validator, `is_email` its `email` together with Go's `net/mail`, `is_urn` the URN syntax of RFC 2141.
"""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass
from typing import Final
from urllib.parse import quote, unquote_to_bytes

_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")
_BAD_SCHEME = re.compile(r"\A:")
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_BAD_ESCAPE = re.compile(r"%(?![0-9A-Fa-f]{2})")
# Letters of a host that need no escape: unreserved, sub-delims, and what Go keeps of history.
_BAD_HOST = re.compile(r"[^A-Za-z0-9\-_.~!$&'()*+,;=:\[\]<>\"%\x80-\U0010ffff]")
_ASCII_ESCAPE = re.compile(r"%(?!25)[0-7][0-9A-Fa-f]")
_PORT = re.compile(r"(?::[0-9]*)?\Z")
_USER = re.compile(r"[A-Za-z0-9\-._:~!$&'()*+,;=%@]*\Z")
_KEPT: Final = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.~$&+,/:;=@"
_ENCODED = re.compile(r"[A-Za-z0-9\-_.~$&+,/:;=@!'()*\[\]%]*\Z")


class BadAddress(ValueError):
    """The text cannot be an address at all."""


@dataclass(frozen=True, slots=True)
class Address:
    """The parts of an address that rules ask for; `text` is how it is written out again."""

    scheme: str
    opaque: str
    host: str
    fragment: str
    text: str


def parse(text: str, *, request: bool = False) -> Address:
    """The parts of `text`. `request`: it must be absolute, or a path from the root, and bears no fragment.

    Raises `BadAddress`.

    >>> parse("HTTPS://example.org/a b#c").text
    'https://example.org/a%20b#c'
    """
    raw, mark, fragment = (text, "", "") if request else text.partition("#")
    if _CONTROL.search(text) or _BAD_ESCAPE.search(fragment):
        raise BadAddress(text)
    if request and not raw:
        raise BadAddress(text)
    if raw == "*":
        return Address("", "", "", fragment, text)
    if _BAD_SCHEME.match(raw):
        raise BadAddress(text)
    found = _SCHEME.match(raw)
    scheme = raw[: found.end() - 1].lower() if found else ""
    rest = raw[found.end() :] if found else raw
    rest, query_mark, query = rest.partition("?")
    tail = query_mark + query + (mark + _escaped(fragment) if fragment else "")
    if not rest.startswith("/"):
        if scheme:
            return Address(scheme, rest, "", fragment, f"{scheme}:{rest}{tail}")
        if request or ":" in rest.split("/", 1)[0]:
            raise BadAddress(text)
    authority, user, host = "", "", ""
    if rest.startswith("//") and (scheme or (not request and not rest.startswith("///"))):
        authority, slash, path = rest[2:].partition("/")
        rest = slash + path
        user, host = _authority(authority)
        authority = f"//{user}{_beyond_ascii(host)}" if user or host or rest else ""
    if _BAD_ESCAPE.search(rest):
        raise BadAddress(text)
    return Address(scheme, "", host, fragment, f"{scheme + ':' if scheme else ''}{authority}{_escaped(rest)}{tail}")


def _authority(authority: str) -> tuple[str, str]:
    user, at, host = authority.rpartition("@")
    if at and (not _USER.match(user) or _BAD_ESCAPE.search(user)):
        raise BadAddress(authority)
    _check_host(host)
    return user + at, host


def _check_host(host: str) -> None:
    opened = host.rfind("[")
    if opened == 0:
        inner, closed, port = host[1:].rpartition("]")
        if not closed or not _PORT.match(port):
            raise BadAddress(host)
        try:
            ipaddress.IPv6Address(unquote_to_bytes(inner).decode("utf-8", "replace"))
        except ValueError as error:
            raise BadAddress(host) from error
        return
    if opened > 0:
        raise BadAddress(host)
    colon = host.rfind(":")
    if colon >= 0 and not _PORT.match(host[colon:]):
        raise BadAddress(host)
    if _BAD_HOST.search(host) or _BAD_ESCAPE.search(host) or _ASCII_ESCAPE.search(host):
        raise BadAddress(host)


def _escaped(part: str) -> str:
    """A path or fragment as it is written out: as it was, where that is a proper encoding; else encoded anew."""
    if _ENCODED.match(part):
        return part
    return "".join(chr(byte) if byte in _KEPT else f"%{byte:02X}" for byte in unquote_to_bytes(part))


def _beyond_ascii(host: str) -> str:
    return "".join(char if char.isascii() else quote(char) for char in host)


def is_url(text: str) -> bool:
    """Whether `text` is an address with a scheme and something behind it.

    >>> [is_url(text) for text in ("https://example.org", "mailto:a@example.org", "example.org", "https://")]
    [True, True, False, False]
    """
    lowered = text.lower()
    try:
        if lowered.startswith("file:/"):
            parse(lowered, request=True)
            return True
        address = parse(lowered)
    except BadAddress:
        return False
    return bool(address.scheme and (address.host or address.fragment or address.opaque))


def is_http_url(text: str) -> bool:
    """Whether `text` is an address of the web.

    >>> [is_http_url(text) for text in ("https://example.org", "ftp://example.org", "http:example.org")]
    [True, False, False]
    """
    try:
        address = parse(text.lower())
    except BadAddress:
        return False
    return address.scheme in {"http", "https"} and bool(address.host)


_BEYOND: Final = "\u00a0-\ud7ff\uf900-\ufdcf\ufdf0-\uffef"
_ATOM: Final = rf"[A-Za-z0-9!#$%&'*+\-/=?^_`{{|}}~{_BEYOND}]+"
_INNER: Final = rf"[A-Za-z0-9\-.~{_BEYOND}]*"
_LABEL: Final = rf"[A-Za-z0-9{_BEYOND}](?:{_INNER}[A-Za-z0-9{_BEYOND}])?"
_LAST: Final = rf"[A-Za-z{_BEYOND}](?:{_INNER}[A-Za-z{_BEYOND}])?"
_QUOTED: Final = rf'"(?:[ \t\x21\x23-\x5b\x5d-\x7e{_BEYOND}]|\\[\x20-\x7e\t{_BEYOND}])+"'
_EMAIL = re.compile(rf"(?:{_ATOM}(?:\.{_ATOM})*|{_QUOTED})@(?P<domain>{_LABEL}\.{_LAST})\Z")


def is_email(text: str) -> bool:
    """Whether `text` is an e-mail address.

    >>> [is_email(text) for text in ("a@example.org", "é@example.org", "a..b@example.org", "a@b")]
    [True, True, False, False]
    """
    if len(text) > 1000:
        return False
    found = _EMAIL.match(text)
    return found is not None and ".." not in found["domain"]


_URN = re.compile(
    r"[uU][rR][nN]:(?P<space>[A-Za-z0-9][A-Za-z0-9-]{0,31}):(?:[A-Za-z0-9()+,\-.:=@;$_!*']|%[0-9A-Fa-f]{2})+\Z"
)


def is_urn(text: str) -> bool:
    """Whether `text` is a URN.

    >>> [is_urn(text) for text in ("urn:isbn:0451450523", "urn:-x:y", "urn:urn:y")]
    [True, False, False]
    """
    found = _URN.match(text)
    return found is not None and found["space"].lower() != "urn"


def is_uri(text: str) -> bool:
    """Whether `text` names an organisation or a standard: a URN, or an absolute address with a host.

    >>> [is_uri(text) for text in ("urn:x-example:a", "https://example.org/a", "mailto:a@example.org", "/a")]
    [True, True, False, False]
    """
    try:
        address = parse(text, request=True)
    except BadAddress:
        return False
    if address.scheme == "urn":
        return is_urn(text)
    return bool(address.scheme and address.host)
