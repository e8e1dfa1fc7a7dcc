"""One record of the search as an opportunity."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from communs.core.standards import shapes
from communs.core.standards.feeds.records import Opportunity, has
from communs.core.standards.feeds.rows import Row
from communs.core.standards.sedia.claims import STATUSES

COMMISSION: Final = {"name": "European Commission", "country": "EU", "type": "public"}

_CASCADE: Final = "8"
_TENDER: Final = "0"
_PRIZE: Final = re.compile(r"\b(?:prize|recognition award)", re.IGNORECASE)
_GRANT: Final = re.compile(r"\b(?:grants?|actions?|lump sum|fellowships?)\b", re.IGNORECASE)
_SEEN: Final = ("esDA_IngestDate", "esDA_QueueDate", "esDA_FirstIngestDate")


def flat(record: Mapping[str, Any]) -> dict[str, Any]:
    """The metadata of a record, with what stands around them (`reference`, `url`, `language`, `content`)."""
    fields = dict(shapes.table(record.get("metadata")))
    for key in ("reference", "url", "language", "content"):
        if record.get(key) is not None:
            fields[f"/{key}"] = record[key]
    return fields


def read_topic(row: Row) -> Opportunity | None:
    """The opportunity of a record, None where it has no reference or no title."""
    one = Row(_Firsts(row.fields), row.locate, row.problems, row.zone)
    title = "title" if one.raw("title") else "/content"
    if not has(one, "/reference", title):
        return None
    reference = one.raw("/reference")
    seen = max((day for key in _SEEN if one.raw(key) and (day := one.day(key))), default="")
    lang = (one.raw("language") or one.raw("/language") or "en").lower()[:2]
    url = one.address("/url" if one.raw("/url") else "esST_URL")
    identifier = one.raw("identifier")
    what = f"EU Funding & Tenders {identifier or reference}" + (f", as ingested on {seen}" if seen else "")
    made = Opportunity(one, "sedia", reference, lang, reference=url, seen=seen, what=what)
    made.text("title", one.word(title))
    made.text("summary", one.prose("descriptionByte", "description", "furtherInformation", "destinationDetails"))
    made.put(url=url, kind=_kind(one), programme=_programme(one), funder=_funder(one), themes=_themes(row, one))
    for name, dimension in (
        ("topicConditions", "eligibility"),
        ("beneficiaryAdministration", "applicant_form"),
        ("geographicalZones", "territory"),
    ):
        made.quote(dimension, one.prose(name))
    if identifier:
        made.line(" · ".join(filter(None, (identifier, one.raw("callIdentifier")))))
    _money(made, row, identifier)
    _windows(made, row)
    return made


class _Firsts(dict[str, Any]):
    """Lists of texts as their first text: what comes as a list of one nearly everywhere."""

    def __init__(self, fields: Mapping[str, Any]) -> None:
        super().__init__({key: next(iter(_texts(value)), "") for key, value in fields.items()})


def _texts(value: Any) -> list[str]:
    """The texts of a value, whether it is a list, one text, or an object numbered from "0"."""
    if isinstance(value, dict):
        value = list(value.values())
    return list(shapes.texts(value))


def _kind(one: Row) -> str:
    actions, type_ = one.raw("typesOfAction"), one.raw("type")
    if type_ == _TENDER:
        return "service_contract"
    if _PRIZE.search(actions):
        return "prize"
    return "grant" if type_ == "1" and _GRANT.search(actions) else ""


def _programme(one: Row) -> str:
    return one.word("callTitle") or " ".join(one.raw("typesOfAction").split())


def _funder(one: Row) -> dict[str, str]:
    """A cascade call is run by a project with the Commission's money; where it names itself, it is the funder."""
    project = one.word("caName") or one.word("projectName") or one.word("projectAcronym")
    return {"name": project} if one.raw("type") == _CASCADE and project else COMMISSION


