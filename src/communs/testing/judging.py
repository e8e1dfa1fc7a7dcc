"""Judged needs: queries with the records that answer them, and how well a search does on them.

`tests/conformance/judged/seed.jsonl` judges the records that communs brings along, `public.jsonl` those of public
repositories and digital public goods outside the project (`COMMUNS_CORPORA`). `heldout.jsonl` judges the latter too.
It is held out: nobody who changes the engine looks at its needs or at what they find; only sums are printed.
`development.jsonl` judges them as well, and is there to be looked at: words and rules were mended after its failures.
`places.jsonl` (records of communs) and `goods.jsonl` (those outside) are another such set: typed as people of town
halls, associations, schools, hospitals and libraries would, a need in several languages side by side, hard negatives
among them. They were written from the list of records, by one judge, before search was tried on them; the answers of
three needs of `goods` were completed later, by records that search had found. `fresh.jsonl` was written before nearness
and is looked at since; `fresh2.jsonl` after it, and nothing was mended by it.

Grades: 3 exactly this, 2 would do, 1 related. Measures: success@5 (a record of grade 2 or 3 among the first five) and
nDCG@10 (Järvelin & Kekäläinen 2002, gain 2^grade − 1).
"""

from __future__ import annotations

import gzip
import json
import math
import re
import sqlite3
from collections.abc import Callable, Container, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from communs.core.search.analysis import language_of
from communs.core.search.folding import words_of

JUDGED = Path(__file__).resolve().parents[3] / "tests" / "conformance" / "judged"
SEED = Path(__file__).resolve().parents[3] / "seed"
WOULD_DO = 2
Search = Callable[[str], Sequence[str]]  # from a query to ids, best first


@dataclass(frozen=True, slots=True)
class Need:
    """A query with its judged answers."""

    id: str
    lang: str
    query: str
    catalogue: str
    answers: Mapping[str, int]
    spoken: frozenset[str]  # the languages that the best answers have texts in

    @property
    def is_same(self) -> bool:
        return self.lang in self.spoken

    @property
    def pair(self) -> str:
        """From the language of the query to those of the best answers: "de → en, fr"."""
        return f"{self.lang} → {', '.join(sorted(self.spoken))}"

    @property
    def is_answered(self) -> bool:
        return bool(self.answers)


@dataclass(frozen=True, slots=True)
class Score:
    """How a search did on some needs: how many there were, the share of successes, the mean gain."""

    needs: int
    success_5: float
    ndcg_10: float

    def __str__(self) -> str:
        return f"{self.success_5:.3f} / {self.ndcg_10:.3f}"


def needs(name: str, texts: Mapping[str, str], shown: Container[str] | None = None) -> list[Need]:
    """The needs of a judged set. `texts`: all that each record says, by id, to tell its language.

    `shown`: the records that may be found at all (those that nobody has confirmed are not); a need whose only good
    answers are others is left out.
    """
    found = []
    for line in (JUDGED / f"{name}.jsonl").read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        answers = {key: grade for key, grade in row["answers"].items() if shown is None or key in shown}
        if row["answers"] and max(answers.values(), default=0) < WOULD_DO:
            continue
        best = [key for key, grade in answers.items() if grade == max(answers.values())]
        spoken = frozenset(lang for key in best for lang in _languages(texts[key]) if lang)
        found.append(Need(row["id"], row["lang"], row["query"], row["in"], answers, spoken))
    return found


def score(search: Search, judged: Iterable[Need]) -> Score:
    """How well a search does on needs that have answers."""
    successes, gains = [], []
    for need in judged:
        ids = search(need.query)
        wanted = [key for key, grade in need.answers.items() if grade >= WOULD_DO]
        successes.append(any(key in wanted for key in ids[:5]))
        gains.append(ndcg(ids, need.answers))
    count = len(successes)
    return Score(count, sum(successes) / count, sum(gains) / count) if count else Score(0, 0.0, 0.0)


