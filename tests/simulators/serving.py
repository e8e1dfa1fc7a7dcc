"""What the simulated providers share: a server, books of their own in SQLite, faults on request, notifications late.

Nothing of `communs` is imported in this folder: what judges the client must not share its mistakes.
"""

from __future__ import annotations

import base64
import json
import random
import socket
import sqlite3
import sys
import threading
import time
import urllib.request
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

TABLES = """
CREATE TABLE IF NOT EXISTS thing (kind TEXT, id TEXT, position INTEGER PRIMARY KEY AUTOINCREMENT, body TEXT NOT NULL,
                                  UNIQUE (kind, id));
CREATE TABLE IF NOT EXISTS movement (number INTEGER PRIMARY KEY, what TEXT, object TEXT, intent TEXT, minor INTEGER);
CREATE TABLE IF NOT EXISTS exchange (number INTEGER PRIMARY KEY, method TEXT, path TEXT, status INTEGER, problems TEXT);
CREATE TABLE IF NOT EXISTS notification (number INTEGER PRIMARY KEY, due TEXT, headers TEXT, body BLOB, sent INTEGER);
CREATE TABLE IF NOT EXISTS number (name TEXT PRIMARY KEY, value TEXT);
"""


@dataclass(frozen=True)
class Asked:
    method: str
    path: str
    query: list[tuple[str, str]]
    headers: Mapping[str, str]
    body: bytes

    def first(self, name: str, default: str = "") -> str:
        return next((value for given, value in self.query if given == name), default)


@dataclass
class Said:
    status: int
    body: Any = None
    headers: dict[str, str] = field(default_factory=dict)
    garbled: bytes | None = None
    pause_s: float = 0.0

    @property
    def raw(self) -> bytes:
        if self.garbled is not None:
            return self.garbled
        return b"" if self.body is None else json.dumps(self.body, ensure_ascii=False).encode()


class Sorry(Exception):
    """An answer that says no."""

    def __init__(self, status: int, body: Any) -> None:
        super().__init__(status)
        self.said = Said(status, body)


