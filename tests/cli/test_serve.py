"""`communs serve` as it runs: what its processes hold open."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from communs.cli.house import ROOT
from communs.testing.kills import free_port, started_by

PROC = Path("/proc")


def told(data: Path) -> dict[str, str]:
    """An environment with a site of its own, on SQLite."""
    kept = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    return {**kept, "COMMUNS_DATA": str(data), "PYTHONPATH": str(ROOT / "src")}


def files_of(pid: int) -> list[str]:
    """What a process has open."""
    return [str(one.readlink()) for one in (PROC / str(pid) / "fd").iterdir()]


def test_nothing_is_loaded_any_more_while_web_processes_are_forked(tmp_path: Path) -> None:
    """A fork in the middle of an import leaves a lock that nobody opens: no address could be looked up ever after."""
    asking = (
        "import sys\n"
        "from urllib.request import urlopen\n"
        "from communs.cli.serve import load_site\n"
        "load_site()\n"
        "before = set(sys.modules)\n"
        "try:\n    urlopen('http://127.0.0.1:1/health', timeout=5)\n"
        "except OSError:\n    print(sorted(set(sys.modules) - before))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", asking],
        env=told(tmp_path),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout.strip() == "[]", done.stderr


@pytest.mark.skipif(not PROC.is_dir(), reason="what a process has open is told by Linux")
def test_web_processes_are_forked_from_one_that_has_no_database_open(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "communs", "serve", "--port", str(free_port()), "--no-worker"]
    with subprocess.Popen(
        command, env=told(tmp_path), stdout=subprocess.PIPE, text=True, start_new_session=True
    ) as server:
        try:
            assert server.stdout is not None
            assert server.stdout.readline().startswith("communs is ready")
            assert started_by(server.pid)
            assert not [one for one in files_of(server.pid) if re.search(r"\.sqlite3", one)]
        finally:
            os.killpg(server.pid, signal.SIGKILL)
