"""Requests of any method through the guard, without redirects: for services where the site has an account."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import httpcore
import httpx

from communs.kit.fetch.guard import GuardedBackend, Policy, Problem
from communs.kit.fetch.transport import Transport, read_body

NEVER_SENT = frozenset({"connect", "name", "private"})
"""Codes of problems that came before anything was sent."""


@dataclass(frozen=True, slots=True)
class Response:
    """What came back. `headers` have their names in lower case."""

    status: int
    body: bytes
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)


class Sender:
    """Sends within one policy, on connections that are kept open. Not for several threads at once.

    A body that is longer than the policy allows is a problem, not half an answer. Nothing is sent again by itself.
    """

    def __init__(self, policy: Policy) -> None:
        self.policy = policy
        self._backend = GuardedBackend(policy)
        self._client = httpx.Client(transport=Transport(self._backend), follow_redirects=False, trust_env=False)

    def close(self) -> None:
        self._client.close()

    def send(
        self,
        method: str,
        url: str,
        query: Sequence[tuple[str, str]] = (),
        headers: Mapping[str, str] | None = None,
        json: Any = None,
        form: Mapping[str, str] | None = None,
        content: bytes | None = None,
    ) -> Response | Problem:
        """The answer to `json`, a `form`, or `content` as it stands.

        Or a `Problem`: `connect`, `name`, `private`, `slow`, `protocol`.
        """
        self._backend.deadline = deadline = time.monotonic() + self.policy.timeout_s
        self._backend.refused = None
        asked = {"Accept": "application/json", "Accept-Encoding": "identity", **(headers or {})}
        try:
            with self._client.stream(
                method,
                url,
                params=list(query) or None,
                json=json,
                data=form,
                content=content,
                headers=asked,
                timeout=self.policy.timeout_s,
            ) as answer:
                body, is_whole = read_body(answer, self.policy.bytes_max, deadline)
                told = {name.lower(): value for name, value in answer.headers.items()}
                return Response(answer.status_code, body, told) if is_whole else Problem("protocol", "too long")
        except httpx.ConnectError:
            return self._backend.refused or Problem("connect")
        except (httpx.TimeoutException, httpcore.TimeoutException):
            return Problem("slow")
        except (httpx.HTTPError, httpx.InvalidURL, ValueError) as error:
            return Problem("protocol", type(error).__name__)