class Simulator:
    """A provider with books in the file `books`. Subclasses answer `answer`, and sign in `signed`."""

    def __init__(self, books: Path, start: datetime | None = None) -> None:
        self.lock = threading.RLock()
        self.db = sqlite3.connect(books, check_same_thread=False, isolation_level=None)
        self.db.executescript("PRAGMA journal_mode=WAL; PRAGMA synchronous=OFF;" + TABLES)
        self.start = start or datetime.now(UTC).replace(microsecond=0)
        self.faults: list[dict[str, Any]] = []
        self._plan({})
        if not self.setting("now"):
            self.set("now", self.start.isoformat())

    def reset(self) -> None:
        """Begin anew, with empty books."""
        for table in ("thing", "movement", "exchange", "notification", "number"):
            self.db.execute(f"DELETE FROM {table}")  # noqa: S608 - names of our own
        self.faults.clear()
        self._plan({})
        self.set("now", self.start.isoformat())

    # The clock is virtual: it moves a second (the plan's `tick_s`) with every change, and by as much as asked.

    @property
    def now(self) -> datetime:
        return datetime.fromisoformat(self.setting("now"))

    def later(self, **by: float) -> datetime:
        now = self.now + timedelta(**by)
        self.set("now", now.isoformat())
        return now

    def setting(self, name: str) -> str:
        row = self.db.execute("SELECT value FROM number WHERE name = ?", (name,)).fetchone()
        return str(row[0]) if row else ""

    def set(self, name: str, value: str) -> None:
        self.db.execute("INSERT OR REPLACE INTO number VALUES (?, ?)", (name, value))

    def next_number(self) -> int:
        number = int(self.setting("last") or 1000) + 1
        self.set("last", str(number))
        return number

    def put(self, kind: str, thing_id: object, body: dict[str, Any]) -> None:
        self.db.execute(
            "INSERT INTO thing (kind, id, body) VALUES (?, ?, ?)"
            " ON CONFLICT (kind, id) DO UPDATE SET body = excluded.body",
            (kind, str(thing_id), json.dumps(body)),
        )

    def get(self, kind: str, thing_id: object) -> dict[str, Any] | None:
        row = self.db.execute("SELECT body FROM thing WHERE kind = ? AND id = ?", (kind, str(thing_id))).fetchone()
        return json.loads(row[0]) if row else None

    def all(self, kind: str) -> list[dict[str, Any]]:
        rows = self.db.execute("SELECT body FROM thing WHERE kind = ? ORDER BY position", (kind,))
        return [json.loads(row[0]) for row in rows]

    def book(self, what: str, thing_id: object, intent: str, minor: int) -> None:
        """Write money into the books, which are what double payments are judged by."""
        self.db.execute(
            "INSERT INTO movement (what, object, intent, minor) VALUES (?, ?, ?, ?)",
            (what, str(thing_id), intent, minor),
        )

    def notify(self, body: dict[str, Any]) -> None:
        """Queue a notification: never, once or several times, now or later, as planned."""
        raw = json.dumps(body).encode()
        if self.chance.random() < self.plan.get("lose", 0):
            return
        for _copy in range(self.chance.randint(1, self.plan.get("copies", 1))):
            due = self.now + timedelta(minutes=self.chance.random() * self.plan.get("delay_minutes", 0))
            self.db.execute(
                "INSERT INTO notification (due, headers, body, sent) VALUES (?, ?, ?, 0)",
                (due.isoformat(), json.dumps(self.signed(raw)), raw),
            )

    def due(self) -> list[dict[str, Any]]:
        rows = self.db.execute("SELECT number, due, headers, body FROM notification WHERE sent = 0").fetchall()
        rows = [row for row in rows if datetime.fromisoformat(row[1]) <= self.now]
        rows.sort(key=lambda row: (datetime.fromisoformat(row[1]), row[0]))
        if self.plan.get("shuffle"):
            self.chance.shuffle(rows)
        for row in rows:
            self.db.execute("UPDATE notification SET sent = 1 WHERE number = ?", (row[0],))
        return [{"headers": json.loads(row[2]), "body": base64.b64encode(row[3]).decode()} for row in rows]

    def signed(self, raw: bytes, forged: bool = False) -> dict[str, str]:
        raise NotImplementedError

    def answer(self, asked: Asked) -> Said:
        raise NotImplementedError

    def act(self, verb: str, wish: dict[str, Any]) -> Any:
        """What a payer, a bank or the provider's staff does: verbs of the administration."""
        raise NotImplementedError

    def check_request(self, _asked: Asked) -> list[str]:
        return []

    def check_answer(self, _asked: Asked, _said: Said) -> list[str]:
        return []

    def judge(self) -> dict[str, Any]:
        """What the books say, and every exchange that broke the contract."""
        rows = self.db.execute("SELECT what, object, intent, minor FROM movement ORDER BY number").fetchall()
        paid: dict[str, int] = {}
        for what, _object, intent, _minor in rows:
            if what == "paid" and intent:
                paid[intent] = paid.get(intent, 0) + 1
        asked = self.db.execute("SELECT method, path, status, problems FROM exchange ORDER BY number").fetchall()
        return {
            "movements": [list(row) for row in rows],
            "paid_per_intent": paid,
            "exchanges": len(asked),
            "calls": [list(row[:3]) for row in asked],
            "violations": [f"{row[0]} {row[1]} {row[2]}: {row[3]}" for row in asked if row[3]],
        }

    def handle(self, asked: Asked) -> Said | None:
        """An answer, or None for one that gets lost on its way.

        Faults: `status` instead of doing anything, `lose-request` before, `lose-answer` and `status-after` when done;
        and answers that are `garbled` (to `text`, or to so many `zeros`) or `slow` (`pause_s` between its bytes).
        """
        if asked.path.startswith("/_admin/"):
            return self._administer(asked)
        fault = self._fault(asked)
        if fault and fault["what"] == "status":
            said = Said(fault["status"], {"message": "simulated"}, fault.get("headers", {}))
            self._note(asked, said, [])
            return said
        if fault and fault["what"] == "lose-request":
            return None
        problems = self.check_request(asked)
        self.db.execute("BEGIN IMMEDIATE")
        try:
            self.later(seconds=self.plan.get("tick_s", 1))
            said = Said(400, {"message": "; ".join(problems)}) if problems else self.answer(asked)
            self.db.execute("COMMIT")
        except Sorry as sorry:
            self.db.execute("COMMIT")
            said = sorry.said
        except Exception:
            self.db.execute("ROLLBACK")
            raise
        self._note(asked, said, problems + self.check_answer(asked, said))
        return _spoiled(said, fault) if fault else said

    def _note(self, asked: Asked, said: Said, problems: list[str]) -> None:
        self.db.execute(
            "INSERT INTO exchange (method, path, status, problems) VALUES (?, ?, ?, ?)",
            (asked.method, asked.path, said.status, "; ".join(problems)),
        )

    def _fault(self, asked: Asked) -> dict[str, Any] | None:
        for fault in self.faults:
            if fault["times"] > 0 and asked.method == fault["method"] and fault["path"] in asked.path:
                fault["times"] -= 1
                return fault
        return None

    def _administer(self, asked: Asked) -> Said:
        verb = asked.path.removeprefix("/_admin/")
        wish = json.loads(asked.body or b"{}")
        common: dict[str, Callable[[], Any]] = {
            "faults": lambda: self.faults.append({"times": 1, "method": "POST", "path": "/", **wish}),
            "plan": lambda: self._plan(wish),
            "clock": lambda: self.later(**wish).isoformat(),
            "deliver": self._deliver,
            "forge": lambda: self._forge(wish),
            "judge": self.judge,
            "reset": self.reset,
        }
        if verb in common:
            return Said(200, {"result": common[verb]()})
        self.db.execute("BEGIN IMMEDIATE")
        try:
            self.later(seconds=self.plan.get("tick_s", 1))
            found = self.act(verb, wish)
            self.db.execute("COMMIT")
        except BaseException:
            self.db.execute("ROLLBACK")
            raise
        return Said(200, {"result": found})

    def _plan(self, wish: dict[str, Any]) -> None:
        self.plan, self.chance = wish, random.Random(wish.get("seed", 0))  # noqa: S311 - to be repeated
        self.notify_url = wish.get("url", "")

    def _forge(self, wish: dict[str, Any]) -> dict[str, Any]:
        raw = json.dumps(wish).encode()
        return {"headers": self.signed(raw, forged=True), "body": base64.b64encode(raw).decode()}

    def _deliver(self) -> list[dict[str, Any]]:
        """What is due by the virtual clock: returned, and sent to the address of the plan where there is one."""
        found = self.due()
        for one in found if self.notify_url else ():
            headers = {"Content-Type": "application/json", **one["headers"]}
            request = urllib.request.Request(self.notify_url, base64.b64decode(one["body"]), headers)  # noqa: S310
            with urllib.request.urlopen(request, timeout=10):  # noqa: S310 - an address given by a test
                pass
        return found


