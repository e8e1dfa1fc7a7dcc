"""`communs ledger export`, `communs verify ledger` and `communs verify log`, as a stranger runs them."""

from __future__ import annotations

import base64
import json
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from datetime import UTC, date, datetime
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from communs.cli import main
from communs.core.ledger import (
    Account,
    AccountKind,
    Books,
    Entry,
    EntryKind,
    Fund,
    Nature,
    Period,
    Posting,
    json_lines,
    posted,
)
from communs.core.transparency import COSIGNER, Note, Signer, append, beginning, canonical, publish
from communs.core.transparency.tiles import CHECKPOINT

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
BOOKS = Books.of(
    [Account("main", AccountKind.BANK, "EUR"), Account("gifts", AccountKind.INCOME, "EUR")],
    [Fund("city", Nature.RESTRICTED, convention="2026-17")],
    [Period(date(2026, 1, 1), date(2026, 12, 31))],
)
SIGNER = Signer("books.example.org/log", bytes(range(32)))


def gift(number: int, minor: int = 500, **said: Any) -> Entry:
    lines = (Posting("main", "city", minor, "EUR"), Posting("gifts", "city", -minor, "EUR"))
    name = f"e{number}"
    return Entry(name, name, EntryKind.PAY_IN, date(2026, 3, 1), NOW, lines, **said)


def back(number: int, of: int, minor: int) -> Entry:
    lines = (Posting("main", "city", -minor, "EUR"), Posting("gifts", "city", minor, "EUR"))
    return Entry(
        f"e{number}", f"e{number}", EntryKind.REVERSAL, date(2026, 3, 1), NOW, lines, reverses=f"e{of}"
    )  # fmt: skip


def file_of(folder: Path, *entries: Entry) -> Path:
    path = folder / "books.jsonl"
    path.write_text("".join(json_lines(entries, BOOKS)), encoding="utf-8")
    assert posted(BOOKS, entries[0])
    return path


def test_a_file_whose_rules_all_hold_says_so_rule_by_rule(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = file_of(tmp_path, *(gift(number) for number in range(50)), back(50, 7, 500))
    assert main(["verify", "ledger", str(path)]) == 0
    said = capsys.readouterr().out
    assert "✓ balanced" in said
    assert "✓ mirrors" in said
    assert "✗" not in said
    assert "Holds: 51 entries" in said


@pytest.mark.parametrize(
    ("name", "entries"),
    [
        ("one-key", (gift(1), gift(2), gift(1))),
        ("mirrors", (gift(1), gift(2), back(3, 1, 400), back(4, 1, 101))),
        ("mirrors", (gift(1), back(3, 9, 500))),
        ("floor", (gift(1), gift(2, -1001))),
        ("unaltered", (gift(1), gift(2, body_sha256="0" * 64))),
    ],
)
def test_what_is_broken_in_a_file_is_found_by_name(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str, entries: tuple[Entry, ...]
) -> None:
    path = file_of(tmp_path, *entries)
    assert main(["verify", "ledger", str(path), "--json"]) == 1
    document = json.loads(capsys.readouterr().out)
    assert document["holds"] is False
    assert name in {one["name"] for one in document["invariants"] if not one["holds"]}


@pytest.mark.parametrize("text", ["", "no json\n", '{"rule":"ledger-9"}\n', "[1]\n"])
def test_a_file_that_cannot_be_read_is_told_apart_from_one_that_does_not_hold(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], text: str
) -> None:
    path = tmp_path / "x.jsonl"
    path.write_text(text, encoding="utf-8")
    assert main(["verify", "ledger", str(path)]) == 2
    assert main(["verify", "ledger", str(tmp_path / "none")]) == 2
    assert "Line 1" in capsys.readouterr().err


def document(number: int) -> bytes:
    entry = gift(number)
    lines = [[one.account, one.fund, one.minor, one.currency] for one in entry.postings]
    return canonical({
        "id": entry.id, "kind": "pay-in", "effective_on": "2026-03-01", "recorded_at": NOW.isoformat(),
        "postings": lines, "body_sha256": entry.body_sha256,
    })  # fmt: skip


@pytest.fixture
def log(tmp_path: Path) -> Path:
    folder = tmp_path / "log"

    def write(name: str, data: bytes) -> None:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(data)

    def read(name: str) -> bytes | None:
        return (folder / name).read_bytes() if (folder / name).is_file() else None

    state = beginning(SIGNER.name)
    for start in (0, 300):
        state = append(read, write, map(document, range(start, start + 300)), state)
        publish(read, write, state, SIGNER)
    write("key", str(SIGNER.key).encode())
    return folder


def test_a_stranger_checks_a_log_in_a_folder(log: Path, capsys: pytest.CaptureFixture[str]) -> None:
    earlier = log.parent / "kept"
    shutil.copy(log / "checkpoints" / "300", earlier)
    assert main(["verify", "log", str(log), "--key", str(SIGNER.key), "--since", str(earlier)]) == 0
    assert "Holds: 600 entries of books.example.org/log" in capsys.readouterr().out
    assert main(["verify", "log", str(log)]) == 0
    assert "Compare it with one from elsewhere" in capsys.readouterr().out


@pytest.fixture
def served(log: Path) -> Iterator[str]:
    class Quiet(SimpleHTTPRequestHandler):
        def log_message(self, *_args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(log)))
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    thread.join()
    server.server_close()


