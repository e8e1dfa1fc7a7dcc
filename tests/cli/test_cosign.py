"""`communs cosign`: somebody who keeps what they signed sees that a log only grew, and signs its latest state."""

from __future__ import annotations

import stat
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import ClassVar

import pytest

from communs.cli import main
from communs.core.ledger import Entry, EntryKind, Posting
from communs.core.transparency import Key, Signer, Trust, append, beginning, canonical, opened, publish
from communs.testing.money_out import NOW

SIGNER = Signer("books.example.org/log", bytes(range(32)))


def said(number: int, minor: int) -> bytes:
    lines = (Posting("main", "city", minor, "EUR"), Posting("gifts", "city", -minor, "EUR"))
    entry = Entry(f"e{number}", f"e{number}", EntryKind.PAY_IN, NOW.date(), NOW, lines)
    return canonical({
        "id": entry.id, "kind": "pay-in", "effective_on": NOW.date().isoformat(), "recorded_at": NOW.isoformat(),
        "postings": [[one.account, one.fund, one.minor, one.currency] for one in lines],
        "body_sha256": entry.body_sha256,
    })  # fmt: skip


def write_log(folder: Path, *sizes: int, minor: int = 500) -> Path:
    """A log that was signed at each of these sizes."""

    def write(name: str, data: bytes) -> None:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(data)

    def read(name: str) -> bytes | None:
        return (folder / name).read_bytes() if (folder / name).is_file() else None

    state = beginning(SIGNER.name)
    for size in sizes:
        state = append(read, write, [said(number, minor) for number in range(state.size, size)], state)
        publish(read, write, state, SIGNER)
    write("key", str(SIGNER.key).encode())
    return folder


@pytest.fixture
def secret(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> tuple[Path, Key]:
    path = tmp_path / "state.key"
    assert main(["cosign", "--new", "state.example.org", "--secret", str(path)]) == 0
    return path, Key.parse(capsys.readouterr().out)


def signed(log: object, secret: Path, *more: str) -> int:
    return main(["cosign", str(log), "--key", str(SIGNER.key), "--secret", str(secret), *more])


def test_a_key_is_made_once_and_read_by_its_owner_alone(secret: tuple[Path, Key]) -> None:
    path, key = secret
    assert (key.name, key.kind) == ("state.example.org", 4)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    before = path.read_text()
    assert main(["cosign", "--new", "other", "--secret", str(path)]) == 1
    assert path.read_text() == before


def test_a_log_that_grew_is_signed_again_and_the_signature_holds(secret: tuple[Path, Key], tmp_path: Path) -> None:
    path, key = secret
    out, trust = tmp_path / "signed", Trust(SIGNER.name, (SIGNER.key,), (key,))
    for sizes in ((40,), (40, 300)):
        log = write_log(tmp_path / f"log-{len(sizes)}", *sizes)
        assert signed(log, path, "--to", str(out)) == 0
        found = opened(out.read_bytes(), trust, quorum=1)
        assert (found.checkpoint.size, found.cosigned_by) == (sizes[-1], ("state.example.org",))


def test_another_story_than_the_one_signed_last_is_not_signed(
    secret: tuple[Path, Key], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path, out = secret[0], tmp_path / "signed"
    assert signed(write_log(tmp_path / "log", 40), path, "--to", str(out)) == 0
    kept = out.read_bytes()
    for name, log in (
        ("another", write_log(tmp_path / "another", 60, minor=600)), ("shorter", write_log(tmp_path / "shorter", 30)),
    ):  # fmt: skip
        assert signed(log, path, "--to", str(out)) == 1, name
        assert out.read_bytes() == kept
        assert "Not signed" in capsys.readouterr().out
    assert path.with_name("state.key.signed").read_bytes() == kept


def test_what_is_missing_or_wrong_is_told_and_nothing_is_signed(secret: tuple[Path, Key], tmp_path: Path) -> None:
    path, log = secret[0], write_log(tmp_path / "log", 40)
    rubbish = tmp_path / "rubbish"
    rubbish.write_text("PRIVATE+KEY+x+00000000+AAAA\n")
    other = str(Signer("books.example.org/log", bytes(32)).key)
    for command in (
        [str(log), "--secret", str(path), "--to", "x"],
        [str(log), "--key", str(SIGNER.key), "--secret", str(path)],
        [str(log), "--key", str(SIGNER.key), "--secret", str(rubbish), "--to", "x"],
        [str(log), "--key", str(SIGNER.key), "--secret", str(tmp_path / "none"), "--to", "x"],
        [str(log), "--key", other, "--secret", str(path), "--to", "x"],
        [str(tmp_path / "nowhere"), "--key", other, "--secret", str(path), "--to", "x"],
    ):
        assert main(["cosign", *command]) != 0, command
    assert not path.with_name("state.key.signed").exists()


class Site(BaseHTTPRequestHandler):
    """Serves a folder under /log/, and takes signatures, as a site does."""

    folder: ClassVar[Path]
    status: ClassVar[int] = 200
    taken: ClassVar[list[tuple[str, bytes]]] = []

    def do_GET(self) -> None:
        path = self.folder / self.path.removeprefix("/log/")
        data = path.read_bytes() if path.is_file() else b""
        self._answer(200 if data else 404, data)

    def do_POST(self) -> None:
        self.taken.append((self.path, self.rfile.read(int(self.headers["Content-Length"]))))
        self._answer(self.status, b"")

    def _answer(self, status: int, data: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *_what: object) -> None: ...


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    monkeypatch.setenv("COMMUNS_ALLOW_PRIVATE", "1")
    Site.folder, Site.taken = write_log(tmp_path / "log", 40), []
    server = ThreadingHTTPServer(("127.0.0.1", 0), Site)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/log"
    server.shutdown()
    thread.join()
    server.server_close()


def test_the_signature_is_sent_to_the_site_of_the_log(
    site: str, secret: tuple[Path, Key], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert signed(site, secret[0]) == 0
    ((where, note),) = Site.taken
    assert where == "/api/v1/foundation/checkpoint/cosignatures"
    assert opened(note, Trust(SIGNER.name, (SIGNER.key,), (secret[1],)), quorum=1).checkpoint.size == 40
    for status, words in ((409, "went on"), (422, "named by that site")):
        monkeypatch.setattr(Site, "status", status)
        assert signed(site, secret[0]) == 1
        assert words in capsys.readouterr().err
