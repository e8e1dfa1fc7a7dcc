"""Calls for state grants as haeavustuksia.fi publishes them: every text in Finnish, Swedish and English."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from communs.core.standards import shapes
from communs.core.standards.feeds.records import Opportunity, has
from communs.core.standards.feeds.rows import Row
from communs.core.standards.reading.html_text import to_plain, unescape
from communs.core.texts import N_

NO_TITLE: Final = (N_("“{path}” holds no text in any language."), N_("Give the call a name."))

_LANGUAGES: Final = ("fi", "sv", "en")
_PERMANENT: Final = "jatkuva"
_RECURRING: Final = "toistuva"


def is_row(fields: Mapping[str, Any]) -> bool:
    """Whether an object is a call of this site."""
    return {"hakuasianAsianumero", "nimi"} <= fields.keys()


def read_row(row: Row) -> Opportunity | None:
    """The opportunity of a call, None where it has no key or no name."""
    if not has(row, "hakuasianAsianumero"):
        return None
    names = _texts(row.fields.get("nimi"))
    if not names:
        row.tell("nimi", "missing", "error", NO_TITLE)
        return None
    key = row.raw("hakuasianAsianumero")
    made = Opportunity(row, "haeavustuksia", key, "fi", what=f"haeavustuksia.fi {key}")
    for lang, name in names.items():
        made.text("title", unescape(name), lang)
    for lang, words in _texts(row.fields.get("kuvaus")).items():
        made.text("summary", shapes.without_contacts(to_plain(words)), lang)
    body = shapes.table(row.fields.get("vastuullinenJarjestajaOrganisaatio"))
    called = _texts(body.get("nimi"))
    if called:
        name = next(called[lang] for lang in ("en", "fi", "sv") if lang in called)
        made.put(funder={"name": unescape(name), "country": "FI", "type": "public"})
    _window(made)
    return made


def _texts(value: Any) -> dict[str, str]:
    """The texts by language; the one with structure (`richFi`) where there is one."""
    table = shapes.table(value)
    found = {
        lang: shapes.plain(table.get(f"rich{lang.title()}")) or shapes.plain(table.get(lang)) for lang in _LANGUAGES
    }
    return {lang: text for lang, text in found.items() if text}


def _window(made: Opportunity) -> None:
    """A continuous call that has a last day in ten years' time ends on that day all the same."""
    row = made.row
    opens, closes = row.day("hakuAlkaaDateTimeUtc"), row.day("hakuPaattyyDateTimeUtc")
    kind = row.raw("hakuTyyppi")
    model = {_PERMANENT: "rolling", _RECURRING: "recurring"}.get(kind.lower(), "one_off" if closes else "unknown")
    unread = [
        row.raw(key) for key, day in (("hakuAlkaaDateTimeUtc", opens), ("hakuPaattyyDateTimeUtc", closes)) if not day
    ]
    note = "; ".join(filter(None, (f"hakuTyyppi: {kind}" if kind else "", *unread)))
    if opens or closes or note:
        made.window(model, opens, closes, note)
