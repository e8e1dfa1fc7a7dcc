"""A forge on this machine that speaks like GitHub, GitLab and Forgejo, for tests and benchmarks: real HTTP, real ETags.

One object holds the repositories; each family of forges answers on a port of its own. What real forges do to those who
read them can be brought about: renames, removals, archiving, limits, faults.
"""

from __future__ import annotations

import hashlib
import json
import re
import threading
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

FAMILIES = ("github", "gitlab", "forgejo")


@dataclass(slots=True)
class Repository:
    """One repository. `fault`: a status to answer with whatever is asked; 0 for none."""

    number: int
    path: str
    files: dict[str, bytes] = field(default_factory=dict)
    licence: str = ""
    homepage: str = ""
    pushed_on: str = "2026-11-01"
    is_archived: bool = False
    parent: str = ""
    fault: int = 0
    retry_after: str = ""


class LocalForge:
    """Repositories and the three servers that tell of them. Use as a context manager, or `start` and `stop`."""

    def __init__(self) -> None:
        self.repositories: dict[str, dict[str, Repository]] = {family: {} for family in FAMILIES}
        self.moved: dict[str, dict[str, str]] = {family: {} for family in FAMILIES}
        self.answers: Counter[int] = Counter()
        self.asked: list[str] = []
        self.tokens: set[str] = set()
        self.robots: dict[str, str] = {}
        self.api_left: dict[str, int] = {}  # requests of a family's API still allowed; absent: any number
        self.api_reset_s = 60
        self.page_rows = 100
        self._numbers = iter(range(1, 10_000_000))
        self._servers: dict[str, _Server] = {}

    def start(self) -> LocalForge:
        for family in FAMILIES:
            server = _Server(self, family)
            threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
            self._servers[family] = server
        return self

    def stop(self) -> None:
        for server in self._servers.values():
            server.shutdown()
            server.server_close()

    def url(self, family: str, path: str = "") -> str:
        """The address of a family's server, or of a page on it."""
        return f"http://127.0.0.1:{self._servers[family].server_address[1]}/{path}".rstrip("/")

    def add(self, family: str, path: str, files: Mapping[str, str | bytes] | None = None, **facts: Any) -> Repository:
        """Create a repository; one that was at this path before is another one."""
        contents = {name: data.encode() if isinstance(data, str) else data for name, data in (files or {}).items()}
        made = Repository(next(self._numbers), path, contents, **facts)
        self.repositories[family][path.lower()] = made
        self.moved[family].pop(path.lower(), None)
        return made

    def remove(self, family: str, path: str) -> Repository:
        """Take a repository away; `restore` brings it back."""
        return self.repositories[family].pop(path.lower())

    def restore(self, family: str, repository: Repository) -> None:
        self.repositories[family][repository.path.lower()] = repository

    def rename(self, family: str, path: str, new: str) -> None:
        """Give a repository another path; the old one redirects."""
        found = self.repositories[family].pop(path.lower())
        found.path = new
        self.repositories[family][new.lower()] = found
        self.moved[family].pop(new.lower(), None)
        self.moved[family][path.lower()] = new

    def find(self, family: str, path: str) -> Repository | None:
        return self.repositories[family].get(path.lower())


@contextmanager
def local_forge() -> Iterator[LocalForge]:
    """A forge that runs as long as the block."""
    forge = LocalForge().start()
    try:
        yield forge
    finally:
        forge.stop()


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, forge: LocalForge, family: str) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.forge, self.family = forge, family


@dataclass(frozen=True, slots=True)
class _Reply:
    status: int
    body: bytes = b""
    kind: str = "application/json"
    headers: tuple[tuple[str, str], ...] = ()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: _Server

    def do_GET(self) -> None:
        forge, split = self.server.forge, urlsplit(self.path)
        forge.asked.append(f"{self.server.family} {self.path}")
        reply = _answer(forge, self.server.family, split.path, parse_qs(split.query), self.headers)
        etag = f'W/"{hashlib.sha256(reply.body).hexdigest()[:24]}"' if reply.status == 200 else ""
        status, body = reply.status, reply.body
        if etag and self.headers.get("If-None-Match") == etag:
            status, body = 304, b""
        forge.answers[status] += 1
        self.send_response(status)
        for name, value in (("Content-Type", reply.kind), ("ETag", etag), *reply.headers):
            if value:
                self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args: Any) -> None:
        """Silent."""


