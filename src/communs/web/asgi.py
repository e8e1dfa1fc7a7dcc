"""What the web server calls: a request is taken in whole, answered by a thread, and told at its reader's pace.

Neither who sends slowly nor who reads slowly keeps a thread from others. An answer that breaks off is broken off, so
that nobody takes half a list for all of it. Asked by WSGI, the server does neither: see decision 13.
"""

from __future__ import annotations

import asyncio
import io
import logging
import os
import sys
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, MutableMapping
from concurrent.futures import ThreadPoolExecutor
from typing import IO, Any, Final
from urllib.parse import unquote_to_bytes

from communs.web.parent import THREADS
from communs.web.wsgi import application as site

IN_MEMORY: Final = 1024 * 1024
BODY_MAX: Final = 64 * 1024 * 1024
"""More is not taken in: no form here asks for more."""
PIECE: Final = 64 * 1024
IDLE_S: Final = 60.0
"""So long somebody may send nothing, or read nothing, before the connection is broken off."""
HAVE_BODIES: Final = frozenset({b"content-length", b"transfer-encoding"})

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Headers = list[tuple[bytes, bytes]]
log = logging.getLogger("communs.request")
sys.setswitchinterval(0.0005)  # who takes requests in waits no longer for who answers one: usual are 5 ms each time
_pool: Final = ThreadPoolExecutor(int(os.environ.get(THREADS) or 1), "site")


class BrokenOff(Exception):
    """An answer that was begun cannot be told to its end: the server closes the connection without one."""


class Growing:
    """An answer while it is made: a thread writes it, the loop reads it. A long one lies in a file, as far as it is."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop, self._grown = loop, asyncio.Event()
        self._held: IO[bytes] | None = None
        self._waiting: list[bytes] = []
        self._waits = 0
        self.status, self.headers = 0, Headers()
        self.whole: bytes | None = None
        self.size, self.is_over, self.is_left, self.has_failed = 0, False, False, False

    # By the thread.

    def begin(self, status: str, headers: list[tuple[str, str]], _error: object = None, /) -> Callable[[bytes], object]:
        """WSGI's `start_response`. Nothing is told by what it returns: Django does not."""
        self.status = int(status[:3])
        self.headers = [(name.lower().encode("latin-1"), text.encode("latin-1")) for name, text in headers]
        return lambda _data: None

    def write(self, pieces: Iterable[bytes]) -> None:
        """Raises `BrokenOff` where nobody reads any more."""
        held = self._held = tempfile.TemporaryFile(buffering=0)  # noqa: SIM115 - closed by who reads it
        for piece in pieces:
            self._waiting.append(piece)
            self._waits += len(piece)
            if self._waits >= PIECE:
                self._flush(held)
            if self.is_left:
                raise BrokenOff
        self._flush(held)

    def _flush(self, held: IO[bytes]) -> None:
        data = memoryview(b"".join(self._waiting))
        self._waiting, self._waits = [], 0
        while data:
            written = held.write(data)
            self.size += written
            data = data[written:]
        self._wake()

    def end(self, *, failed: bool) -> None:
        self.has_failed, self.is_over = failed, True
        self._wake()

    def _wake(self) -> None:
        self._loop.call_soon_threadsafe(self._grown.set)

    # By the loop.

    async def begun(self) -> None:
        """Wait until there is something to tell."""
        while not (self.is_over or self.size):
            await self._grown.wait()
            self._grown.clear()

    async def over(self) -> None:
        """Wait until the thread is done with it."""
        while not self.is_over:
            await self._grown.wait()
            self._grown.clear()

    async def pieces(self) -> AsyncIterator[bytes]:
        """What there is, and what comes. Raises `BrokenOff` where that is not all."""
        told = 0
        while True:
            self._grown.clear()
            is_over, size = self.is_over, self.size
            while told < size and self._held is not None:
                piece = os.pread(self._held.fileno(), min(PIECE, size - told), told)
                told += len(piece)
                yield piece
            if is_over and told == self.size:
                break
            if not is_over:
                await self._grown.wait()
        if self.has_failed:
            raise BrokenOff

    def close(self) -> None:
        if self._held is not None:
            self._held.close()


async def application(scope: Message, receive: Receive, send: Send) -> None:
    """Answer one request."""
    if scope["type"] != "http":
        return
    if scope["method"] in {"GET", "HEAD"} and not any(name in HAVE_BODIES for name, _text in scope["headers"]):
        await _pass_on(scope, io.BytesIO(), receive, send)
        return
    with tempfile.SpooledTemporaryFile(IN_MEMORY) as body:
        if (refusal := await _take_in(body, receive)) is not None:
            await _refuse(send, refusal)
            return
        await _pass_on(scope, body, receive, send)