def _themes(row: Row, one: Row) -> list[str]:
    """Keywords and tags: texts, or JSON lists of texts inside of texts."""
    found: list[str] = []
    for key in ("keywords", "tags"):
        for text in _texts(row.fields.get(key)):
            inner = one.inner(key, text) if text.startswith("[") else None
            found += shapes.texts(inner) if inner is not None else [] if text.startswith("[") else [text]
    return list(dict.fromkeys(found))


def _inner(row: Row, key: str) -> Iterator[Any]:
    """The values of JSON in the texts of a field; an object that is no text stays as it is."""
    value = row.fields.get(key)
    for text in [value] if isinstance(value, str | dict) else value if isinstance(value, list) else []:
        found = text if isinstance(text, dict) else row.inner(key, text) if isinstance(text, str) else None
        yield from found if isinstance(found, list) else [found]


def _actions(row: Row, identifier: str) -> list[Mapping[str, Any]]:
    """The lines of the budget that are those of this topic: the overview lists the whole call."""
    listed: list[tuple[str, Mapping[str, Any]]] = []
    for overview in _inner(row, "budgetOverview"):
        for key, actions in shapes.table(shapes.table(overview).get("budgetTopicActionMap")).items():
            listed += [(key, action) for action in shapes.objects(actions)]
    own = {*_texts(row.fields.get("ccm2Id"))}
    mine = [action for key, action in listed if key in own]
    named = [
        a for _, a in listed if identifier and shapes.plain(a.get("action")).upper().startswith(identifier.upper())
    ]
    return mine or named or ([listed[0][1]] if len(listed) == 1 else [])


def _money(made: Opportunity, row: Row, identifier: str) -> None:
    """From the budget of the topic, in euros; of a cascade call from its own budget and currency."""
    low: list[int | float] = []
    high: list[int | float] = []
    pot: list[int | float] = []
    for action in _actions(row, identifier):
        low += _numbers(made.row, [action.get("minContribution")])
        high += _numbers(made.row, [action.get("maxContribution")])
        pot += _numbers(made.row, list(shapes.table(action.get("budgetYearMap")).values()))
    made.money(min=min(low, default=None), max=max(high, default=None), pot=sum(pot) or None)
    currency = made.row.raw("currency").upper()
    if not pot and re.fullmatch("[A-Z]{3}", currency):
        made.money(currency, pot=made.row.number("budget"))


def _numbers(row: Row, values: list[Any]) -> list[int | float]:
    return [found for value in values if (found := row.number_of("budgetOverview", value))]


def _windows(made: Opportunity, row: Row) -> None:
    """A window for each deadline; of several stages the first only, because later ones are for those who passed it."""
    one = made.row
    days = sorted({day for text in _deadlines(row) if (day := one.day_of("deadlineDate", text))})
    opens, model = one.day("startDate"), one.raw("deadlineModel").lower()
    claim = STATUSES.get(one.raw("status"), one.raw("status"))
    note = f"status when seen{f' on {made.seen}' if made.seen else ''}: {claim}" if claim else ""
    if "two" in model and "stage" in model and len(days) > 1:
        made.window("one_off", opens, days[0], "; ".join(filter(None, (note, f"second stage: {', '.join(days[1:])}"))))
    elif len(days) > 1:
        for day in days:
            made.window("cutoffs", opens, day, note)
    elif days or opens or note:
        made.window("one_off" if days else "unknown", opens, "".join(days), note)


def _deadlines(row: Row) -> list[str]:
    """The deadlines as texts; where there are none, those of the actions of the topic."""
    found: list[str] = []
    for text in _texts(row.fields.get("deadlineDate")):
        if text.startswith(("{", "[")):
            inner = row.inner("deadlineDate", text)
            found += _texts(shapes.table(inner).get("deadlineDates") if isinstance(inner, dict) else inner)
        else:
            found.append(text)
    if not found:
        for action in _inner(row, "actions"):
            found += _texts(shapes.table(action).get("deadlineDates"))
    return found
