"""How often one client may ask: a bucket of tokens an address, in the memory of the process.

In memory on purpose: a limit that writes to the database on every request costs more than what it protects. With
several processes the limit is that many times as generous.
"""

from __future__ import annotations

import time
from collections import OrderedDict
from threading import Lock

BURST = 600
PER_SECOND = 20.0
CLIENTS_MAX = 10_000


class Meter:
    """Buckets of `burst` tokens that fill at `per_second`; the clients unseen for longest are forgotten first."""

    def __init__(self, burst: int = BURST, per_second: float = PER_SECOND, clients_max: int = CLIENTS_MAX) -> None:
        self.burst, self.per_second, self.clients_max = burst, per_second, clients_max
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()
        self._lock = Lock()

    def wait_for(self, client: str, now: float | None = None) -> float:
        """Take a token: 0.0 when there was one, else the seconds until there will be."""
        moment = time.monotonic() if now is None else now
        with self._lock:
            tokens, seen = self._buckets.pop(client, (float(self.burst), moment))
            tokens = min(float(self.burst), tokens + (moment - seen) * self.per_second)
            allowed = tokens >= 1.0
            self._buckets[client] = (tokens - 1.0 if allowed else tokens, moment)
            while len(self._buckets) > self.clients_max:
                self._buckets.popitem(last=False)
        return 0.0 if allowed else (1.0 - tokens) / self.per_second

    def forget(self) -> None:
        """Fill every bucket."""
        with self._lock:
            self._buckets.clear()
