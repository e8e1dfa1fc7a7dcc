"""Storing what the crawl found: one transaction a repository, so that its state and its claims never part."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.db import transaction

from communs.apps.register.crawling.asking import Host
from communs.apps.register.crawling.claims import Claims, forks
from communs.apps.register.crawling.contents import Read, read_file
from communs.apps.register.crawling.states import GONE_AFTER, Seen, Standing, after, next_look
from communs.apps.register.crawling.visiting import Visit
from communs.apps.register.importing.relations import add_relations
from communs.apps.register.models import Commons, CrawledHost, CrawledRepository
from communs.core.identity import normalise_repository
from communs.core.standards.forges import MANIFESTS, ROLES, Facts, Place, read_place
from communs.kit.records.actions import statements_of
from communs.kit.records.importing import import_records
from communs.kit.records.models import Visibility
from communs.kit.records.telling import Told

# Raised when files are read differently: everything is then read again, whatever has or has not changed.
READER: Final = 1
ALIASES_MAX: Final = 20
CHUNK: Final = 500
_STANDING: Final = ("state", "missing_since", "trouble", "trouble_since", "failures")


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one look came to: whether the files or facts had changed, and whether claims were written."""

    state: str
    is_changed: bool
    is_written: bool


def register_repositories(now: datetime) -> None:
    """One row for each commons that names a repository; a commons that names another one now starts anew."""
    commons = Commons.objects.filter(merged_into=None).exclude(visibility=Visibility.REMOVED).exclude(repository_key="")
    keys = dict(commons.values_list("pk", "repository_key"))
    with transaction.atomic():
        known = {row.commons_id: row for row in CrawledRepository.objects.only("commons_id", "key", "aliases")}
        dropped = [row.pk for pk, row in known.items() if pk not in keys or keys[pk] not in {row.key, *row.aliases}]
        kept = {pk for pk, row in known.items() if row.pk not in set(dropped)}
        new = sorted(keys.keys() - kept)
        for start in range(0, len(dropped), CHUNK):
            CrawledRepository.objects.filter(pk__in=dropped[start : start + CHUNK]).delete()
        for start in range(0, len(new), CHUNK):
            fresh = commons.filter(pk__in=new[start : start + CHUNK])
            CrawledRepository.objects.bulk_create([_row(one, now) for one in fresh], ignore_conflicts=True)


def record_visit(row: CrawledRepository, visit: Visit, now: datetime) -> Outcome:
    """Store what a look gave: the state, the files, and what they say as claims."""
    told = Told(Commons)
    with transaction.atomic():
        row = CrawledRepository.objects.select_for_update(of=("self",)).select_related("commons").get(pk=row.pk)
        before = Standing(**{name: getattr(row, name) for name in _STANDING})
        standing = after(before, visit.seen, now, visit.trouble)
        for name in _STANDING:
            setattr(row, name, getattr(standing, name))
        row.checked_at = now
        is_changed = standing.state != before.state
        is_written = False
        if visit.seen is Seen.FOUND:
            row.validators, row.reader, row.forge = visit.validators, READER, visit.forge
            if not visit.is_unchanged:
                read_anew, is_written = _take(row, visit, now, told)
                is_changed = is_changed or read_anew
        if is_changed or is_written:
            row.changed_at = now
        row.next_at = next_look(standing, visit.seen, now, key=row.key, active_on=row.active_on, wait_s=visit.wait_s)
        row.save()
        told.tell()
    return Outcome(row.state, is_changed, is_written)


def accept(row: CrawledRepository, now: datetime) -> None:
    """Take the repository that stands at the address for the one that is meant."""
    CrawledRepository.objects.filter(pk=row.pk).update(
        forge_id="", state=CrawledRepository.State.NEW, validators={}, next_at=now
    )


def store_hosts(hosts: Iterable[Host]) -> None:
    """Keep what hosts asked for, so that the next pass heeds it too."""
    for host in hosts:
        if host.is_changed:
            kept = {"forge": host.forge, "wait_until": host.wait_until, "api_wait_until": host.api_wait_until}
            kept |= {"robots": host.robots, "robots_at": host.robots_at}
            CrawledHost.objects.update_or_create(name=host.name, defaults=kept)
            host.is_changed = False


