"""Suggested duplicates against two real exports of the same programmes, and against pairs that only look alike.

Labels come from what is not compared: each row of the first export names its page at the second one's site, whose last
part is the id there. That page and both ids are left out of the records, so that nothing compared holds the label.
"""

from __future__ import annotations

import csv
import json
import os
import re
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from communs.core.identity.likeness import Traits, compare, known_of, places, suggest
from communs.core.standards import aides_territoires, dispositif_aide

ROOT = Path(__file__).resolve().parents[2]
CORPORA = Path(os.environ.get("COMMUNS_CORPORA") or ROOT.parent / "shared" / "corpora")
EXPORTS = CORPORA / "guichet" / "fr_transition_ecologique"

pytestmark = [
    pytest.mark.corpora,
    pytest.mark.skipif(not EXPORTS.is_dir(), reason=f"no corpora in {CORPORA}: name their folder in COMMUNS_CORPORA"),
]
REGIONS = {"FR-BRE": "Bretagne", "FR-OCC": "Occitanie", "FR-GES": "Grand Est", "FR-NAQ": "Nouvelle-Aquitaine"}


@cache
def rows() -> list[dict[str, str]]:
    with (EXPORTS / "data_gouv_export.csv").open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


@cache
def programmes() -> list[dict[str, Any]]:
    loaded: list[dict[str, Any]] = json.loads((EXPORTS / "programs.json").read_text(encoding="utf-8"))
    return loaded


def from_row(row: dict[str, str], number: int) -> dict[str, Any]:
    return {
        "id": f"row-{number}",
        "titles": {"fr": row["titre"]},
        "summaries": {"fr": row["promesse"]},
        "funders": [bearer["nom"] for bearer in json.loads(row["porteurs"] or "[]")],
        "countries": [code for code in row["eligibilite_geographique"].split("|") if code],
        "window": {"opens": row["date_ouverture"], "closes": row["date_cloture"]},
    }


def from_programme(programme: dict[str, Any], number: int) -> dict[str, Any]:
    named = programme["conditions d'éligibilité"].get("secteur géographique") or []
    codes = [
        code
        for place in ",".join(named).split(",")
        for code in (["FR"] if place.strip().startswith("France") else sorted(places.named_in(place)))
    ]
    return {
        "id": f"programme-{number}",
        "titles": {"fr": programme["titre"]},
        "summaries": {"fr": programme["promesse"]},
        "funders": [programme["opérateur de contact"], *(programme.get("autres opérateurs") or [])],
        "countries": codes,
        "url": programme.get("url", "").partition("#")[0].strip(),
        "window": {
            "opens": day_of(programme.get("début de validité")),
            "closes": day_of(programme.get("fin de validité")),
        },
    }


def day_of(text: str | None) -> str:
    found = re.fullmatch(r"(\d\d)/(\d\d)/(\d{4})", text or "")
    return f"{found[3]}-{found[2]}-{found[1]}" if found else ""


@cache
def labelled() -> tuple[list[Traits], list[Traits], set[tuple[str, str]]]:
    """Both sides, and the true pairs."""
    first = [Traits.from_record(from_row(row, number)) for number, row in enumerate(rows())]
    second = [Traits.from_record(from_programme(one, number)) for number, one in enumerate(programmes())]
    number_of = {one["id"]: number for number, one in enumerate(programmes())}
    true = set()
    for number, row in enumerate(rows()):
        slug = row["url_source"].partition("?")[0].rstrip("/").rpartition("/")[2]
        if slug in number_of:
            true.add((f"row-{number}", f"programme-{number_of[slug]}"))
    return first, second, true


def test_precision_and_recall_over_all_pairs_of_the_two_exports() -> None:
    first, second, true = labelled()
    assert (len(first), len(second), len(true)) == (190, 260, 189)
    shared = known_of([*first, *second])
    found = {(a.id, b.id) for a in first for b in second if compare(a, b, shared).is_suggested}
    assert len(found & true) / len(found) >= 0.99
    assert len(found & true) / len(true) >= 0.99


def test_looking_only_where_something_is_shared_misses_none_of_them() -> None:
    first, second, _true = labelled()
    shared = known_of([*first, *second])
    every = {(b.id, a.id) for a in first for b in second if compare(a, b, shared).is_suggested}
    found = {(pair.one.id, pair.other.id) for pair in suggest([*first, *second])}
    assert every <= found


def test_precision_and_recall_through_the_readers_of_both_formats() -> None:
    first = dispositif_aide.read((EXPORTS / "data_gouv_export.csv").read_bytes()).records
    second = aides_territoires.read((EXPORTS / "programs.json").read_bytes()).records
    page_of = {row["id"]: row["url_source"].partition("?")[0].rstrip("/").rpartition("/")[2] for row in rows()}
    by_key = {record["evidence"][0]["key"]: record["id"] for record in second}
    true = {(one["id"], by_key.get(page_of[one["evidence"][0]["key"]])) for one in first}
    true = {pair for pair in true if pair[1]}
    assert len(true) == 189
    pairs = suggest([Traits.from_record({**record, "url": None}) for record in [*first, *second]])
    ids = {record["id"] for record in first}
    found = {(pair.one.id, pair.other.id) for pair in pairs if (pair.one.id in ids) != (pair.other.id in ids)}
    assert len(found & true) / len(found) >= 0.99
    assert len(found & true) / len(true) >= 0.99


