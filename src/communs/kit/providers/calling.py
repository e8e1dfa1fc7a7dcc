"""Calls to a provider: through the house's guard, to hosts that were named, bounded in time, asked again where safe.

What is safe to ask again: a reading always; a change under a key that the provider keeps; and any change that was
surely not made, because no connection came about or the provider said "too many". Everything else whose answer did not
come is `Unknown`: it is looked up, never sent again blindly.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import urlsplit

from communs import __version__
from communs.core.providers import Refused, Unavailable, Unknown
from communs.kit.fetch import NEVER_SENT, Policy, Problem, Sender
from communs.kit.providers.patience import Patience

USER_AGENT: Final = f"communs/{__version__} (payments)"
BYTES_MAX: Final = 4_000_000
RETRY_LATER: Final = frozenset({408, 425, 429, 500, 502, 503, 504})
SURELY_NOT_DONE: Final = frozenset({425, 429})
RETRY_AFTER_MAX_S: Final = 86_400.0


@dataclass(frozen=True, slots=True)
class Call:
    """One request. `key`: the provider keeps it, so that the same call again brings the same answer.

    `query` may name a parameter more than once. `json` or `form` is the body. `changes`: False for what only reads,
    though it may be a POST.
    """

    method: str
    path: str
    query: tuple[tuple[str, str], ...] = ()
    json: Mapping[str, Any] | None = None
    form: Mapping[str, str] | None = None
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    key: str = ""
    changes: bool = True

    @property
    def may_be_repeated(self) -> bool:
        return self.method == "GET" or not self.changes or bool(self.key)


@dataclass(frozen=True, slots=True)
class Reply:
    status: int
    body: bytes
    retry_after_s: float | None = None

    @property
    def is_fine(self) -> bool:
        return 200 <= self.status < 300


class Caller:
    """Calls the provider at `base`. May be used by several threads: each has connections of its own.

    `hosts`: the only names that `base` may have. `also_allowed`: private networks that may be reached all the same, as
    in `kit.fetch`. Raises `Refused` where `base` is not among the hosts, or is not https.
    """

    def __init__(
        self,
        base: str,
        hosts: frozenset[str],
        patience: Patience | None = None,
        also_allowed: tuple[str, ...] = (),
    ) -> None:
        parts = urlsplit(base)
        if (parts.hostname or "") not in hosts:
            raise Refused(f"“{parts.hostname}” is none of the hosts for payments.", "Name it there too.")
        if parts.scheme != "https" and not also_allowed:
            raise Refused(f"{base} is not https, and would show payments to everybody.", "Write https:// before it.")
        self.base = base.rstrip("/")
        self.patience = patience or Patience()
        self._policy = Policy(
            timeout_s=self.patience.timeout_s, bytes_max=BYTES_MAX, redirects_max=0, also_allowed=also_allowed
        )
        self._own = threading.local()
        self._senders: list[Sender] = []

    def close(self) -> None:
        """Close the connections of all threads: for who does not end with the process."""
        senders, self._senders, self._own = self._senders, [], threading.local()
        for sender in senders:
            sender.close()

    def send(self, call: Call) -> Reply:
        """The provider's answer, whatever its status but those that mean "later". Raises `Unavailable`, `Unknown`."""
        may_have_happened = False
        for attempt in range(self.patience.attempts):
            found = self._attempt(call)
            if isinstance(found, Reply) and found.status not in RETRY_LATER:
                return found
            is_undone = found.status in SURELY_NOT_DONE if isinstance(found, Reply) else found.code in NEVER_SENT
            may_have_happened |= not is_undone and call.changes and call.method != "GET"
            asked = found.retry_after_s if isinstance(found, Reply) else None
            wait_s = self.patience.wait_s(attempt, asked)
            is_last = attempt + 1 == self.patience.attempts or wait_s > self.patience.longest_wait_s
            if is_last or not (call.may_be_repeated or is_undone):
                break
            self.patience.sleep(wait_s)
        host = urlsplit(self.base).hostname
        said = (
            f"{host} answered {found.status}." if isinstance(found, Reply) else f"No answer of {host} ({found.code})."
        )
        if may_have_happened:
            raise Unknown(said)
        raise Unavailable(said, wait_s)

    def _attempt(self, call: Call) -> Reply | Problem:
        """The answer, or what there is instead of one."""
        # A kept connection may be closed by the other side just as it is used again; what must not be sent twice is
        # therefore sent on a new one.
        sender = self._sender() if call.may_be_repeated else Sender(self._policy)
        headers = {"User-Agent": USER_AGENT, **call.headers}
        if call.key:
            headers["Idempotency-Key"] = call.key
        try:
            found = sender.send(call.method, self.base + call.path, call.query, headers, call.json, call.form)
        finally:
            if not call.may_be_repeated:
                sender.close()
        if isinstance(found, Problem):
            if found.code == "private":
                raise Refused(f"{self.base} leads into a private network.", "Allow private addresses, or mend it.")
            return found
        return Reply(found.status, found.body, _retry_after(found.headers.get("retry-after", "")))

    def _sender(self) -> Sender:
        """Connections of this thread: the guard's deadline is that of one request at a time."""
        if not hasattr(self._own, "sender"):
            self._own.sender = Sender(self._policy)
            self._senders.append(self._own.sender)
        sender: Sender = self._own.sender
        return sender


def _retry_after(text: str) -> float | None:
    return min(float(text[:9]), RETRY_AFTER_MAX_S) if text.isascii() and text.isdecimal() else None