def ndcg(ids: Sequence[str], answers: Mapping[str, int], depth: int = 10) -> float:
    """Discounted gain of the first ten, of the best there could be."""
    gained = sum((2 ** answers.get(key, 0) - 1) / math.log2(place + 2) for place, key in enumerate(ids[:depth]))
    best = sorted(answers.values(), reverse=True)[:depth]
    possible = sum((2**grade - 1) / math.log2(place + 2) for place, grade in enumerate(best))
    return gained / possible if possible else 0.0


def full_text(texts: Mapping[str, str]) -> Search:
    """The control: SQLite's FTS5 over the same texts, any word, BM25, accents folded."""
    database = sqlite3.connect(":memory:")
    database.execute('CREATE VIRTUAL TABLE texts USING fts5(text, tokenize="unicode61 remove_diacritics 2")')
    ids = list(texts)
    database.executemany("INSERT INTO texts (rowid, text) VALUES (?, ?)", list(enumerate(texts.values(), 1)))

    def search(query: str) -> list[str]:
        words = " OR ".join(f'"{word}"' for word in words_of(query))
        sql = "SELECT rowid FROM texts WHERE texts MATCH ? ORDER BY bm25(texts) LIMIT 10"
        return [ids[row[0] - 1] for row in database.execute(sql, (words,))] if words else []

    return search


def seed_texts(catalogue: str) -> dict[str, str]:
    """All that each record of the seed says, by id."""
    file = {"commons": "commons.jsonl", "funding": "opportunities.jsonl"}[catalogue]
    records = [json.loads(line) for line in (SEED / file).read_text(encoding="utf-8").splitlines()]
    keys = ("name", "title", "title_fr", "summary", "summary_en", "summary_fr", "functions", "themes", "replaces")
    return {record["id"]: "\n".join(_said(record.get(key)) for key in keys if record.get(key)) for record in records}


def public_records(corpora: Path) -> dict[str, dict[str, Any]]:
    """The records outside the project in the shape of `seed/commons.jsonl`, by the id they have in the judged set."""
    found = {}
    with gzip.open(corpora / "register" / "gitscan-fr" / "repos.jsonl.gz", "rt", encoding="utf-8") as lines:
        for line in lines:
            repository = json.loads(line)
            said = repository["description"] or ""
            key = "summary_fr" if language_of(said, "fr") == "fr" else "summary"
            record = _record(repository["full_name"], repository["full_name"].partition("/")[2], repository["url"])
            found[repository["full_name"]] = {**record, key: said or None, "functions": repository["topics"]}
    for path in sorted((corpora / "register" / "dpg" / "nominees").glob("*.json")):
        good = json.loads(path.read_text(encoding="utf-8"))
        if good.get("stage") == "DPG":
            record = _record(f"dpg-{path.stem}", good["name"], good["website"])
            functions = good.get("sectors") or []
            found[f"dpg:{path.stem}"] = {**record, "summary": good["description"], "functions": functions}
    return found


def text_of(record: Mapping[str, Any]) -> str:
    """All that a record says."""
    return "\n".join(
        _said(record.get(key)) for key in ("name", "summary", "summary_fr", "functions") if record.get(key)
    )


def _record(key: str, name: str, url: str) -> dict[str, Any]:
    source = {
        "origin": "public repository",
        "licence": "facts only",
        "seen_as_of": None,
        "ref": url,
        "supports": ["name"],
    }
    slug = re.sub(r"[^a-z0-9]+", "-", key.lower()).strip("-")[:100]
    return {"id": slug, "name": name, "kind": "software", "homepage": url, "sources": [source]}


def _said(value: Any) -> str:
    if isinstance(value, list):
        return "; ".join(str(item.get("product") if isinstance(item, dict) else item) for item in value)
    return str(value)


def _languages(text: str) -> set[str]:
    return {lang for part in text.split("\n") if len(part) > 25 and (lang := language_of(part))} or {language_of(text)}
