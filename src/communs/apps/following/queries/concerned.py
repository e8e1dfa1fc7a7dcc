"""Which interests an event concerns, from memory: every interest of the site as sets of bits, kept up to date.

Interests are never changed, and committed in the order of their sequence: reading those with a higher one is enough.
Memory: about 0.4 kB an interest, and 5 kB a text that is searched for.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from threading import Lock
from typing import Any

from django.utils import timezone

from communs.apps.following.happenings import OPEN_NOW
from communs.apps.following.interest_sets import Searches, places
from communs.apps.following.matching import Weights, Words, compiled, matches_text
from communs.apps.following.models import Event, Interest
from communs.apps.following.queries.records import Key, model_of, rows_of
from communs.apps.following.vocabulary import CATALOGUES, OPPORTUNITIES, EventKind, What
from communs.apps.funding import queries as funding
from communs.apps.funding.projection import texts_of as funding_texts
from communs.apps.register import queries as register
from communs.apps.register.projection import texts_of as register_texts
from communs.core import matching, search
from communs.core.matching import Profile
from communs.kit.search import terms_of

ONE_BY_ONE_MAX = 3  # opportunities that are matched faster each by itself than together
WEIGHTS_KEPT = timedelta(days=1)
FITS = ("eligible", "likely", "ask")
# What "new money" does not tell: that there is none any more.
NO_MONEY = frozenset({EventKind.CLOSED})


@dataclass(slots=True)
class Interests:
    """Every interest, by what it follows."""

    searches: dict[str, Searches] = field(default_factory=lambda: {name: Searches() for name in CATALOGUES})
    records: dict[Key, list[int]] = field(default_factory=dict)
    money_for: dict[int, list[int]] = field(default_factory=dict)  # id of a commons: interests
    sequence: int = 0
    first: tuple[int, datetime] | None = None  # tells another database from the one that was read

    def add(self, pk: int, what: str, catalogue: str, record_id: int | None, query: Mapping[str, Any]) -> None:
        """One more interest."""
        if what == What.SEARCH:
            self.searches[catalogue].add(pk, query)
        elif record_id is None:
            return
        elif what == What.MONEY_FOR:
            self.money_for.setdefault(record_id, []).append(pk)
        else:
            self.records.setdefault((catalogue, record_id), []).append(pk)


@dataclass(frozen=True, slots=True)
class Document:
    """A public record as interests are held against it."""

    facets: Mapping[str, Sequence[str]]
    words: Words
    merged: Sequence[int]  # ids of the records that were merged into it
    opportunity: matching.Opportunity | None = None


class _Kept:
    """What this process holds."""

    lock = Lock()
    interests = Interests()
    weights: dict[str, tuple[datetime, Weights]] = {}  # by catalogue: since when
    ready: dict[str, int] = {}  # by catalogue: how many searches are prepared
    profiles: dict[int, tuple[int, Profile]] = {}  # id of a commons: (version, what the matcher knows of it)


def current() -> Interests:
    """Every interest that is committed: two short queries where nothing is new. Hold the lock while it is used."""
    first = Interest.objects.order_by("sequence").values_list("pk", "created_at").first()
    kept = _Kept.interests
    if kept.first != first:
        kept = _Kept.interests = Interests(first=first)
        _Kept.ready.clear()
    fresh = Interest.objects.filter(sequence__gt=kept.sequence).order_by("sequence")
    rows = fresh.values_list("sequence", "pk", "what", "catalogue", "record_id", "query")
    for sequence, *interest in rows.iterator(chunk_size=5000):
        kept.add(*interest)
        kept.sequence = sequence
    return kept


def concerned(events: Sequence[Event], now: datetime) -> dict[int, list[int]]:
    """`{event id: ids of the interests that hear of it}`. Of a record that is not public nobody hears."""
    with _Kept.lock:
        interests = current()
        texts = any(searches.texts for searches in interests.searches.values())
        documents = documents_of({(event.catalogue, event.record_id) for event in events}, now, with_text=texts)
        fitting = _fitting(interests, events, documents, timezone.localdate(now))
        return {event.pk: _heard_by(event, interests, documents, fitting) for event in events}


def heard_by(interest: Interest, events: Sequence[Event], now: datetime) -> list[Event]:
    """Those of the events that this one interest would have heard of, as things stand now."""
    alone = Interests()
    alone.add(interest.pk, interest.what, interest.catalogue, interest.record_id, interest.query)
    texts = bool(interest.query.get("text"))
    documents = documents_of({(event.catalogue, event.record_id) for event in events}, now, with_text=texts)
    fitting = _fitting(alone, events, documents, timezone.localdate(now))
    return [event for event in events if _heard_by(event, alone, documents, fitting)]


def forget() -> None:
    """Drop what this process holds (after the database was replaced under it)."""
    with _Kept.lock:
        _Kept.interests, _Kept.weights, _Kept.ready, _Kept.profiles = Interests(), {}, {}, {}


def documents_of(keys: Iterable[Key], now: datetime, *, with_text: bool = True) -> dict[Key, Document]:
    """The public ones among these records, as the lists know them: only they are read, however long the lists are.

    `with_text`: whether texts are looked for in them, for which it must be known how rare each word is.
    """
    rows = rows_of(keys)
    merged = _merged_into(rows)
    found: dict[Key, Document] = {}
    for catalogue in {name for name, _pk in rows}:
        records = [record for (name, _pk), record in rows.items() if name == catalogue]
        state = _state_of(catalogue, records, timezone.localdate(now))
        weights = _weights(catalogue, now) if with_text else None
        for record in records:
            row = state.index.row_of[record.pk]
            facets = {
                name: [value for value, marked in sets.items() if marked >> row & 1]
                for name, sets in state.index.sets.items()
            }
            opportunity = state.by_pk[record.pk].opportunity if catalogue == OPPORTUNITIES else None
            words = Words(_terms(catalogue, record), record.search_text, weights)
            key = (catalogue, record.pk)
            found[key] = Document(facets, words, merged.get(key, ()), opportunity)
    return found


def _state_of(catalogue: str, records: Sequence[Any], today: date) -> Any:
    return funding.snapshot_of(records, today) if catalogue == OPPORTUNITIES else register.snapshot_of(records)


def _terms(catalogue: str, record: Any) -> Mapping[str, int]:
    return search.unpack(terms_of(record, funding_texts if catalogue == OPPORTUNITIES else register_texts))


def _weights(catalogue: str, now: datetime) -> Weights:
    """How much words weigh in a catalogue. How rare they are changes slowly: `keep_ready` looks it up once a day."""
    kept = _Kept.weights.get(catalogue)
    if kept is None or not now - kept[0] < 2 * WEIGHTS_KEPT:
        state = funding.current(timezone.localdate(now)) if catalogue == OPPORTUNITIES else register.snapshot()
        kept = _Kept.weights[catalogue] = (now, Weights(state.searching.finder))
        _Kept.ready.pop(catalogue, None)
    return kept[1]


def keep_ready(now: datetime) -> None:
    """Do beforehand what the next event would have to wait for: read new interests, prepare their texts."""
    with _Kept.lock:
        for catalogue, searches in current().searches.items():
            kept = _Kept.weights.get(catalogue)
            if kept is not None and not now - kept[0] < WEIGHTS_KEPT:
                del _Kept.weights[catalogue]
            if not searches.texts:
                continue
            weights = _weights(catalogue, now)
            ready = _Kept.ready.get(catalogue, 0)
            for row, asked in searches.texts.items():
                if row >= ready:
                    weights.of(compiled(*asked))
            _Kept.ready[catalogue] = len(searches.ids)
        profiles_of(list(_Kept.interests.money_for))


def _merged_into(keys: Iterable[Key]) -> dict[Key, list[int]]:
    """The records that were merged into these, directly or through another: who follows one follows where it went."""
    found: dict[Key, list[int]] = {}
    for catalogue in CATALOGUES:
        origin = {pk: pk for name, pk in keys if name == catalogue}
        front = list(origin)
        while front:
            pairs = model_of(catalogue).objects.filter(merged_into__in=front).values_list("pk", "merged_into")
            new = {pk: origin[into] for pk, into in pairs if pk not in origin}
            for pk, into in new.items():
                found.setdefault((catalogue, into), []).append(pk)
            origin |= new
            front = list(new)
    return found


def _heard_by(
    event: Event, interests: Interests, documents: Mapping[Key, Document], fitting: Mapping[int, list[int]]
) -> list[int]:
    document = documents.get((event.catalogue, event.record_id))
    if document is None:
        return []
    found = list(searches_for(event, document, interests.searches[event.catalogue]))
    for pk in (event.record_id, *document.merged):
        found += interests.records.get((event.catalogue, pk), ())
    return found + fitting.get(event.pk, [])


def searches_for(event: Event, document: Document, searches: Searches) -> list[int]:
    """The saved searches whose list holds the record, or held it until it closed."""
    facets, hidden = statuses_heard(event, document)
    plain, with_text = searches.matching(facets, must_ask=("status",) if hidden else ())
    verdicts: dict[tuple[str, str], bool] = {}
    found = searches.ids_of(plain)
    for row in places(with_text):
        asked = searches.texts[row]
        if asked not in verdicts:
            verdicts[asked] = matches_text(*asked, document.words)
        if verdicts[asked]:
            found.append(searches.ids[row])
    return found


def statuses_heard(event: Event, document: Document) -> tuple[Mapping[str, Sequence[str]], bool]:
    """The facets to be held against searches, and whether lists hide the record unless they ask for closed ones."""
    if event.kind == EventKind.CLOSED:
        # Who asked for open ones was shown it until now, and hears that it ended.
        was = str(event.detail.get("was") or "")
        before = OPEN_NOW if was in OPEN_NOW else (was,)
        return {**document.facets, "status": [*document.facets.get("status", ()), *before]}, False
    return document.facets, "closed" in document.facets.get("status", ())


def _fitting(
    interests: Interests, events: Sequence[Event], documents: Mapping[Key, Document], today: date
) -> dict[int, list[int]]:
    """`{event id: interests in money for a commons that it fits}`."""
    offered = {
        pk
        for (catalogue, pk), document in documents.items()
        if catalogue == OPPORTUNITIES and "closed" not in document.facets.get("status", ())
    }
    told = [event for event in events if event.catalogue == OPPORTUNITIES and event.kind not in NO_MONEY]
    pks = sorted({event.record_id for event in told} & offered)
    if not interests.money_for or not pks:
        return {}
    opportunities = [documents[(OPPORTUNITIES, pk)].opportunity for pk in pks]
    fits = _fits([one for one in opportunities if one is not None], list(interests.money_for), today)
    place = {pk: number for number, pk in enumerate(pks)}
    found: dict[int, list[int]] = {}
    for event in told:
        if event.record_id in place:
            commons = fits[place[event.record_id]]
            found[event.pk] = [pk for one in commons for pk in interests.money_for[one]]
    return found


def _fits(opportunities: Sequence[matching.Opportunity], commons: Sequence[int], today: date) -> list[list[int]]:
    """For each opportunity the ids of the commons that it does not refuse."""
    found: list[list[int]] = [[] for _one in opportunities]
    together = matching.Catalogue(opportunities) if len(opportunities) > ONE_BY_ONE_MAX else None
    for pk, profile in profiles_of(commons).items():
        if together is None:
            for place, opportunity in enumerate(opportunities):
                if matching.match(profile, opportunity, today=today).result in FITS:
                    found[place].append(pk)
            continue
        by_result = together.positions_by_result(profile)
        for result in FITS:
            for place in places(by_result.get(result, 0)):
                found[place].append(pk)
    return found


def profiles_of(pks: Sequence[int]) -> dict[int, Profile]:
    """What the matcher knows of these commons, of those that are public; only what changed is read."""
    wanted = set(pks)
    # All of them are asked for: a list of thousands of ids is more than a query may hold.
    rows = register.public_commons().values_list("pk", "version")
    versions = {pk: version for pk, version in rows.iterator(chunk_size=5000) if pk in wanted}
    stale = [pk for pk, version in versions.items() if _Kept.profiles.get(pk, (0,))[0] != version]
    for commons in register.in_batches(stale):
        _Kept.profiles[commons.pk] = (commons.version, funding.profile_of(commons, {}))
    return {pk: _Kept.profiles[pk][1] for pk in versions if pk in _Kept.profiles}
