"""A real mail server on this machine that fails as real ones do, on demand: every way is one that SMTP knows."""

from __future__ import annotations

import asyncio
import random
import threading
from collections import Counter
from collections.abc import Callable
from email import message_from_bytes
from email.message import Message
from typing import Any

from aiosmtpd.smtp import SMTP

# Before the text is given: nothing was taken, and the client knows.
REFUSALS = ("no connection", "sender later", "recipient later", "recipient hangs", "lost before the text")
# The text was given: refused for now; or the client cannot know what became of it.
AFTER_TEXT = ("text later", "lost and dropped", "lost and kept", "kept and hangs")
FAULTS = (*REFUSALS, *AFTER_TEXT)


class MailServer:
    """Use as a context. `received` holds every letter that the server has said or begun to say yes to, in order."""

    def __init__(self, share: float = 0.0, seed: int = 1, faults: tuple[str, ...] = FAULTS) -> None:
        """`share` of the letters meets a fault, each kind as often as the others."""
        self.share, self.faults = share, faults
        self.received: list[Message] = []
        self.met: Counter[str] = Counter()
        self.refused_for_ever: set[str] = set()
        self.before: Callable[[str], None] = lambda _moment: None  # told of each moment of the conversation
        self._chance = random.Random(seed)  # noqa: S311 - repeatable on purpose
        self._lock = threading.Lock()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._server: Any = None
        self.port = 0

    def __enter__(self) -> MailServer:
        self._thread.start()
        self._server = asyncio.run_coroutine_threadsafe(self._listen(), self._loop).result(10)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    def __exit__(self, *_error: object) -> None:
        asyncio.run_coroutine_threadsafe(self._end(), self._loop).result(10)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)
        self._loop.close()

    async def _listen(self) -> Any:
        return await self._loop.create_server(lambda: _Conversation(self, self._loop), "127.0.0.1", 0)

    async def _end(self) -> None:
        self._server.close()
        others = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)

    def fail(self, share: float, faults: tuple[str, ...] = FAULTS, seed: int = 1) -> None:
        """From now on this share of the letters meets a fault; what was received before is forgotten."""
        with self._lock:
            self.share, self.faults = share, faults
            self.received.clear()
            self._chance.seed(seed)

    def fault(self, kinds: tuple[str, ...]) -> str:
        """The fault that is due among these kinds, or none."""
        with self._lock:
            if self._chance.random() >= self.share:
                return ""
            kind = self._chance.choice(self.faults)
            if kind not in kinds:
                return ""
            self.met[kind] += 1
            return kind

    def keep(self, content: bytes) -> None:
        with self._lock:
            self.received.append(message_from_bytes(content))

    @property
    def copies(self) -> Counter[str]:
        """How often each Message-ID has arrived."""
        return Counter(str(letter["Message-ID"]) for letter in self.received)


class _Conversation(SMTP):
    """One connection. The fault of a letter is drawn when its sender is named."""

    def __init__(self, house: MailServer, loop: asyncio.AbstractEventLoop) -> None:
        super().__init__(_Handler(house), hostname="localhost", loop=loop)
        self.house = house

    def connection_made(self, transport: Any) -> None:
        super().connection_made(transport)
        if self.house.fault(("no connection",)):
            transport.abort()


class _Handler:
    def __init__(self, house: MailServer) -> None:
        self.house = house
        self.due = ""

    async def handle_MAIL(self, _server: Any, _session: Any, envelope: Any, address: str, options: Any) -> str:  # noqa: N802
        self.house.before("sender")
        self.due = self.house.fault(FAULTS[1:])
        if self.due == "sender later":
            return "451 4.3.0 not now"
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return "250 OK"

    async def handle_RCPT(self, server: Any, _session: Any, envelope: Any, address: str, options: Any) -> str:  # noqa: N802
        self.house.before("recipient")
        if address in self.house.refused_for_ever:
            return "550 5.1.1 no such mailbox"
        if self.due == "recipient later":
            return "450 4.2.0 try again"
        if self.due == "recipient hangs":
            await asyncio.Event().wait()
        if self.due == "lost before the text":
            server.transport.abort()
        envelope.rcpt_tos.append(address)
        envelope.rcpt_options.extend(options)
        return "250 OK"

    async def handle_DATA(self, server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802
        self.house.before("text")
        if self.due == "text later":
            return "452 4.3.1 disk full"
        if self.due == "lost and dropped":
            server.transport.abort()
            return "250 OK"
        self.house.keep(envelope.content)
        self.house.before("kept")
        if self.due == "lost and kept":
            server.transport.abort()
        if self.due == "kept and hangs":
            await asyncio.Event().wait()
        return "250 OK"
