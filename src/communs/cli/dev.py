"""Checks and chores for those who change communs.

check      ruff, mypy and the import contracts
lock       pin the requirements anew, with hashes (needs uv)
messages   collect the interface texts into the .po files and say which translations are missing
shell      Python with the models at hand
docs       write the generated parts of docs/reference anew
"""

from __future__ import annotations

import argparse
import subprocess
import sys

from communs.cli.house import ROOT, Failure, add_data_argument, say, set_up


def add_arguments(parser: argparse.ArgumentParser) -> None:
    add_data_argument(parser)
    parser.add_argument("chore", choices=["check", "lock", "messages", "migrations", "shell", "docs"])


def run(options: argparse.Namespace) -> int:
    return {
        "check": check,
        "lock": lock,
        "messages": messages,
        "migrations": migrations,
        "shell": shell,
        "docs": docs,
    }[options.chore]()


def check() -> int:
    """Every static check; all run even when one fails."""
    commands = {
        "ruff check": [sys.executable, "-m", "ruff", "check", "."],
        "ruff format": [sys.executable, "-m", "ruff", "format", "--check", "."],
        "mypy": [sys.executable, "-m", "mypy"],
        "import contracts": [
            sys.executable,
            "-c",
            "from importlinter.cli import lint_imports_command as run; run()",
        ],
    }
    failed = []
    for name, command in commands.items():
        say(f"── {name}")
        if subprocess.run(command, cwd=ROOT, check=False).returncode:
            failed.append(name)
    if failed:
        say(f"Failed: {', '.join(failed)}.")
    return int(bool(failed))


def lock() -> int:
    """Write requirements/*.txt from requirements/*.in, without any registry's address."""
    options = ["--quiet", "--python-version=3.11", "--generate-hashes", "--no-emit-index-url", "--no-header"]
    for name in ("bootstrap", "runtime", "test"):
        command = [
            "uv",
            "pip",
            "compile",
            *options,
            f"requirements/{name}.in",
            "-o",
            f"requirements/{name}.txt",
        ]
        try:
            subprocess.run(command, cwd=ROOT, check=True)
        except FileNotFoundError as error:
            raise Failure("uv is needed to pin requirements: https://docs.astral.sh/uv/") from error
    return 0


def messages() -> int:
    """Collect texts; 1 when a translation is missing."""
    from communs.cli.dev_messages import update

    missing = update()
    for place, text in missing:
        say(f"{place}: no translation for {text!r}")
    return int(bool(missing))


def migrations() -> int:
    """Write migrations for changed models."""
    set_up()
    from django.core.management import call_command

    call_command("makemigrations")
    return 0


def shell() -> int:
    """An interactive Python with Django set up."""
    set_up()
    from django.core.management import call_command

    call_command("shell")
    return 0


def docs() -> int:
    """Write the generated reference pages."""
    from communs.cli.dev_reference import write_reference

    set_up()
    for path in write_reference():
        say(f"written: {path}")
    return 0
