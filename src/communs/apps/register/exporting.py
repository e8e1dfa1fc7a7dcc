"""A commons as open data: public values only, nothing about people."""

from __future__ import annotations

from typing import Any

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
    return [_safe(str(cell or "")) for cell in cells]


def _joined(value: Any) -> str:
    return "; ".join(map(str, value)) if isinstance(value, list) else ""


def _safe(cell: str) -> str:
    """Spreadsheets run cells that begin like a formula: an apostrophe keeps them text."""
    return f"'{cell}" if cell[:1] in {"=", "+", "-", "@", "\t", "\r"} else cell