def _answer(forge: LocalForge, family: str, path: str, query: dict[str, list[str]], headers: Any) -> _Reply:
    if path == "/robots.txt":
        text = forge.robots.get(family)
        return _Reply(200, text.encode(), "text/plain") if text is not None else _Reply(404)
    base = {"github": "/api/v3/repos/", "gitlab": "/api/v4/projects/", "forgejo": "/api/v1/repos/"}[family]
    if not path.startswith(base):
        return _plain(forge, family, path) if not path.startswith("/api/") else _Reply(404, b"{}")
    limits: tuple[tuple[str, str], ...] = ()
    has_token = any(
        token in str(headers.get(name)) for token in forge.tokens for name in ("Authorization", "PRIVATE-TOKEN")
    )
    if family in forge.api_left and not has_token:
        forge.api_left[family] -= 1
        left = max(0, forge.api_left[family])
        limits = (("X-RateLimit-Remaining", str(left)), ("X-RateLimit-Reset", str(forge.api_reset_s)))
        if forge.api_left[family] < 0:
            return _Reply(403, b'{"message": "API rate limit exceeded"}', headers=limits)
    reply = _of_api(forge, family, path.removeprefix(base), query)
    return _Reply(reply.status, reply.body, reply.kind, (*reply.headers, *limits))


def _of_api(forge: LocalForge, family: str, rest: str, query: dict[str, list[str]]) -> _Reply:
    name, inside = _split_api(family, rest)
    moved = forge.moved[family].get(name.lower())
    if moved:
        shown = moved.replace("/", "%2F") if family == "gitlab" else moved
        base = {"github": "/api/v3/repos/", "gitlab": "/api/v4/projects/", "forgejo": "/api/v1/repos/"}[family]
        return _Reply(301, b"{}", headers=(("Location", f"{base}{shown}{inside}"),))
    found = forge.find(family, name)
    if found is None:
        return _Reply(404, b'{"message": "Not Found"}')
    if found.fault:
        return _Reply(found.fault, b"{}", headers=(("Retry-After", found.retry_after),) if found.retry_after else ())
    if not inside:
        return _json(_facts(forge, family, found))
    return _contents(forge, family, found, inside, query)


def _split_api(family: str, rest: str) -> tuple[str, str]:
    """The path of the repository, and what is asked inside it."""
    if family == "gitlab":
        name, slash, inside = rest.partition("/")
        return unquote(name), slash + inside
    parts = rest.split("/")
    inside = "/".join(parts[2:])
    return unquote("/".join(parts[:2])), f"/{inside}" if inside else ""


def _facts(forge: LocalForge, family: str, found: Repository) -> dict[str, Any]:
    url, name = forge.url(family, found.path), found.path.rpartition("/")[2]
    parent = forge.url(family, found.parent) if found.parent else ""
    common = {"id": found.number, "name": name, "default_branch": "main", "archived": found.is_archived}
    if family == "gitlab":
        told: dict[str, Any] = {"path_with_namespace": found.path, "web_url": url, "license": None}
        if found.licence:
            told["license"] = {"key": found.licence.lower()}
        if parent:
            told["forked_from_project"] = {"web_url": parent}
        return {**common, **told, "last_activity_at": f"{found.pushed_on}T08:00:00.000Z"}
    told = {"full_name": found.path, "html_url": url, "fork": bool(parent)}
    if parent:
        told["parent"] = {"html_url": parent}
    if family == "github":
        licence = {"spdx_id": found.licence} if found.licence else None
        moment = f"{found.pushed_on}T08:00:00Z"
        return {
            **common,
            **told,
            "homepage": found.homepage or None,
            "license": licence,
            "pushed_at": moment,
            "size": 9,
        }
    licences = [found.licence] if found.licence else []
    moment = f"{found.pushed_on}T09:00:00+01:00"
    return {**common, **told, "website": found.homepage, "licenses": licences, "updated_at": moment, "empty": False}


