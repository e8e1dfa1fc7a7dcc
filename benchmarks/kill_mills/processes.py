"""The processes of a site: started as an operator does, ended without a word, and waited for."""

from __future__ import annotations

import contextlib
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from communs.cli.house import ROOT
from communs.testing.kills import Forked, started_by
from kill_mills.people import AT
from kill_mills.visiting import is_answered

READY_MAX_S, LOOK_S = 60.0, 0.005
REAL_EACH = 10
Running = subprocess.Popen[bytes] | Forked


def wait_for(is_so: Callable[[], bool], most_s: float = READY_MAX_S) -> float:
    """Seconds until it is so; `most_s` where it never was."""
    began = time.perf_counter()
    while not is_so():
        if time.perf_counter() - began > most_s:
            return most_s
        time.sleep(LOOK_S)
    return time.perf_counter() - began


class Moment:
    """A random moment within about as long as something lasts, which is learnt from how often it was missed."""

    def __init__(self, lasts_s: float) -> None:
        self.lasts_s = lasts_s

    def wait(self, chance: random.Random) -> None:
        time.sleep(chance.random() * self.lasts_s)

    def learn(self, *, was_hit: bool) -> None:
        self.lasts_s = min(max(self.lasts_s * (1.1 if was_hit else 0.8), 0.01), 3.0)


class Processes:
    """Those of one site, each in a group of its own."""

    def __init__(self, folder: Path, port: int) -> None:
        self.port, self.environment = port, {**os.environ, "PYTHONPATH": str(ROOT / "src")}
        self.log = (folder / "site.log").open("ab")
        self.server: subprocess.Popen[bytes] | None = None
        self.worker: Running | None = None
        self.command: Running | None = None
        self.begun = 0

    def start(self, *words: str) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", "communs", *words]
        return subprocess.Popen(
            command, env=self.environment, start_new_session=True,
            stdin=subprocess.DEVNULL, stdout=self.log, stderr=self.log,
        )  # fmt: skip

    def begin(self, *words: str) -> Running:
        """A worker or a command: one of ten from the very start, since that takes a second of a processor."""
        self.begun += 1
        return self.start(*words) if self.begun % REAL_EACH == 0 else Forked(words, self.log.fileno())

    def ask(self, *words: str) -> subprocess.CompletedProcess[str]:
        """A command, to its end."""
        command = [sys.executable, "-m", "communs", *words]
        return subprocess.run(command, env=self.environment, capture_output=True, text=True, check=False)

    def serve(self) -> float:
        """Start the server until it stays: who still has the port may be about to end. Seconds to the first page."""
        return wait_for(lambda: self.keep() and self.answers() and self.keep())

    def keep(self) -> bool:
        """As a supervisor does: start the server where it has ended. Whether it was there.

        It ends by itself when a web process is killed that has just been started for another.
        """
        if self.server is not None and self.server.poll() is None:
            return True
        self.server = self.start("serve", "--port", str(self.port), "--workers", "2", "--no-worker")
        return False

    def answers(self) -> bool:
        """Whether a page that reads the books comes."""
        return is_answered(self.port, f"{AT}/")

    def web(self) -> list[int]:
        return started_by(self.server.pid) if self.server else []

    @staticmethod
    def end(process: Running | None) -> None:
        """A whole group at once."""
        if process is not None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()

    def end_all(self) -> None:
        for process in (self.server, self.worker, self.command):
            self.end(process)
        self.log.close()
