"""The one door through which the site calls out: bounded in time and size, and never into a private network.

A host name is resolved once, every address it has is checked, and the connection goes to an address that was checked:
a name that answers differently the second time (DNS rebinding) changes nothing. Redirects go through the same door, hop
by hop. What went wrong comes back as a `Problem` with a code, never as an exception.
"""

from __future__ import annotations

import socket
import ssl
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Any
from urllib.parse import urljoin

import httpcore
import httpx

from communs import __version__

Address = IPv4Address | IPv6Address
USER_AGENT = f"communs/{__version__} (link check; answers are not kept)"
PORTS = frozenset({80, 443, 8080, 8443})
REDIRECTS = frozenset({301, 302, 303, 307, 308})
_NAT64 = IPv6Network("64:ff9b::/96")


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


ANYWHERE = ("0.0.0.0/0", "::/0")
"""For `Policy.also_allowed` where an operator has allowed private addresses."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back: the last address of the redirects, the status, the first `bytes_max` bytes of the body."""

    url: str
    status: int
    body: bytes = b""
    is_whole: bool = True
    redirects: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Problem:
    """Why there is no answer. `code`: address, name, private, connect, certificate, slow, redirects, protocol."""

    code: str
    detail: str = ""


class _Refused(Exception):
    """The guard does not let a request through."""

    def __init__(self, code: str, detail: str = "") -> None:
        super().__init__(code, detail)
        self.problem = Problem(code, detail)


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


def fetch(url: str, policy: Policy = Policy()) -> Answer | Problem:
    """GET `url` within `policy`, following redirects. Never raises for what the other side does."""
    deadline = time.monotonic() + policy.timeout_s
    backend = _GuardedBackend(policy, deadline)
    seen: list[str] = []
    try:
        with httpx.Client(transport=_Transport(backend), follow_redirects=False, trust_env=False) as client:
            while True:
                _check_address(url)
                answer = _get(client, url, policy, deadline)
                if not isinstance(answer, str):
                    return Answer(url, answer.status, answer.body, answer.is_whole, tuple(seen))
                seen.append(url)
                if len(seen) > policy.redirects_max:
                    return Problem("redirects", str(policy.redirects_max))
                url = urljoin(url, answer)
    except _Refused as refused:
        return refused.problem
    except (httpx.HTTPError, httpx.InvalidURL, httpcore.ConnectError, UnicodeError) as error:
        return _problem_of(error, backend)


def _get(client: httpx.Client, url: str, policy: Policy, deadline: float) -> Answer | str:
    """One request: its answer, or the place where it redirects to."""
    headers = {"User-Agent": USER_AGENT, "Accept": "*/*", "Accept-Encoding": "identity"}
    with client.stream("GET", url, headers=headers, timeout=policy.timeout_s) as response:
        target = response.headers.get("location")
        if response.status_code in REDIRECTS and target:
            return str(target)
        body, whole = _read(response.iter_raw(16_384), policy.bytes_max, deadline)
        return Answer(url, response.status_code, body, whole)


def _read(chunks: Iterator[bytes], bytes_max: int, deadline: float) -> tuple[bytes, bool]:
    body = bytearray()
    for chunk in chunks:
        body += chunk
        if len(body) >= bytes_max:
            return bytes(body[:bytes_max]), False
        if time.monotonic() > deadline:
            raise _Refused("slow")
    return bytes(body), True


def _check_address(url: str) -> None:
    """Only http and https, with a host, without a name and password inside."""
    try:
        parsed = httpx.URL(url)
    except httpx.InvalidURL as error:
        raise _Refused("address", str(error)) from error
    if parsed.scheme not in {"http", "https"} or not parsed.host or parsed.userinfo:
        raise _Refused("address", parsed.scheme)


def _problem_of(error: Exception, backend: _GuardedBackend) -> Problem:
    if backend.refused is not None:
        return backend.refused
    if isinstance(error, httpx.TimeoutException):
        return Problem("slow")
    if isinstance(error, httpx.InvalidURL | UnicodeError):
        return Problem("address")
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, ssl.SSLError):
            return Problem("certificate", str(getattr(cause, "verify_message", "") or cause.reason or "")[:100])
        cause = cause.__cause__ or cause.__context__
    return Problem("connect" if isinstance(error, httpx.ConnectError) else "protocol", type(error).__name__)


class _GuardedBackend(httpcore.NetworkBackend):
    """Opens connections to checked addresses only, and lets nothing outlive the deadline of the whole request."""

    def __init__(self, policy: Policy, deadline: float) -> None:
        self.policy, self.deadline = policy, deadline
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
            found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError) as error:
            self.refused = Problem("name", host)
            raise httpcore.ConnectError(host) from error
        addresses = list(dict.fromkeys(str(info[4][0]).partition("%")[0] for info in found))
        # One private address among several is enough to refuse: which one is reached must not be left to chance.
        if not addresses or not all(self.policy.allows(ip_address(address), port) for address in addresses):
            self.refused = Problem("private", host)
            raise httpcore.ConnectError(host)
        return addresses


class _TimedStream(httpcore.NetworkStream):
    """A connection whose every step is held to the deadline: a server that drips bytes cannot hold on to us."""

    def __init__(self, stream: httpcore.NetworkStream, backend: _GuardedBackend) -> None:
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


@dataclass(slots=True)
class _Body(httpx.SyncByteStream):
    """A body as httpx reads it, with the errors of the connection in httpx's words."""

    stream: Any

    def __iter__(self) -> Iterator[bytes]:
        with _in_httpx_words():
            yield from self.stream

    def close(self) -> None:
        self.stream.close()


@dataclass(slots=True)
class _Transport(httpx.BaseTransport):
    """httpx over a connection pool of our own, because httpx does not let one choose how connections are opened."""

    backend: _GuardedBackend
    pool: httpcore.ConnectionPool = field(init=False)

    def __post_init__(self) -> None:
        self.pool = httpcore.ConnectionPool(ssl_context=httpx.create_ssl_context(), network_backend=self.backend)

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        url = httpcore.URL(
            scheme=request.url.raw_scheme,
            host=request.url.raw_host,
            port=request.url.port,
            target=request.url.raw_path,
        )
        inner = httpcore.Request(
            method=request.method, url=url, headers=request.headers.raw, extensions=request.extensions
        )
        with _in_httpx_words():
            answer = self.pool.handle_request(inner)
        return httpx.Response(answer.status, headers=answer.headers, stream=_Body(answer.stream))

    def close(self) -> None:
        self.pool.close()


@contextmanager
def _in_httpx_words() -> Iterator[None]:
    try:
        yield
    except httpcore.TimeoutException as error:
        raise httpx.ReadTimeout(str(error)) from error
    except httpcore.ConnectError as error:
        raise httpx.ConnectError(str(error)) from error
    except (httpcore.NetworkError, httpcore.ProtocolError) as error:
        raise httpx.ReadError(str(error)) from error
