"""A foundation with money to pay out, and the bank that is played: for the tests of payouts and statements."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

from communs.apps.accounts.demo_cast import PASSWORD
from communs.apps.foundation import naming
from communs.apps.foundation.actions import bank, books, offices, payees, payouts
from communs.apps.foundation.queries.offices import has_board, in_force
from communs.core.ledger import EntryKind, Fund, Nature

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
DAY = date(2026, 3, 1)
BANK = Path(__file__).resolve().parents[3] / "tests" / "simulators" / "bank.py"
OURS, CLOSED = "FR1420041010050500013M02606", "BE72000000001616"
IBANS = ("DE89370400440532013000", CLOSED, "NL91ABNA0417164300", "AT611904300234573201")
STARTS_WITH = 1_000_000


def person(name: str, **more: Any) -> Any:
    from communs.apps.accounts.actions import ensure_person

    made, _new = ensure_person(f"{name.lower()}@example.org", PASSWORD, name=name, **{"role": "member", **more})
    return made


def hold(someone: Any, office: str) -> Any:
    """Give an office: two administrators do until there is a board, then one of them and one of the board."""
    founder = person("Founder", role="administrator")
    proposed = offices.appoint(founder, someone, office, "", NOW)
    board = [one.person for one in in_force() if one.office == "board" and one.person_id != someone.pk]
    second = board[0] if has_board() else person("Cofounder", role="administrator")
    offices.confirm(second, proposed.pk, NOW)
    return someone


def people() -> dict[str, Any]:
    """A treasurer, three of the board, somebody without an office, an administrator without one."""
    board = {name: hold(person(name), "board") for name in ("Bea", "Ben", "Bo")}
    others = {"Nobody": person("Nobody"), "Admin": person("Admin", role="administrator")}
    return {"Tom": hold(person("Tom"), "treasurer"), "Tina": hold(person("Tina"), "treasurer"), **board, **others}


def found(cast: dict[str, Any], owed: dict[str, int]) -> None:
    """Two funds, an account at the bank with money, and what is owed to commons, with confirmed bank details."""
    books.open_period(date(2026, 1, 1), date(2026, 12, 31))
    books.open_fund(Fund("city", Nature.RESTRICTED, "City", convention="2026-17"), now=NOW)
    books.open_fund(Fund("open", Nature.UNRESTRICTED, "Open"), now=NOW)
    bank.add_account(cast["Tom"], bank.AccountWanted("open", "Fondation des communs", OURS, "Paris", "FR"), NOW)
    for account in (naming.income("EUR"), naming.grants("EUR")):
        books.open_account(account, now=NOW)
    main = naming.bank("EUR").id
    for fund, minor in (("city", STARTS_WITH - 10_000), ("open", 10_000)):
        lines = [(main, fund, minor, "EUR"), (naming.income("EUR").id, fund, -minor, "EUR")]
        books.record(books.entry(f"gift-{fund}", EntryKind.PAY_IN, lines, on=DAY, now=NOW))
    for number, (name, minor) in enumerate(owed.items()):
        owe(name, minor)
        give(cast, name, IBANS[number % len(IBANS)])


def owe(name: str, minor: int, key: str = "grant") -> str:
    """What was owed to a commons when the books began; the name of its account. Only rounds grant."""
    account = naming.commons(name, "EUR")
    for place in (account, naming.capital("EUR")):
        books.open_account(place, now=NOW)
    lines = [(naming.capital("EUR").id, "city", minor, "EUR"), (account.id, "city", -minor, "EUR")]
    books.record(books.entry(f"{key}-{name}", EntryKind.OPENING, lines, on=DAY, now=NOW))
    return account.id


def give(cast: dict[str, Any], name: str, iban: str) -> None:
    slug = naming.commons(name, "EUR").id
    details = payees.give(cast["Tom"], slug, payees.Given(f"Association {name}", iban, "Lyon", "FR"), NOW)
    payees.confirm(cast["Bea"], details.pk, NOW)


def proposed(cast: dict[str, Any], *names: str, minor: int = 1000, key: str = "k1") -> list[Any]:
    wanted = [payouts.Wanted(naming.commons(name, "EUR").id, "city", minor, f"Share of {name}") for name in names]
    return payouts.propose(cast["Tom"], key, wanted, NOW)


def reserved(cast: dict[str, Any], *names: str, minor: int = 1000, key: str = "k1") -> list[Any]:
    made = proposed(cast, *names, minor=minor, key=key)
    for one in made:
        payouts.approve(cast["Bea"], one.public_id, NOW)
        payouts.approve(cast["Ben"], one.public_id, NOW)
    return made


def submitted(cast: dict[str, Any], *names: str, minor: int = 1000, key: str = "k1") -> tuple[Any, list[Any]]:
    made = reserved(cast, *names, minor=minor, key=key)
    wanted = payouts.FileWanted(naming.bank("EUR").id, tuple(one.public_id for one in made), date(2026, 3, 2))
    return payouts.submit(cast["Tom"], f"file-{key}", wanted, NOW), made


def payout_named(key: str, name: str = "openstreetmap") -> UUID:
    """The number of the payout to a commons that was proposed under `key`, before it is."""
    return uuid5(NAMESPACE_URL, f"communs:payout:{key}:{naming.commons(name, 'EUR').id}:city")


def file_named(key: str) -> str:
    """The number of the file that is made under `key`, before it is."""
    return f"PO-{uuid5(NAMESPACE_URL, f'communs:file:{key}').hex}"


class Bank:
    """The bank, each call a process of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.books = folder, folder / "bank.sqlite"
        self.ask("open", OURS, str(STARTS_WITH))

    def ask(self, verb: str, *values: str, **options: str) -> Any:
        more = [part for name, value in options.items() for part in (f"--{name}", value)]
        command = [sys.executable, str(BANK), str(self.books), verb, *values, *more]
        done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
        if done.returncode:
            raise RuntimeError(done.stderr)
        return json.loads(done.stdout)

    def take(self, data: bytes, **options: str) -> Any:
        path = self.folder / "orders.xml"
        path.write_bytes(data)
        return self.ask("take", str(path), **options)

    def statement(self, first: str = "2026-03-01", last: str = "2026-03-31", **options: str) -> bytes:
        path = self.folder / "statement.xml"
        self.ask("statement", first, last, str(path), **options)
        return path.read_bytes()

    def report(self, ident: str) -> bytes:
        path = self.folder / "report.xml"
        self.ask("report", ident, str(path))
        return path.read_bytes()
