"""django-hordak beside the ledger: run by `ledger.py --hordak` with a Python that has it, prints transfers a second.

`ledger_hordak.py ADDRESS CLIENTS SECONDS ACCOUNTS`: on an empty PostgreSQL database, each client a process that moves
money between its accounts by `Account.transfer_to`, a transaction each, its own trigger checking that legs add up.
"""

from __future__ import annotations

import random
import sys
import time
from multiprocessing import get_context
from typing import Any
from urllib.parse import parse_qsl, urlsplit


def set_up(address: str) -> None:
    """Django with hordak alone, its tables made."""
    import django
    from django.conf import settings
    from django.core.management import call_command

    parts = urlsplit(address)
    settings.configure(
        INSTALLED_APPS=["django.contrib.contenttypes", "django.contrib.auth", "mptt", "hordak"],
        DATABASES={
            "default": {
                "ENGINE": "django.db.backends.postgresql",
                "NAME": parts.path.lstrip("/"),
                "USER": parts.username,
                "HOST": dict(parse_qsl(parts.query)).get("host") or parts.hostname or "",
            }
        },
        DEFAULT_AUTO_FIELD="django.db.models.AutoField",
        DEFAULT_CURRENCY="EUR",
        CURRENCIES=["EUR"],
        USE_TZ=True,
    )
    django.setup()
    call_command("migrate", verbosity=0)


def main(clients: int, seconds: float, count: int) -> float:
    """Transfers a second that were answered."""
    from django.db import connections
    from hordak.models import Account  # type: ignore[import-not-found]
    from moneyed import Money  # type: ignore[import-not-found]

    accounts = [
        Account.objects.create(name=f"hot {number}", code=str(number), type="AS", currencies=["EUR"])
        for number in range(count)
    ]
    connections.close_all()
    context = get_context("fork")
    ready, answers = context.Barrier(clients + 1), context.SimpleQueue()

    def run(client: int) -> None:
        chance, done = random.Random(client), 0  # noqa: S311 - repeatable on purpose

        def move() -> Any:
            one, other = chance.sample(accounts, 2)
            return one.transfer_to(other, Money(chance.randint(1, 100), "EUR"))

        move()
        ready.wait()
        end = time.perf_counter() + seconds
        while time.perf_counter() < end:
            move()
            done += 1
        answers.put(done)

    processes = [context.Process(target=run, args=(client,)) for client in range(clients)]
    for process in processes:
        process.start()
    ready.wait()
    start = time.perf_counter()
    total = sum(answers.get() for _ in processes)
    return float(total / (time.perf_counter() - start))


if __name__ == "__main__":
    set_up(sys.argv[1])
    print(main(int(sys.argv[2]), float(sys.argv[3]), int(sys.argv[4])))
