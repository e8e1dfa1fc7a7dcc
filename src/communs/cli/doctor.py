"""Explain the set-up: every setting with its value and where it came from, and what is wrong with it.

Each problem comes with its remedy. Exit code 1 when something is wrong; warnings do not count.
"""

from __future__ import annotations

import argparse
import json
import os
import textwrap
from collections.abc import Mapping
from dataclasses import asdict
from urllib.parse import urlsplit, urlunsplit

from communs.cli.house import add_data_argument

SECRETS = frozenset(
    {
        "COMMUNS_SECRET_KEY",
        "COMMUNS_FORGE_TOKENS",
        "COMMUNS_LOG_SEED",
        "COMMUNS_HELLOASSO_CLIENT_SECRET",
        "COMMUNS_HELLOASSO_SIGNATURE_KEY",
        "COMMUNS_STRIPE_SECRET_KEY",
        "COMMUNS_STRIPE_WEBHOOK_SECRET",
    }
)
SIGNS = {"ok": "✓", "warning": "!", "wrong": "✗"}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    add_data_argument(parser)
    parser.add_argument("--json", action="store_true", help="print one JSON document")


def run(options: argparse.Namespace) -> int:
    from communs import __version__
    from communs.cli.doctor_checks import examine

    settings = list(settings_found(os.environ))
    checks = examine()
    wrong = any(check.state == "wrong" for check in checks)
    if options.json:
        document = {
            "version": __version__,
            "settings": settings,
            "checks": [asdict(check) for check in checks],
            "ok": not wrong,
        }
        print(json.dumps(document, ensure_ascii=False))
        return int(wrong)
    print(f"communs {__version__}\n\nSettings (from the environment)")
    for setting in settings:
        print(f"  {setting['name']:<22} {setting['value']}\n  {'':<22} {setting['source']}; {setting['meaning']}")
    print("\nChecks")
    for check in checks:
        print(f"  {SIGNS[check.state]} {check.name}: {check.found}")
        if check.remedy:
            print(textwrap.fill(check.remedy, 80, initial_indent="      ", subsequent_indent="      "))
    print("\nSomething is wrong: see the lines marked ✗." if wrong else "\nNothing is wrong.")
    return int(wrong)


def settings_found(environ: Mapping[str, str]) -> list[dict[str, str]]:
    """Every variable with its value (secrets masked), its source and its meaning."""
    from communs.web.config import VARIABLES

    return [_setting(environ, name, default, meaning) for name, default, meaning in VARIABLES]


def _setting(environ: Mapping[str, str], name: str, default: str, meaning: str) -> dict[str, str]:
    file = environ.get(f"{name}_FILE", "")
    if file:
        value, source = "(in the file)", f"read from {file}"
    elif environ.get(name):
        value, source = masked(name, environ[name]), "environment"
    else:
        value, source = default, "default"
    return {"name": name, "value": value, "source": source, "meaning": meaning}


def masked(name: str, value: str) -> str:
    """A value that may be shown: no key, no password in an address.

    >>> masked("DATABASE_URL", "postgres://ana:secret@db/communs?sslmode=require")
    'postgres://ana:…@db/communs?sslmode=require'
    """
    if name in SECRETS:
        return f"({len(value)} characters)"
    if "://" not in value:
        return value
    parts = urlsplit(value)
    user, at, host = parts.netloc.rpartition("@")
    if not at:
        return value
    shown = user.partition(":")[0] + (":…" if ":" in user else "")
    return urlunsplit(parts._replace(netloc=f"{shown}@{host}"))
