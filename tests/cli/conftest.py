"""What the tests of verbs about elections and flows share: small files, and two ways to call a verb."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from communs.cli import main
from communs.cli.house import ROOT

VOTE = """\
META
key;value
description;A small vote
budget;1000
vote_type;approval
currency;EUR
PROJECTS
project_id;cost;name;selected
park;600;A park for the old town;1
library;300;Books on wheels;0
kitchen;250;A kitchen for all;0
trees;200;Fifty trees;1
VOTES
voter_id;vote
v1;park,trees
v2;park,trees
v3;park,trees
v4;park,trees
v5;park,trees
v6;park,kitchen
v7;park,kitchen
v8;library
v9;library
v10;library
v11;library,kitchen
"""
POINTS = """\
META
key;value
budget;100
vote_type;scoring
PROJECTS
project_id;cost
a;60
b;40
VOTES
voter_id;vote;points
v1;a,b;3,1
v2;a,b;1,3
v3;b;2
"""
GIFTS = "donor,project,amount\nana,maps,12.50\nben,maps,3\ncem,maps,1\nana,wiki,40\ndea,wiki,1\neva,solo,500\n"
GRAPH = "source,target,weight\nsite,engine,3\nsite,font,1\nengine,kernel,1\n"
SEEDS = "node,amount\nsite,10000\n"

Save = Callable[[str, str], str]
Document = Callable[..., Any]
Process = Callable[..., subprocess.CompletedProcess[bytes]]


@pytest.fixture
def save(tmp_path: Path) -> Save:
    """`save(name, text)`: the path of a new file."""

    def write(name: str, text: str) -> str:
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        return str(path)

    return write


@pytest.fixture
def vote(save: Save) -> str:
    """An election that approves: four projects, eleven voters, 1,000 euro; officially the park and the trees won."""
    return save("vote.pb", VOTE)


@pytest.fixture
def points(save: Save) -> str:
    """An election with points, where two voters name the same projects and weigh them differently."""
    return save("points.pb", POINTS)


@pytest.fixture
def gifts(save: Save) -> str:
    """What five people gave to three projects."""
    return save("gifts.csv", GIFTS)


@pytest.fixture
def graph(save: Save) -> str:
    """A site that stands on an engine and a font, the engine on a kernel."""
    return save("graph.csv", GRAPH)


@pytest.fixture
def seeds(save: Save) -> str:
    """100 euro for the site."""
    return save("seeds.csv", SEEDS)


@pytest.fixture
def document(capsys: Any) -> Document:
    """`document(verb, …)`: the one JSON document that a verb prints with --json, and nothing else."""

    def ask(*arguments: str) -> Any:
        capsys.readouterr()  # what was printed before
        assert main([*arguments, "--json"]) == 0
        return json.loads(capsys.readouterr().out)

    return ask


@pytest.fixture
def process() -> Process:
    """`process(verb, …)`: a verb in a process of its own."""

    def run(*arguments: str, stdin: bytes = b"", **environment: str) -> subprocess.CompletedProcess[bytes]:
        return subprocess.run(
            [sys.executable, "-m", "communs", *arguments],
            env={"PYTHONPATH": str(ROOT / "src"), "PATH": os.environ["PATH"], **environment},
            input=stdin,
            capture_output=True,
            check=False,
        )

    return run
