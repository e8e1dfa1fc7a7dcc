"""Whether a data folder is known to be up to date, told without loading Django: what makes a second start quick.

The mark holds a fingerprint of everything a first start depends on: the code's migrations, the seed, the packages. It
is trusted only for a database that is a file in this very folder.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path

from communs import __version__
from communs.cli.house import ROOT, SEED
from communs.web.config import Config

PACKAGE = Path(__file__).resolve().parents[1]
MARK = "prepared"


def is_prepared(config: Config) -> bool:
    """Whether the last start left this folder as this code would."""
    database = Path(str(config.database["NAME"]))
    mark = config.data / MARK
    return (
        database.parent == config.data
        and database.is_file()
        and mark.is_file()
        and mark.read_text(encoding="utf-8") == _fingerprint()
        and all(po.with_suffix(".mo").is_file() for po in _catalogues())
    )


def mark_prepared(config: Config) -> None:
    """Remember that the database is up to date and the seed is read."""
    (config.data / MARK).write_text(_fingerprint(), encoding="utf-8")


def _fingerprint() -> str:
    digest = hashlib.sha256(__version__.encode())
    for path in _inputs():
        status = path.stat()
        digest.update(f"{path.name} {status.st_size} {status.st_mtime_ns}\n".encode())
    return digest.hexdigest()


def _inputs() -> Iterator[Path]:
    yield from sorted(PACKAGE.glob("apps/*/migrations/*.py"))
    yield from sorted(PACKAGE.glob("kit/migrations/*.py"))
    yield from sorted((*PACKAGE.glob("core/search/*.*"), *PACKAGE.glob("core/search/vocabulary/*.txt")))
    yield from _catalogues()
    yield from sorted(SEED.glob("*"))
    yield from sorted((ROOT / "requirements").glob("runtime.txt"))


def _catalogues() -> list[Path]:
    return sorted(PACKAGE.rglob("locale/*/LC_MESSAGES/django.po"))
