"""Three mills of money over HTTP: people give, providers notify, a treasurer and a board pay out and hear of the bank.

Whatever is not answered is asked again with the same words, as people do. Providers and the bank are processes of their
own with books of their own, by which everything is judged in the end.
"""

from __future__ import annotations

import hashlib
import html
import json
import re
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

from communs.testing.money_out import BANK, OURS
from communs.testing.payments import Simulation
from kill_mills.visiting import Mill, Traffic, Visitor

PAY_LINK = re.compile(r'rel="external noreferrer" href="([^"]+)"')
# As it is written for people: nothing else of a page looks like it, such as a token that happens to hold RF and digits.
REFERENCE = re.compile(r"RF[0-9]{2}(?:[ \u00a0][0-9A-Z]{4}){5}[ \u00a0][0-9A-Z]")
AT = "/en/foundation"
TRIES_MAX = 30
NOT_SAID = "MS03"  # why a bank refuses or gives back, where it does not say: the account stays good


class HouseBank:
    """The bank that is played, one process for all."""

    def __init__(self, folder: Path, opening_minor: int, first_day: date) -> None:
        self.folder, self.books, self.day = folder, folder / "bank.sqlite", first_day
        self.lock = threading.Lock()
        command = [sys.executable, str(BANK), str(self.books), "listen"]
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.ask("open", OURS, str(opening_minor))

    def ask(self, verb: str, *values: str, **options: str) -> Any:
        """One verb. Raises `RuntimeError` where the bank has ended."""
        more = [part for name, value in options.items() for part in (f"--{name}", value)]
        stdin, stdout = self.process.stdin, self.process.stdout
        assert stdin is not None
        assert stdout is not None
        with self.lock:
            stdin.write(json.dumps([verb, *values, *more]) + "\n")
            stdin.flush()
            said = stdout.readline()
        if not said:
            raise RuntimeError(f"The bank has ended, asked for: {verb} {values}")
        return json.loads(said)

    def deposit(self, minor: int, reference: str, name: str) -> None:
        self.ask("deposit", str(minor), day=self.day.isoformat(), ref=reference, name=name)

    def rows(self, question: str, *values: Any) -> list[tuple[Any, ...]]:
        """What its books say."""
        return rows_of(self.books, question, *values)

    def end(self) -> None:
        self.process.communicate("", timeout=20)


def rows_of(books: Path, question: str, *values: Any) -> list[tuple[Any, ...]]:
    """What the books of somebody else say."""
    with closing(sqlite3.connect(books, timeout=20)) as connection:
        return connection.execute(question, values).fetchall()


@dataclass
class House:
    """All who take part: `providers` with their books, `sessions` of those who hold an office."""

    traffic: Traffic
    bank: HouseBank
    providers: Mapping[str, tuple[Simulation, Path]]
    sessions: Mapping[str, str]
    arriving: list[tuple[str, str, int]] = field(default_factory=list)
    """What providers have paid out and the bank does not have yet: provider, number, minor."""


class Giver(Mill):
    """Gives by transfer or by a provider, each gift under a name of its own; sends forms twice now and then."""

    pause_s = 0.3

    def __init__(self, house: House, seed: int) -> None:
        super().__init__(house.traffic, seed)
        self.house, self.visitor = house, Visitor(house.traffic)

    def turn(self) -> None:
        way = self.picked(["transfer", *self.house.providers, *self.house.providers])
        minor, key = self.chance.randrange(200, 9_000), str(uuid4())
        said = {
            "token": key, "fund": self.picked(["city", "open"]), "amount": f"{minor / 100:.2f}", "way": way,
            "every": "", "kind": "donation", "email": "",
        }  # fmt: skip
        place = self.visitor.post(f"{AT}/give/", said).location
        if self.chance.random() < 0.2 and self.visitor.post(f"{AT}/give/", said).location != place:
            self.traffic.fault(f"gift {key}: two gifts under one name")
        self.traffic.keep("gift", key, place.rstrip("/").rpartition("/")[2], minor, way)
        if self.chance.random() < 0.1:
            return  # as many do who mean to
        if way == "transfer":
            self._transfer(place, minor)
        else:
            self._pay(place, *self.house.providers[way])

    def _transfer(self, place: str, minor: int) -> None:
        found = REFERENCE.search(html.unescape(self.visitor.get(place).text))
        if found is None:
            self.traffic.fault(f"{place}: no reference")
        else:
            self.house.bank.deposit(minor, re.sub(r"\s", "", found[0]), "Ada")

    def _pay(self, place: str, simulation: Simulation, _books: Path) -> None:
        if self.chance.random() < 0.1:
            simulation.admin("faults", what="lose-answer", path="checkout")
        for _try in range(TRIES_MAX):
            self.visitor.patient(f"{place}pay/")
            found = PAY_LINK.search(self.visitor.get(place).text)
            if found is not None:
                simulation.admin("pay", url=html.unescape(found[1]))
                return
        self.traffic.fault(f"{place}: cannot be paid")


