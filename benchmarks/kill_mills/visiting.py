"""People and machines that ask a site again until it answers; what they were answered is kept."""

from __future__ import annotations

import http.client
import json
import random
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

SECRET = "k" * 32  # the same in cookie and header, as a browser has it
AGAIN_AFTER_S = 0.02
PATIENCE_S = 120.0
ANSWER_S = 60.0
FAULTS_MAX = 50


class Stopped(Exception):
    """The mill is to end."""


@dataclass
class Traffic:
    """What is asked of one site, by everybody: how much is under way, what broke off, what was answered."""

    port: int
    stop: threading.Event = field(default_factory=threading.Event)
    kept: list[tuple[str, Any]] = field(default_factory=list)
    """Acts that were answered as done: nothing of them may be lost."""
    faults: list[str] = field(default_factory=list)
    posts: int = 0
    broken: int = 0
    answered: int = 0
    refused: int = 0
    """Answers of the server that it cannot now (5xx): asked again."""
    act_began: float = 0.0
    lock: threading.Lock = field(default_factory=threading.Lock)

    def keep(self, kind: str, *what: Any) -> None:
        """An act that was answered."""
        self.kept.append((kind, what))

    def fault(self, what: str) -> None:
        """Something that must not be."""
        if len(self.faults) < FAULTS_MAX:
            self.faults.append(what)

    def count(self, **by: int) -> None:
        """Add to the counts."""
        with self.lock:
            for name, number in by.items():
                setattr(self, name, getattr(self, name) + number)


def is_answered(port: int, path: str) -> bool:
    """Whether a page comes, asked once."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=ANSWER_S)
    try:
        connection.request("GET", path)
        return connection.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


@dataclass(frozen=True, slots=True)
class Answered:
    """An answer, whatever it says."""

    status: int
    location: str
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode("utf-8", "replace")


class Visitor:
    """A browser, or the machine of a provider."""

    def __init__(self, traffic: Traffic, session: str = "") -> None:
        self.traffic = traffic
        self.cookies = f"csrftoken={SECRET}" + (f"; sessionid={session}" if session else "")

    def get(self, path: str) -> Answered:
        """Raises `Stopped`."""
        return self._ask("GET", path, b"", {})

    def post(self, path: str, said: Mapping[str, Any]) -> Answered:
        """A form. Raises `Stopped`."""
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        return self._ask("POST", path, urlencode(said, doseq=True).encode(), headers)

    def patient(self, path: str) -> Answered:
        """A form without fields, of which the site may say that it cannot be done just now. Raises `Stopped`."""
        return self._ask("POST", path, b"", {}, may_refuse=True)

    def hand_in(self, path: str, name: str, data: bytes) -> Answered:
        """A form with a file. Raises `Stopped`."""
        line = uuid4().hex
        head = f'--{line}\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n'
        body = head.encode() + b"Content-Type: application/xml\r\n\r\n" + data + f"\r\n--{line}--\r\n".encode()
        return self._ask("POST", path, body, {"Content-Type": f"multipart/form-data; boundary={line}"})

    def send(self, path: str, body: bytes, headers: Mapping[str, str]) -> Answered:
        """What a provider sends. Raises `Stopped`."""
        return self._ask("POST", path, body, {"Content-Type": "application/json", **headers})

    def json(self, path: str) -> Any:
        """Raises `Stopped`."""
        return json.loads(self.get(path).body)

    def _ask(
        self, method: str, path: str, body: bytes, headers: Mapping[str, str], *, may_refuse: bool = False
    ) -> Answered:
        """Ask the same again and again. What was not answered may have been done, or not."""
        wanted = {"Cookie": self.cookies, "X-CSRFToken": SECRET, "Connection": "close", **headers}
        end = time.monotonic() + PATIENCE_S
        while time.monotonic() < end:
            if self.traffic.stop.is_set():
                raise Stopped
            said = self._once(method, path, body, wanted)
            if said is not None and said.status < 500:
                if said.status >= 400 and not may_refuse:
                    self.traffic.fault(f"{method} {path}: {said.status} {said.text[-300:]!r}")
                return said
            if said is not None:
                self.traffic.count(refused=1)
            time.sleep(AGAIN_AFTER_S)
        self.traffic.fault(f"{method} {path}: no answer in {PATIENCE_S:.0f} s")
        raise Stopped

    def _once(self, method: str, path: str, body: bytes, headers: Mapping[str, str]) -> Answered | None:
        connection = http.client.HTTPConnection("127.0.0.1", self.traffic.port, timeout=ANSWER_S)
        try:
            connection.connect()
        except OSError:
            return None
        began, is_act = time.perf_counter(), method == "POST"
        self.traffic.count(posts=is_act)
        try:
            connection.request(method, path, body or None, dict(headers))
            answer = connection.getresponse()
            found = Answered(answer.status, answer.headers.get("Location", ""), answer.read())
        except (OSError, http.client.HTTPException):
            self.traffic.count(broken=is_act)
            return None
        finally:
            self.traffic.count(posts=-is_act)
            connection.close()
        if is_act and found.status < 400:
            self.traffic.act_began = began
            self.traffic.count(answered=1)
        return found


class Mill(threading.Thread):
    """Somebody who does the same over and over, until everything stops."""

    pause_s = 0.1

    def __init__(self, traffic: Traffic, seed: int) -> None:
        super().__init__(daemon=True)
        self.traffic, self.chance = traffic, random.Random(seed)  # noqa: S311 - repeatable

    def turn(self) -> None:
        """Once. Raises `Stopped`."""
        raise NotImplementedError

    def run(self) -> None:
        try:
            while not self.traffic.stop.wait(self.pause_s):
                self.turn()
        except Stopped:
            return
        except Exception as error:
            self.traffic.fault(f"{type(self).__name__} broke: {type(error).__name__}: {error}")
            raise

    def picked(self, all_of: Sequence[Any]) -> Any:
        return self.chance.choice(all_of)
