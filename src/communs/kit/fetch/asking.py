"""GET within a policy, alone or several on kept connections. What went wrong is a `Problem`, never an exception."""

from __future__ import annotations

import re
import ssl
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from types import TracebackType
from urllib.parse import urljoin

import httpcore
import httpx

from communs import __version__
from communs.kit.fetch.guard import GuardedBackend, Policy, Problem
from communs.kit.fetch.transport import Transport, read_body

USER_AGENT = f"communs/{__version__} (link check; answers are not kept)"
REDIRECTS = frozenset({301, 302, 303, 307, 308})
RETRY_AFTER_MAX_S = 30 * 86_400.0
HEADER_LENGTH_MAX = 500
_NO_HEADERS: Mapping[str, str] = {}
_USUAL = Policy()


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back: the last address of the redirects, the status, the first `bytes_max` bytes of the body.

    `etag` and `modified` are what to ask with the next time; the answer is then 304, without a body, where nothing has
    changed. `retry_after_s`: how long the server wants to be left alone, None where it does not say. `headers` have
    their names in lower case.
    """

    url: str
    status: int
    body: bytes = b""
    is_whole: bool = True
    redirects: tuple[str, ...] = ()
    etag: str = ""
    modified: str = ""
    content_type: str = ""
    retry_after_s: float | None = None
    headers: Mapping[str, str] = field(default_factory=dict, compare=False, repr=False)


def fetch(
    url: str,
    policy: Policy = _USUAL,
    etag: str = "",
    modified: str = "",
    headers: Mapping[str, str] | None = None,
) -> Answer | Problem:
    """GET `url` within `policy`, following redirects. Never raises for what the other side does."""
    with Session(policy) as session:
        return session.fetch(url, etag, modified, headers)


class Session:
    """Several requests within one policy, on connections that are kept open: each was checked when it was opened.

    Not for several threads at once. `headers` go to the host that was asked and not to others it redirects to.
    """

    def __init__(self, policy: Policy = _USUAL) -> None:
        self.policy = policy
        self._backend = GuardedBackend(policy)
        self._client = httpx.Client(transport=Transport(self._backend), follow_redirects=False, trust_env=False)
        self._is_used = False

    def __enter__(self) -> Session:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the connections."""
        self._client.close()

    def fetch(
        self, url: str, etag: str = "", modified: str = "", headers: Mapping[str, str] | None = None
    ) -> Answer | Problem:
        """As the function of the same name."""
        asked = {**(headers or {}), **_conditions(etag, modified)}
        is_again, self._is_used = self._is_used, True
        found = self._follow(url, asked)
        if is_again and isinstance(found, Problem) and found.code == "protocol":
            # The server may have closed the connection that we had kept open, just as we used it again.
            found = self._follow(url, asked)
        return found

    def _follow(self, url: str, headers: Mapping[str, str]) -> Answer | Problem:
        self._backend.deadline = deadline = time.monotonic() + self.policy.timeout_s
        self._backend.refused = None
        seen: list[str] = []
        try:
            origin = _checked(url)
            while True:
                at_home = _origin(httpx.URL(url)) == origin
                answer = self._get(url, headers if at_home else _NO_HEADERS, tuple(seen), deadline)
                if not isinstance(answer, str):
                    return answer
                seen.append(url)
                if len(seen) > self.policy.redirects_max:
                    return Problem("redirects", str(self.policy.redirects_max))
                url = urljoin(url, answer)
                _checked(url)
        except _Refused as refused:
            return refused.problem
        except (httpx.HTTPError, httpx.InvalidURL, httpcore.ConnectError, httpcore.TimeoutException, ValueError) as err:
            return self._problem_of(err)

    def _get(self, url: str, headers: Mapping[str, str], redirects: tuple[str, ...], deadline: float) -> Answer | str:
        """One request: its answer, or the place where it redirects to."""
        asked = {"User-Agent": USER_AGENT, "Accept": "*/*", "Accept-Encoding": "identity", **headers}
        with self._client.stream("GET", url, headers=asked, timeout=self.policy.timeout_s) as response:
            target = response.headers.get("location")
            if response.status_code in REDIRECTS and target:
                return str(target)
            body, whole = read_body(response, self.policy.bytes_max, deadline)
            told = {name.lower(): value[:HEADER_LENGTH_MAX] for name, value in response.headers.items()}
        return Answer(
            url,
            response.status_code,
            body,
            whole,
            redirects,
            etag=told.get("etag", ""),
            modified=told.get("last-modified", ""),
            content_type=told.get("content-type", "").partition(";")[0].strip().lower(),
            retry_after_s=_retry_after(told.get("retry-after", "")),
            headers=told,
        )

    def _problem_of(self, error: Exception) -> Problem:
        if self._backend.refused is not None:
            return self._backend.refused
        if isinstance(error, httpx.TimeoutException | httpcore.TimeoutException):
            return Problem("slow")
        if isinstance(error, httpx.InvalidURL | ValueError):
            return Problem("address")
        cause: BaseException | None = error
        while cause is not None:
            if isinstance(cause, ssl.SSLError):
                return Problem("certificate", str(getattr(cause, "verify_message", "") or cause.reason or "")[:100])
            cause = cause.__cause__ or cause.__context__
        return Problem("connect" if isinstance(error, httpx.ConnectError) else "protocol", type(error).__name__)


class _Refused(Exception):
    """The guard does not let a request through."""

    def __init__(self, code: str, detail: str = "") -> None:
        super().__init__(code, detail)
        self.problem = Problem(code, detail)


def _checked(url: str) -> tuple[str, str, int | None]:
    """The origin of an address; only http and https, with a host, without a name and password inside."""
    try:
        parsed = httpx.URL(url)
    except (httpx.InvalidURL, ValueError) as error:
        raise _Refused("address", str(error)) from error
    if parsed.scheme not in {"http", "https"} or not parsed.host or parsed.userinfo:
        raise _Refused("address", parsed.scheme)
    # Programs differ over which host an address names that has such characters before its path.
    if re.search(r"[\\\s]", re.split(r"[/?#]", url.strip().partition("://")[2])[0]):
        raise _Refused("address", parsed.scheme)
    return _origin(parsed)


def _origin(url: httpx.URL) -> tuple[str, str, int | None]:
    return (url.scheme, url.host, url.port)


def _conditions(etag: str, modified: str) -> dict[str, str]:
    """The headers that ask for an answer only where something has changed; nothing that could break a line."""
    asked = {"If-None-Match": etag, "If-Modified-Since": modified}
    return {name: text for name, text in asked.items() if text and text.isascii() and text.isprintable()}


def _retry_after(text: str) -> float | None:
    """Seconds to wait: given as a number or as a date."""
    if text.isascii() and text.isdecimal():
        return min(float(text[:12]), RETRY_AFTER_MAX_S)
    try:
        until = parsedate_to_datetime(text)
    except (ValueError, TypeError):
        return None
    until = until if until.tzinfo else until.replace(tzinfo=UTC)
    return min(max(0.0, (until - datetime.now(UTC)).total_seconds()), RETRY_AFTER_MAX_S)
