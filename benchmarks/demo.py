"""`./communs demo` from a fresh checkout with empty package caches, with uv and with Python alone; a second start.

The CPU time is that of everything started, until it has been stopped: it tells a slow start from a busy machine. Where
thousands of files were deleted in the last minutes, ext4 without a journal makes new ones slowly (much system time in
the installation): name a folder in memory then, as in `TMPDIR=/dev/shm`.
"""

import os
import resource
import shutil
import signal
import subprocess
import tempfile
import time
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

from communs.testing.bench import Line, read_options, report

OPTIONS = read_options(__doc__)
ROOT = Path(__file__).resolve().parents[1]
PORT = 8765


def cpu_s() -> float:
    """Of all processes that have been waited for."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def start(checkout: Path, data: Path, environ: dict[str, str]) -> tuple[float, float]:
    """Seconds from the command to the first full page, and of CPU time; the site is stopped afterwards."""
    used = cpu_s()
    first_page_s = _start(checkout, data, environ)
    return first_page_s, cpu_s() - used


def _start(checkout: Path, data: Path, environ: dict[str, str]) -> float:
    begin = time.perf_counter()
    process = subprocess.Popen(
        [str(checkout / "communs"), "demo", "--port", str(PORT), "--data", str(data)],
        env=environ,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        start_new_session=True,
    )
    try:
        while True:
            try:
                with urlopen(f"http://127.0.0.1:{PORT}/en/", timeout=5) as answer:
                    assert answer.status == 200
                    return time.perf_counter() - begin
            except (URLError, ConnectionError) as problem:
                if process.poll() is not None or time.perf_counter() - begin > 120:
                    raise SystemExit(f"the demo did not start: {process.stderr.read().decode()}") from problem
                time.sleep(0.02)
    finally:
        os.killpg(process.pid, signal.SIGINT)
        process.wait(timeout=20)


def measure(folder: Path, *, with_uv: bool) -> list[tuple[float, float]]:
    """The cold and the second start in a copy of the checkout with caches of its own."""
    checkout = folder / "communs"
    ignore = shutil.ignore_patterns(".venv*", "__pycache__", ".git", "*.mo", ".mypy_cache", ".ruff_cache")
    shutil.copytree(ROOT, checkout, ignore=ignore)
    environ = {**os.environ, "PIP_CACHE_DIR": str(folder / "pip"), "UV_CACHE_DIR": str(folder / "uv")}
    environ.pop("PYTHONPATH", None)
    if not with_uv:
        environ["COMMUNS_NO_UV"] = "1"
    return [start(checkout, folder / "data", environ) for _ in range(2)]


lines = []
place = Path(tempfile.mkdtemp(prefix="communs-demo-"))  # removed at the end: nothing is deleted before a measurement
for name, with_uv, bar in (("uv", True, 8), ("Python alone", False, 15)):
    if with_uv and not shutil.which("uv"):
        lines.append(Line(f"cold, with {name}", "uv is not installed here", f"≤ {bar} s", None))
        continue
    if OPTIONS.smoke and not with_uv:
        continue
    for which, limit, (wall, cpu) in zip(
        ("cold", "second start"), (bar, 2), measure(place / name.replace(" ", "-"), with_uv=with_uv), strict=True
    ):
        lines.append(Line(f"{which}, with {name}", f"{wall:.1f} s (CPU {cpu:.1f} s)", f"≤ {limit} s", wall <= limit))
shutil.rmtree(place, ignore_errors=True)
report("./communs demo, to the first full page", lines, smoke=OPTIONS.smoke)
