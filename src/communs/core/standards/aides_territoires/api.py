"""The shape of the aides-territoires API, which the Drôme and the Manche departments write too."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from communs.core.standards.feeds.addresses import TEST_LABEL, host_of
from communs.core.standards.feeds.french_places import place_of_name, put_places
from communs.core.standards.feeds.french_words import put_audiences, put_kind
from communs.core.standards.feeds.records import Opportunity, has
from communs.core.standards.feeds.rows import Row
from communs.core.texts import N_

ENDS_THOUGH_PERMANENT: Final = (
    N_("The help is called permanent and closes on {value}; the date counts."),
    N_("Say which of the two holds."),
)
OWN_NUMBERING: Final = "aides-territoires"

_MARKS: Final = frozenset(
    {"targeted_audiences", "aid_types", "origin_url", "financers", "submission_deadline", "recurrence", "perimeter"}
)
_MODELS: Final = {"Permanente": "permanent", "Ponctuelle": "one_off", "Récurrente": "recurring"}
# Scales at which a name is that of a region, a department or more, so that its code is known.
_NAMED_SCALES: Final = frozenset({"", "department", "region", "country", "continent", "département", "région", "pays"})


def is_row(fields: Mapping[str, Any]) -> bool:
    """Whether an object is an aid: a name and at least three keys of this shape."""
    return "name" in fields and len(_MARKS & fields.keys()) >= 3


def read_row(row: Row) -> Opportunity | None:
    """The opportunity of an aid, None where it has no key or no name."""
    if not has(row, "id", "name"):
        return None
    url, seen = row.address("origin_url"), row.day("date_updated") or row.day("date_created")
    apply_at = row.address("application_url")
    source, key = _key(row, url or apply_at)
    what = f"{source} {key}" + (f", mis à jour le {seen}" if seen else "")
    made = Opportunity(row, source, key, "fr", reference=url or row.raw("url"), seen=seen, what=what)
    made.text("title", row.word("name"))
    made.text("summary", row.prose("description", "project_examples"))
    made.put(
        url=url or apply_at,
        application_url=apply_at,
        programme=", ".join(row.words("programs", ",")),
        themes=row.words("categories", ","),
        funder=funder(row.words("financers", ";")),
    )
    put_kind(made, "aid_types", row.words("aid_types"))
    put_audiences(made, "targeted_audiences", row.words("targeted_audiences"))
    _place(made)
    _money(made)
    made.quote("eligibility", row.prose("eligibility"))
    for name, dimension in (("destinations", "spending"), ("mobilization_steps", "stage")):
        made.quote(dimension, ", ".join(row.words(name)))
    _window(made)
    return made


def funder(names: list[str]) -> dict[str, str] | None:
    """Those who pay, as one funder with all their names."""
    return {"name": ", ".join(names)} if names else None


def put_window(made: Opportunity, opens: str, closes: str, recurrence: str, note: str = "") -> None:
    """The window of an aid by the words of aides-territoires; none where nothing is said."""
    model = _MODELS.get(recurrence.strip().capitalize(), "one_off" if closes else "unknown")
    if model == "permanent" and closes:
        made.row.tell("recurrence", "ends-though-permanent", "warning", ENDS_THOUGH_PERMANENT, value=closes)
    if opens or closes or note or model != "unknown":
        made.window(model, opens, closes, note)


def _key(row: Row, url: str) -> tuple[str, str]:
    """Whose number the id is: aides-territoires gives each aid a word of its own, those who feed it only a number."""
    slug = row.raw("slug")
    if slug:
        return OWN_NUMBERING, slug
    return source_of(url), row.raw("import_uniqueid") or row.raw("id")


def source_of(url: str) -> str:
    """The site an aid stands on, as part of its id: the same before and after a test site became public.

    >>> source_of("https://test.example.org/a"), source_of("")
    ('example-org', 'aide')
    """
    return "-".join(label for label in host_of(url).split(".") if not TEST_LABEL.fullmatch(label)) or "aide"


def _place(made: Opportunity) -> None:
    name = made.row.word("perimeter")
    if name:
        scale = made.row.raw("perimeter_scale").lower()
        put_places(made, "perimeter", {name: place_of_name(name) if scale in _NAMED_SCALES else ""})


def _money(made: Opportunity) -> None:
    row = made.row
    rate = row.number("subvention_rate_upper_bound")
    whole = row.fields.get("subvention_rate")
    if rate is None and isinstance(whole, dict):
        rate = row.number_of("subvention_rate", whole.get("upper"))
    if rate is not None and 0 < rate <= 100:
        made.put(cofunding_rate_max=rate / 100)
    amounts = [row.number(key) for key in ("loan_amount", "recoverable_advance_amount")]
    made.money(max=max((amount for amount in amounts if amount), default=None))
    made.quote("amount", row.prose("subvention_comment"))


def _window(made: Opportunity) -> None:
    """When one can apply; days that cannot be read stay in the note, in the words of the source."""
    row = made.row
    days = {key: row.day(key) for key in ("start_date", "submission_deadline", "predeposit_date")}
    unread = [row.raw(key) for key, day in days.items() if not day]
    before = days["predeposit_date"] and f"Pré-dépôt : {days['predeposit_date']}"
    note = "; ".join(filter(None, (*unread, before)))
    put_window(made, days["start_date"], days["submission_deadline"], row.raw("recurrence"), note)