def test_a_stranger_checks_a_log_at_its_address_within_the_guard_of_the_house(
    served: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("COMMUNS_ALLOW_PRIVATE", raising=False)
    assert main(["verify", "log", served]) == 2
    assert "private" in capsys.readouterr().err
    monkeypatch.setenv("COMMUNS_ALLOW_PRIVATE", "1")
    assert main(["verify", "log", served, "--key", str(SIGNER.key), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["size"] == 600


def test_an_entry_that_was_changed_is_found(log: Path, capsys: pytest.CaptureFixture[str]) -> None:
    bundle = log / "tile" / "entries" / "000"
    bundle.write_bytes(bundle.read_bytes().replace(b'"city",500,', b'"city",900,', 1))
    assert main(["verify", "log", str(log)]) == 1
    said = capsys.readouterr().out
    assert "is not that of the entries" in said
    assert "balanced" in said


STATE = Signer("state.example", bytes(range(1, 33)), COSIGNER)


def cosigned_with(log: Path, signer: Signer) -> None:
    note = Note.parse((log / CHECKPOINT).read_bytes()).signed_by(signer, 1_790_000_000)
    (log / CHECKPOINT).write_bytes(note.to_bytes())
    (log / "cosigners").write_text(f"{STATE.key}\n", encoding="ascii")


def test_co_signers_whom_the_log_names_are_held_to_their_keys(log: Path, capsys: pytest.CaptureFixture[str]) -> None:
    cosigned_with(log, STATE)
    assert main(["verify", "log", str(log)]) == 0
    said = capsys.readouterr().out
    assert "co-signed by state.example" in said
    assert "were taken from the log itself" in said
    whole = (log / CHECKPOINT).read_bytes()
    *lines, last = whole.decode().splitlines(keepends=True)
    name, _space, signature = last.rpartition(" ")
    flipped = base64.b64decode(signature)
    broken = base64.b64encode(flipped[:-1] + bytes([flipped[-1] ^ 1])).decode()
    (log / CHECKPOINT).write_text("".join([*lines, f"{name} {broken}\n"]), encoding="utf-8")
    assert main(["verify", "log", str(log)]) == 1
    assert "The signature of state.example is not of this text" in capsys.readouterr().out
    (log / "cosigners").write_text("nobody\n", encoding="ascii")
    assert main(["verify", "log", str(log)]) == 2
    assert "cosigners: “nobody” is not a public key" in capsys.readouterr().err


def test_a_co_signature_by_a_stranger_under_the_name_of_a_co_signer_counts_as_none(
    log: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    cosigned_with(log, Signer(STATE.name, bytes(32), COSIGNER))
    assert main(["verify", "log", str(log)]) == 0
    assert "have not signed this state: state.example" in capsys.readouterr().out
    assert main(["verify", "log", str(log), "--cosigner", str(STATE.key)]) == 1


def test_a_log_that_shows_another_key_than_the_one_that_was_given_is_told(
    log: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    other = Signer(SIGNER.name, bytes(32)).key
    (log / "key").write_text(f"{other}\n", encoding="ascii")
    assert main(["verify", "log", str(log), "--key", str(SIGNER.key)]) == 1
    assert "which is not the key that was given" in capsys.readouterr().out


def test_in_a_folder_files_of_earlier_states_are_looked_at(log: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (log / "checkpoints" / "index").write_text("600\n", encoding="ascii")
    assert main(["verify", "log", str(log)]) == 0
    assert "2 signed checkpoints" in capsys.readouterr().out, "the one that the list hides too"
    partial = log / "tile" / "0" / "001.p" / "44"
    partial.write_bytes(bytes(len(partial.read_bytes())))
    assert main(["verify", "log", str(log)]) == 1
    assert "tile/0/001.p/44 is not the beginning of what stands there now" in capsys.readouterr().out


def test_a_log_of_another_key_and_one_that_is_not_there_are_told_apart(
    log: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    other = Signer(SIGNER.name, bytes(32)).key
    assert main(["verify", "log", str(log), "--key", str(other)]) == 1
    assert main(["verify", "log", str(log), "--key", "nonsense"]) == 2
    assert main(["verify", "log", str(tmp_path / "nothing")]) == 2
    (log / CHECKPOINT).unlink()
    assert main(["verify", "log", str(log)]) == 2
    assert "no checkpoint" in capsys.readouterr().err


def test_an_export_is_accepted_by_the_command_that_checks_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """From the command line, in processes of their own, on a database of their own."""
    environment = {"COMMUNS_DATA": str(tmp_path), "PATH": "/usr/bin:/bin", "PYTHONPATH": ":".join(sys.path)}

    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "communs", *arguments]
        return subprocess.run(command, capture_output=True, text=True, env=environment, check=False)

    assert run("ledger", "export").returncode == 1
    assert run("migrate").returncode == 0
    done = run("ledger", "export", "--format", "ndjson", "-o", str(tmp_path / "books.jsonl"))
    assert (done.returncode, done.stderr) == (0, f"{tmp_path / 'books.jsonl'} is written.\n")
    assert run("verify", "ledger", str(tmp_path / "books.jsonl")).returncode == 0
    assert run("verify", "ledger").returncode == 0
    assert "--from" in run("ledger", "export", "--from", "yesterday").stderr