def _spoiled(said: Said, fault: dict[str, Any]) -> Said | None:
    """What comes of an answer when everything was done and the fault is in the answer alone."""
    return {
        "status-after": lambda: Said(fault["status"], {"message": "simulated"}),
        "garbled": lambda: Said(said.status, garbled=fault.get("text", "").encode() or b"0" * fault["zeros"]),
        "slow": lambda: Said(said.status, said.body, pause_s=fault["pause_s"]),
        "lose-answer": lambda: None,
    }[fault["what"]]()


def serve(simulator: Simulator) -> None:
    """Serve on a free port of this machine, saying which on the first line of stdout, until stdin closes."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        wbufsize = 65_536  # an answer in one piece: two pieces wait for each other
        disable_nagle_algorithm = True

        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            query = parse_qsl(parts.query, keep_blank_values=True)
            headers = {name.lower(): value for name, value in self.headers.items()}
            with simulator.lock:
                said = simulator.handle(Asked(self.command, parts.path, query, headers, body))
            if said is None:
                self.close_connection = True
                self.connection.shutdown(socket.SHUT_RDWR)
                return
            raw = said.raw
            self.send_response(said.status)
            for name, value in said.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(raw)))
            self.end_headers()
            for byte in raw if said.pause_s else ():
                self.wfile.write(bytes([byte]))
                self.wfile.flush()
                time.sleep(said.pause_s)
            self.wfile.write(b"" if said.pause_s else raw)

        do_POST = do_DELETE = do_GET  # noqa: N815 - names of the standard library

        def log_message(self, *_words: Any) -> None:
            pass

    class Server(ThreadingHTTPServer):
        daemon_threads = True

        def handle_error(self, _request: Any, _client: Any) -> None:
            if not isinstance(sys.exception(), ConnectionError | BrokenPipeError):
                super().handle_error(_request, _client)

    server = Server(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    sys.stdout.write(f"http://127.0.0.1:{server.server_address[1]}\n")
    sys.stdout.flush()
    sys.stdin.read()
    server.shutdown()
