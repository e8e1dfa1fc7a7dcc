"""A process that ends when the one that started it is gone: a server killed without mercy leaves nothing behind."""

from __future__ import annotations

import os
import signal
import threading
import time

ENDING = {signal.SIGINT, signal.SIGTERM}
VARIABLE = "COMMUNS_PARENT"  # set by `communs serve` for the processes it starts
ADDRESS = "COMMUNS_ADDRESS"  # likewise: where it listens, for the links of letters and feeds
THREADS = "COMMUNS_WEB_THREADS"  # likewise: how many requests a process answers at once
CHECK_S = 1.0
GRACE_S = 5.0


def end_with_parent(parent: int) -> None:
    """Watch in the background: when `parent` is no longer the parent, ask this process to stop, then stop it."""
    threading.Thread(target=_watch, args=(parent,), daemon=True).start()


def _watch(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(CHECK_S)
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(GRACE_S)
    os._exit(1)