async def _pass_on(scope: Message, body: IO[bytes], receive: Receive, send: Send) -> None:
    """Have a thread answer, and tell it."""
    growing = Growing(asyncio.get_running_loop())
    _pool.submit(_answer, _environ(scope, body), growing)
    try:
        await growing.begun()
        if growing.has_failed and not growing.size:
            await _refuse(send, 500)
            return
        await send({"type": "http.response.start", "status": growing.status, "headers": growing.headers})
        if growing.whole is not None:
            await send({"type": "http.response.body", "body": growing.whole, "more_body": False})
        else:
            await _tell(growing, receive, send)
    finally:
        growing.is_left = True
        await growing.over()  # which is soon: nobody reads any more
        growing.close()


async def _tell(growing: Growing, receive: Receive, send: Send) -> None:
    """Tell a long answer while it is made. Raises `BrokenOff`, and `TimeoutError` where nobody takes it."""
    watching = asyncio.create_task(_watch(receive, growing))
    try:
        async for piece in growing.pieces():
            message = {"type": "http.response.body", "body": piece, "more_body": True}
            await asyncio.wait_for(send(message), IDLE_S)
        await send({"type": "http.response.body", "body": b"", "more_body": False})
    finally:
        watching.cancel()


async def _take_in(body: IO[bytes], receive: Receive) -> int | None:
    """The request's own bytes, into a file; a status where they are too many or too slow."""
    while True:
        try:
            message = await asyncio.wait_for(receive(), IDLE_S)
        except TimeoutError:
            return 408
        if message["type"] == "http.disconnect":
            return 400
        body.write(message.get("body", b""))
        if body.tell() > BODY_MAX:
            return 413
        if not message.get("more_body"):
            return None


async def _refuse(send: Send, status: int) -> None:
    headers = [(b"content-type", b"text/plain"), (b"content-length", b"0"), (b"connection", b"close")]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": b"", "more_body": False})


async def _watch(receive: Receive, growing: Growing) -> None:
    """See that somebody still reads."""
    while (await receive())["type"] != "http.disconnect":
        pass
    growing.is_left = True


def _answer(environ: dict[str, Any], growing: Growing) -> None:
    """Have the site answer; by a thread. What is not streamed, or short, is told in one piece."""
    failed = True
    try:
        response = site(environ, growing.begin)
        try:
            length = dict(growing.headers).get(b"content-length", b"")
            if not getattr(response, "streaming", False) or (length.isdigit() and int(length) <= IN_MEMORY):
                growing.whole = b"".join(response)
            else:
                growing.write(response)
            failed = False
        finally:
            response.close()
    except BrokenOff:
        log.debug("%s: nobody reads any more", environ["PATH_INFO"])
    except Exception:
        log.exception("%s: the answer broke off", environ["PATH_INFO"])
    finally:
        growing.end(failed=failed)


def _environ(scope: Message, body: IO[bytes]) -> dict[str, Any]:
    """A request as WSGI says it."""
    raw = scope.get("raw_path") or scope["path"].encode()
    host, port = scope.get("server") or ("127.0.0.1", 80)
    length = body.tell()
    body.seek(0)
    environ: dict[str, Any] = {
        "REQUEST_METHOD": scope["method"], "SCRIPT_NAME": "", "PATH_INFO": unquote_to_bytes(raw).decode("latin-1"),
        "QUERY_STRING": scope["query_string"].decode("latin-1"), "SERVER_NAME": str(host), "SERVER_PORT": str(port),
        "SERVER_PROTOCOL": f"HTTP/{scope['http_version']}", "REMOTE_ADDR": str((scope.get("client") or ("",))[0]),
        "CONTENT_LENGTH": str(length), "wsgi.version": (1, 0), "wsgi.url_scheme": scope["scheme"], "wsgi.input": body,
        "wsgi.errors": sys.stderr, "wsgi.multithread": True, "wsgi.multiprocess": True, "wsgi.run_once": False,
    }  # fmt: skip
    for name, text in scope["headers"]:
        key = name.decode("latin-1").upper()
        if "_" in key or key == "CONTENT-LENGTH":
            continue  # one with a low line could pass itself off as another
        key = "CONTENT_TYPE" if key == "CONTENT-TYPE" else "HTTP_" + key.replace("-", "_")
        between = "; " if key == "HTTP_COOKIE" else ","
        said = text.decode("latin-1")
        environ[key] = f"{environ[key]}{between}{said}" if key in environ else said
    return environ
