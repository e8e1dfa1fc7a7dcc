"""Run the web server and the task worker together.

In production each can run alone: `communs serve --no-worker` behind a reverse proxy, and `communs worker`.
To be reached from other machines set COMMUNS_PUBLIC_URL and what `communs doctor` then asks for.
"""

from __future__ import annotations

import argparse
import gc
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from contextlib import suppress
from importlib import import_module
from urllib.error import URLError
from urllib.request import urlopen

from communs.cli.house import Failure, add_data_argument, bring_up_to_date, say, set_up
from communs.web.config import Config, read_config
from communs.web.parent import ADDRESS, ENDING, THREADS, VARIABLE

LOOPBACK = {"127.0.0.1", "localhost", "::1"}
ALSO_LOADED = ("encodings.idna",)
"""For asking whether the site answers while web processes are forked. One that is forked while something is being
loaded waits for it for ever, and could never look up an address."""
AGAIN_AFTER_S, AGAIN_AFTER_MAX_S = 2.0, 60.0  # a worker that ended by itself; doubled each time it does so again soon


def add_arguments(parser: argparse.ArgumentParser) -> None:
    add_data_argument(parser)
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (default: %(default)s)")
    parser.add_argument("--port", type=int, default=8000, help="port to listen on (default: %(default)s)")
    parser.add_argument("--workers", type=int, default=0, help="web processes (default: one a core, four at most)")
    parser.add_argument("--no-worker", action="store_true", help="do not run the task worker")


def run(options: argparse.Namespace) -> int:
    name_address(options.host, options.port)
    set_up()
    if bring_up_to_date():
        say("The database has been brought up to date.")
    workers = options.workers or min(os.cpu_count() or 1, 4)
    config = read_config()
    return serve(
        options.host, options.port, workers=workers, threads=1, with_worker=not options.no_worker, config=config
    )


def name_address(host: str, port: int) -> str:
    """Where the site is reached, kept for the settings of every process: letters and feeds link there. Comes first."""
    address = f"http://{'[::1]' if host == '::1' else host}:{port}"
    os.environ[ADDRESS] = address
    return address


def serve(host: str, port: int, *, workers: int, threads: int, with_worker: bool, config: Config) -> int:
    """Serve until interrupted. Raises `Failure` when the port is taken or the host needs a public address.

    The task worker starts once the site answers, so that it does not compete with the first page.
    """
    if host not in LOOPBACK and not config.is_public:
        raise Failure(f"To listen on {host}, set COMMUNS_PUBLIC_URL to the address people will use.")
    _check_port(host, port)
    load_site()
    address = name_address(host, port)
    where = "PostgreSQL" if "postgresql" in str(config.database["ENGINE"]) else f"data in {config.data}"
    line = f"communs is ready: {address} ({where}; Ctrl-C stops it)"
    companion = Companion(with_worker=with_worker)
    threading.Thread(target=_announce, args=(address, line, companion), daemon=True).start()
    _let_go_of_database()
    try:
        _granian(host, port, workers, threads)
    finally:
        companion.stop()
    return 0


def load_site() -> None:
    """Load what answers requests, for the web processes that are forked from this one. Needs no database.

    What is loaded stays: looking for rubbish in it would take a fifth of the time now, and pages of memory later.
    """
    gc.disable()
    set_up()
    from django.conf import settings

    for name in ("granian", settings.ROOT_URLCONF, *ALSO_LOADED):
        import_module(name)
    gc.freeze()
    gc.enable()


def _let_go_of_database() -> None:
    """Close what this process has open: web processes are forked from it, and SQLite must not be carried across a fork.

    They would count on locks that this process has and they do not: as soon as it is gone, others clear away under them
    what they read and write.
    """
    from django.db import connections

    connections.close_all()


class Companion:
    """The task worker beside the web server, a process of its own. One that ends by itself is started again."""

    def __init__(self, *, with_worker: bool) -> None:
        self.with_worker = with_worker
        self.stopped = threading.Event()
        self.process: subprocess.Popen[bytes] | None = None
        self.lock = threading.Lock()

    def keep(self) -> None:
        """Start it and look after it until `stop` is called."""
        wait_s = AGAIN_AFTER_S
        while process := self._started():
            started = time.monotonic()
            code = process.wait()
            if time.monotonic() - started > AGAIN_AFTER_MAX_S:
                wait_s = AGAIN_AFTER_S
            if self.stopped.wait(wait_s):  # Ctrl-C reaches both: it ends before the server says so
                return
            say(f"The task worker ended (code {code}) and is started again.")
            wait_s = min(2 * wait_s, AGAIN_AFTER_MAX_S)

    def _started(self) -> subprocess.Popen[bytes] | None:
        """Start it, unless the server has been stopped meanwhile."""
        with self.lock:
            if self.with_worker and not self.stopped.is_set():
                command = [sys.executable, "-m", "communs", "worker", "--parent", str(os.getpid())]
                self.process = subprocess.Popen(command, stdin=subprocess.DEVNULL)
                return self.process
            return None

    def stop(self) -> None:
        """Ask it to finish what it is doing; after ten seconds it is ended."""
        with self.lock:
            self.stopped.set()
            if self.process is None:
                return
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(timeout=10)
            except subprocess.TimeoutExpired:
                self.process.kill()


def _granian(host: str, port: int, workers: int, threads: int) -> None:
    """Answer until interrupted. Granian gives up when a web process dies twice within seconds: it is begun anew."""
    os.environ[VARIABLE] = str(os.getpid())
    os.environ[THREADS] = str(threads)
    from granian import Granian
    from granian.constants import Interfaces

    wait_s = AGAIN_AFTER_S
    while True:
        server = Granian(
            "communs.web.asgi:application",
            address=host,
            port=port,
            interface=Interfaces.ASGINL,
            workers=workers,
            log_enabled=False,
            respawn_failed_workers=True,
            workers_kill_timeout=10,
        )
        started = time.monotonic()
        with suppress(SystemExit):  # how it gives up
            server.serve()
        if server.interrupt_signal:
            return
        if time.monotonic() - started > AGAIN_AFTER_MAX_S:
            wait_s = AGAIN_AFTER_S
        say("Web processes ended again and again and are started again. Is there enough memory?")
        time.sleep(wait_s)
        wait_s = min(2 * wait_s, AGAIN_AFTER_MAX_S)


def _check_port(host: str, port: int) -> None:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise Failure(
                f"Port {port} on {host} cannot be used ({error.strerror}): choose another with --port."
            ) from error


def _announce(address: str, line: str, companion: Companion) -> None:
    """Say that the site is ready once it answers, not before; then look after the task worker.

    The main thread sleeps in Granian and hears only of signals that it takes itself: this one leaves them to it.
    """
    signal.pthread_sigmask(signal.SIG_BLOCK, ENDING)
    for _ in range(600):
        try:
            urlopen(f"{address}/health", timeout=5).close()  # noqa: S310 - our own address
        except (URLError, OSError):
            time.sleep(0.05)
            continue
        print(line, flush=True)
        companion.keep()
        return