class Notifier(Mill):
    """The providers: their notifications, late, shuffled and several times, until each is answered; their payouts."""

    pause_s = 0.2

    def __init__(self, house: House, seed: int) -> None:
        super().__init__(house.traffic, seed)
        self.house, self.visitor = house, Visitor(house.traffic)
        self.waiting: list[tuple[str, dict[str, str], bytes]] = []
        for simulation, _books in house.providers.values():
            plan = {"copies": 3, "shuffle": True, "lose": 0.15, "delay_minutes": 0.1, "seed": seed, "tick_s": 0}
            simulation.admin("plan", **plan)

    def turn(self) -> None:
        for name, (simulation, _books) in self.house.providers.items():
            behind_s = (datetime.now(UTC) - simulation.now()).total_seconds()
            simulation.admin("clock", seconds=max(behind_s, 0))
            self.waiting += [(name, headers, body) for headers, body in simulation.notifications()]
            if self.chance.random() < 0.02:
                self.pay_out(name)
        self.chance.shuffle(self.waiting)
        while self.waiting:
            name, headers, body = self.waiting[-1]
            self.visitor.send(f"/hooks/{name}", body, headers)
            self.traffic.keep("notification", name, hashlib.sha256(body).hexdigest())
            self.waiting.pop()

    def pay_out(self, name: str) -> None:
        """All that a provider holds, to the bank; it arrives there some days later."""
        simulation, books = self.house.providers[name]
        if name == "stripe":
            waits = "SELECT 1 FROM thing WHERE kind = 'booked' AND json_extract(body, '$.payout') IS NULL"
            if not rows_of(books, waits):
                return
            number = str(simulation.admin("pay-out"))
            found = rows_of(books, "SELECT body FROM thing WHERE kind = 'payout' AND id = ?", number)
            minor = json.loads(found[0][0])["amount"]
        else:
            waits = "SELECT 1 FROM thing WHERE kind = 'payment' AND json_extract(body, '$.cashOutState') = 'Transfered'"
            if not rows_of(books, waits):
                return
            number = str(simulation.admin("cash-out")["cash_out"])
            found = rows_of(books, "SELECT body FROM thing WHERE kind = 'cash-out' AND id = ?", number)
            lines = json.loads(found[0][0])["rows"]
            minor = sum(round(100 * (one.get("credit", 0) - one.get("debit", 0))) for one in lines)
        self.house.arriving.append((name, number, minor))


