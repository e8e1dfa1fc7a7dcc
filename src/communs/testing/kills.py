"""Work that is killed at a chosen moment, as by a power cut: with SIGKILL, nothing tidied up.

A forked child at a statement of the database, a command, processes with all that they started, a whole PostgreSQL.
"""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import traceback
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

from django.db import connection, connections

from communs.cli import main


class Killer:
    """Ends its own process at the nth statement of the database: before it is sent, or when it has been done."""

    def __init__(self, at: int, *, is_done: bool) -> None:
        self.at, self.is_done, self.seen = at, is_done, 0

    def __call__(self, execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        self.seen += 1
        if self.seen == self.at and not self.is_done:
            os.kill(os.getpid(), signal.SIGKILL)
        done = execute(sql, params, many, context)
        if self.seen == self.at:
            os.kill(os.getpid(), signal.SIGKILL)
        return done


def run_and_kill(work: Callable[[], object], at: int, *, is_done: bool) -> bool:
    """Do `work` in a child that is killed at its statement `at`; whether it came to its end before that.

    Raises `RuntimeError` where the work itself failed.
    """
    connections.close_all()
    sys.stderr.flush()
    child = os.fork()
    if child == 0:
        try:
            with connection.execute_wrapper(Killer(at, is_done=is_done)):
                work()
            code = 0
        except BaseException:
            traceback.print_exc()
            code = 1
        sys.stderr.flush()
        os._exit(code)
    _child, status = os.waitpid(child, 0)
    if os.WIFSIGNALED(status):
        return False
    if os.WEXITSTATUS(status):
        raise RuntimeError("The work failed; its reason is above.")
    return True


class Forked:
    """A command in a process forked from this one: `communs WORDS` without the second that it takes to load the code.

    Called and asked like `subprocess.Popen`; a group of its own.
    """

    def __init__(self, words: Sequence[str], output: int) -> None:
        connections.close_all()
        sys.stderr.flush()
        self.returncode: int | None = None
        self.pid = os.fork()
        if self.pid == 0:
            code = 1
            try:
                os.setsid()
                os.dup2(output, 1)
                os.dup2(output, 2)
                code = main(words)
            except BaseException:
                traceback.print_exc()
            finally:
                sys.stdout.flush()
                sys.stderr.flush()
                os._exit(code)

    def poll(self) -> int | None:
        """The code it ended with, minus the signal; None while it goes on."""
        return self._waited(os.WNOHANG)

    def wait(self) -> int | None:
        """The same, at its end."""
        return self._waited(0)

    def _waited(self, how: int) -> int | None:
        if self.returncode is None:
            pid, status = os.waitpid(self.pid, how)
            self.returncode = os.waitstatus_to_exitcode(status) if pid else None
        return self.returncode


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def started_by(pid: int) -> list[int]:
    """The processes that a process has started and that are there."""
    asked = subprocess.run(["ps", "-o", "pid=", "--ppid", str(pid)], capture_output=True, text=True, check=False)
    return [int(one) for one in asked.stdout.split()]


def kill(pids: Iterable[int]) -> None:
    """End processes at once; those that are gone are gone."""
    for pid in pids:
        try:
            os.kill(pid, signal.SIGKILL)
        except ProcessLookupError:
            continue


def kill_postgres(folder: Path) -> None:
    """End the PostgreSQL of `start_postgres(folder)`: its first process and all that it started."""
    first = int((folder / "postmaster.pid").read_text().split()[0])
    kill([first, *started_by(first)])
    # They name a process that nobody may have taken away yet.
    for name in ("postmaster.pid", ".s.PGSQL.5432.lock", ".s.PGSQL.5432"):
        (folder / name).unlink(missing_ok=True)
