"""`./communs demo` as a newcomer meets it: the launcher, the runtime packages alone, one line, a clean end."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.request import urlopen

import pytest

from communs import __version__
from communs.cli.house import ROOT
from communs.testing.kills import free_port

LAUNCHER = ROOT / "communs"
INSTALL_S_MAX = 180
START_S_MAX = 60


def environment() -> dict[str, str]:
    """That of a newcomer: nothing of ours is set."""
    return {
        name: value for name, value in os.environ.items() if not name.startswith(("COMMUNS_", "DATABASE_", "DJANGO_"))
    }


@pytest.fixture(scope="module", autouse=True)
def _installed() -> None:
    """The first call of the launcher installs the runtime packages: they alone must do."""
    done = subprocess.run(
        [str(LAUNCHER), "--version"],
        env=environment(),
        capture_output=True,
        text=True,
        check=False,
        timeout=INSTALL_S_MAX,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == f"communs {__version__}"


@contextmanager
def demo(data: Path, port: int) -> Iterator[tuple[subprocess.Popen[str], str, float]]:
    """The running demonstration, its line, and the seconds it took to say it."""
    start = time.monotonic()
    with (data.parent / "messages.log").open("a") as messages:
        process = subprocess.Popen(
            [str(LAUNCHER), "demo", "--port", str(port), "--data", str(data)],
            env=environment(),
            stdout=subprocess.PIPE,
            stderr=messages,
            text=True,
            start_new_session=True,
        )
    assert process.stdout
    try:
        line = process.stdout.readline()
        yield process, line, time.monotonic() - start
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        process.stdout.close()


def ends_cleanly(process: subprocess.Popen[str]) -> bool:
    """Ctrl-C: the process ends by itself, and nothing of its group is left."""
    os.killpg(process.pid, signal.SIGINT)
    process.wait(timeout=20)
    return nothing_is_left_of(process)


def nothing_is_left_of(process: subprocess.Popen[str]) -> bool:
    """Whether every process of its group has ended, within ten seconds."""
    for _attempt in range(100):
        try:
            os.killpg(process.pid, 0)
        except ProcessLookupError:
            return True
        time.sleep(0.1)
    return False


def when_told(port: int) -> str:
    """The rounds of the invented foundation, which the worker fills once the site answers: within a minute."""
    for _attempt in range(120):
        with urlopen(f"http://127.0.0.1:{port}/en/foundation/rounds/") as answer:
            page = str(answer.read().decode())
        if "open-round" in page:
            break
        time.sleep(0.5)
    return page


def test_a_newcomer_gets_a_site_with_real_data_in_one_command(tmp_path: Path) -> None:
    data, port = tmp_path / "data", free_port()
    with demo(data, port) as (process, line, seconds):
        assert line.startswith(f"communs is ready: http://127.0.0.1:{port} (data in {data}")
        assert seconds < START_S_MAX
        with urlopen(f"http://127.0.0.1:{port}/health") as answer:
            assert json.load(answer)["status"] == "ok"
        with urlopen(f"http://127.0.0.1:{port}/api/v1/commons?limit=100") as answer:
            assert len(json.load(answer)["items"]) == 100
        with urlopen(f"http://127.0.0.1:{port}/fr/") as answer:
            assert 'lang="fr"' in answer.read().decode()
        with urlopen(f"http://127.0.0.1:{port}/fr/funding/feed.atom") as answer:
            feed = answer.read().decode()
            assert f'"http://127.0.0.1:{port}/fr/funding/' in feed  # as letters do: not to another port
            assert "localhost" not in feed
        assert "What public services build on" in when_told(port)
        assert ends_cleanly(process)
        assert process.returncode in {0, 130, -signal.SIGINT}
    with demo(data, port) as (process, line, again):
        assert line.startswith("communs is ready")
        assert again < seconds
        assert ends_cleanly(process)


def test_a_server_killed_without_mercy_leaves_nothing_behind_and_starts_again(tmp_path: Path) -> None:
    data, port = tmp_path / "data", free_port()
    for _start in range(2):
        with demo(data, port) as (process, line, _seconds):
            assert line.startswith("communs is ready")
            os.kill(process.pid, signal.SIGKILL)
            process.wait(timeout=20)
            assert nothing_is_left_of(process)


@pytest.mark.skipif(not Path("/proc/self/cmdline").exists(), reason="the worker is found in /proc")
def test_a_worker_that_is_killed_is_started_again(tmp_path: Path) -> None:
    with demo(tmp_path / "data", free_port()) as (process, line, _seconds):
        assert line.startswith("communs is ready")
        first = worker_of(process)
        os.kill(first, signal.SIGKILL)
        assert worker_of(process, other_than=first) != first
        assert ends_cleanly(process)
    assert "is started again" in (tmp_path / "messages.log").read_text()


@pytest.mark.skipif(not Path("/proc/self/cmdline").exists(), reason="web processes are found in /proc")
def test_web_processes_that_are_killed_again_and_again_are_started_again(tmp_path: Path) -> None:
    port = free_port()
    with demo(tmp_path / "data", port) as (process, line, _seconds):
        assert line.startswith("communs is ready")
        for _time in range(3):
            os.kill(web_process_of(process), signal.SIGKILL)
            assert answers_again(port)
        assert ends_cleanly(process)
    assert "Web processes ended again and again" in (tmp_path / "messages.log").read_text()


def answers_again(port: int) -> bool:
    """Whether the site answers within twenty seconds."""
    for _attempt in range(200):
        with suppress(OSError):
            return bool(urlopen(f"http://127.0.0.1:{port}/health", timeout=5).status == 200)
        time.sleep(0.1)
    return False


def web_process_of(process: subprocess.Popen[str]) -> int:
    """A process that answers requests, within twenty seconds: forked from the server, so called by the same command."""
    for _attempt in range(200):
        for folder in Path("/proc").glob("[0-9]*"):
            parent = _read(folder / "stat").rpartition(b")")[2].split()[1:2]
            if parent == [str(process.pid).encode()] and b"demo" in _read(folder / "cmdline").split(b"\0"):
                return int(folder.name)
        time.sleep(0.1)
    raise AssertionError("no web process")


def worker_of(process: subprocess.Popen[str], other_than: int = 0) -> int:
    """The task worker of a server, within twenty seconds."""
    for _attempt in range(200):
        for folder in Path("/proc").glob("[0-9]*"):
            command = _read(folder / "cmdline").split(b"\0")
            asked = [b"worker", b"--parent", str(process.pid).encode()]
            if command[-4:-1] == asked and int(folder.name) != other_than:
                return int(folder.name)
        time.sleep(0.1)
    raise AssertionError("no worker")


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError:  # it has ended meanwhile
        return b""


def test_a_port_that_is_taken_is_said_to_be_so(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        done = subprocess.run(
            [str(LAUNCHER), "demo", "--port", str(taken.getsockname()[1]), "--data", str(tmp_path / "data")],
            env=environment(),
            capture_output=True,
            text=True,
            check=False,
            timeout=START_S_MAX,
        )
    assert done.returncode == 1
    assert "choose another with --port" in done.stderr
    assert "Traceback" not in done.stderr


def test_help_reads_like_a_page_and_imports_nothing_heavy() -> None:
    start = time.monotonic()
    done = subprocess.run(
        [str(LAUNCHER), "--help"], env=environment(), capture_output=True, text=True, check=False, timeout=30
    )
    assert done.returncode == 0
    assert "communs match openstreetmap" in done.stdout
    assert time.monotonic() - start < 10
