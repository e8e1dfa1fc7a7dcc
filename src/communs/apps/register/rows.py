"""A commons as one row of a list, its words ready so that templates only print."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.urls import reverse

from communs.apps.register import wording
from communs.kit.places import place_name

if TYPE_CHECKING:
    from datetime import datetime

FACTS_MAX = 3


@dataclass(frozen=True, slots=True)
class Row:
    """What a list shows of a commons. `facts` are short texts; `summary_lang` is "" in the reader's language."""

    pk: int
    title: str
    url: str
    summary: str
    summary_lang: str
    facts: list[str]
    line: str  # kind and facts in one line
    kind: str
    kind_code: str
    verdict: str
    verdict_label: str
    verdict_sign: str
    public_id: str
    changed_at: datetime


def row_of(commons: Any) -> Row:
    """The row of one commons in the reader's language."""
    values = commons.values
    summary = wording.summary_of(values)
    facts = [fact for fact in (_steward(values), _licences(values), _places(values)) if fact]
    kind = wording.said(wording.KINDS, commons.kind)
    return Row(
        pk=commons.pk,
        title=wording.name_of(values, commons.public_id),
        url=reverse("commons:detail", args=(commons.public_id,)),
        summary=summary.value,
        summary_lang=summary.lang if summary.is_fallback else "",
        facts=facts,
        line=" · ".join([kind, *facts] if kind else facts),
        kind=kind,
        kind_code=commons.kind,
        verdict=commons.verdict,
        verdict_label=wording.said(wording.VERDICTS, wording.finer(commons.verdict, commons.headline)),
        verdict_sign=wording.VERDICT_SIGNS.get(commons.verdict, "?"),
        public_id=commons.public_id,
        changed_at=commons.updated_at,
    )


def _steward(values: dict[str, Any]) -> str:
    name, form = values.get("steward.name"), values.get("steward.form")
    words = wording.said(wording.FORMS, form) if isinstance(form, str) else ""
    return f"{name} ({words})" if name and words else str(name or words)


def _licences(values: dict[str, Any]) -> str:
    parts = values.get("licences")
    parts = parts if isinstance(parts, list) else []
    names = list(dict.fromkeys(str(item.get("spdx")) for item in parts if isinstance(item, dict) and item.get("spdx")))
    return ", ".join(names[:FACTS_MAX]) + (" …" if len(names) > FACTS_MAX else "")


def _places(values: dict[str, Any]) -> str:
    countries = values.get("countries")
    countries = [code for code in countries if isinstance(code, str)] if isinstance(countries, list) else []
    return ", ".join(place_name(code) for code in countries[:FACTS_MAX])
