"""The multilingual vocabulary: concepts in every language of the Union, and finding them in texts.

Its files are read once for a checkout: what finding needs is kept compiled beside the byte code, and of that a process
reads a language when it first meets it. Most never need more than three.
"""

from __future__ import annotations

import gc
import marshal
import os
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import cache, lru_cache
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple
from zlib import crc32

from communs.core.search import concepts as written
from communs.core.search.concepts import ANY_LANGUAGE, Concept
from communs.core.search.folding import fold, words_of
from communs.core.search.languages import EU, stems_of, stop_words, verbs_of

HERE = Path(__file__).parent
COMPILED = HERE / "__pycache__" / "vocabulary.marshal"
RULES = 14  # counted up whenever the same texts would give other terms, or be compiled otherwise
BIT = {lang: 1 << place for place, lang in enumerate((*EU, ANY_LANGUAGE))}  # sets of languages are bits of integers
LOOSE = 50  # what a loose label counts, of 100
FULL = 100
INSIDE = 60  # what a word counts for itself inside a longer label: "machine learning" is little of a machine
INFLECTED_MAX = 4  # letters by which two forms of a word differ at their ends
DERIVED_MAX = 7  # the same for words of one family
KEPT_MAX = 50_000  # words of a language whose concepts are remembered


# Ways to call what manages something: a label that begins or ends with one is understood with each of the others.
MANAGERS = {
    "en": ("management system", "management software", "management tool", "management application"),
    "fr": ("système de gestion", "logiciel de gestion", "outil de gestion", "application de gestion"),
    "es": ("sistema de gestión", "software de gestión", "programa de gestión", "herramienta de gestión"),
    "it": ("sistema di gestione", "software di gestione", "programma di gestione", "software gestionale"),
    "pt": ("sistema de gestão", "software de gestão", "programa de gestão", "ferramenta de gestão"),
    "de": ("Verwaltungssystem", "Verwaltungssoftware", "Verwaltungsprogramm"),
    "nl": ("beheersysteem", "beheersoftware", "beheerprogramma"),
    "pl": ("system zarządzania", "oprogramowanie do zarządzania", "program do zarządzania"),
}


class Match(NamedTuple):
    """A concept found in a text: words `start` to `end` (excluded) say it, with `weight` of 100."""

    start: int
    end: int
    concept: str
    weight: int


# Plain tuples and dictionaries, so that a compiled vocabulary is read as it stands.
Word = tuple[str, tuple[str, ...]]  # folded, and the stems that it may have
_Single = dict[str, list[tuple[str, str, int]]]  # by stem: a label of one word, folded; its concept; its weight
_Entry = tuple[tuple[Word, ...], str, int]  # a longer label: its words; its concept; its weight
_Longer = dict[str, dict[str, list[_Entry]]]  # by a stem of the first word, and one of the second
Named = tuple[tuple[str, int], ...]  # concepts, each with its weight


class Tables(NamedTuple):
    """What is said in one language. `strict`: labels that stop words make what they are; `called`: preferred labels."""

    single: _Single
    longer: _Longer
    strict: _Longer
    called: dict[str, str]


NOTHING = Tables({}, {}, {}, {})


