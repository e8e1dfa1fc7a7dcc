"""An opportunity as lists, tables and cards show it: every word made here, so that templates only print."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property, lru_cache
from typing import Any

from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _

from communs.apps.funding import queries, wording
from communs.apps.funding.pages import row_html
from communs.apps.funding.vocabulary import OPEN_NOW, Calendar, Fit
from communs.core import matching
from communs.core.matching import Match
from communs.kit.formats import language_name
from communs.kit.texts import pick

ROWS_KEPT_MAX = 5_000


@dataclass(frozen=True, slots=True)
class Verdict:
    """The answer for one commons: sign and word (never colour alone), and a sentence."""

    result: str
    sign: str
    word: str
    sentence: str
    mark: str
    url: str = ""

    @property
    def line(self) -> str:
        """Sign, word and sentence in one line. Only "likely" is a word that its sentence does not say itself."""
        return (
            f"{self.sign} {self.word}. {self.sentence}" if self.result == "likely" else f"{self.sign} {self.sentence}"
        )


@dataclass(frozen=True)
class Row:
    """One opportunity in a list."""

    public_id: str
    title: str
    lang: str
    url: str
    when: str
    tone: str
    amount: str
    facts: str  # from whom, for what, to whom, and how fresh that is
    source: str  # the same without what a verdict already answers
    compare_label: str
    verdict: Verdict | None = None

    @property
    def offer(self) -> str:
        """How much, and until when: two lines."""
        return f"{self.amount}\n{self.when}"

    @cached_property
    def html(self) -> SafeString:
        """The row of a list without verdicts, written once and kept with the row."""
        return row_html.plain(self)

    @cached_property
    def around(self) -> row_html.Around:
        """The row of a list with verdicts, but for the verdict: written once and kept with the row."""
        return row_html.around_the_answer(self)

    @property
    def offer_line(self) -> str:
        """The same in one line."""
        return f"{self.amount} · {self.when}"


def row_of(record: Any, today: date) -> Row:
    """The row of one record."""
    facts = record.facts
    opportunity = queries.opportunity_of(record)
    title = wording.title_of(facts)
    status = matching.status(opportunity, today)
    return Row(
        public_id=record.public_id,
        title=title.value or record.public_id,
        lang=title.lang if title.is_fallback else "",
        url=reverse("funding:detail", args=[record.public_id]),
        when=wording.windows(opportunity, today, facts.get("windows", ())),
        tone={Calendar.CLOSING: "soon", Calendar.CLOSED: "no"}.get(Calendar(status), ""),
        amount=wording.money(opportunity.money) or _("amount not stated"),
        facts=" · ".join(facts_of(record, opportunity)),
        source=" · ".join(source_of(record, opportunity)),
        compare_label=_("Compare {title}").format(title=title.value or record.public_id),
    )


def rows_at(snapshot: queries.Snapshot, places: Sequence[int]) -> dict[int, Row]:
    """The rows at some places of the catalogue, by place; those that are gone since are left out.

    A row says the same to everyone until the catalogue or the day changes, so it is kept with the snapshot.
    """
    kept: dict[int, Row] = snapshot.kept_rows.setdefault(get_language() or "en", {})
    pks = {place: snapshot.entries[place].pk for place in places}
    rows = {pk: kept[pk] for pk in pks.values() if pk in kept}
    if missing := [pk for pk in pks.values() if pk not in rows]:
        made = {record.pk: row_of(record, snapshot.day) for record in queries.rows_of(missing)}
        if len(kept) + len(made) > ROWS_KEPT_MAX:
            kept.clear()
        kept.update(made)
        rows.update(made)
    return {place: rows[pk] for place, pk in pks.items() if pk in rows}


def fitted_at(fitting: queries.Fitting, places: Sequence[int], commons_id: str) -> list[Row]:
    """The same with the verdict for one commons in each."""
    rows = rows_at(fitting.snapshot, places)
    verdicts = verdicts_at(fitting, list(rows), commons_id)
    return [replace(row, verdict=verdict) for row, verdict in zip(rows.values(), verdicts, strict=True)]


def lines_at(fitting: queries.Fitting, places: Sequence[int], commons_id: str) -> list[SafeString]:
    """The same as markup."""
    rows = rows_at(fitting.snapshot, places)
    verdicts = verdicts_at(fitting, list(rows), commons_id)
    return [
        row.around.fill(verdict.url, verdict.mark, verdict.line)
        for row, verdict in zip(rows.values(), verdicts, strict=True)
    ]


def verdicts_at(fitting: queries.Fitting, places: Sequence[int], commons_id: str) -> list[Verdict]:
    """The verdicts at some places of the catalogue.

    Those that ask the same and stand the same in the calendar get the same words, said once for a commons.
    """
    language, statuses, entries = get_language() or "en", fitting.snapshot.statuses, fitting.snapshot.entries
    kept: dict[tuple[int, str], Verdict] = fitting.kept_verdicts.setdefault(language, {})
    before, after = _around_the_id(language, commons_id)
    found = []
    for place, match in zip(places, fitting.matches_at(places), strict=True):
        key = (match.place, statuses[place])
        said = kept.get(key)
        if said is None:
            said = kept[key] = verdict_of(match)
        found.append(replace(said, url=f"{before}{entries[place].public_id}{after}"))
    return found


def facts_of(record: Any, opportunity: matching.Opportunity) -> list[str]:
    """The facts of a row: funder, kind, what it funds, who may apply, legal form, languages, last confirmed."""
    languages = wording.listing(map(language_name, opportunity.languages))
    *source, confirmed = source_of(record, opportunity)
    said = [
        *source,
        _("open to {forms}").format(forms=wording.applicants(opportunity)) if opportunity.applicants else "",
        wording.legal_entity(opportunity) if opportunity.legal_entity in {"yes", "no"} else "",
        _("apply in {languages}").format(languages=languages) if languages else "",
        confirmed,
    ]
    return [fact for fact in said if fact]


def source_of(record: Any, opportunity: matching.Opportunity) -> list[str]:
    """Funder, kind, what it funds and, last, when that was confirmed."""
    funds = wording.listing(map(wording.funds_what, sorted(opportunity.funds_what)))
    said = [
        record.funder_name,
        wording.kind(record.kind) if record.kind else "",
        _("funds {what}").format(what=funds) if funds else "",
        wording.confirmed(opportunity.last_confirmed),
    ]
    return [fact for fact in said if fact]


def verdict_of(match: Match) -> Verdict:
    """The answer in a list, without its address. Only what is open as far as anyone knows is there for the taking."""
    now = match.result == "eligible" and match.status in OPEN_NOW
    return Verdict(
        result=match.result,
        sign=wording.FIT_SIGNS[match.result],
        word=_("You can apply") if now else str(Fit(match.result).label),
        sentence=matching.sentence(match, _),
        mark=wording.FIT_MARKS[match.result],
    )


@lru_cache(maxsize=256)
def _around_the_id(language: str, commons_id: str) -> tuple[str, str]:
    """The address of a match before and after the opportunity's id: resolved once for all rows of a list."""
    with override(language):
        before, _id, after = reverse("funding:match", args=["one", commons_id]).partition("/one/")
    return f"{before}/", f"/{after}"


def quoted_lang(criterion: matching.Criterion) -> str:
    """The language of a requirement quoted from the funder; "" where it is put in the reader's own words."""
    return criterion.lang or ("en" if criterion.statement else "")


def commons_name(commons: Any) -> str:
    """What a commons is called in the reader's language."""
    names: Mapping[str, Any] = commons.facts.get("names", {})
    return pick(names, get_language() or "en").value or commons.name or str(commons.public_id)
