"""`communs import`: files, folders and addresses of every format, each source a run, and figures as JSON."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest

from communs.apps.register.models import Commons, CommonsStatement
from communs.cli import import_
from communs.cli.house import Failure
from communs.kit.models import Listing, Run, Source

pytestmark = pytest.mark.django_db

VALID = """\
publiccodeYmlVersion: "0.4"
name: Free Map
url: https://github.com/example/free-map.git
description:
  en:
    shortDescription: A map of footpaths that walkers draw themselves.
legal:
  license: AGPL-3.0-or-later
"""


@pytest.fixture(autouse=True)
def ready(monkeypatch: pytest.MonkeyPatch) -> None:
    """The database of the tests stands already."""
    monkeypatch.setattr(import_, "bring_up_to_date", lambda: False)


def imported(capsys: Any, *arguments: str) -> tuple[int, dict[str, Any]]:
    import argparse

    parser = argparse.ArgumentParser()
    import_.add_arguments(parser)
    code = import_.run(parser.parse_args([*arguments, "--json"]))
    return code, json.loads(capsys.readouterr().out)


def write(path: Path, *records: dict[str, Any]) -> str:
    path.write_text("\n".join(map(json.dumps, records)), encoding="utf-8")
    return str(path)


def test_figures_by_file_with_the_run_that_they_belong_to(tmp_path: Path, capsys: Any) -> None:
    path = write(tmp_path / "list.jsonl", {"id": "map", "name": "Map"}, {"id": "no name"})
    code, said = imported(capsys, "commons", path)
    run = Run.objects.get()
    figures = said["files"][path]
    assert code == 1
    assert (figures["new"], figures["changed"], figures["unchanged"], figures["run"]) == (1, 0, 0, run.pk)
    assert figures["refused"][0]["place"] == "list.jsonl:2"
    assert said["runs"][str(run.pk)]["source"] == "list-jsonl"
    assert (run.trigger, run.origin, run.refused) == ("command", "list.jsonl", 1)


def test_a_second_run_finds_nothing_new(tmp_path: Path, capsys: Any) -> None:
    path = write(tmp_path / "list.jsonl", {"id": "map", "name": "Map"})
    imported(capsys, "commons", path)
    code, said = imported(capsys, "commons", path)
    assert code == 0
    assert said["files"][path]["unchanged"] == 1
    assert [run["state"] for run in said["runs"].values()] == ["unchanged"]


def test_the_source_and_its_licence_are_those_that_were_said(tmp_path: Path, capsys: Any) -> None:
    path = write(tmp_path / "list.jsonl", {"id": "map", "name": "Map"})
    imported(capsys, "commons", path, "--source", "Map people", "--licence", "CC-BY-4.0")
    statement = CommonsStatement.objects.select_related("source").get()
    assert statement.source is not None
    assert (statement.source.name, statement.source.licence) == ("Map people", "CC-BY-4.0")
    assert Run.objects.get().licence == "CC-BY-4.0"


def test_several_files_of_one_source_are_one_run(tmp_path: Path, capsys: Any) -> None:
    files = [write(tmp_path / f"{name}.jsonl", {"id": name, "name": name.title()}) for name in ("a", "b")]
    for _time in range(2):
        code, said = imported(capsys, "commons", *files, "--source", "Both")
        assert code == 0
        assert len(said["runs"]) == 1
    assert Listing.objects.filter(gone_at=None).count() == 2
    imported(capsys, "commons", files[0], "--source", "Both")
    assert Listing.objects.exclude(gone_at=None).get().public_id == "b"


def test_a_folder_is_searched_for_what_was_asked_for(tmp_path: Path, capsys: Any) -> None:
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        text = VALID.replace("Free Map", name.title()).replace("free-map", name)
        (tmp_path / name / "publiccode.yml").write_text(text, encoding="utf-8")
    (tmp_path / "README.md").write_text("# Nothing to import", encoding="utf-8")
    (tmp_path / ".git").mkdir()
    (tmp_path / ".git" / "publiccode.yml").write_text(VALID, encoding="utf-8")
    code, said = imported(capsys, "commons", str(tmp_path))
    assert code == 0
    assert len(said["files"]) == 2
    assert sorted(Commons.objects.values_list("public_id", flat=True)) == ["one", "two"]
    assert Source.objects.get(key="publiccode-yml").trust == 70
    with pytest.raises(Failure, match="opportunities"):
        imported(capsys, "opportunities", str(tmp_path))


def test_a_file_of_no_known_format_is_refused_with_the_remedy(tmp_path: Path, capsys: Any) -> None:
    path = tmp_path / "notes.txt"
    path.write_text("nothing of the kind", encoding="utf-8")
    code, said = imported(capsys, "commons", str(path))
    assert code == 1
    assert said["files"][str(path)]["refused"][0]["remedy"]
    assert Run.objects.get().state == Run.State.FAILED


def test_a_list_that_holds_far_less_is_not_believed_unless_told_so(tmp_path: Path, capsys: Any) -> None:
    path = write(tmp_path / "list.jsonl", *({"id": f"m{number}", "name": f"M{number}"} for number in range(10)))
    imported(capsys, "commons", path)
    write(tmp_path / "list.jsonl", {"id": "m0", "name": "M0"})
    code, said = imported(capsys, "commons", path)
    assert code == 1
    assert [run["state"] for run in said["runs"].values()] == ["failed"]
    code, said = imported(capsys, "commons", path, "--accept-fewer")
    assert code == 0
    assert [run["gone"] for run in said["runs"].values()] == [9]


class Handler(BaseHTTPRequestHandler):
    """One record file, and nothing else."""

    def do_GET(self) -> None:
        data = b'{"id": "map", "name": "Map"}'
        self.send_response(200 if self.path == "/list.jsonl" else 404)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *_said: Any) -> None:
        return


@pytest.fixture
def address() -> Iterator[str]:
    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def test_an_address_is_fetched_within_the_guard(address: str, settings: Any, capsys: Any) -> None:
    settings.ALLOW_PRIVATE_ADDRESSES = True
    code, said = imported(capsys, "commons", f"{address}/list.jsonl")
    assert code == 0
    assert said["files"][f"{address}/list.jsonl"]["new"] == 1
    assert Source.objects.get().url == f"{address}/list.jsonl"
    with pytest.raises(Failure, match="404"):
        imported(capsys, "commons", f"{address}/other.jsonl")
    settings.ALLOW_PRIVATE_ADDRESSES = False
    with pytest.raises(Failure, match="private"):
        imported(capsys, "commons", f"{address}/list.jsonl")


def test_dependencies_are_a_run_too(tmp_path: Path, capsys: Any) -> None:
    imported(capsys, "commons", write(tmp_path / "l.jsonl", {"id": "a", "name": "A"}, {"id": "b", "name": "B"}))
    path = tmp_path / "edges.csv"
    path.write_text("from_id,to_id,relation,source\na,b,depends_on,list\n", encoding="utf-8")
    code, said = imported(capsys, "dependencies", str(path))
    assert code == 0
    run = Run.objects.first()
    assert run is not None
    assert (run.new, said["files"][str(path)]["run"]) == (1, run.pk)
    assert imported(capsys, "dependencies", str(path))[1]["files"][str(path)]["unchanged"] == 1
