"""Records in the shape of `seed/opportunities.jsonl`, made of what a row says and of nothing else."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Final

from communs.core.standards.documents import Document
from communs.core.standards.feeds.rows import PROSE_MAX, Row
from communs.core.standards.problems import Problem, in_order
from communs.core.texts import N_

Record = dict[str, Any]

ID_MAX: Final = 120
LISTED_MAX: Final = 200

NO_RECORDS: Final = (
    N_("The file holds no opportunity."),
    N_("Give a file with at least one record, as the source publishes it."),
)
MISSING: Final = (
    N_("“{path}” is missing: without it the record cannot be told from others, or shown."),
    N_("Add it, or take the record out."),
)
REPEATED: Final = (
    N_("A record with the same key “{value}” stands above; this one was left out."),
    N_("Keep the record that counts."),
)
CLOSES_FIRST: Final = (
    N_("The call closes on {closes}, before it opens on {opens}; both days stay as they are."),
    N_("Put right whichever of the two is wrong."),
)
OLDER_COPY: Final = (
    N_("The file holds a fresher copy of “{value}”; this one was left out."),
    N_("Nothing to do here; the source repeats itself."),
)


@dataclass(slots=True)
class Opportunity:
    """A record being put together. `key` is the source's own; `lang` that of its texts; `seen` a day or empty."""

    row: Row
    source: str
    key: str
    lang: str
    reference: str = ""
    seen: str = ""
    what: str = ""
    values: Record = field(default_factory=dict)
    criteria: list[Record] = field(default_factory=list)
    windows: list[Record] = field(default_factory=list)

    def text(self, name: str, text: str, lang: str = "") -> None:
        """A title or summary in one language: `name` is "title" or "summary"."""
        lang = lang or self.lang
        if not text:
            return
        key = {"title": "title", "summary": "summary_en"}[name] if lang == "en" else f"{name}_{lang}"
        if lang in {"en", "fr"}:
            self.values[key] = text
        else:
            plural = {"title": "titles", "summary": "summaries"}[name]
            self.values.setdefault(plural, {})[lang] = text

    def line(self, text: str) -> None:
        """A line more at the end of the summary, for what has no field of its own."""
        key = "summary_en" if self.lang == "en" else f"summary_{self.lang}"
        if self.lang in {"en", "fr"}:
            self.values[key] = f"{self.values.get(key, '')}\n\n{text}".strip()
        else:
            summaries = self.values.setdefault("summaries", {})
            summaries[self.lang] = f"{summaries.get(self.lang, '')}\n\n{text}".strip()

    def put(self, **values: Any) -> None:
        """Plain fields; what is empty is not stated."""
        for name, value in values.items():
            if value not in (None, "", [], {}):
                self.values[name] = value[:LISTED_MAX] if isinstance(value, list) else value

    def money(self, currency: str = "EUR", **amounts: int | float | None) -> None:
        """`min`, `max`, `pot` in whole units of `currency`; nothing where none is given."""
        found = {name: value for name, value in amounts.items() if value}
        if found:
            self.values["amount"] = {**self.values.get("amount", {}), **found, "currency": currency}

    def quote(self, dimension: str, text: str, *, decides: bool = False) -> None:
        """A condition in the words of the source; `decides` says that it must hold, though only a person can tell."""
        text = text[:PROSE_MAX]
        if text and not any(one["dimension"] == dimension and one["statement"] == text for one in self.criteria):
            force = "hard" if decides else "text"
            self.criteria.append(self._sourced({"dimension": dimension, "force": force, "statement": text}, text))

    def typed(self, dimension: str, accepts: Any, statement: str, operator: str = "any_of") -> None:
        """A condition in values, beside the words it stands in."""
        statement = statement[:PROSE_MAX]
        entry = {"dimension": dimension, "operator": operator, "force": "hard", "statement": statement}
        self.criteria.append(self._sourced({**entry, "accepts": accepts}, statement))

    def window(self, model: str, opens: str = "", closes: str = "", note: str = "") -> None:
        """When one can apply. Days are as exact as a day; a window without any has no precision."""
        if opens and closes and closes < opens:
            self.row.tell("", "closes-before-opens", "warning", CLOSES_FIRST, opens=opens, closes=closes)
        exact = "day" if opens or closes else "unknown"
        self.windows.append(
            {"model": model, "opens": opens or None, "closes": closes or None, "precision": exact, "note": note or None}
        )

    def record(self) -> Record:
        """The record as it is."""
        made: Record = {"id": make_id(self.source, self.key), **self.values}
        if self.windows:
            made.update(
                {"window": self.windows[0]} if len(self.windows) == 1 else {"windows": self.windows[:LISTED_MAX]}
            )
        if self.criteria:
            made["criteria"] = self.criteria[:LISTED_MAX]
        what = self.what or f"{self.source} {self.key}"
        evidence = {"source_url_or_repo_path": self.reference or self.source, "what": what, "key": self.key}
        made["evidence"] = [{**evidence, "seen_as_of": self.seen or None}]
        return made

    def _sourced(self, entry: Record, quote: str) -> Record:
        reference = {"source": self.reference or self.source, "seen_as_of": self.seen or None}
        return {**entry, "quote": quote or None, "lang": self.lang, **reference}


def make_id(source: str, key: str) -> str:
    """A stable id of letters, digits, "-" and "_" from the source and the source's own key.

    A key that does not fit as it stands is shortened and told apart by a digest of the whole.

    >>> make_id("culture", "303980"), make_id("sedia", "1/2"), len(make_id("sedia", "a" * 300))
    ('culture-303980', 'sedia-1-2-1f6c8577', 120)
    """
    plain = re.sub(r"[^A-Za-z0-9_-]+", "-", key).strip("-")
    whole = f"{source}-{plain}"
    if plain == key and len(whole) <= ID_MAX:
        return whole
    digest = hashlib.blake2s(key.encode("utf-8", "replace"), digest_size=4).hexdigest()
    return f"{whole[: ID_MAX - 9]}-{digest}"


def has(row: Row, *keys: str) -> bool:
    """Whether a row says what no record can do without; what is missing is told."""
    missing = [key for key in keys if not row.raw(key)]
    for key in missing:
        row.tell(key, "missing", "error", MISSING)
    return not missing


def document(
    name: str, made: Iterable[Opportunity | None], problems: list[Problem], version: str = "", *, latest: bool = False
) -> Document:
    """The document of a feed: usable records once each, problems in their order.

    `latest` says that of several records of one key the one with the latest day seen counts, and of those the last.
    """
    kept: dict[tuple[str, str], Opportunity] = {}
    for one in made:
        if one is None:
            continue
        own = (one.source, one.key)
        known = kept.get(own)
        if known is None:
            kept[own] = one
            continue
        loser = known if latest and one.seen >= known.seen else one
        if loser is known:
            kept[own] = one
        loser.row.tell("", "repeated-record", "warning", REPEATED if not latest else OLDER_COPY, value=one.key)
    records = tuple(one.record() for one in kept.values())
    if not records and not any(found.severity == "error" for found in problems):
        problems.append(Problem("", 1, 1, "no-records", "error", *NO_RECORDS))
    return Document(name, "opportunities", version, records, in_order(problems))
