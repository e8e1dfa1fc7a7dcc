"""`python -m communs.cli.preparing`: what `communs demo` does with the database at its first start.

It is a process of its own, so that the other processor loads the site meanwhile. It ends with code 1 and a message
when something is wrong. Its standard input is closed once what search reads is compiled.
"""

from __future__ import annotations

import gc
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from communs.cli.house import SEED, Failure, bring_up_to_date, say, set_up


def prepare(compiled: Callable[[], object]) -> None:
    """Bring the database up to date and read the seed, saying what takes a moment. `compiled`: as in `cli.house`."""
    if not SEED.is_dir():
        raise Failure(f"The seed data is missing: {SEED} is not there.")
    gc.disable()  # much is made and little thrown away: looking for rubbish would take a quarter of the time
    set_up()
    from django.db import connections

    from communs.cli.import_ import import_seed
    from communs.web.demo import ensure_cast, password_to_store

    with ThreadPoolExecutor(max_workers=1) as aside:  # a library works the password out that leaves Python free
        stored = aside.submit(password_to_store)
        if bring_up_to_date(compiled):
            say("Reading the data that communs brings along …")
        import_seed(SEED)
        ensure_cast(stored.result())
    connections.close_all()
    gc.freeze()  # nor need it be given back piece by piece when the process ends


if __name__ == "__main__":
    try:
        prepare(sys.stdin.read)
    except Failure as problem:
        sys.exit(str(problem))
    except KeyboardInterrupt:
        sys.exit(130)
