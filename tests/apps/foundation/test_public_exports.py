"""The public export, checked by the tools of others: hledger and Beancount accept it and come to our balances."""

from __future__ import annotations

import csv
import io
import shutil
import subprocess
import sys
from collections import Counter
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from communs.apps.foundation.actions import back, books, identifying
from communs.apps.foundation.actions.books import entry
from communs.apps.foundation.queries import public
from communs.core.ledger import EntryKind, balances_of
from communs.testing import money_in, money_out
from communs.testing.money_in import DAY, NOW

pytestmark = pytest.mark.django_db
HLEDGER, BEAN_CHECK = shutil.which("hledger"), Path(sys.executable).with_name("bean-check")
needs_hledger = pytest.mark.skipif(HLEDGER is None, reason="hledger is not installed (apt-get install hledger)")
FILTERS = ["", "?fund=city", "?kind=pay-in", "?from=2026-03-01&to=2026-03-01"]


@pytest.fixture(autouse=True)
def recorded() -> None:
    """A foundation whose money has gone every way: gifts, a refund, fees, a grant, a payout, a release, old entries."""
    cast = money_out.people()
    money_out.found(cast, {"maps": 5_000, "music": 3_000})
    batch, made = money_out.submitted(cast, "maps", "music")
    assert batch.count == len(made)
    gift = money_in.paid(5_000, fund="city", tip_minor=0)
    key = uuid4()
    back.propose(cast["Tom"], key, gift.pay_ins.get().pk, 2_000, "given twice", NOW)
    back.approve(cast["Bea"], key, NOW)
    stray = money_in.from_elsewhere("p1", 9_000, fee=90)
    identifying.make_gift(cast["Tom"], stray.pk, identifying.GiftWanted("city"), NOW)
    named = 'naïve; tag:x  "quoted" | pipe\nnew line {1} * ! @ = 5 EUR'
    lines = [("bank-main-eur", "open", 1, "EUR"), ("income-eur", "open", -1, "EUR")]
    books.record(entry("late", EntryKind.PAY_IN, lines, on=DAY, now=NOW, document=named))


def exported(form: str, query: str, tmp_path: Path) -> Path:
    answer: Any = Client().get(f"/en/foundation/entries/export/{form}{query}")
    assert answer.status_code == 200
    file = tmp_path / f"accounts.{form}"
    file.write_bytes(b"".join(answer.streaming_content))
    return file


def ours() -> Counter[Decimal]:
    """The balances that the books have, without the names that each tool writes otherwise."""
    found = balances_of(public.read(public.Asked()))
    return Counter(Decimal(minor) / 100 for minor in found.values() if minor)


def run(*command: Any) -> subprocess.CompletedProcess[str]:
    return subprocess.run([str(word) for word in command], capture_output=True, text=True, check=False, timeout=120)


@needs_hledger
@pytest.mark.parametrize("query", FILTERS)
def test_hledger_accepts_what_anyone_can_take(query: str, tmp_path: Path) -> None:
    done = run(HLEDGER, "-f", exported("hledger", query, tmp_path), "check", "--strict")
    assert done.returncode == 0, done.stderr


@needs_hledger
def test_hledger_comes_to_our_balances(tmp_path: Path) -> None:
    file = exported("hledger", "", tmp_path)
    done = run(HLEDGER, "-f", file, "balance", "--flat", "--no-total", "--output-format", "csv")
    theirs = Counter(Decimal(row["balance"].split()[0]) for row in csv.DictReader(io.StringIO(done.stdout)))
    assert theirs == ours()


@pytest.mark.parametrize("query", FILTERS)
def test_beancount_accepts_what_anyone_can_take(query: str, tmp_path: Path) -> None:
    done = run(BEAN_CHECK, exported("beancount", query, tmp_path))
    assert (done.returncode, done.stdout + done.stderr) == (0, "")


@needs_hledger
def test_both_see_that_a_cent_was_changed(tmp_path: Path) -> None:
    for form, command in (("hledger", (HLEDGER, "check", "--strict", "-f")), ("beancount", (BEAN_CHECK,))):
        file = exported(form, "", tmp_path)
        text = file.read_text()
        assert "90.00 EUR" in text
        file.write_text(text.replace("90.00 EUR", "90.01 EUR", 1))
        assert run(*command, file).returncode != 0, form
