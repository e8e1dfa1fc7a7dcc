"""Which addresses may be reached, and connections that go nowhere else and last no longer than allowed.

A host name is resolved once, every address it has is checked, and the connection goes to an address that was checked:
a name that answers differently the second time (DNS rebinding) changes nothing. However an address is written (as one
decimal number, in octal or hexadecimal, inside an IPv6 address), what counts is the address the system would reach.
"""

from __future__ import annotations

import queue
import socket
import ssl
import threading
import time
from collections.abc import Iterable
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Any

import httpcore

Address = IPv4Address | IPv6Address
PORTS = frozenset({80, 443, 8080, 8443})
_NAT64 = IPv6Network("64:ff9b::/96")

ANYWHERE = ("0.0.0.0/0", "::/0")
"""For `Policy.also_allowed` where an operator has allowed private addresses."""


@dataclass(frozen=True, slots=True)
class Policy:
    """What a request may do. `also_allowed` names networks that are reached although they are private, on any port."""

    timeout_s: float = 10.0
    bytes_max: int = 256_000
    redirects_max: int = 5
    also_allowed: tuple[str, ...] = ()

    def allows(self, address: Address, port: int) -> bool:
        """Whether a connection to this address and port may be made."""
        if any(address in ip_network(network) for network in self.also_allowed):
            return True
        return port in PORTS and is_public(address)


@dataclass(frozen=True, slots=True)
class Problem:
    """Why there is no answer. `code`: address, name, private, connect, certificate, slow, redirects, protocol."""

    code: str
    detail: str = ""


def is_public(address: Address) -> bool:
    """Whether an address belongs to the public internet, also when it hides another one inside.

    >>> [is_public(ip_address(text)) for text in ("93.184.216.34", "10.0.0.1", "169.254.169.254", "::ffff:127.0.0.1")]
    [True, False, False, False]
    """
    inner: list[Address | None] = []
    if isinstance(address, IPv6Address):
        inner = [address.ipv4_mapped, address.sixtofour, *(address.teredo or ())]
        if address in _NAT64:
            inner.append(IPv4Address(int(address) & 0xFFFFFFFF))
    if any(not is_public(hidden) for hidden in inner if hidden is not None):
        return False
    mapped = isinstance(address, IPv6Address) and address.ipv4_mapped is not None
    return mapped or (address.is_global and not address.is_multicast)


class GuardedBackend(httpcore.NetworkBackend):
    """Opens connections to checked addresses only, and lets nothing outlive `deadline` (of `time.monotonic`).

    `refused` says why the last connection was not made; whoever asks anew sets `deadline` and clears it.
    """

    def __init__(self, policy: Policy) -> None:
        self.policy = policy
        self.deadline = 0.0
        self.refused: Problem | None = None
        self._plain = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        """Connect to the first address that answers, all of them having been checked."""
        addresses = self._checked(host, port)
        for position, address in enumerate(addresses):
            try:
                stream = self._plain.connect_tcp(
                    address,
                    port,
                    timeout=self.left(timeout),
                    local_address=local_address,
                    socket_options=socket_options,
                )
            except (httpcore.ConnectError, httpcore.ConnectTimeout):
                if position == len(addresses) - 1:
                    raise
            else:
                return _TimedStream(stream, self)
        raise httpcore.ConnectError(host)

    def left(self, timeout: float | None) -> float:
        """Seconds that a step may still take. Raises a timeout when there are none."""
        left = self.deadline - time.monotonic()
        if left <= 0:
            raise httpcore.ReadTimeout("the whole request took too long")
        return left if timeout is None else min(left, timeout)

    def _checked(self, host: str, port: int) -> list[str]:
        try:
            found = _resolve(host, port, self.left(None))
        except (OSError, UnicodeError) as error:
            self.refused = Problem("name", host)
            raise httpcore.ConnectError(host) from error
        addresses = list(dict.fromkeys(str(info[4][0]).partition("%")[0] for info in found))
        # One private address among several is enough to refuse: which one is reached must not be left to chance.
        if not addresses or not all(self.policy.allows(ip_address(address), port) for address in addresses):
            self.refused = Problem("private", host)
            raise httpcore.ConnectError(host)
        return addresses


def _resolve(host: str, port: int, timeout_s: float) -> list[Any]:
    """The addresses of a name, asked in a thread of its own since the system's resolver knows no deadline.

    Raises `OSError`, `UnicodeError`, or a timeout.
    """
    answers: queue.SimpleQueue[list[Any] | Exception] = queue.SimpleQueue()

    def ask() -> None:
        try:
            answers.put(list(socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)))
        except Exception as error:  # handed over to the one who waits
            answers.put(error)

    threading.Thread(target=ask, daemon=True).start()
    try:
        found = answers.get(timeout=timeout_s)
    except queue.Empty:
        raise httpcore.ConnectTimeout(host) from None
    if isinstance(found, Exception):
        raise found
    return found


class _TimedStream(httpcore.NetworkStream):
    """A connection whose every step is held to the deadline: a server that drips bytes cannot hold on to us."""

    def __init__(self, stream: httpcore.NetworkStream, backend: GuardedBackend) -> None:
        self._stream, self._backend = stream, backend

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, self._backend.left(timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, self._backend.left(timeout))

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        inner = self._stream.start_tls(ssl_context, server_hostname, self._backend.left(timeout))
        return _TimedStream(inner, self._backend)

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)
