"""What `ledger.py` measures beside the ledger: bare statements, a bare file, pgledger, django-hordak."""

from __future__ import annotations

import random
import sqlite3
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import psycopg

Work = Callable[[int], Iterator[Callable[[], object]]]
HOT = 10
# pgledger writes its ids as ULID by a function of another project; the plain text of the UUID costs it less.
_ULID = "CREATE FUNCTION uuid_to_ulid(id uuid) RETURNS text LANGUAGE sql IMMUTABLE AS 'SELECT id::text'"
_TRANSFER = "SELECT id FROM pgledger_create_transfer(%s, %s, %s::int::numeric)"
_TABLES = """
CREATE TABLE IF NOT EXISTS bare_entry (id bigserial PRIMARY KEY, key text UNIQUE, kind text, day date, body text);
CREATE TABLE IF NOT EXISTS bare_posting (id bigserial PRIMARY KEY, entry_id bigint REFERENCES bare_entry,
  account_id bigint, fund_id bigint, minor bigint, currency text, UNIQUE (entry_id, account_id));
"""
_BARE = """
WITH made AS (INSERT INTO bare_entry (key, kind, day, body) VALUES (%s, 'pay-in', '2026-03-01', %s) RETURNING id)
INSERT INTO bare_posting (entry_id, account_id, fund_id, minor, currency)
SELECT made.id, v.account, v.fund, v.minor, 'EUR'
FROM made, (VALUES (1, %s, 500), (2, %s, -500)) v (account, fund, minor)
"""


def bare_file(path: Path) -> Iterator[Callable[[], object]]:
    """One row of 300 bytes a transaction into an SQLite file that is as durable: what the disk gives."""
    there = sqlite3.connect(path, isolation_level=None)
    there.executescript("PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; CREATE TABLE bare (x TEXT)")
    while True:
        yield lambda: there.execute("INSERT INTO bare (x) VALUES (?)", ("x" * 300,))


def bare(address: str) -> Work:
    """An entry and two postings in one statement, with keys, without balances or rules: what the server gives."""
    with psycopg.connect(address, autocommit=True) as once:
        once.execute(_TABLES)

    def work(client: int) -> Iterator[Callable[[], object]]:
        there, chance = psycopg.connect(address, autocommit=True), random.Random()  # noqa: S311 - not a secret
        while True:
            values = (f"{client}:{chance.getrandbits(100)}", "x" * 64, chance.randrange(20), 1)
            yield lambda values=values: there.execute(_BARE, values)  # type: ignore[misc]

    return work


def pgledger(address: str, file: Path) -> Work:
    """Transfers between ten accounts, as its own check of performance makes them: no key, no fund, no closed period."""
    with psycopg.connect(address, autocommit=True) as once:
        once.execute("CREATE DATABASE pgledger")
    own = psycopg.conninfo.make_conninfo(address, dbname="pgledger")
    with psycopg.connect(own, autocommit=True) as once:
        once.execute(_ULID)
        once.execute(file.read_bytes())
        made = "SELECT id FROM pgledger_create_account(%s, 'EUR')"
        accounts: list[Any] = [_one(once.execute(made, (f"hot-{number}",))) for number in range(HOT)]

    def work(client: int) -> Iterator[Callable[[], object]]:
        there, chance = psycopg.connect(own, autocommit=True), random.Random(client)  # noqa: S311 - on purpose
        there.prepare_threshold = 0
        while True:
            one, other = chance.sample(accounts, 2)
            values = (one, other, chance.randint(1, 10**6))
            yield lambda values=values: there.execute(_TRANSFER, values).fetchone()  # type: ignore[misc]

    return work


def _one(found: Any) -> Any:
    return found.fetchone()[0]


def hordak(address: str, python: str, clients: int, seconds: float) -> float:
    """Transfers a second of django-hordak, in a Python of its own."""
    with psycopg.connect(address, autocommit=True) as once:
        once.execute("CREATE DATABASE hordak")
    own = urlunsplit(urlsplit(address)._replace(path="/hordak"))
    script = Path(__file__).with_name("ledger_hordak.py")
    command = [python, str(script), own, str(clients), str(seconds), str(HOT)]
    return float(subprocess.run(command, capture_output=True, text=True, check=True).stdout)
