"""Files made to do harm are refused by `communs check` with a clear error, at once and in little memory.

Each file is checked in a process of its own, forked from one that has started already, so that what is measured is
the work on the file.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from communs.core.standards.checking import check
from communs.core.standards.formats import FORMATS

SECONDS_MAX = 1.0
MEGABYTES_MAX = 100
MIB = 1024 * 1024
DRIVER = """
import json, os, sys, time
from pathlib import Path
from communs.cli import main
import communs.cli.check
from communs.core.standards.formats import FORMATS

for one in FORMATS.values():
    one.module

def peak():
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) / 1024 for line in lines if line.startswith("VmHWM"))

for name in sys.argv[2:]:
    out = Path(sys.argv[1])
    child = os.fork()
    if not child:
        os.dup2(os.open(out, os.O_CREAT | os.O_TRUNC | os.O_WRONLY), 1)
        os.dup2(os.open(f"{out}.errors", os.O_CREAT | os.O_TRUNC | os.O_WRONLY), 2)
        code = 70
        try:
            code = main(["check", name, "--json", "--lang", "en"])
        finally:
            sys.stdout.flush()
            Path(f"{out}.measures").write_text(json.dumps([time.process_time(), peak()]))
            os._exit(code)
    code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    used, megabytes = json.loads(Path(f"{out}.measures").read_text())
    errors = Path(f"{out}.errors").read_text()
    said = out.read_text()
    print(json.dumps([name, code, used, megabytes, said, errors]), flush=True)
