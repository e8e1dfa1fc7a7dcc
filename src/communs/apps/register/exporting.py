"""A commons as open data: public values only, nothing about people."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext

from communs.apps.register import queries
from communs.core.standards.documents import CannotWrite
from communs.core.standards.formats import FORMATS
from communs.core.standards.schema_org import as_jsonld
from communs.kit.records.dumping import source_of
from communs.kit.records.resolve import canonical

RELATION_FIELDS = ("kind", "detail", "source_ref", "confidence", "verified", "seen_as_of", "count")

COLUMNS = (
    "id", "name", "kind", "verdict", "summary_en", "summary_fr", "homepage", "repository", "licences", "steward_name",
    "steward_form", "steward_country", "countries", "languages", "categories", "functions", "updated_at",
)  # fmt: skip


def public_record(commons: Any) -> dict[str, Any]:
    """One commons as it is exported: every value shown, nested, with its verdict and the time of its last change."""
    return {
        "id": commons.public_id,
        **commons.facts,
        "verdict": commons.verdict,
        "updated_at": commons.updated_at.isoformat(timespec="seconds"),
    }


def flat_row(commons: Any) -> list[str]:
    """The same as cells for `COLUMNS`; lists are separated by semicolons."""
    values = commons.values
    licences = [item for item in values.get("licences") or [] if isinstance(item, dict)]
    cells = [
        commons.public_id,
        values.get("name"),
        commons.kind,
        commons.verdict,
        values.get("summaries.en"),
        values.get("summaries.fr"),
        values.get("homepage"),
        values.get("repository"),
        "; ".join(f"{item.get('part', '')}: {item.get('spdx', '')}" for item in licences),
        values.get("steward.name"),
        values.get("steward.form"),
        values.get("steward.country"),
        _joined(values.get("countries")),
        _joined(values.get("languages")),
        _joined(values.get("categories_publiccode")),
        _joined(values.get("functions")),
        commons.updated_at.isoformat(timespec="seconds"),
    ]
    return [str(cell or "") for cell in cells]


def _joined(value: Any) -> str:
    return "; ".join(map(str, value)) if isinstance(value, list) else ""


def beside(records: Sequence[Any]) -> dict[int, dict[str, Any]]:
    """What a dump says of commons beside their values: the relations that start from them."""
    rows = queries.relations_from(records)
    found: dict[int, list[dict[str, Any]]] = {}
    for row in rows:
        told = {name: getattr(row, name) for name in RELATION_FIELDS}
        told |= {"to": row.to_commons.public_id, "source": source_of(row.source), "withdrawn": bool(row.withdrawn_at)}
        found.setdefault(row.from_commons_id, []).append(told)
    order = ("kind", "to", "detail")
    return {
        pk: {"relations": sorted(told, key=lambda one: (*(one[name] for name in order), canonical(one["source"])))}
        for pk, told in found.items()
    }


# The formats one commons is written in, with the name of the file.
FORMS = {
    "publiccode": "publiccode.yml",
    "codemeta": "codemeta.json",
    "funding-json": "funding.json",
    "json-ld": "schema.jsonld",
}


class CannotExport(Exception):
    """The format demands something that is not known; the message says what, `missing` one by one."""

    def __init__(self, missing: Sequence[str]) -> None:
        super().__init__(" ".join(missing))
        self.missing = tuple(missing)


def written_as(commons: Any, form: str, page: str = "", *, assume: bool = False) -> str:
    """One commons as a file of a format: publiccode, codemeta, funding-json or json-ld.

    `page`: the address of its page here. `assume`: what the format demands and nobody has said becomes a neutral value
    marked "to confirm". Raises `CannotExport`.
    """
    record = {"id": commons.public_id, **commons.facts}
    if form == "json-ld":
        return json.dumps(as_jsonld(record, page), ensure_ascii=False, indent=2) + "\n"
    try:
        if form == "publiccode":
            return str(FORMATS[form].module.write(record, assume=assume))
        return str(FORMATS[form].module.write(record, page))
    except CannotWrite as problem:
        raise CannotExport(problem.say_each(gettext)) from problem
