"""The file that `communs backup` writes and `communs restore` reads.

A gzipped tar: `tables/<app>.<model>.jsonl` (one row a line, an object of column values, in the order of the primary
key) and, last, `manifest.json` with the version, the migrations applied, and for each table its rows and SHA-256.
Nothing in it depends on the database it came from. Rows stream: memory stays flat whatever the size.

Left out: sessions, waiting tasks, caches, and everything in the data folder beside the database.
"""

from __future__ import annotations

import base64
import gzip
import hashlib
import io
import json
import os
import tarfile
import tempfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, time
from decimal import Decimal
from itertools import islice
from pathlib import Path
from typing import Any, BinaryIO
from uuid import UUID

from communs import __version__
from communs.cli.house import Failure

FORMAT = "communs-backup-1"
MANIFEST = "manifest.json"
MANIFEST_BYTES_MAX = 4_000_000
LEFT_OUT = frozenset({"sessions.session", "django_tasks_database.dbtaskresult"})
# Rows that `migrate` itself writes: they do not make a site "not empty".
BY_MIGRATE = frozenset({"contenttypes.contenttype", "auth.permission"})
BATCH = 500

Manifest = dict[str, Any]


# ── writing


def write_archive(path: Path) -> Manifest:
    """Write everything into a new file that only its owner may read; returns the manifest.

    Raises `Failure` when the file is there already or cannot be written.
    """
    partial = path.with_name(path.name + ".partial")
    try:
        descriptor = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            manifest = _write(file)
        _claim(partial, path)
    except FileExistsError as error:
        raise Failure(f"{path} is there already: choose another name, or move it away.") from error
    except OSError as error:
        raise Failure(f"{path} cannot be written: {error.strerror or error}") from error
    finally:
        partial.unlink(missing_ok=True)
    return manifest


def _claim(partial: Path, path: Path) -> None:
    """Give the finished file its name, never replacing what stands there. Raises `FileExistsError`."""
    try:
        os.link(partial, path)
    except FileExistsError:
        raise
    except OSError:
        # No hard links on this file system: the next best thing.
        if path.exists():
            raise FileExistsError(path) from None
        partial.rename(path)


def _write(file: BinaryIO) -> Manifest:
    from django.utils import timezone

    manifest: Manifest = {"format": FORMAT, "version": __version__, "made_at": timezone.now().isoformat(), "tables": []}
    with tarfile.open(fileobj=file, mode="w:gz", compresslevel=6) as archive, snapshot():
        manifest["migrations"] = applied_migrations()
        for model in models_kept():
            with tempfile.TemporaryFile() as rows:
                entry = _dump(model, rows)
                rows.seek(0)
                _add(archive, entry["member"], rows, entry["bytes"])
            manifest["tables"].append(entry)
        text = json.dumps(manifest, ensure_ascii=False, indent=1).encode()
        _add(archive, MANIFEST, io.BytesIO(text), len(text))
    return manifest


def _dump(model: Any, rows: Any) -> dict[str, Any]:
    from django.db.models import QuerySet

    names = [field.attname for field in columns_of(model)]
    digest, count, size = hashlib.sha256(), 0, 0
    for values in QuerySet(model).order_by("pk").values_list(*names).iterator(chunk_size=BATCH):
        row = {name: _to_json(value) for name, value in zip(names, values, strict=True)}
        line = (json.dumps(row, ensure_ascii=False, sort_keys=True, separators=(",", ":")) + "\n").encode()
        rows.write(line)
        digest.update(line)
        count, size = count + 1, size + len(line)
    label = model._meta.label_lower
    return {
        "model": label,
        "member": f"tables/{label}.jsonl",
        "rows": count,
        "bytes": size,
        "sha256": digest.hexdigest(),
    }


def _add(archive: tarfile.TarFile, name: str, content: Any, size: int) -> None:
    entry = tarfile.TarInfo(name)
    entry.size, entry.mode = size, 0o600
    archive.addfile(entry, content)


def _to_json(value: Any) -> Any:
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    if isinstance(value, Decimal | UUID):
        return str(value)
    if isinstance(value, bytes | memoryview):
        return base64.b64encode(bytes(value)).decode("ascii")
    return value


@contextmanager
def snapshot() -> Iterator[None]:
    """One moment of the database for all tables, without holding up those who write meanwhile."""
    from django.db import connection, transaction

    mode = getattr(connection, "transaction_mode", None)
    if connection.vendor == "sqlite" and not connection.in_atomic_block:
        connection.transaction_mode = "DEFERRED"  # type: ignore[attr-defined]
    try:
        outermost = not connection.in_atomic_block
        with transaction.atomic():
            if outermost and connection.vendor == "postgresql":
                with connection.cursor() as cursor:
                    cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
            yield
    finally:
        if connection.vendor == "sqlite":
            connection.transaction_mode = mode  # type: ignore[attr-defined]


# ── reading


def read_manifest(path: Path) -> Manifest:
    """Check a whole file against its manifest, and return that. Nothing is written anywhere.

    Raises `Failure` for a file that is not ours, damaged or cut short.
    """
    try:
        return _checked(path)
    except FileNotFoundError as error:
        raise Failure(f"{path} is not there.") from error
    except (tarfile.TarError, zlib.error, EOFError, OSError, ValueError, KeyError, TypeError) as error:
        raise Failure(
            f"{path} is damaged, cut short, or no backup of communs ({error}). Nothing was changed."
        ) from error