"""

pytestmark = pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="measures memory as Linux tells it")


def bomb() -> str:
    levels = [f"l{n}: &l{n} [{', '.join([f'*l{n - 1}'] * 9)}]" for n in range(1, 12)]
    return "publiccodeYmlVersion: '0'\nl0: &l0 [x, x, x]\n" + "\n".join(levels) + "\n"


def laughs() -> str:
    entities = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    return f'<?xml version="1.0"?>\n<!DOCTYPE Grants [<!ENTITY l0 "lol">{entities}]>\n<Grants>&l9;</Grants>'


MANIFESTS = ("publiccode.yml", "funding.json", "codemeta.json", "CITATION.cff", "FUNDING.yml")
NAMES = (*MANIFESTS, "feed.csv", "feed.json", "feed.xml", "list.md")
CONTENTS: dict[str, bytes] = {
    "aliases": bomb().encode(),
    "deep lists": b"[" * 10_000 + b"]" * 10_000,
    "deep tables": b'{"projects": ' * 10_000 + b"1" + b"}" * 10_000,
    "deep blocks": "".join(" " * n + "a:\n" for n in range(1200)).encode(),
    "never closed": b"[" * 500_000,
    "endless text": b'{"name": "' + b"x" * 900_000,
    "endless quotes": b"name: '" + b"''" * 400_000,
    "one long number": b"a: " + b"9" * 900_000,
    "base 60": b"a: " + b"1:" * 300_000 + b"1\n",
    "long lines": b"publiccodeYmlVersion: '0'\nname: " + "e\u0301".encode() * 250_000 + b"\n",
    "many lines": b"publiccodeYmlVersion: '0'\nname: |\n" + b" x\n" * 100_000,
    "many faults": b"publiccodeYmlVersion: '0'\n" + b"".join(b"key%d: x\n" % n for n in range(10_000)),
    "objects": b"publiccodeYmlVersion: !!python/object/apply:os.system ['id']\n",
    "NUL": b'{"name": "a\x00b", "projects": "\x00"}\nname: \x00\n',
    "half characters": b'{"entity": {"name": "\\ud800"}, "projects": [{"name": "\\udfff"}]}',
    "UTF-16": "publiccodeYmlVersion: '0'\nname: \u00e9\n".encode("utf-16"),
    "not numbers": b'{"entity": {"type": NaN}, "projects": [{"guid": 1e999999}], "x": -Infinity}',
    "brackets": b"publiccodeYmlVersion: '0'\nlegal:\n  license: '" + b"(MIT OR " * 40_000 + b"'\n",
    "no blanks": b"publiccodeYmlVersion: '0'\nurl: https://" + b"a." * 200_000 + b"\n",
}


def named(data: bytes) -> tuple[str, ...]:
    """The names under which contents are tried: those that tell what they are, only under their own."""
    return MANIFESTS[:1] if data.startswith(b"publiccodeYmlVersion") else MANIFESTS


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("hostile")
    for name in NAMES:
        place = folder / "100 MB" / name
        place.parent.mkdir(exist_ok=True)
        with place.open("wb") as file:
            file.write(b"name: x\n")
            file.truncate(100 * MIB)
    for what, data in CONTENTS.items():
        for name in named(data):
            (folder / what).mkdir(exist_ok=True)
            (folder / what / name).write_bytes(data)
    with zipfile.ZipFile(folder / "publiccode.yml", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("publiccode.yml", b"\0" * (30 * MIB))
    (folder / "laughs.xml").write_text(laughs(), encoding="utf-8")
    head = "id,url,manifest_json\n"
    (folder / "directory.csv").write_text(head + '1,x,"{}"\n' * 50_000, encoding="utf-8")
    topic = "<OpportunitySynopsisDetail_1_0><OpportunityID>x</OpportunityID></OpportunitySynopsisDetail_1_0>"
    (folder / "grants.xml").write_text(f"<Grants>{topic * 30_000}</Grants>", encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def answers(folder: Path) -> list[list[Any]]:
    return list(checked(folder, sorted(path for path in folder.rglob("*") if path.is_file())))


def checked(folder: Path, paths: list[Path]) -> Iterator[list[Any]]:
    """Name, exit code, seconds, megabytes, what was printed and what was said on standard error."""
    script = [sys.executable, "-c", DRIVER, str(folder.parent / "answer"), *map(str, paths)]
    started_as = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    done = subprocess.run(script, capture_output=True, text=True, check=True, timeout=120, env=started_as)
    yield from map(json.loads, done.stdout.splitlines())


def test_every_hostile_file_is_refused_with_place_and_remedy(answers: list[list[Any]]) -> None:
    assert len(answers) == len(NAMES) + sum(len(named(data)) for data in CONTENTS.values()) + 4
    for name, code, _seconds, _megabytes, printed, errors in answers:
        (entry,) = json.loads(printed)
        assert (name, code, errors) == (entry["file"], code if code in {1, 2} else "refused", "")
        assert not entry["valid"]
        assert 1 <= len(entry["problems"]) <= 1_001
        for problem in entry["problems"]:
            assert problem["message"]
            assert problem["fix"]
            assert problem["code"]


def test_no_hostile_file_takes_long_or_much_memory(answers: list[list[Any]]) -> None:
    slow = [(name, seconds) for name, _code, seconds, *_rest in answers if seconds > SECONDS_MAX]
    large = [(name, megabytes) for name, _code, _seconds, megabytes, *_rest in answers if megabytes > MEGABYTES_MAX]
    assert (slow, large) == ([], [])


def test_bombs_are_named_as_what_they_are(answers: list[list[Any]], folder: Path) -> None:
    codes = {
        str(Path(name).relative_to(folder)): {one["code"] for one in json.loads(printed)[0]["problems"]}
        for name, _code, _seconds, _megabytes, printed, _errors in answers
    }
    assert all(codes[f"100 MB/{name}"] == {"too-much-size"} for name in NAMES)
    assert codes["aliases/publiccode.yml"] <= {"too-much-aliases", "too-much-nodes"}
    assert codes["deep lists/codemeta.json"] == codes["deep tables/funding.json"] == {"too-much-depth"}
    assert codes["laughs.xml"] == {"doctype"}
    assert "not-utf8" in codes["publiccode.yml"]
    assert "more-problems" in codes["directory.csv"]


def test_what_has_no_end_is_never_read(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.yml")
    (tmp_path / "loop.yml").symlink_to("loop.yml")
    (tmp_path / "zero.yml").symlink_to("/dev/zero")
    (tmp_path / "empty").mkdir()
    (tmp_path / "self").mkdir()
    (tmp_path / "self" / "again").symlink_to(tmp_path / "self")
    (tmp_path / "self" / "publiccode.yml").write_text("name: x\n", encoding="utf-8")
    for name, code, seconds, _megabytes, printed, errors in checked(tmp_path, sorted(tmp_path.iterdir())):
        (entry,) = json.loads(printed)
        if Path(name).name == "self":
            assert (code, Path(entry["file"]).name) == (1, "publiccode.yml")
        else:
            assert (code, [one["code"] for one in entry["problems"]]) == (2, ["cannot-read"])
            assert entry["problems"][0]["fix"]
        assert (errors, seconds < SECONDS_MAX) == ("", True)


def test_a_name_that_is_no_text_is_shown_all_the_same(tmp_path: Path) -> None:
    path = Path(os.fsdecode(os.fsencode(tmp_path) + b"/\xff\xfe.yml"))
    path.write_text("name: x\n", encoding="utf-8")
    ((_name, code, _seconds, _megabytes, printed, errors),) = checked(tmp_path, [path])
    assert (code, errors) == (2, "")
    assert "\ufffd" in json.loads(printed)[0]["file"]


@pytest.mark.parametrize("name", FORMATS)
def test_every_reader_answers_whatever_it_is_given(name: str) -> None:
    for what, data in CONTENTS.items():
        found = check(data[:20_000], "", name)
        assert found.problems or not found.document or not found.document.records, (what, name)
        assert all(one.say() and one.say_fix() for one in found.problems)


@pytest.mark.parametrize("what", CONTENTS)
def test_the_api_and_the_page_refuse_it_as_well(what: str, client: Client, db: None) -> None:
    data = CONTENTS[what]
    for name in named(data)[:2]:
        for path in ("check", "import/preview"):
            address = f"/api/v1/{path}?name={name}&lang=fr"
            answer = client.post(address, data, content_type="application/octet-stream")
            assert (path, answer.status_code, answer.json()["valid"]) == (path, 200, False)
            assert all(one["message"] and one["fix"] for one in answer.json()["problems"])
    files = [SimpleUploadedFile(name, data) for name in named(data)[:2]]
    shown = client.post("/en/commons/new/from/", {"link": "", "chosen": files}, follow=True)
    assert (shown.status_code, shown.redirect_chain[-1][1]) == (200, 302)
    assert b"publiccode.yml" in shown.content
    form = client.get(f"/en/commons/new/?from={shown.redirect_chain[-1][0].rstrip('/').rpartition('/')[2]}")
    assert form.status_code in {200, 302}
