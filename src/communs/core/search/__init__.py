"""Finding in any language: folding, stems, compounds, a multilingual vocabulary, an index and a ranking of our own.

    packed = pack(terms_of([Text("Nextcloud", 5, is_name=True), Text("File sharing and office", 2, "en")]))
    finder = Finder(Index.of([(1, packed)]), {1: "nextcloud file sharing and office"}.__getitem__)
    found = finder.find(plan("Dateien teilen", hints=("de",)))     # found.keys, found.scores

The rule and its weights: `docs/rules/search.md`.
"""

from __future__ import annotations

from communs.core.search.analysis import Text, pack, terms_of, unpack
from communs.core.search.finding import Correction, Finder, Found, Reason, shown
from communs.core.search.folding import fold
from communs.core.search.index import Index
from communs.core.search.parsing import cut
from communs.core.search.planning import Plan, plan
from communs.core.search.vocabulary import compile_vocabulary, version

__all__ = [
    "Correction",
    "Finder",
    "Found",
    "Index",
    "Plan",
    "Reason",
    "Text",
    "compile_vocabulary",
    "cut",
    "fold",
    "pack",
    "plan",
    "shown",
    "terms_of",
    "unpack",
    "version",
]
