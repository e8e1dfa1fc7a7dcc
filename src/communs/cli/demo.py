"""Start a site with real data on this machine: no server, no account, no configuration.

The first start creates the database and reads the data that communs brings along; later starts use what is there.
"""

from __future__ import annotations

import argparse
import gc
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

from communs.cli.house import SEED, Failure, add_data_argument, bring_up_to_date, say, set_up
from communs.cli.prepared import is_prepared, mark_prepared
from communs.cli.serve import name_address, serve
from communs.web.config import read_config

HOST = "127.0.0.1"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    add_data_argument(parser)
    parser.add_argument("--port", type=int, default=8000, help="port to listen on (default: %(default)s)")


def run(options: argparse.Namespace) -> int:
    if os.environ.get("COMMUNS_PUBLIC_URL"):
        raise Failure("communs demo is for this machine only: unset COMMUNS_PUBLIC_URL, or use communs serve.")
    os.environ["COMMUNS_DEMO"] = "1"
    name_address(HOST, options.port)
    config = read_config()
    if not is_prepared(config):
        gc.disable()  # much is made and little thrown away: looking for rubbish would take a quarter of the time
        prepare()
        gc.enable()
        mark_prepared(config)
    return serve(HOST, options.port, workers=1, threads=4, with_worker=True, config=config)


def prepare() -> None:
    """Bring the database up to date and read the seed, saying what takes a moment."""
    if not SEED.is_dir():
        raise Failure(f"The seed data is missing: {SEED} is not there.")
    # Both are done by the second processor: the one is a process of its own, the other a library that leaves Python
    # free meanwhile.
    with (
        subprocess.Popen([sys.executable, "-m", "communs.core.search"], stdin=subprocess.DEVNULL) as compiling,
        ThreadPoolExecutor(max_workers=1) as aside,
    ):
        set_up()
        from communs.cli.import_ import import_seed
        from communs.web.demo import ensure_cast, password_to_store

        stored = aside.submit(password_to_store)
        if bring_up_to_date(compiling.wait):
            say("Reading the data that communs brings along …")
        import_seed(SEED)
        ensure_cast(stored.result())
