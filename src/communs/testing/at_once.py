"""Several people at the same moment: threads that start together, each with a connection of its own."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

from django.db import connection

from communs.kit.records.actions import Impossible

WAIT_S = 60


def at_once(*works: Callable[[], Any]) -> list[Any]:
    """What each gives, or the `Impossible` that says why it could not, in the order of the works.

    Raises `KeyError` for a work that failed otherwise, or has not ended within a minute.
    """
    start, found = threading.Barrier(len(works)), dict[int, Any]()

    def run(number: int, work: Callable[[], Any]) -> None:
        try:
            start.wait(timeout=10)
            found[number] = work()
        except Impossible as error:
            found[number] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(works)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=WAIT_S)
    return [found[number] for number in range(len(works))]