class Treasurer(Mill):
    """Proposes all that is owed, has two others approve it, makes files, hands them over, takes in the answers."""

    pause_s = 0.2

    def __init__(self, house: House, seed: int, ibans: list[str]) -> None:
        super().__init__(house.traffic, seed)
        self.house, self.bank, self.ibans = house, house.bank, ibans
        self.tom, self.bea, self.ben = (Visitor(house.traffic, house.sessions[name]) for name in ("Tom", "Bea", "Ben"))
        self.unsent: list[bytes] = []
        self.unreported: list[str] = []
        self.paid: list[str] = []
        self.returned: set[str] = set()

    def turn(self) -> None:
        self._propose()
        self._approve(self.bea, "proposed")
        self._approve(self.ben, "approved")
        self._file()
        self._hand_over()
        if self.chance.random() < 0.15:
            self.give_back()
        self.take_in()

    def _propose(self) -> None:
        key = str(uuid4())
        answer = self.tom.post(f"{AT}/payouts/propose/", {"token": key, "text": "Share", "everything": "1"})
        if answer.status == 302:
            self.traffic.keep("proposed", key)

    def _payouts(self, state: str) -> list[str]:
        return [one["payout"] for one in self.tom.json(f"{AT}/payouts/export.json?state={state}")]

    def _approve(self, by: Visitor, state: str) -> None:
        waiting = self._payouts(state)
        if waiting and by.post(f"{AT}/payouts/approve/", {"payout": waiting}).status == 302:
            self.traffic.keep("approved", "Bea" if by is self.bea else "Ben", waiting)

    def _file(self) -> None:
        ready = self._payouts("reserved")
        if not ready:
            return
        said = {"token": str(uuid4()), "bank_account": "bank-main-eur", "payout": ready}
        answer = self.tom.post(f"{AT}/payouts/file/", {**said, "execute_on": datetime.now(UTC).date().isoformat()})
        if answer.status != 302:
            self.traffic.fault(f"no file: {re.findall('error[^>]*>([^<]+)', answer.text)}")
            return
        ident = answer.location.rstrip("/").rpartition("/")[2]
        data = self.tom.get(f"{AT}/payouts/files/{ident}.xml").body
        self.traffic.keep("file", ident, hashlib.sha256(data).hexdigest())
        self.unsent.append(data)

    def _hand_over(self) -> None:
        """Each file to the bank, some of them twice: its answer got lost."""
        for data in self.unsent:
            path = self.house.bank.folder / "orders.xml"
            path.write_bytes(data)
            reject = self.picked(self.ibans) if self.chance.random() < 0.3 else ""
            said = self.bank.ask("take", str(path), day=self.bank.day.isoformat(), reject=reject, reason=NOT_SAID)
            if said["answer"] != "taken":
                self.traffic.fault(f"two files under one name: {said}")
            if self.chance.random() < 0.3 and self.bank.ask("take", str(path))["answer"] != "duplicate":
                self.traffic.fault(f"the bank took {said['msg']} twice")
            self.unreported.append(said["msg"])
            self.paid += said["payments"]
        self.unsent = []

    def give_back(self) -> None:
        """A payment of the days before comes back."""
        before = [row[0] for row in self.bank.rows("SELECT e2e FROM moves WHERE minor < 0 AND msg <> '' AND day < ?",
                                                   self.bank.day.isoformat())]  # fmt: skip
        waiting = [one for one in before if one not in self.returned]
        if waiting:
            one = self.picked(waiting)
            self.returned.add(one)
            self.bank.ask("return", one, day=self.bank.day.isoformat(), reason=NOT_SAID)

    def take_in(self) -> None:
        """What the bank says: of files, and the statement of today and the day before; the next day begins."""
        path = self.bank.folder / "said.xml"
        while self.unreported:
            self.bank.ask("report", self.unreported[-1], str(path))
            self._import(path.read_bytes())
            self.unreported.pop()
        today = self.bank.day
        self.bank.day = today + timedelta(days=1)
        self.bank.ask("statement", (today - timedelta(days=1)).isoformat(), today.isoformat(), str(path))
        data = path.read_bytes()
        for _time in range(self.chance.choice((1, 1, 2))):
            self._import(data)

    def _import(self, data: bytes) -> None:
        answer = self.tom.hand_in(f"{AT}/bank/import/", "said.xml", data)
        if answer.status != 302:
            self.traffic.fault(f"not taken in: {re.findall('error[^>]*>([^<]+)', answer.text)}")
        self.traffic.keep("taken", hashlib.sha256(data).hexdigest())
