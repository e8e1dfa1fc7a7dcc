"""Ballots that are as they should be, read all at once; anything unusual is left to `votes`, line by line."""

from __future__ import annotations

from typing import Final

import numpy as np

from communs.core.standards.pabulib.columns import Block, Tokens, cut
from communs.core.standards.pabulib.election import ORDINAL, SECTIONS, WITH_POINTS, Ballots, Ints
from communs.core.standards.pabulib.grouping import group
from communs.core.standards.pabulib.head import Head
from communs.core.standards.pabulib.votes import POINTS_MAX

_WORD: Final = 8
_NAMES: Final = tuple(name.encode() for name in SECTIONS)
# Small letters become capitals without this bit; no other byte becomes one.
_CAPITALS: Final = np.uint64(0xDFDFDFDFDFDFDFDF)
_NAME_WORDS: Final = np.array([int.from_bytes(name, "little") for name in _NAMES], np.uint64)


def quick_ballots(data: bytes, head: Head, ids: list[str], kind: str) -> tuple[Ballots, bool] | None:
    """The distinct ballots, and whether each names the projects of most points first.

    None where a line is out of the ordinary, whether wrong or not.
    What it takes: lines of the same number of cells without quotes; voters who stand once; in every ballot one project
    or more, each known, none twice; as many points as projects, whole numbers.
    """
    places = head.votes.places
    block = cut(data[head.offset :].rstrip(b"\n"), len(head.votes.columns))
    if block is None or not {"voter_id", "vote"} <= places.keys() or not ids:
        return None
    tokens = block.tokens(places["vote"])
    choices = tokens.numbers_of([id_.encode() for id_ in ids])
    if choices is None or not _stand_once(block, places["voter_id"]):
        return None
    points = None
    if kind in WITH_POINTS:
        given = block.tokens(places["points"])
        points = _whole_numbers(given) if bool((given.counts == tokens.counts).all()) else None
        if points is None:
            return None
    elif "points" in places and kind != ORDINAL:
        return None
    ordered = _without_repeats(choices, points, tokens.counts, len(ids), kind)
    if ordered is None:
        return None
    return group(tokens.counts, *ordered, len(ids)), points is None or _fall(points, tokens.counts)


def _fall(points: Ints, counts: Ints) -> bool:
    """Whether in every ballot no number of points is followed by a larger one."""
    rises = points[1:] > points[:-1]
    rises[np.cumsum(counts)[:-1] - 1] = False
    return not bool(rises.any())


def _stand_once(block: Block, column: int) -> bool:
    """Whether no two cells of a column are the same, none is empty, holds a comma or is the name of a section."""
    tokens = block.tokens(column)
    if len(tokens.starts) != block.rows:
        return False
    words = tokens.words
    if words is None:
        texts = tokens.texts()
        return len(set(texts)) == len(texts) and not any(not text or text.upper() in _NAMES for text in texts)
    if bool(np.isin(words & _CAPITALS, _NAME_WORDS).any()):
        return False
    ordered = np.sort(words)
    return not bool((ordered[1:] == ordered[:-1]).any())


def _whole_numbers(tokens: Tokens) -> Ints | None:
    """Parts that are digits only, as numbers."""
    words = tokens.words
    if words is None:
        return None
    distinct = np.unique(words)
    texts = [int(word).to_bytes(_WORD, "little").rstrip(b"\0") for word in distinct.tolist()]
    if not all(text.isdigit() and int(text) < POINTS_MAX for text in texts):
        return None
    numbers = np.array([int(text) for text in texts], np.int64)
    return numbers[np.searchsorted(distinct, words)]


def _without_repeats(
    choices: Ints, points: Ints | None, counts: Ints, projects: int, kind: str
) -> tuple[Ints, Ints | None] | None:
    """Choices and points, ascending in each ballot (ordinal: as they stand); None where one names a project twice."""
    keys = np.repeat(np.arange(len(counts)), counts) * projects + choices
    if points is None:
        ordered = np.sort(keys)
        order = None
    else:
        order = np.argsort(keys, kind="stable")
        ordered = keys[order]
    if bool((ordered[1:] == ordered[:-1]).any()):
        return None
    if kind == ORDINAL:
        return choices, None
    return ordered % projects, None if points is None else points[order]
