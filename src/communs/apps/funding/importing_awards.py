"""Awards from documents of `core.standards` (360Giving and others) into rows: idempotent, in batches, memory flat.

A second run of the same awards writes nothing. Where a source says something else than before, the row follows it and
keeps what was said before. Awards are not claims: of each, one publisher speaks, the one that gave the money.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date, datetime
from itertools import islice
from typing import Any

from django.db import transaction

from communs.apps.funding.models import Award, AwardFunder
from communs.apps.funding.vocabulary import RecipientKind
from communs.core.identity import normalise_repository
from communs.core.identity.likeness.words import fold
from communs.core.money import InvalidAmount, Money, UnknownCurrency
from communs.kit.catalogue import next_sequence
from communs.kit.models import Source
from communs.kit.records.dumping import MARK
from communs.kit.records.exchange import source_named
from communs.kit.records.files import BadRecord, Placed, is_slug
from communs.kit.records.importing import ALONE, BATCH, ImportReport, Within
from communs.kit.records.resolve import digest_of
from communs.kit.records.sources import FILE, SourceBook
from communs.kit.search import search_text

CATALOGUE = "awards"
EARLIER_MAX = 20
KEY_MAX = 300
MINOR_MAX = 2**63 - 1
_FORGES = re.compile(r"^https?://(?:[\w.-]*\.)?(?:github|gitlab|codeberg|framagit|bitbucket)\.[a-z]+/", re.IGNORECASE)


def import_awards(
    records: Iterable[Placed | BadRecord],
    *,
    now: datetime,
    source: Source | None = None,
    progress: Callable[[int], None] = lambda _count: None,
) -> ImportReport:
    """Import awards in the shape of `core.standards.threesixtygiving`, those of one source.

    Bad records are refused one by one, with place and remedy; the others are taken, a transaction per 500 of them.
    Lines of a dump of another site name their source themselves.
    """
    report = ImportReport()
    source = source or SourceBook().named(FILE)
    stream = iter(_readable(records, report))
    while batch := list(islice(stream, BATCH)):
        of_source: dict[Source, list[dict[str, Any]]] = {}
        for record in batch:
            said = record.pop("source", None) if record.pop(MARK, None) else None
            of_source.setdefault(source_named(said) if said else source, []).append(record)
        with transaction.atomic():
            for one, told in of_source.items():
                _write(told, one, now, report)
        progress(report.new + report.changed + report.unchanged)
    return report


def write_awards(
    records: Iterable[Placed | BadRecord],
    *,
    now: datetime,
    progress: Callable[[int], None] = lambda _count: None,
    within: Within = ALONE,
) -> ImportReport:
    """As `import_awards`, for a run: its source is the one that published them."""
    return import_awards(records, now=now, source=within.feed, progress=progress)


def _readable(records: Iterable[Placed | BadRecord], report: ImportReport) -> Iterator[dict[str, Any]]:
    for item in records:
        try:
            if isinstance(item, BadRecord):
                raise item
            yield _checked(item)
        except BadRecord as bad:
            report.refused.append((bad.place, bad.problem, bad.remedy))


def _checked(placed: Placed) -> dict[str, Any]:
    """The record, if a row can be made of it. Raises `BadRecord`."""
    record, place = placed.record, placed.place
    key = record.get("id")
    if not isinstance(key, str) or not 0 < len(key) <= KEY_MAX:
        raise BadRecord(place, '"id" is missing or too long', 'Give each award an "id" of at most 300 characters')
    amount = record.get("amount_minor")
    if type(amount) is not int or abs(amount) > MINOR_MAX:
        raise BadRecord(place, '"amount_minor" is no whole number', "Write whole minor units, such as cents")
    try:
        Money(amount, str(record.get("currency")))
    except (InvalidAmount, UnknownCurrency) as error:
        raise BadRecord(place, str(error), "Write the amount in whole minor units, and three capitals") from error
    for name in ("funder", "recipient"):
        body = record.get(name)
        named = isinstance(body, Mapping) and (
            (isinstance(body.get("name"), str) and body["name"].strip()) or body.get("kind") == "individual"
        )
        if not named:
            raise BadRecord(place, f'"{name}" has no name', f'Write "{name}" as {{"name": …, "org_id": …}}')
    for name in ("awarded_on", "starts_on", "ends_on"):
        if record.get(name) and _day(record[name]) is None:
            raise BadRecord(place, f'"{name}" is no date', "Write YYYY-MM-DD")
    said = record.get("source") if MARK in record else None
    if said is not None and not (isinstance(said, Mapping) and is_slug(said.get("key"))):
        raise BadRecord(place, '"source" has no key', "Take the line as `communs export` wrote it")
    return _without_persons(record)


def _without_persons(record: dict[str, Any]) -> dict[str, Any]:
    """Of an award to a person nothing is kept that could name them, whoever wrote the file."""
    if record["recipient"].get("kind") != "individual":
        return record
    kept = {name: value for name, value in record.items() if name not in {"title", "description", "notes", "url"}}
    return {**kept, "recipient": {"kind": "individual"}}


def _write(batch: list[dict[str, Any]], source: Source, now: datetime, report: ImportReport) -> None:
    """One batch: read what is there in two queries, write what is new in a fixed number."""
    by_key = {record["id"]: record for record in batch}
    rows = Award.objects.select_for_update().filter(source=source, key__in=by_key)
    known = {row.key: row for row in rows}
    digests = {key: digest_of(record) for key, record in by_key.items()}
    fresh = {key: record for key, record in by_key.items() if key not in known or known[key].digest != digests[key]}
    report.unchanged += len(by_key) - len(fresh)
    if not fresh:
        return
    funders = _funders([record["funder"] for record in fresh.values()])
    added, changed = [], []
    for key, record in fresh.items():
        row = known.get(key)
        if row is None:
            row = Award(source=source, key=key, public_id=_public_id(source, key), created_at=now)
            added.append(row)
        else:
            row.earlier = [*row.earlier, {"until": now.isoformat(), "record": row.record}][-EARLIER_MAX:]
            changed.append(row)
        _fill(row, record, funders[_funder_key(record["funder"])], digests[key], now)
    Award.objects.bulk_create(added)
    fields = [f.name for f in Award._meta.concrete_fields if f.name not in {"id", "key", "public_id", "created_at"}]
    Award.objects.bulk_update(changed, fields, batch_size=100)
    next_sequence(CATALOGUE)
    report.new += len(added)
    report.changed += len(changed)


def _fill(row: Award, record: dict[str, Any], funder: AwardFunder, digest: str, now: datetime) -> None:
    recipient = record["recipient"]
    is_person = recipient.get("kind") == "individual"
    programmes = [p.get("title") or p.get("code") or "" for p in record.get("programmes", []) if isinstance(p, dict)]
    places = [
        p.get("name") or p.get("code") or p.get("country") for p in record.get("places", []) if isinstance(p, dict)
    ]
    row.funder, row.record, row.digest, row.updated_at = funder, record, digest, now
    row.title = str(record.get("title") or "")[:300]
    row.currency, row.amount_minor = record["currency"], record["amount_minor"]
    row.awarded_on = _day(record.get("awarded_on"))
    row.recipient_kind = RecipientKind.INDIVIDUAL if is_person else RecipientKind.ORGANISATION
    row.recipient_name = "" if is_person else str(recipient.get("name") or "").strip()[:300]
    row.recipient_key = fold(row.recipient_name)[:300]
    row.recipient_org_id = "" if is_person else str(recipient.get("org_id") or "").strip()[:300]
    row.repository_key = _repository(record)
    row.programme = next((str(name)[:300] for name in programmes if name), "")
    row.place = next((str(name)[:200] for name in places if name), "")
    row.search_text = search_text(
        row.key,
        row.title,
        str(record.get("description") or ""),
        row.recipient_name,
        funder.name,
        row.programme,
        row.place,
    )


def _repository(record: Mapping[str, Any]) -> str:
    """The repository that the award itself or its recipient links to, on a known forge."""
    for url in (record.get("url"), record["recipient"].get("url")):
        if isinstance(url, str) and _FORGES.match(url) and (found := normalise_repository(url)):
            return found
    return ""


def _funders(bodies: Iterable[Mapping[str, Any]]) -> dict[str, AwardFunder]:
    """The rows of these funders, made where they are new; the name is the one that came first."""
    by_key = {_funder_key(body): body for body in bodies}
    known = {row.key: row for row in AwardFunder.objects.filter(key__in=by_key)}
    for key, body in by_key.items():
        if key not in known:
            name = str(body["name"]).strip()[:300]
            known[key], _new = AwardFunder.objects.get_or_create(
                key=key,
                defaults={
                    "name": name,
                    "org_id": _org_id(body),
                    "name_key": fold(name)[:300],
                    "public_id": _slug(_org_id(body) or name, key),
                },
            )
    return known


def _funder_key(body: Mapping[str, Any]) -> str:
    return _org_id(body).upper() or f"name:{fold(str(body['name']))[:300]}"


def _org_id(body: Mapping[str, Any]) -> str:
    return str(body.get("org_id") or "").strip()[:300]


def _public_id(source: Source, key: str) -> str:
    return _slug(key, f"{source.key} {key}")


def _slug(text: str, whole: str) -> str:
    """A readable id that nothing else has: the text as far as it goes, and a digest of what it stands for."""
    plain = re.sub(r"[^a-z0-9]+", "-", fold(text)).strip("-")[:90].strip("-")
    digest = hashlib.blake2s(whole.encode(), digest_size=4).hexdigest()
    return f"{plain}-{digest}" if plain else digest


def _day(value: object) -> date | None:
    try:
        return date.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None
