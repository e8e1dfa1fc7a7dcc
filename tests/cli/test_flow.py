"""`communs flow`: money passed on, the same bytes from every engine that is here."""

from __future__ import annotations

import gzip
import importlib.util
import json
import os
from pathlib import Path
from typing import Any

import pytest

from communs.cli import main

HALF = ("--keep", "0.5")
SBOM = {
    "bomFormat": "CycloneDX",
    "components": [{"bom-ref": name, "name": name} for name in ("site", "engine", "font", "kernel")],
    "dependencies": [{"ref": "site", "dependsOn": ["engine", "font"]}, {"ref": "engine", "dependsOn": ["kernel"]}],
}


def engines() -> list[str]:
    """The engines that need nothing that is not here."""
    found = ["memory", "numpy", "sqlite"]
    found += [name for name, package in (("numba", "numba"), ("duckdb", "duckdb")) if importlib.util.find_spec(package)]
    return [*found, *(["postgresql"] if os.environ.get("DATABASE_URL", "").startswith("postgres") else [])]


def test_each_keeps_a_share_and_passes_the_rest_on(document: Any, graph: str, seeds: str) -> None:
    found = document("flow", graph, "--seeds", seeds, *HALF)
    assert found["amounts"] == {"site": 5000, "engine": 1875, "kernel": 1875, "font": 1250}
    assert (found["rule"], found["returned"], found["parameters"]["keep"]) == ("flows-1", 0, 500_000)


@pytest.mark.parametrize("engine", engines())
def test_every_engine_gives_the_same_bytes(capsys: Any, graph: str, seeds: str, engine: str) -> None:
    printed = []
    for name in ("memory", engine):
        assert main(["flow", graph, "--seeds", seeds, "--keep", "0.3", "--engine", name, "--json"]) == 0
        printed.append(capsys.readouterr().out)
    assert printed[0] == printed[1]


def test_the_bytes_are_the_same_under_any_hash_seed(process: Any, graph: str, seeds: str) -> None:
    asked = ("flow", graph, "--seeds", seeds, *HALF, "--json")
    assert len({process(*asked, PYTHONHASHSEED=seed).stdout for seed in ("0", "7")}) == 1


def test_limits_and_those_who_take_no_part_are_heard(document: Any, graph: str, seeds: str) -> None:
    asked = ("flow", graph, "--seeds", seeds, *HALF)
    assert document(*asked, "--minimum", "1500")["amounts"].keys() == {"site", "engine", "kernel"}
    assert max(document(*asked, "--cap", "2000")["amounts"].values()) == 2000
    assert "font" not in document(*asked, "--exclude", "font", "--exclude", "kernel")["amounts"]
    declined = document(*asked, "--declined", "engine")["amounts"]
    assert "engine" not in declined
    assert declined["kernel"] == 3750


def test_why_shows_from_whom_and_along_which_way(document: Any, graph: str, seeds: str, capsys: Any) -> None:
    found = document("flow", graph, "--seeds", seeds, *HALF, "--why", "kernel")
    assert found["amount"] == 1875
    assert found["received"] == [{"source": "engine", "micro": 1_875_000_000}]
    assert found["ways"][0]["names"] == ["site", "engine", "kernel"]
    assert main(["flow", graph, "--seeds", seeds, *HALF, "--why", "kernel"]) == 0
    assert "site → engine → kernel" in capsys.readouterr().out


def test_the_text_has_the_largest_first_and_the_sum_aside(capsys: Any, graph: str, seeds: str) -> None:
    assert main(["flow", graph, "--seeds", seeds, *HALF]) == 0
    printed = capsys.readouterr()
    assert printed.out.splitlines()[0] == "5\u202f000  site"
    assert "4 of 4 receive 10000; 0 go back to the pot." in printed.err


