"""Who asks, as far as the network tells: for limits on what one client may ask, never kept as it is."""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping


def client_of(meta: Mapping[str, str]) -> str:
    """The address that asks. Behind a proxy on this machine or network: the last address that the proxy saw."""
    peer = meta.get("REMOTE_ADDR", "")
    forwarded = meta.get("HTTP_X_FORWARDED_FOR", "").rpartition(",")[2].strip()
    return forwarded if forwarded and _is_near(peer) and _is_address(forwarded) else peer


def is_this_machine(address: str) -> bool:
    """Whether someone on this very machine asks, with no proxy between: nobody needs protection from them."""
    return _is_address(address) and ipaddress.ip_address(address).is_loopback


def _is_near(address: str) -> bool:
    return not address or (_is_address(address) and ipaddress.ip_address(address).is_private)


def _is_address(text: str) -> bool:
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True
