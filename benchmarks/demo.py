"""`./communs demo` from a fresh checkout with empty package caches, with uv and with Python alone; a second start."""

import os
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


def start(checkout: Path, data: Path, environ: dict[str, str]) -> float:
    """Seconds from the command to the first full page; the site is stopped afterwards."""
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


def measure(name: str, *, with_uv: bool) -> tuple[float, float]:
    """(cold, second start) in a copy of the checkout with caches of its own."""
    folder = Path(tempfile.mkdtemp(prefix=f"communs-{name}-"))
    try:
        checkout = folder / "communs"
        ignore = shutil.ignore_patterns(".venv*", "__pycache__", ".git", "*.mo", ".mypy_cache", ".ruff_cache")
        shutil.copytree(ROOT, checkout, ignore=ignore)
        environ = {**os.environ, "PIP_CACHE_DIR": str(folder / "pip"), "UV_CACHE_DIR": str(folder / "uv")}
        environ.pop("PYTHONPATH", None)
        if not with_uv:
            environ["COMMUNS_NO_UV"] = "1"
        return tuple(start(checkout, folder / "data", environ) for _ in range(2))  # type: ignore[return-value]
    finally:
        shutil.rmtree(folder, ignore_errors=True)


lines = []
for name, with_uv, bar in (("uv", True, 8), ("Python alone", False, 15)):
    if with_uv and not shutil.which("uv"):
        lines.append(Line(f"cold, with {name}", "uv is not installed here", f"≤ {bar} s", None))
        continue
    if OPTIONS.smoke and not with_uv:
        continue
    cold, second = measure(name.replace(" ", "-"), with_uv=with_uv)
    lines.append(Line(f"cold, with {name}", f"{cold:.1f} s", f"≤ {bar} s", cold <= bar))
    lines.append(Line(f"second start, with {name}", f"{second:.1f} s", "≤ 2 s", second <= 2))
report("./communs demo, to the first full page", lines, smoke=OPTIONS.smoke)
