"""The feed of the French Ministry of Culture: forms and calls of its site."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from communs.core.standards import shapes
from communs.core.standards.feeds.addresses import host_of
from communs.core.standards.feeds.french_places import place_of_name, put_places
from communs.core.standards.feeds.french_words import parts, put_audiences, put_kind
from communs.core.standards.feeds.records import Opportunity, has
from communs.core.standards.feeds.rows import Row


def is_row(fields: Mapping[str, Any]) -> bool:
    """Whether an object is an entry of this feed."""
    return {"id", "title", "eztag_region", "eztag_theme", "public"} <= fields.keys()


def read_row(row: Row) -> Opportunity | None:
    """The opportunity of an entry, None where it has no key or no title."""
    if not has(row, "id", "title"):
        return None
    url, key = row.address("url"), row.raw("id")
    seen = row.day("modificationDate") or row.day("creationDate")
    what = f"Ministère de la Culture {key}" + (f", modifié le {seen}" if seen else "")
    made = Opportunity(row, "culture", key, "fr", reference=url, seen=seen, what=what)
    made.text("title", row.word("title"))
    made.text("summary", row.prose("summary", "body"))
    made.put(url=url, themes=row.words("eztag_theme"), application_url=_link(row))
    if host_of(url).endswith("culture.gouv.fr"):
        made.put(funder={"name": "Ministère de la Culture", "country": "FR", "type": "public"})
    # "Appels à projets" says how one applies, not what one gets.
    put_kind(made, "type", [word for word in row.words("type") if not re.match("appels? ", word, re.IGNORECASE)])
    put_audiences(made, "public", [*parts(row.word("public")), *row.words("eztag_cible")])
    put_places(made, "eztag_region", {name.strip("- "): place_of_name(name) for name in row.words("eztag_region")})
    made.quote("amount", row.prose("amount"))
    closes = row.day("deadline")
    if row.raw("deadline"):
        made.window("one_off" if closes else "unknown", "", closes, "" if closes else row.word("deadline"))
    return made


def _link(row: Row) -> str:
    link = shapes.table(row.fields.get("link"))
    inner = Row(link, lambda key: row.locate("link"), row.problems)
    return inner.address("link")