def _row(commons: Commons, now: datetime) -> CrawledRepository:
    url = str(commons.values.get("repository") or f"https://{commons.values.get('identifiers.repo', '')}")
    place = read_place(url)
    if place is not None:
        url = place.url
    host = place.host if place else url.partition("://")[2].partition("/")[0]
    return CrawledRepository(
        commons=commons,
        url=url[:2000],
        key=commons.repository_key,
        host=host[:255],
        forge=place.forge if place else "",
        next_at=now,
    )


def _take(row: CrawledRepository, visit: Visit, now: datetime, told: Told) -> tuple[bool, bool]:
    """Facts and files into the row, and what they say into claims: whether anything is new, and was written."""
    former = _move(row, visit.place)
    facts = visit.facts
    if facts is not None:
        row.facts, row.forge_id = facts.as_json(), facts.forge_id or row.forge_id
        row.is_archived = facts.is_archived
    row.active_on = (facts.active_on if facts else "") or visit.active_on or row.active_on
    keys = frozenset({row.key, *row.aliases})
    reads = {role: read_file(role, path, data, keys) for role, (path, data, _told) in visit.fetched.items()}
    before = row.files
    row.files = files_after(before, visit, reads, now)
    claims = Claims(row, statements_of(row.commons), now)
    for role in MANIFESTS:
        if role in reads:
            claims.add_manifest(role, row.files[role], reads[role].record)
    claims.add_documents(row.files)
    claims.add_facts(Facts.from_json(row.facts) if row.facts else None, row.files, former)
    report = import_records(Commons, [claims.incoming()], now=now, told=told)
    if facts is not None:
        add_relations(forks(row.commons, facts, row), now, told)
    return bool(former) or _what(before) != _what(row.files), report.written > 0


def _move(row: CrawledRepository, place: Place | None) -> str:
    """Follow a repository that was renamed; the key it had before, or nothing where it has not moved."""
    key = normalise_repository(place.url) if place else None
    if place is None or not key or key == row.key:
        return ""
    former = row.key
    aliases = [alias for alias in row.aliases if alias not in {former, key}]
    row.aliases = [*aliases, former][-ALIASES_MAX:]
    row.url, row.key, row.host = place.url[:2000], key, place.host[:255]
    return former


def files_after(
    before: dict[str, dict[str, Any]], visit: Visit, reads: dict[str, Read], now: datetime
) -> dict[str, dict[str, Any]]:
    """The table of files after a look. `seen_on`: the day on which the contents were first met as they are."""
    today = now.date().isoformat()
    files: dict[str, dict[str, Any]] = {}
    for role in ROLES:
        old = before.get(role)
        if role in reads:
            sha, etag, modified = visit.fetched[role][2]
            is_same = old is not None and old.get("digest") == reads[role].entry["digest"] and "absent_since" not in old
            seen_on = old["seen_on"] if old and is_same else today
            files[role] = {**reads[role].entry, "sha": sha, "etag": etag, "modified": modified, "seen_on": seen_on}
            if reads[role].entry["state"] == "valid":
                files[role]["valid_on"] = today
            elif old and old.get("valid_on"):
                files[role]["valid_on"] = old["valid_on"]
        elif old is None:
            continue
        elif role in visit.kept:
            files[role] = {name: kept for name, kept in old.items() if name != "missing_since"}
            files[role]["sha"] = visit.kept[role] or old.get("sha", "")
        elif visit.is_whole or (role in visit.missing and _missing_long(old, now)):
            files[role] = {**old, "state": "absent", "absent_since": old.get("absent_since") or today}
        elif role in visit.missing and old["state"] != "absent":
            files[role] = {**old, "missing_since": old.get("missing_since") or now.isoformat()}
        else:
            files[role] = old
    return files


def _missing_long(old: dict[str, Any], now: datetime) -> bool:
    """Whether a file asked for by its name was not there a day ago either."""
    since = old.get("missing_since")
    return since is not None and now - datetime.fromisoformat(since) >= GONE_AFTER


def _what(files: dict[str, dict[str, Any]]) -> dict[str, tuple[Any, ...]]:
    """What of the files is told to people."""
    return {role: (entry["path"], entry["state"], entry.get("digest")) for role, entry in files.items()}
