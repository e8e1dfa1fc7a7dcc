"""httpx over guarded connections, and bodies read within bounds."""

from __future__ import annotations

import functools
import ssl
import time
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import httpcore
import httpx

from communs.kit.fetch.guard import GuardedBackend

KEPT_OPEN_S = 20.0
CHUNK = 16_384


@dataclass(slots=True)
class Transport(httpx.BaseTransport):
    """httpx over a connection pool of our own, because httpx does not let one choose how connections are opened."""

    backend: GuardedBackend
    pool: httpcore.ConnectionPool = field(init=False)

    def __post_init__(self) -> None:
        self.pool = httpcore.ConnectionPool(
            ssl_context=_trusted(), network_backend=self.backend, keepalive_expiry=KEPT_OPEN_S
        )

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        url = httpcore.URL(
            scheme=request.url.raw_scheme,
            host=request.url.raw_host,
            port=request.url.port,
            target=request.url.raw_path,
        )
        inner = httpcore.Request(
            method=request.method,
            url=url,
            headers=request.headers.raw,
            content=request.read(),
            extensions=request.extensions,
        )
        with _in_httpx_words():
            answer = self.pool.handle_request(inner)
        return httpx.Response(answer.status, headers=answer.headers, stream=_Body(answer.stream))

    def close(self) -> None:
        self.pool.close()


@functools.cache
def _trusted() -> ssl.SSLContext:
    """The certificates that we trust, read once a process: reading them takes longer than many a request."""
    return httpx.create_ssl_context()


def read_body(response: httpx.Response, bytes_max: int, deadline: float) -> tuple[bytes, bool]:
    """The first `bytes_max` bytes, unpacked, and whether that is all.

    Raises `httpx.ReadTimeout` after `deadline` (`time.monotonic`), `httpx.DecodingError` for what is not packed right.
    """
    coding = response.headers.get("content-encoding", "").strip().lower()
    unpack = _Unpacker() if coding in {"gzip", "x-gzip", "deflate"} else None
    if unpack is None and coding not in {"", "identity"}:
        msg = f"content-encoding {coding}"
        raise httpx.DecodingError(msg)
    body = bytearray()
    for chunk in response.iter_raw(CHUNK):
        # One byte more than allowed tells that there is more, however much a small packed body would swell to.
        body += chunk if unpack is None else unpack(chunk, bytes_max + 1 - len(body))
        if len(body) > bytes_max:
            return bytes(body[:bytes_max]), False
        if time.monotonic() > deadline:
            raise httpx.ReadTimeout("the body took too long")
    return bytes(body), True


class _Unpacker:
    """Unpacks gzip, or deflate with or without its wrapping, never more at once than asked for."""

    def __init__(self) -> None:
        self._inner: Any = zlib.decompressobj(47)
        self._is_first = True

    def __call__(self, chunk: bytes, at_most: int) -> bytes:
        try:
            return self._take(chunk, at_most)
        except zlib.error as error:
            raise httpx.DecodingError(str(error)) from error

    def _take(self, chunk: bytes, at_most: int) -> bytes:
        is_first, self._is_first = self._is_first, False
        try:
            return bytes(self._inner.decompress(self._inner.unconsumed_tail + chunk, at_most))
        except zlib.error:
            if not is_first:
                raise
            self._inner = zlib.decompressobj(-15)
            return bytes(self._inner.decompress(chunk, at_most))


@dataclass(slots=True)
class _Body(httpx.SyncByteStream):
    """A body as httpx reads it, with the errors of the connection in httpx's words."""

    stream: Any

    def __iter__(self) -> Iterator[bytes]:
        with _in_httpx_words():
            yield from self.stream

    def close(self) -> None:
        self.stream.close()


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
