"""Work that is killed at a chosen moment, as by a power cut: in a forked child, with SIGKILL, nothing tidied up."""

from __future__ import annotations

import os
import signal
import sys
import traceback
from collections.abc import Callable
from typing import Any

from django.db import connection, connections


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
