"""Search keeps what it has reached on judged needs, far above full text over the same words.

The figures themselves, by language pair, come from `benchmarks/search_quality.py`. The floors here lie a little below
them, so that a change of the vocabulary that harms more than it helps does not pass.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from communs.core.search import Finder, Index, Text, fold, pack, plan, terms_of
from communs.testing.judging import Search, full_text, needs, public_records, score, text_of

CORPORA = Path(os.environ.get("COMMUNS_CORPORA", "../shared/corpora"))


def searching(records: Mapping[str, Mapping[str, Any]]) -> Search:
    """The search over records in the shape of the seed's, weighted as the register weighs them."""
    ids = list(records)
    packed, texts = [], []
    for place, record in enumerate(records.values()):
        said = [
            Text(record["name"], 5, is_name=True),
            Text(record["id"], 1, is_name=True),
            Text(record.get("summary") or "", 2, "en"),
            Text(record.get("summary_fr") or "", 2, "fr"),
            Text("; ".join(record.get("functions") or []), 3, "en"),
        ]
        packed.append((place, pack(terms_of(said))))
        texts.append(fold(text_of(record)))
    finder = Finder(Index.of(packed), texts.__getitem__)

    def search(query: str) -> list[str]:
        found = finder.find(plan(query))
        ranked = sorted(zip(-found.scores, found.keys, strict=True))
        return [ids[int(key)] for _score, key in ranked[:10]]

    return search


@pytest.mark.corpora
def test_public_repositories_and_goods_are_found_across_languages() -> None:
    if not (CORPORA / "register" / "gitscan-fr").is_dir():
        pytest.skip(f"no real data: {CORPORA} is not there (COMMUNS_CORPORA)")
    records = public_records(CORPORA)
    texts = {key: text_of(record) for key, record in records.items()}
    search, control = searching(records), full_text(texts)
    answered = [need for need in needs("public", texts) if need.is_answered]
    across = [need for need in answered if not need.is_same]
    same = [need for need in answered if need.is_same]
    easy = [need for need in same if score(control, [need]).success_5]
    assert len(across) > 100
    assert score(search, across).success_5 >= 0.74
    assert score(search, same).success_5 >= score(control, same).success_5 + 0.2
    assert score(search, easy).success_5 >= 0.95