@pytest.mark.parametrize("left_out", ["summaries", "funders", "countries", "window"])
def test_it_does_not_hang_on_one_kind_of_fact(left_out: str) -> None:
    """Without the summaries two schemes that were renamed cannot be found; nothing else gets much worse."""
    _first, _second, true = labelled()
    one = [{**from_row(row, number), left_out: None} for number, row in enumerate(rows())]
    other = [{**from_programme(programme, number), left_out: None} for number, programme in enumerate(programmes())]
    pairs = suggest([Traits.from_record(record) for record in [*one, *other]])
    found = {(p.other.id, p.one.id) for p in pairs if p.one.id[0] != p.other.id[0]}
    assert len(found & true) / len(found) >= 0.99
    assert len(found & true) / len(true) >= 0.98


def test_the_same_scheme_of_two_regions_is_never_suggested() -> None:
    """Each row once more as the scheme of another region: by its places, by its funder alone, by its title alone."""
    wrong = []
    for number, row in enumerate(rows()):
        record = from_row(row, number)
        code, other = list(REGIONS)[number % 4], list(REGIONS)[(number + 1) % 4]
        by_place = [{**record, "countries": [one]} for one in (code, other)]
        by_funder = [{**record, "countries": [], "funders": [f"Région {REGIONS[one]}"]} for one in (code, other)]
        title = record["titles"]["fr"]
        by_title = [
            {**record, "countries": [], "titles": {"fr": f"{title} en {REGIONS[one]}"}} for one in (code, other)
        ]
        for one, two in (by_place, by_funder, by_title):
            if compare(Traits.from_record(one), Traits.from_record({**two, "id": "b"})).is_suggested:
                wrong.append(record["titles"])
    assert not wrong


def test_another_year_or_edition_of_a_scheme_is_never_suggested() -> None:
    wrong = []
    for number, row in enumerate(rows()):
        record = from_row(row, number)
        title = re.sub(r"\b20\d\d\b", "", record["titles"]["fr"])
        pairs = [
            ({"titles": {"fr": f"{title} 2024"}}, {"titles": {"fr": f"{title} 2025"}}),
            ({"titles": {"fr": f"{title} - 2e édition"}}, {"titles": {"fr": f"{title} - 3e édition"}}),
            ({"titles": {"fr": f"{title}, vague 1"}}, {"titles": {"fr": f"{title}, vague 2"}}),
            (
                {"window": {"opens": "2024-02-01", "closes": "2024-06-30"}},
                {"window": {"opens": "2025-02-01", "closes": "2025-05-31"}},
            ),
        ]
        for one, two in pairs:
            a, b = Traits.from_record({**record, **one}), Traits.from_record({**record, **two, "id": "b"})
            if compare(a, b).is_suggested:
                wrong.append((one, two))
    assert not wrong


def test_a_title_written_otherwise_is_still_the_same() -> None:
    """Capitals, missing accents, other quotes and dashes, a final full stop: told apart by none of the rows."""
    missed = []
    for number, row in enumerate(rows()):
        record = from_row(row, number)
        title = record["titles"]["fr"]
        plain = title.upper().translate(str.maketrans("ÉÈÊÀÂÎÔÛÇ", "EEEAAIOUC"))
        for told in (plain, title.replace('"', "").replace("'", "’").replace("-", "–") + "."):
            other = {**record, "id": "b", "titles": {"fr": told}}
            if not compare(Traits.from_record(record), Traits.from_record(other)).is_suggested:
                missed.append((title, told))
    assert not missed


def test_topics_of_one_call_are_never_suggested() -> None:
    """A real topic and its neighbours in the same call: funder, programme, places, page and days are the same."""
    topic = json.loads((CORPORA / "guichet" / "eu" / "sedia_HORIZON-CL5-2024-D2-01-03.json").read_text("utf-8"))
    title = topic["metadata"]["title"][0]
    call = {
        "funder": {"name": "European Commission"},
        "programme": "HORIZON-CL5-2024-D2-01",
        "countries": ["EU27"],
        "window": {"opens": "2023-12-07", "closes": "2024-04-18"},
        "summaries": {"en": "Cross-sectoral solutions for the climate transition: batteries and emerging technologies"},
    }
    titles = [
        title,
        "Advanced digital twins for battery cell production lines (Batt4EU)",
        "New Approaches to Develop Enhanced Safety Materials for Gen 3 Li-Ion Batteries (Batt4EU)",
        "Post-Li-ion technologies and relevant manufacturing techniques for mobility applications (Batt4EU)",
        "Size & weight reduction of cell and packaging of batteries system, for mobile applications (Batt4EU)",
        "Emerging energy technologies for a climate neutral Europe",
    ]
    records = [Traits.from_record({**call, "id": f"t{number}", "title": text}) for number, text in enumerate(titles)]
    assert suggest(records) == []
    assert not any(compare(a, b).is_suggested for a in records for b in records if a.id < b.id)
