"""hledger and Beancount accept our exports and come to our balances; CSV and JSON lines lose nothing."""

from __future__ import annotations

import csv
import io
import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from communs.core.ledger import (
    Books,
    Entry,
    InvalidLine,
    balances_of,
    beancount,
    csv_rows,
    hledger,
    json_lines,
    read_json_lines,
    sorting,
    verify,
)
from communs.core.ledger.exporting.naming import named
from communs.core.money import Money

Make = Callable[..., Entry]
HLEDGER, BEAN_CHECK = shutil.which("hledger"), Path(sys.executable).with_name("bean-check")
needs_hledger = pytest.mark.skipif(HLEDGER is None, reason="hledger is not installed (apt-get install hledger)")
HOSTILE = (
    'a "b" \\ c; d | e) * ! {f}\n2026-01-01 open Assets:X\n    Assets:Bank  1 EUR\x00\u2028'
    " date:2020-99-99 [2020/99/99]"
)
BALANCES = """
import sys
from beancount import loader
from beancount.core import realization
entries, errors, _options = loader.load_file(sys.argv[1])
assert not errors, errors
for account in realization.iter_children(realization.realize(entries)):
    for position in account.balance:
        print(account.account, position.units.number, position.units.currency)
"""


def ours(entries: list[Entry], books: Books) -> dict[str, tuple[Decimal, str]]:
    found = {}
    for (name, fund), minor in balances_of(entries).items():
        account = books.accounts[name]
        if minor:
            found[named(account, fund)] = (Money(minor, account.currency).major, account.currency)
    return found


def run(*command: str | Path | None) -> subprocess.CompletedProcess[str]:
    return subprocess.run([str(word) for word in command], capture_output=True, text=True, check=False, timeout=120)


@pytest.fixture
def hostile(history: list[Entry], make: Make) -> list[Entry]:
    """A history with texts that look like syntax, recorded in another order than that of days."""
    more = {"memo": HOSTILE, "document": HOSTILE}
    late = make(40, "pay-in", "main open 7, income open -7", key="a)b;c", **more)
    return [*history, late, make(41, "pay-in", "main open 1, main open -1", memo="", effective_on=late.effective_on)]


@needs_hledger
def test_hledger_accepts_the_journal_and_comes_to_our_balances(
    hostile: list[Entry], books: Books, tmp_path: Path
) -> None:
    journal = tmp_path / "books.journal"
    journal.write_text("".join(hledger(hostile, books)), encoding="utf-8")
    done = run(HLEDGER, "-f", journal, "check", "--strict")
    assert done.returncode == 0, done.stderr
    done = run(HLEDGER, "-f", journal, "balance", "--flat", "--no-total", "--output-format", "csv")
    theirs = {}
    for row in csv.DictReader(io.StringIO(done.stdout)):
        amount, currency = row["balance"].split()
        theirs[row["account"]] = (Decimal(amount), currency)
    assert theirs == ours(hostile, books)
    assert len(run(HLEDGER, "-f", journal, "print", "--output-format", "json").stdout) > 1000
    dates = run(HLEDGER, "-f", journal, "stats").stdout
    assert "2020" not in dates


def test_beancount_accepts_the_file_and_comes_to_our_balances(
    hostile: list[Entry], books: Books, tmp_path: Path
) -> None:
    file = tmp_path / "books.beancount"
    file.write_text("".join(beancount(hostile, books)), encoding="utf-8")
    done = run(BEAN_CHECK, file)
    assert done.returncode == 0, done.stdout + done.stderr
    theirs = {}
    done = run(sys.executable, "-c", BALANCES, file)
    assert done.returncode == 0, done.stderr
    for line in done.stdout.splitlines():
        name, amount, currency = line.split()
        theirs[name] = (Decimal(amount), currency)
    assert theirs == ours(hostile, books)


@needs_hledger
@pytest.mark.parametrize("times", [1, 2])
def test_both_tools_see_that_an_amount_was_changed_by_a_cent(
    times: int, history: list[Entry], books: Books, tmp_path: Path
) -> None:
    """On one side the entry does not balance; on both sides what the file ends with does not come out."""
    for export, command in (
        (hledger, (HLEDGER, "check", "--strict", "-f")),
        (beancount, (BEAN_CHECK,)),
    ):
        text = "".join(export(history, books))
        changed = text.replace("15.00 EUR", "15.01 EUR", times)
        assert changed.count("15.01 EUR") == times
        file = tmp_path / export.__name__
        file.write_text(changed, encoding="utf-8")
        done = run(*command, file)
        assert done.returncode != 0
        assert "balance" in (done.stdout + done.stderr).lower()


