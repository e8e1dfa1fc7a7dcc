"""A guard for tests against work that grows without end. How fast something is, benchmarks tell."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager

SECONDS = 15.0


@contextmanager
def no_hang(seconds: float = SECONDS) -> Iterator[None]:
    """Fail where the block takes more processor time than a busy machine could explain."""
    start = time.process_time()
    yield
    spent = time.process_time() - start
    assert spent < seconds, f"{spent:.1f} s of processor time: something grows without end"  # noqa: S101 - for tests
