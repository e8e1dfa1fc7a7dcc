"""`communs backup` and `communs restore`: everything comes back, on either database, or nothing is touched."""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tarfile
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import pytest
from django.contrib.sessions.models import Session
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from communs.apps.accounts.models import Person
from communs.apps.foundation import naming
from communs.apps.foundation.actions import books
from communs.apps.foundation.queries.books import verify_books
from communs.apps.register.importing import import_commons
from communs.apps.register.models import Commons, CommonsStatement
from communs.apps.register.queries import get_commons
from communs.cli import restore
from communs.cli.archive import load_archive, models_kept, read_manifest, write_archive
from communs.cli.house import ROOT, SEED, Failure
from communs.core.ledger import EntryKind, Fund, Nature
from communs.kit.models import Source
from communs.kit.records.actions import Author, merge, state
from communs.kit.records.files import Placed, read_records

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def site(alice: Any, adam: Any) -> Any:
    """Some of everything: people, records, statements that replace one another, a merge, a session."""
    records = [item for item in read_records(SEED / "commons.jsonl") if isinstance(item, Placed)][:25]
    import_commons(records, now=timezone.now())
    state(get_commons(adam, "wikipedia"), {"names.fr": "Wikipédia ☂", "languages": ["fr", "br"]}, Author(alice))
    merge(get_commons(adam, records[3].record["id"]), get_commons(adam, "wikipedia"), adam)
    Session.objects.create(session_key="s" * 32, session_data="x", expire_date=timezone.now())
    return adam


def run_restore(path: Path, *, replace: bool = False) -> int:
    return restore.run(argparse.Namespace(file=str(path), replace=replace, data=None))


def tables_of(path: Path) -> dict[str, tuple[int, str]]:
    """Rows and digest of each table that stands in a backup."""
    return {entry["model"]: (entry["rows"], entry["sha256"]) for entry in read_manifest(path)["tables"]}


def test_everything_comes_back_as_it_was(site: Any, tmp_path: Path) -> None:
    write_archive(tmp_path / "a.tar.gz")
    state(get_commons(site, "openstreetmap"), {"homepage": "https://example.org/"}, Author(site))
    CommonsStatement.objects.filter(subject__public_id="open-food-facts").delete()
    assert run_restore(tmp_path / "a.tar.gz", replace=True) == 0
    write_archive(tmp_path / "b.tar.gz")
    assert tables_of(tmp_path / "b.tar.gz") == tables_of(tmp_path / "a.tar.gz")
    assert get_commons(site, "wikipedia").values["names.fr"] == "Wikipédia ☂"


def test_books_come_back_sealed_and_go_on_in_order(site: Any, tmp_path: Path) -> None:
    now = datetime(2026, 3, 1, tzinfo=UTC)
    books.open_period(date(2026, 1, 1), date(2026, 12, 31))
    books.open_fund(Fund("open", Nature.UNRESTRICTED, "Open"), now=now)
    for account in (naming.bank("EUR"), naming.income("EUR")):
        books.open_account(account, now=now)

    def gift(key: str) -> books.Recorded:
        lines = [(naming.bank("EUR").id, "open", 500, "EUR"), (naming.income("EUR").id, "open", -500, "EUR")]
        return books.record(books.entry(key, EntryKind.PAY_IN, lines, on=now.date(), now=now))

    first = gift("g1")
    write_archive(tmp_path / "a.tar.gz")
    assert run_restore(tmp_path / "a.tar.gz", replace=True) == 0
    assert gift("g1") == replace(first, again=True)
    assert gift("g2").sequence > first.sequence
    assert list(verify_books()) == []
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE foundation_posting SET minor = 1")


def test_a_restored_site_goes_on_counting_where_it_stopped(site: Any, tmp_path: Path) -> None:
    write_archive(tmp_path / "a.tar.gz")
    run_restore(tmp_path / "a.tar.gz", replace=True)
    newest = max(Source.objects.values_list("pk", flat=True))
    assert Source.objects.create(key="new", name="New").pk > newest
    state(get_commons(site, "wikipedia"), {"homepage": "https://example.org/"}, Author(Person.objects.get(pk=site.pk)))


def test_sessions_and_waiting_tasks_stay_out(site: Any, tmp_path: Path) -> None:
    assert site
    write_archive(tmp_path / "a.tar.gz")
    assert not {"sessions.session", "django_tasks_database.dbtaskresult"} & set(tables_of(tmp_path / "a.tar.gz"))
    run_restore(tmp_path / "a.tar.gz", replace=True)
    assert not Session.objects.exists()


def test_a_site_that_holds_something_is_not_replaced_unasked(site: Any, tmp_path: Path) -> None:
    assert site
    write_archive(tmp_path / "a.tar.gz")
    before = Commons.objects.count()
    with pytest.raises(Failure, match=r"not empty .* --replace"):
        run_restore(tmp_path / "a.tar.gz")
    assert Commons.objects.count() == before


def test_a_damaged_file_is_refused_and_nothing_is_written(site: Any, tmp_path: Path) -> None:
    path = tmp_path / "a.tar.gz"
    write_archive(path)
    content = path.read_bytes()
    middle = len(content) // 2
    _repacked(path, lambda name, text: text + b"{}\n" if name == "tables/register.commons.jsonl" else text)
    damaged = {
        "cut": content[:-60],
        "cut early": content[:middle],
        "turned": content[:middle] + bytes([content[middle] ^ 0xFF]) + content[middle + 1 :],
        "no archive": b"not a backup at all",
        "empty": b"",
        "a row more": path.read_bytes(),
    }
    state(get_commons(site, "wikipedia"), {"homepage": "https://kept.example/"}, Author(site))
    for damage, changed in damaged.items():
        path.write_bytes(changed)
        with pytest.raises(Failure, match="Nothing was changed"):
            run_restore(path, replace=True)
        assert get_commons(site, "wikipedia").values["homepage"] == "https://kept.example/", damage


