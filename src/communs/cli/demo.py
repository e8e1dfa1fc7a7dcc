"""Start a site with real data on this machine: no server, no account, no configuration.

The first start creates the database and reads the data that communs brings along; later starts use what is there.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys

from communs.cli.house import Failure, add_data_argument, compile_search
from communs.cli.prepared import is_prepared, mark_prepared
from communs.cli.serve import load_site, name_address, serve
from communs.web.config import read_config
from communs.web.messages import compile_messages

HOST = "127.0.0.1"
INVENTED = {
    "NAME": "Fondation des communs (demonstration)",
    "STREET": "1 rue des Communs",
    "POSTCODE": "75011",
    "TOWN": "Paris",
    "OBJECT": "Financer des communs numériques (démonstration)",
    "RNA": "W000000000",
    "SIGNED_BY": "Tessa Exemple",
    "ARTICLES": "200,238 bis",
}
"""Who the foundation is where nobody says so: it gives receipts that nobody can take for real ones."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    add_data_argument(parser)
    parser.add_argument("--port", type=int, default=8000, help="port to listen on (default: %(default)s)")


def run(options: argparse.Namespace) -> int:
    if os.environ.get("COMMUNS_PUBLIC_URL"):
        raise Failure("communs demo is for this machine only: unset COMMUNS_PUBLIC_URL, or use communs serve.")
    os.environ["COMMUNS_DEMO"] = "1"
    if not any(name.startswith("COMMUNS_FOUNDATION_") for name in os.environ):
        os.environ.update({f"COMMUNS_FOUNDATION_{name}": value for name, value in INVENTED.items()})
    name_address(HOST, options.port)
    config = read_config()
    if not is_prepared(config):
        if code := prepare():
            return code
        mark_prepared(config)
    return serve(HOST, options.port, workers=1, threads=4, with_worker=True, config=config)


def prepare() -> int:
    """Fill the database in a process of its own, and load the site in this one meanwhile; the code that it ended with.

    Two processors share the work of a first start: this process begins with what the other will need, and goes on with
    what the first page needs.
    """
    compile_messages()  # both read them
    command = [sys.executable, "-m", "communs.cli.preparing"]
    with subprocess.Popen(command, stdin=subprocess.PIPE) as preparing:
        compile_search()
        preparing.stdin.close()  # type: ignore[union-attr]  # a pipe, as asked for
        load_site()
    return preparing.returncode