class Vocabulary:
    """Concepts, ready to be found in texts of any language."""

    def __init__(self, concepts: Iterable[Concept] = ()) -> None:
        self.kinds: dict[str, str] = {}
        self._broader: dict[str, tuple[str, ...]] = {}
        self._words: dict[str, int] = {}  # every folded word of every label, with the languages that know it
        self._stems: dict[str, int] = {}  # every stem that a label begins with, with its languages
        self._tables: dict[str, Tables] = {}
        self._packed: dict[str, bytes] = {}  # the tables of languages not met yet
        self._above: dict[str, dict[str, int]] = {}
        self._nearest: dict[str, dict[Word, Named]] = {}
        for concept in concepts:
            self.kinds[concept.id], self._broader[concept.id] = concept.kind, concept.broader
            for lang, labels in concept.labels.items():
                self.tables(lang).called[concept.id] = labels[0]
                for label in labels:
                    weight = LOOSE if (lang, label) in concept.loose else FULL
                    for said in (label, *_called_otherwise(label, lang)):
                        self._add(lang, said, concept.id, weight)
            if not {"en", ANY_LANGUAGE} & concept.labels.keys():
                self.tables("en").called[concept.id] = next(iter(concept.labels.values()))[0]

    def find(self, words: Sequence[Word], lang: str) -> list[Match]:
        """Every concept that these words (without stop words) name in `lang`, longer labels and parts alike.

        Names that are the same everywhere are found in every language.
        """
        longer = _longer_matches(words, self.tables(lang).longer) + self._names(words)
        inside = {place for match in longer for place in range(match.start, match.end)}
        nearest = self._nearest_in(lang)
        found: list[Match] = []
        for start, word in enumerate(words):
            named = nearest.get(word)
            if named is None:
                named = nearest[word] = self._named_by(word, lang)
            share = INSIDE if start in inside else FULL
            found += [Match(start, start + 1, concept, weight * share // FULL) for concept, weight in named]
        return found + longer

    def _names(self, words: Sequence[Word]) -> list[Match]:
        """Names of several words that are the same everywhere."""
        names = self.tables(ANY_LANGUAGE).longer
        if not any(word[0] in names for word in words):
            return []
        return _longer_matches([(word[0], (word[0],)) for word in words], names)

    def find_strict(self, words: Sequence[Word], lang: str) -> list[Match]:
        """The same for labels that stop words make what they are ("hors ligne"), in all the words of a text."""
        return _longer_matches(words, self.tables(lang).strict)

    def above(self, concept: str) -> dict[str, int]:
        """The broader concepts of one, with how many steps up they are (two at most)."""
        known = self._above.get(concept)
        if known is None:
            known = self._above[concept] = self._above_of(concept)
        return known

    def _above_of(self, concept: str) -> dict[str, int]:
        first = [upper for upper in self._broader[concept] if upper in self._broader and upper != concept]
        found = dict.fromkeys(first, 1)
        for one in first:
            for upper in self._broader[one]:
                if upper in self._broader and upper != concept:
                    found.setdefault(upper, 2)
        return found

    def label(self, concept: str, lang: str) -> str:
        """The preferred label of a concept in a language, else in English, else the first there is."""
        found = (self.tables(code).called.get(concept) for code in (lang, ANY_LANGUAGE, "en"))
        return next(filter(None, found), concept)

    @property
    def words(self) -> Iterable[str]:
        """Every folded word of every label."""
        return self._words.keys()

    def knows(self, folded: str, lang: str) -> bool:
        """Whether a folded word stands in a label of the language."""
        return bool(self._words.get(folded, 0) & BIT.get(lang, 0))

    def knows_form(self, word: str, folded: str, lang: str) -> bool:
        """Whether a word, in whatever form, begins a label of the language."""
        bit, begun = BIT.get(lang, 0), self._stems
        return any(begun.get(stem, 0) & bit for stem in stems_of(word, folded, lang))

    def tables(self, lang: str) -> Tables:
        """What is said in one language; nothing in one that is no language of the Union."""
        found = self._tables.get(lang)
        if found is None:
            if lang not in BIT:
                return NOTHING
            packed = self._packed.get(lang)
            found = self._tables[lang] = Tables(*_unpacked(packed)) if packed else Tables({}, {}, {}, {})
        return found

    def _named_by(self, word: Word, lang: str) -> Named:
        """The concepts that a word names alone: of all labels with its stem only those that look most like it.

        Stemmers go far: to one of them "publique" and "publicité" are the same, and "données" and "dons".
        """
        everywhere = _nearest_of((word[0], (word[0],)), self.tables(ANY_LANGUAGE).single)
        return (_nearest_of(word, self.tables(lang).single) + everywhere) or self._named_by_verb(word[0], lang)

    def _named_by_verb(self, folded: str, lang: str) -> Named:
        """The concepts that the first form of a verb names, where another form of it names nothing: "genutzt"."""
        single = self.tables(lang).single
        found: dict[str, int] = {}
        for verb in verbs_of(folded, lang):
            for said, concept, weight in (one for stem in stems_of(verb, verb, lang) for one in single.get(stem, ())):
                if said == verb:
                    found[concept] = max(weight, found.get(concept, 0))
        return tuple(found.items())

    def _nearest_in(self, lang: str) -> dict[Word, Named]:
        """What words of a language were found to name."""
        kept = self._nearest.setdefault(lang if lang in BIT else "", {})
        if len(kept) > KEPT_MAX:
            kept.clear()
        return kept

    def _add(self, lang: str, label: str, concept: str, weight: int) -> None:
        words = words_of(label)
        if not words:
            return
        folded = [fold(word) for word in words]
        for one in folded:
            self._words[one] = self._words.get(one, 0) | BIT[lang]
        stops, tables = stop_words(lang), self.tables(lang)
        kept = [word for word in words if word not in stops]
        is_strict = len(kept) < min(2, len(words))
        said = tuple(word_of(word, lang) for word in (words if is_strict else kept))
        if not is_strict or len(said) == 1:
            for stem in said[0][1]:
                self._stems[stem] = self._stems.get(stem, 0) | BIT[lang]
        if len(said) == 1:
            for stem in said[0][1]:
                tables.single.setdefault(stem, []).append((said[0][0], concept, weight))
            return
        table = tables.strict if is_strict else tables.longer
        for first in said[0][1]:
            for second in said[1][1]:
                table.setdefault(first, {}).setdefault(second, []).append((said, concept, weight))

    def compiled(self) -> bytes:
        """All of it as bytes that `Vocabulary.of_compiled` reads in a fraction of the time that the files take."""
        packed = {lang: marshal.dumps(tuple(tables)) for lang, tables in self._tables.items()}
        return marshal.dumps((self.kinds, self._broader, self._words, self._stems, packed))

    @classmethod
    def of_compiled(cls, data: bytes) -> Vocabulary:
        """What `compiled` gave. Only for bytes of our own: marshal trusts what it reads."""
        made = cls()
        made.kinds, made._broader, made._words, made._stems, made._packed = _unpacked(data)
        return made


@contextmanager
def _without_collecting() -> Iterator[None]:
    """Looking for rubbish among so many new tuples takes longer than making them."""
    collects = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collects:
            gc.enable()


def _unpacked(data: bytes) -> Any:
    with _without_collecting():
        return marshal.loads(data)  # noqa: S302 - written beside our byte code


@lru_cache(maxsize=200_000)
def word_of(word: str, lang: str) -> Word:
    """A word in lower case, ready to be looked up in a language."""
    folded = fold(word)
    return folded, stems_of(word, folded, lang or "en")


def _nearest_of(word: Word, by_stem: _Single) -> Named:
    entries = [entry for stem in word[1] for entry in by_stem.get(stem, ())]
    if not entries:
        return ()
    distances = [_distance(word[0], said) for said, _concept, _weight in entries]
    least = min(distances)
    best: dict[str, int] = {}
    for (_said, concept, weight), distance in zip(entries, distances, strict=True):
        if distance == least:
            best[concept] = max(weight * _certainty(distance) // FULL, best.get(concept, 0))
    return tuple(best.items())


def _called_otherwise(label: str, lang: str) -> Iterator[str]:
    """A label with the other words for what manages something: "library management software" for "… system"."""
    for way in MANAGERS.get(lang, ()):
        if way in label and way != label and (label.startswith(way) or label.endswith(way)):
            yield from (label.replace(way, other) for other in MANAGERS[lang] if other != way)


def _longer_matches(words: Sequence[Word], labels: _Longer) -> list[Match]:
    found: dict[Match, None] = {}
    for start, (word, after) in enumerate(pairwise(words)):
        for first in word[1]:
            if (following := labels.get(first)) is None:
                continue
            for second in after[1]:
                for said, concept, weight in following.get(second, ()):
                    end = start + len(said)
                    if end <= len(words) and all(map(_agree, said, words[start:end])):
                        found[Match(start, end, concept, weight)] = None
    return list(found)


def _agree(wanted: Word, word: Word) -> bool:
    if wanted[0] == word[0]:
        return True
    return not set(wanted[1]).isdisjoint(word[1]) and _distance(wanted[0], word[0]) <= DERIVED_MAX


def _distance(one: str, other: str) -> int:
    """How many letters two folded words do not share at their ends."""
    shared = 0
    for left, right in zip(one, other, strict=False):
        if left != right:
            break
        shared += 1
    return len(one) + len(other) - 2 * shared


def _certainty(distance: int) -> int:
    """Of 100: how sure it is that two words with one stem mean the same; endings that differ much make other words."""
    return FULL if distance <= INFLECTED_MAX else 80 if distance <= DERIVED_MAX else 55


@cache
def vocabulary() -> Vocabulary:
    """The vocabulary that communs brings along, read once a process."""
    try:
        mark, _newline, data = COMPILED.read_bytes().partition(b"\n")
        if mark == _mark():
            return Vocabulary.of_compiled(data)
    except OSError:
        pass  # not compiled yet
    return _from_files()


def compile_vocabulary() -> None:
    """Write the vocabulary beside the byte code, as Python does with modules; nothing where that may not be written."""
    try:
        if COMPILED.read_bytes().partition(b"\n")[0] == _mark():
            return
    except OSError:
        pass
    data = _from_files().compiled()
    try:
        COMPILED.parent.mkdir(exist_ok=True)
        temporary = COMPILED.with_suffix(f".{os.getpid()}")
        temporary.write_bytes(_mark() + b"\n" + data)
        temporary.replace(COMPILED)
    except OSError:
        return


@cache
def version() -> int:
    """A number that changes with the vocabulary, the stop words and `RULES`."""
    checksum = RULES
    for path in (HERE / "stopwords.txt", *written.files()):
        checksum = crc32(path.read_bytes(), checksum)
    return checksum & 0x7FFFFFFF


def _mark() -> bytes:
    return f"{version()} {sys.implementation.cache_tag}".encode()


def _from_files() -> Vocabulary:
    with _without_collecting():
        return Vocabulary(written.concepts())
