"""How long and how often to ask again, and what it means that no answer came."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Patience:
    """Waits that double, each shortened by chance so that many who wait do not come back at once.

    `attempts` in all; `longest_wait_s`: who is asked to wait longer is told so instead of waiting. The last two are the
    clockwork, for tests that do not want to wait.
    """

    attempts: int = 4
    first_wait_s: float = 0.5
    longest_wait_s: float = 8.0
    timeout_s: float = 15.0
    sleep: Callable[[float], None] = time.sleep
    chance: Callable[[], float] = random.random

    def wait_s(self, attempt: int, asked_s: float | None) -> float:
        """Seconds before the attempt after number `attempt` (from 0): as the provider asked, or by doubling."""
        doubled = min(self.first_wait_s * 2.0**attempt, self.longest_wait_s)
        return max(asked_s or 0.0, doubled * (0.5 + self.chance() / 2))