def test_rows_that_do_not_fit_together_are_refused_as_a_whole(site: Any, tmp_path: Path) -> None:
    path = tmp_path / "a.tar.gz"
    write_archive(path)
    people = Person.objects.count()

    def without_people(name: str, text: bytes) -> bytes:
        return b"" if name == "tables/accounts.person.jsonl" else text

    _repacked(path, without_people, with_manifest=True)
    with pytest.raises(Failure, match="Nothing was changed"):
        run_restore(path, replace=True)
    assert Person.objects.count() == people
    assert get_commons(site, "wikipedia")


def test_a_file_of_another_version_is_refused(site: Any, tmp_path: Path) -> None:
    assert site
    manifest = write_archive(tmp_path / "a.tar.gz")
    applied = manifest["migrations"]
    for migrations, said in (([*applied, "kit.9999_later"], "newer"), (applied[1:], "older")):
        with pytest.raises(Failure, match=said):
            restore.check_tables({**manifest, "migrations": migrations})


def test_a_backup_is_for_its_owner_and_replaces_no_file(site: Any, tmp_path: Path) -> None:
    assert site
    path = tmp_path / "a.tar.gz"
    write_archive(path)
    assert path.stat().st_mode & 0o777 == 0o600
    with pytest.raises(Failure, match="there already"):
        write_archive(path)
    assert [entry.name for entry in tmp_path.iterdir()] == ["a.tar.gz"]


def test_every_table_is_kept_or_left_out_by_name(site: Any, tmp_path: Path) -> None:
    assert site
    write_archive(tmp_path / "a.tar.gz")
    assert set(tables_of(tmp_path / "a.tar.gz")) == {model._meta.label_lower for model in models_kept()}


def test_a_backup_restores_on_the_other_kind_of_database_too(site: Any, tmp_path: Path) -> None:
    """From this database into an SQLite file by the command line; on PostgreSQL also back into an empty database."""
    assert site
    here = tmp_path / "here.tar.gz"
    write_archive(here)
    on_sqlite = _environment(tmp_path / "sqlite", "")
    _communs(["restore", str(here)], on_sqlite)
    _communs(["backup", str(tmp_path / "sqlite.tar.gz")], on_sqlite)
    assert tables_of(tmp_path / "sqlite.tar.gz") == tables_of(here)
    if connection.vendor != "postgresql":
        return
    with _empty_postgres() as url:
        on_postgres = _environment(tmp_path / "postgres", url)
        _communs(["restore", str(tmp_path / "sqlite.tar.gz")], on_postgres)
        _communs(["backup", str(tmp_path / "postgres.tar.gz")], on_postgres)
    assert tables_of(tmp_path / "postgres.tar.gz") == tables_of(here)


def _communs(arguments: list[str], environment: dict[str, str]) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "communs", *arguments], env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr


def _environment(data: Path, database_url: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if name not in {"DATABASE_URL", "COMMUNS_DATA"}}
    url = {"DATABASE_URL": database_url} if database_url else {}
    return {**kept, **url, "COMMUNS_DATA": str(data), "PYTHONPATH": str(ROOT / "src")}


class _empty_postgres:  # noqa: N801 - used as a function
    """A new database beside the one of this run, dropped at the end."""

    name = "communs_restored"

    def __enter__(self) -> str:
        self._run(f'DROP DATABASE IF EXISTS "{self.name}"')
        self._run(f'CREATE DATABASE "{self.name}"')
        parts = urlsplit(os.environ["DATABASE_URL"])
        return urlunsplit(parts._replace(path=f"/{self.name}"))

    def __exit__(self, *_error: object) -> None:
        self._run(f'DROP DATABASE IF EXISTS "{self.name}" WITH (FORCE)')

    def _run(self, statement: str) -> None:
        import psycopg

        with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as server:
            server.execute(statement)


def _repacked(path: Path, change: Any, *, with_manifest: bool = False) -> None:
    """The archive with other contents; `with_manifest` makes its manifest agree with them."""
    import hashlib
    import io

    with tarfile.open(path, "r:gz") as archive:
        members = {m.name: archive.extractfile(m).read() for m in archive}  # type: ignore[union-attr]
    members = {name: change(name, text) for name, text in members.items()}
    if with_manifest:
        manifest = json.loads(members["manifest.json"])
        for entry in manifest["tables"]:
            text = members[entry["member"]]
            entry["sha256"], entry["rows"] = hashlib.sha256(text).hexdigest(), text.count(b"\n")
        members["manifest.json"] = json.dumps(manifest).encode()
    with tarfile.open(path, "w:gz") as archive:
        for name, text in members.items():
            member = tarfile.TarInfo(name)
            member.size = len(text)
            archive.addfile(member, io.BytesIO(text))


def test_loading_needs_no_more_than_the_manifest_says(site: Any, tmp_path: Path) -> None:
    """A table that the file does not know stays empty rather than keeping rows of another site."""
    assert site
    path = tmp_path / "a.tar.gz"
    write_archive(path)
    manifest = read_manifest(path)
    manifest["tables"] = [entry for entry in manifest["tables"] if not entry["model"].startswith("funding.")]
    load_archive(path, manifest)
    assert Commons.objects.filter(public_id="wikipedia").exists()
