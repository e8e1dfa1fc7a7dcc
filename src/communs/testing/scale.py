"""Catalogues of any size, made from the seed records: the same for every run, as varied as the seed itself.

Each record is a seed record with another id, and with amounts, dates, places, themes and texts shifted by a generator
with a fixed seed, so that facets, matches and texts differ from one record to the next.
"""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

SEED = Path(__file__).resolve().parents[3] / "seed"
COUNTRIES = ("FR", "DE", "IT", "ES", "PT", "BE", "NL", "PL", "SE", "AT", "EU27", "INT")
FIRST_DAY = date(2026, 1, 1)


def _seed(name: str) -> list[dict[str, Any]]:
    with (SEED / name).open(encoding="utf-8") as file:
        return [json.loads(line) for line in file]


def opportunity_records(count: int) -> Iterator[dict[str, Any]]:
    """`count` opportunities in the shape of `seed/opportunities.jsonl`, all with evidence, two thirds open."""
    records = [r for r in _seed("opportunities.jsonl") if r["evidence"][0]["source_url_or_repo_path"][:7] != "general"]
    chance = random.Random(20_000)  # noqa: S311 - repeatable on purpose
    for number in range(count):
        record = json.loads(json.dumps(records[number % len(records)]))
        record["id"] = f"{record['id'][:100]}-{number}"
        record["title"] = f"{record['title']} {number}"
        record["countries"] = chance.sample(COUNTRIES, chance.randint(1, 3))
        if record["amount"] and record["amount"]["max"]:
            record["amount"]["max"] += 500 * chance.randint(0, 400)
        if chance.random() < 0.4:
            closes = FIRST_DAY + timedelta(days=chance.randint(0, 900))
            record["window"] = {
                **record["window"],
                "model": "one_off",
                "closes": closes.isoformat(),
                "precision": "day",
            }
        elif record["window"]["model"] == "closed" and chance.random() < 0.7:
            record["window"] = {**record["window"], "model": "permanent", "closes": None}
        yield record


def commons_records(count: int) -> Iterator[dict[str, Any]]:
    """`count` commons in the shape of `seed/commons.jsonl`, all confirmed by a source, none the same as another."""
    records = [r for r in _seed("commons.jsonl") if any(s["origin"] != "editor" for s in r["sources"])]
    chance = random.Random(20_001)  # noqa: S311 - repeatable on purpose
    for number in range(count):
        record = json.loads(json.dumps(records[number % len(records)]))
        record["id"] = f"{record['id'][:100]}-{number}"
        record["name"] = f"{record['name']} {number}"
        record["homepage"] = f"https://commons-{number}.example.org/"
        record["repository"] = f"https://forge.example.org/commons/{number}"
        record["identifiers"] = {"repo": f"forge.example.org/commons/{number}"}
        record["countries"] = chance.sample(COUNTRIES, chance.randint(1, 2))
        record["depends_on"], record["depends_on_unverified"] = [], []
        yield record


def write_records(path: Path, records: Iterator[dict[str, Any]]) -> Path:
    """Write records as JSON Lines; returns the path."""
    with path.open("w", encoding="utf-8") as file:
        for record in records:
            file.write(json.dumps(record, ensure_ascii=False) + "\n")
    return path