def test_empty_books_are_exported_too(books: Books, tmp_path: Path) -> None:
    for export in (hledger, beancount):
        file = tmp_path / export.__name__
        file.write_text("".join(export([], books)), encoding="utf-8")
    if BEAN_CHECK is not None:
        assert run(BEAN_CHECK, tmp_path / "beancount").returncode == 0
    assert len("".join(csv_rows([], books)).splitlines()) == 1


def test_a_table_has_a_row_for_each_posting_and_no_cell_is_a_formula(
    history: list[Entry], books: Books, make: Make
) -> None:
    history.append(make(40, "pay-in", "main open 1, income open -1", memo="=HYPERLINK(1)"))
    rows = list(csv.DictReader(io.StringIO("".join(csv_rows(history, books)), newline="")))
    assert len(rows) == sum(len(entry.postings) for entry in history)
    assert (rows[0]["amount"], rows[0]["amount_minor"], rows[0]["memo"]) == ("100.00", "10000", '"Bread; & roses" (1)')
    assert [row["amount"] for row in rows if row["currency"] == "JPY"] == ["300", "-300"]
    assert rows[-1]["memo"] == "'=HYPERLINK(1)"
    assert sum(int(row["amount_minor"]) for row in rows) == 0


def test_json_lines_are_read_back_as_they_were_and_can_be_verified_by_themselves(
    hostile: list[Entry], books: Books
) -> None:
    lines = list(json_lines(hostile, books))
    again, entries = read_json_lines(lines)
    read = list(entries)
    assert (read, again.accounts, again.funds, again.periods) == (hostile, books.accounts, books.funds, books.periods)
    assert list(verify(sorting(read), again)) == []
    assert list(json_lines(read, again)) == lines


def test_a_line_that_was_changed_is_found(history: list[Entry], books: Books) -> None:
    lines = [line.replace("10000", "10001") for line in json_lines(history, books)]
    again, entries = read_json_lines(lines)
    assert {problem.invariant for problem in verify(sorting(entries), again)} >= {"unaltered"}
    without = [json.dumps({**json.loads(line), "body_sha256": ""}) for line in lines[1:]]
    _again, entries = read_json_lines([lines[0], *without])
    assert all(entry.body_sha256 == "missing" for entry in entries)


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("{", "Line 2: no JSON"),
        ("[1]", "Line 2: no JSON object"),
        ("{}", "Line 2: the entry cannot be read ('postings')"),
        ('{"id": 1, "postings": []}', "1 is no text"),
        ("[" * 100_000, "Line 2: no JSON"),
    ],
)
def test_a_line_that_cannot_be_read_is_named(line: str, said: str, history: list[Entry], books: Books) -> None:
    head = next(json_lines([], books))
    _books, entries = read_json_lines([head, line])
    with pytest.raises(InvalidLine) as caught:
        list(entries)
    assert said in str(caught.value)


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("kind", "theft", "'theft' is not a valid EntryKind"),
        ("recorded_at", "2026-03-01T12:00:00", "has no time zone"),
        ("effective_on", 3, "argument must be str"),
        ("postings", [["main", "open", 1.5, "EUR"]], "1.5 is no whole number"),
        ("postings", [["main", "open", True, "EUR"]], "True is no whole number"),
        ("postings", [["main"]], "missing 3 required"),
        ("transition", ["a"], "missing 2 required"),
    ],
)
def test_a_value_that_cannot_be_is_named_with_its_line(
    name: str, value: object, said: str, history: list[Entry], books: Books
) -> None:
    head, first, *_rest = json_lines(history, books)
    _books, entries = read_json_lines([head, "", json.dumps({**json.loads(first), name: value})])
    with pytest.raises(InvalidLine) as caught:
        list(entries)
    assert str(caught.value).startswith("Line 3: ")
    assert said in str(caught.value)


@pytest.mark.parametrize(
    ("head", "said"),
    [
        ([], "Line 1: there is nothing"),
        (["\n", '{"rule": "ledger-0"}'], "Line 2: “ledger-0” is not ledger-1"),
        (['{"rule": "ledger-1"}'], "Line 1: the funds, accounts and periods cannot be read"),
        (
            ['{"rule": "ledger-1", "accounts": [], "periods": [], "funds": [{"id": "a", "nature": "restricted"}]}'],
            "Line 1: The restricted fund “a” names no agreement",
        ),
    ],
)
def test_a_first_line_that_cannot_be_read_says_why(head: list[str], said: str) -> None:
    with pytest.raises(InvalidLine) as caught:
        read_json_lines(head)
    assert said in str(caught.value)


def test_names_of_accounts_are_never_shared(books: Books) -> None:
    names = {named(account, fund) for account in books.accounts.values() for fund in ("a", "a-b", "ab")}
    assert len(names) == 3 * len(books.accounts)
    assert named(replace(books.accounts["main"], id="2nd"), "a") == "Assets:Bank:2nd:A"
