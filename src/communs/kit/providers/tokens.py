"""OAuth 2 tokens of a client that speaks for itself (RFC 6749 §4.4), renewed before they run out (§6)."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from communs.core.providers import Refused, Unavailable
from communs.core.providers.reading import loaded
from communs.kit.providers.calling import Call, Caller

EARLY_S: Final = 60.0
"""A token is renewed so long before it runs out, for clocks that differ and calls that take time."""


@dataclass
class Tokens:
    """Hands out an access token. One for all threads: providers limit how many may be asked for.

    `now`: a clock that never goes back, in seconds.
    """

    caller: Caller
    client_id: str
    client_secret: str = field(repr=False)
    path: str = "/oauth2/token"
    now: Callable[[], float] = time.monotonic
    _access: str = field(default="", repr=False)
    _refresh: str = field(default="", repr=False)
    _until: float = 0.0
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)

    def access(self, stale: str = "") -> str:
        """A token to call with; another one where `stale` was just refused. Raises `Refused`, `Unavailable`."""
        with self._lock:
            if self._access == stale or self.now() >= self._until:
                self._renew()
            return self._access

    def _renew(self) -> None:
        who = {"client_id": self.client_id}
        if self._refresh:
            refresh, self._refresh = self._refresh, ""
            if self._ask({**who, "grant_type": "refresh_token", "refresh_token": refresh}):
                return
        secret = {**who, "client_secret": self.client_secret, "grant_type": "client_credentials"}
        if not self._ask(secret):
            raise Refused(
                f"{self.caller.base} does not know this client.", "Check the client's id and secret in the settings."
            )

    def _ask(self, form: dict[str, str]) -> bool:
        reply = self.caller.send(Call("POST", self.path, form=form, changes=False))
        if reply.status in {400, 401, 403}:
            return False
        if not reply.is_fine:
            raise Unavailable(f"{self.caller.base}{self.path} answered {reply.status}.", EARLY_S)
        said = loaded(reply.body, "the token")
        self._access, self._refresh = said.text("access_token"), said.text("refresh_token", "")
        self._until = self.now() + max(0.0, said.whole("expires_in", 0) - EARLY_S)
        return True