def test_bills_of_materials_compressed_files_and_pipes_are_read(
    document: Any, process: Any, graph: str, seeds: str, save: Any, tmp_path: Path
) -> None:
    sbom = document("flow", save("sbom.json", json.dumps(SBOM)), "--seeds", seeds, *HALF)
    assert sbom["amounts"].keys() == {"site", "engine", "font", "kernel"}
    packed = tmp_path / "graph.csv.gz"
    packed.write_bytes(gzip.compress(Path(graph).read_bytes()))
    plain = document("flow", graph, "--seeds", seeds, *HALF)
    assert document("flow", str(packed), "--seeds", seeds, *HALF)["amounts"] == plain["amounts"]
    piped = process("flow", "-", "--seeds", seeds, *HALF, "--json", stdin=Path(graph).read_bytes())
    assert json.loads(piped.stdout) == plain


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("engine,3", "engine,many", "Line 2"),
        ("engine,3", "engine,-3", "Line 2"),
        ("source,target,weight", "", "Line"),
    ],
)
def test_a_broken_graph_is_refused_with_its_line(
    capsys: Any, graph: str, seeds: str, save: Any, old: str, new: str, said: str
) -> None:
    broken = save("broken.csv", Path(graph).read_text(encoding="utf-8").replace(old, new))
    assert main(["flow", broken, "--seeds", seeds, *HALF, "--json"]) == 1
    printed = capsys.readouterr()
    assert printed.out == ""
    assert said in printed.err


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("", "Line 1"),
        ("node,amount\nsite,-5\n", "-5"),
        ("node,amount\nsite,1.5\n", "Line 2"),
        ("node,amount\nnobody,5\n", "nobody"),
        ("node,amount\nsite," + "9" * 30 + "\n", "9"),
    ],
)
def test_broken_seeds_are_refused(capsys: Any, graph: str, save: Any, content: str, said: str) -> None:
    assert main(["flow", graph, "--seeds", save("seeds.csv", content), *HALF]) == 1
    assert said in capsys.readouterr().err


@pytest.mark.parametrize("name", ["/nowhere.csv", "/dev/zero", "/"])
def test_what_is_no_file_is_refused(capsys: Any, graph: str, seeds: str, name: str) -> None:
    assert main(["flow", name, "--seeds", seeds, *HALF]) == 1
    assert main(["flow", graph, "--seeds", name, *HALF]) == 1
    assert capsys.readouterr().err.count(f"{name} ") == 2


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ([], "keep"),
        ([*HALF, "--why", "nobody"], "nobody"),
        ([*HALF, "--exclude", "nobody"], "nobody"),
        ([*HALF, "--exclude", "site"], "has a seed"),
        ([*HALF, "--minimum", "10", "--cap", "5"], "below the least amount"),
    ],
)
def test_what_cannot_be_done_is_said(capsys: Any, graph: str, seeds: str, options: list[str], said: str) -> None:
    assert main(["flow", graph, "--seeds", seeds, *options]) == 1
    assert said in capsys.readouterr().err


@pytest.mark.parametrize(
    "options",
    [
        ["--keep", "1.5"],
        ["--keep", "NaN"],
        ["--keep", "1e-999999999"],
        ["--keep", "0.1234567"],
        [*HALF, "--minimum", "-1"],
        [*HALF, "--engine", "abacus"],
    ],
)
def test_a_wrong_command_line_ends_with_two(graph: str, seeds: str, options: list[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["flow", graph, "--seeds", seeds, *options])
    assert ended.value.code == 2


def test_an_engine_that_is_not_here_says_what_it_needs(
    capsys: Any, graph: str, seeds: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", "sqlite:///nothing")
    assert main(["flow", graph, "--seeds", seeds, *HALF, "--engine", "postgresql"]) == 1
    assert "needs DATABASE_URL" in capsys.readouterr().err
    monkeypatch.setenv("DATABASE_URL", "postgresql://127.0.0.1:1/nothing")
    assert main(["flow", graph, "--seeds", seeds, *HALF, "--engine", "postgresql"]) == 1
    assert "does not answer" in capsys.readouterr().err
    if importlib.util.find_spec("pyspark") is None:
        assert main(["flow", graph, "--seeds", seeds, *HALF, "--engine", "spark"]) == 1
        assert "pip install pyspark" in capsys.readouterr().err