def _checked(path: Path) -> Manifest:
    _read_to_its_end(path)
    found: dict[str, tuple[str, int]] = {}
    manifest: Manifest = {}
    with tarfile.open(path, "r:gz") as archive:
        for member in archive:
            content = archive.extractfile(member)
            if content is None:
                raise ValueError(f"{member.name} is not a file")
            if member.name == MANIFEST:
                manifest = json.loads(content.read(MANIFEST_BYTES_MAX))
                continue
            digest, rows = hashlib.sha256(), 0
            while block := content.read(1 << 20):
                digest.update(block)
                rows += block.count(b"\n")
            found[member.name] = (digest.hexdigest(), rows)
    if not manifest:
        raise ValueError("it has no manifest")
    if manifest["format"] != FORMAT:
        raise ValueError(f"its format is {manifest['format']!r}, not {FORMAT!r}")
    listed = {entry["member"]: (entry["sha256"], entry["rows"]) for entry in manifest["tables"]}
    if listed != found:
        wrong = sorted(name for name in listed.keys() | found.keys() if listed.get(name) != found.get(name))
        raise ValueError(f"not as its manifest says: {', '.join(wrong[:5])}")
    return manifest


def _read_to_its_end(path: Path) -> None:
    """Unpack the whole stream once, so that its own check sum is compared: reading a tar stops before that."""
    with gzip.open(path) as stream:
        while stream.read(1 << 20):
            pass


def load_archive(path: Path, manifest: Manifest) -> None:
    """Put the rows of a checked file in place of all rows there are, in one transaction.

    Raises `Failure` when a row does not fit; nothing is changed then.
    """
    from django.contrib.contenttypes.models import ContentType
    from django.core.exceptions import ValidationError
    from django.db import DatabaseError, connection, transaction

    from communs.apps.foundation import sql

    known = {model._meta.label_lower: model for model in models_kept()}
    members = {entry["member"]: known[entry["model"]] for entry in manifest["tables"]}
    try:
        # The books refuse to be emptied and filled by hand: their triggers step aside, within the transaction.
        with transaction.atomic(), tarfile.open(path, "r:gz") as archive, sql.without(connection):
            _empty()
            for member in archive:
                if member.name in members:
                    content = archive.extractfile(member)
                    if content is not None:
                        _load(members[member.name], content)
            _reset_sequences()
            connection.check_constraints()
    except (DatabaseError, ValidationError, ValueError, tarfile.TarError) as error:
        raise Failure(f"{path} does not fit this site: {error}. Nothing was changed.") from error
    ContentType.objects.clear_cache()


def _empty() -> None:
    from django.apps import apps
    from django.db import connection

    with connection.cursor() as cursor:
        for model in apps.get_models(include_auto_created=True):
            if model._meta.managed and not model._meta.proxy:
                cursor.execute(f"DELETE FROM {connection.ops.quote_name(model._meta.db_table)}")  # noqa: S608 - our table


def _load(model: Any, content: Any) -> None:
    columns = columns_of(model)
    lines = iter(content)
    while batch := list(islice(lines, BATCH)):
        _insert(model, columns, [_row(model, columns, json.loads(line)) for line in batch])


def _row(model: Any, columns: list[Any], values: dict[str, Any]) -> Any:
    return model(**{column.attname: column.to_python(values[column.attname]) for column in columns})


def _insert(model: Any, columns: list[Any], rows: list[Any]) -> None:
    """Rows as they are: `bulk_create` would set the fields that Django fills on saving anew."""
    from django.db import connection
    from django.db.models.sql import InsertQuery

    size = max(1, connection.ops.bulk_batch_size(columns, rows))
    for start in range(0, len(rows), size):
        query = InsertQuery(model)
        query.insert_values(columns, rows[start : start + size], raw=True)
        query.get_compiler(connection=connection).execute_sql(None)


def _reset_sequences() -> None:
    from django.core.management.color import no_style
    from django.db import connection

    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), models_kept()):
            cursor.execute(statement)


# ── what both need


def models_kept() -> list[Any]:
    """Every table that a backup holds, in a fixed order."""
    from django.apps import apps

    models = [model for model in apps.get_models(include_auto_created=True) if model._meta.managed]
    kept = [model for model in models if not model._meta.proxy and model._meta.label_lower not in LEFT_OUT]
    return sorted(kept, key=lambda model: str(model._meta.label_lower))


def columns_of(model: Any) -> list[Any]:
    """The columns that hold what cannot be computed."""
    return [field for field in model._meta.local_concrete_fields if not getattr(field, "generated", False)]


def applied_migrations() -> list[str]:
    """`app.name` of each migration applied, sorted."""
    from django.db import connection
    from django.db.migrations.recorder import MigrationRecorder

    return sorted(f"{app}.{name}" for app, name in MigrationRecorder(connection).applied_migrations())


def rows_in_the_way() -> list[str]:
    """The tables that hold rows, beside those that `migrate` fills."""
    from django.db.models import QuerySet

    filled = [model for model in models_kept() if model._meta.label_lower not in BY_MIGRATE]
    return [str(model._meta.label_lower) for model in filled if QuerySet(model).exists()]