def _contents(forge: LocalForge, family: str, found: Repository, inside: str, query: dict[str, list[str]]) -> _Reply:
    """A listing, or a file."""
    if family == "gitlab":
        if inside == "/repository/tree":
            return _tree(forge, found, query)
        asked = re.fullmatch(r"/repository/files/([^/]+)/raw", inside)
        return _file(found, unquote(asked[1])) if asked else _Reply(404)
    kind, _slash, path = inside.strip("/").partition("/")
    path = unquote(path)
    if kind == "raw" or (kind == "contents" and path in found.files):
        return _file(found, path)
    entries = _entries(found, path)
    if kind != "contents" or not entries:
        return _Reply(404, b"{}")
    return _json([{**entry, "type": "dir" if entry["is_folder"] else "file"} for entry in entries])


def _tree(forge: LocalForge, found: Repository, query: dict[str, list[str]]) -> _Reply:
    """GitLab gives listings page by page."""
    page = int(query.get("page", ["1"])[0])
    entries = _entries(found, query.get("path", [""])[0])
    if not entries:
        return _Reply(404, b"{}")
    rows = [
        {"id": entry["sha"], "path": entry["path"], "type": "tree" if entry["is_folder"] else "blob"}
        for entry in entries
    ]
    start = (page - 1) * forge.page_rows
    following = str(page + 1) if start + forge.page_rows < len(rows) else ""
    reply = _json(rows[start : start + forge.page_rows])
    return _Reply(200, reply.body, headers=(("X-Next-Page", following),))


def _entries(found: Repository, folder: str) -> list[dict[str, Any]]:
    """Files and folders below a folder, each with a hash of what is in it."""
    prefix = f"{folder}/" if folder else ""
    below: dict[str, list[tuple[str, bytes]]] = {}
    for path, data in found.files.items():
        if path.startswith(prefix):
            below.setdefault(path[len(prefix) :].partition("/")[0], []).append((path, data))
    entries = []
    for name, inside in sorted(below.items()):
        path = f"{prefix}{name}"
        is_folder = path not in found.files
        sha = hashlib.sha1(repr(sorted(inside)).encode(), usedforsecurity=False).hexdigest()
        size = 0 if is_folder else len(found.files[path])
        entries.append({"path": path, "name": name, "is_folder": is_folder, "sha": sha, "size": size})
    return entries


def _file(found: Repository, path: str) -> _Reply:
    data = found.files.get(path)
    return _Reply(404) if data is None else _Reply(200, data, "text/plain; charset=utf-8")


def _plain(forge: LocalForge, family: str, path: str) -> _Reply:
    """Pages, feeds and raw files, as they are without the API."""
    asked = re.fullmatch(r"/([^/]+/[^/]+?)(/commits\.atom|\.atom|/(?:-/)?raw/(?:branch/)?[^/]+/(.+))?", unquote(path))
    if asked is None:
        return _Reply(404, b"", "text/html")
    moved = forge.moved[family].get(asked[1].lower())
    if moved:
        return _Reply(301, headers=(("Location", f"/{moved}{asked[2] or ''}"),))
    found = forge.find(family, asked[1])
    if found is None or found.fault:
        return _Reply(found.fault if found else 404)
    if asked[3]:
        return _file(found, asked[3])
    if asked[2]:
        feed = f"<feed><entry><updated>{found.pushed_on}T08:00:00Z</updated></entry></feed>"
        return _Reply(200, feed.encode(), "application/atom+xml")
    return _Reply(200, b"<!doctype html><title>A repository</title>", "text/html")


def _json(value: Any) -> _Reply:
    return _Reply(200, json.dumps(value).encode())
