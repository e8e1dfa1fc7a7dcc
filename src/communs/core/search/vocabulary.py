"""The multilingual vocabulary: concepts with their labels in the languages of the Union, and finding them in texts.

The files of the folder `vocabulary` hold one concept a block: a line `id kind [< broader …]`, then a line a language
with labels separated by `; `, the preferred one first. A label that begins with `~` is loose: it counts less.
"""

from __future__ import annotations

import gc
import marshal
import os
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, lru_cache
from pathlib import Path
from typing import NamedTuple
from zlib import crc32

from communs.core.search.folding import fold, words_of
from communs.core.search.languages import EU, stems, stop_words

HERE = Path(__file__).parent
FOLDER = HERE / "vocabulary"
COMPILED = HERE / "__pycache__" / "vocabulary.marshal"
RULES = 8  # counted up whenever the same texts would give other terms, or be compiled otherwise
KINDS = ("function", "theme", "recipient", "product", "form", "action")
ANY_LANGUAGE = "mul"  # names that are the same everywhere
MORE = "languages-"
LOOSE = 50  # what a loose label counts, of 100
FULL = 100
INSIDE = 60  # what a word counts for itself inside a longer label: "machine learning" is little of a machine
INFLECTED_MAX = 4  # letters by which two forms of a word differ at their ends
DERIVED_MAX = 7  # the same for words of one family
KEPT_MAX = 200_000  # words whose concepts are remembered
WORDS_MAX = 9  # of a label


class InvalidVocabulary(ValueError):
    """A vocabulary file says something that cannot be read: the message names file, line and remedy."""


@dataclass(frozen=True, slots=True)
class Concept:
    """One concept. `labels`: by language, the preferred one first, without the mark of the loose ones."""

    id: str
    kind: str
    broader: tuple[str, ...]
    labels: Mapping[str, tuple[str, ...]]
    loose: frozenset[tuple[str, str]] = field(default=frozenset())  # (language, label)

    def label(self, lang: str) -> str:
        """The preferred label in a language, else in English, else the first there is."""
        for code in (lang, ANY_LANGUAGE, "en"):
            if found := self.labels.get(code):
                return found[0]
        return next(iter(self.labels.values()))[0]


class Match(NamedTuple):
    """A concept found in a text: words `start` to `end` (excluded) say it, with `weight` of 100."""

    start: int
    end: int
    concept: str
    weight: int


# Plain tuples, so that a compiled vocabulary is read as it stands.
Word = tuple[str, tuple[str, ...]]  # folded, and the stems that it may have
Entry = tuple[tuple[Word, ...], str, int]  # a label: its words, the concept that it names, its weight
_Single = dict[str, dict[str, list[Entry]]]  # by language and stem
_Longer = dict[str, dict[str, dict[str, list[Entry]]]]  # by language, stem of the first word, stem of the second


class Vocabulary:
    """Concepts, ready to be found in texts of any language."""

    def __init__(self, concepts: Iterable[Concept]) -> None:
        self.concepts = {concept.id: concept for concept in concepts}
        self.words: dict[str, set[str]] = {}  # every folded word of every label, by language
        self._single: _Single = {}
        self._longer: _Longer = {}
        self._strict: _Longer = {}  # labels that stop words make what they are
        self._above: dict[str, dict[str, int]] = {}
        self._nearest: dict[tuple[str, str], tuple[tuple[str, int], ...]] = {}
        for concept in self.concepts.values():
            for lang, labels in concept.labels.items():
                for label in labels:
                    weight = LOOSE if (lang, label) in concept.loose else FULL
                    self._add(lang, label, concept.id, weight)

    def find(self, words: Sequence[Word], lang: str) -> list[Match]:
        """Every concept that these words (without stop words) name in `lang`, longer labels and parts alike.

        Names that are the same everywhere are found in every language.
        """
        longer = _longer_matches(words, self._longer.get(lang, {})) + self._names(words)
        inside = {place for match in longer for place in range(match.start, match.end)}
        found: list[Match] = []
        for start, word in enumerate(words):
            share = INSIDE if start in inside else FULL
            named = self._named_by(word, lang)
            found += [Match(start, start + 1, concept, weight * share // FULL) for concept, weight in named]
        return found + longer

    def _names(self, words: Sequence[Word]) -> list[Match]:
        """Names of several words that are the same everywhere."""
        names = self._longer.get(ANY_LANGUAGE, {})
        if not any(word[0] in names for word in words):
            return []
        return _longer_matches([(word[0], (word[0],)) for word in words], names)

    def find_strict(self, words: Sequence[Word], lang: str) -> list[Match]:
        """The same for labels that stop words make what they are ("hors ligne"), in all the words of a text."""
        return _longer_matches(words, self._strict.get(lang, {}))

    def above(self, concept: str) -> dict[str, int]:
        """The broader concepts of one, with how many steps up they are (two at most)."""
        known = self._above.get(concept)
        if known is None:
            known = self._above[concept] = self._above_of(concept)
        return known

    def _above_of(self, concept: str) -> dict[str, int]:
        first = [upper for upper in self.concepts[concept].broader if upper in self.concepts and upper != concept]
        found = dict.fromkeys(first, 1)
        for one in first:
            for upper in self.concepts[one].broader:
                if upper in self.concepts and upper != concept:
                    found.setdefault(upper, 2)
        return found

    def knows(self, folded: str, lang: str) -> bool:
        """Whether a folded word stands in a label of the language."""
        return folded in self.words.get(lang, ())

    def knows_form(self, word: str, lang: str) -> bool:
        """Whether a word, in whatever form, begins a label of the language."""
        single, longer = self._single.get(lang, {}), self._longer.get(lang, {})
        return any(stem in single or stem in longer for stem in word_of(word, lang)[1])

    def _named_by(self, word: Word, lang: str) -> tuple[tuple[str, int], ...]:
        """The concepts that a word names alone: of all labels with its stem only those that look most like it.

        Stemmers go far: to one of them "publique" and "publicité" are the same, and "données" and "dons".
        """
        key = (lang, word[0])
        known = self._nearest.get(key)
        if known is None:
            if len(self._nearest) > KEPT_MAX:
                self._nearest.clear()
            everywhere = _nearest_of((word[0], (word[0],)), self._single.get(ANY_LANGUAGE, {}))
            known = self._nearest[key] = _nearest_of(word, self._single.get(lang, {})) + everywhere
        return known

    def _add(self, lang: str, label: str, concept: str, weight: int) -> None:
        words = words_of(label)
        if not words:
            return
        self.words.setdefault(lang, set()).update(map(fold, words))
        stops = stop_words(lang)
        kept = [word for word in words if word not in stops]
        is_strict = len(kept) < min(2, len(words))
        said = tuple(word_of(word, lang) for word in (words if is_strict else kept))
        entry = (said, concept, weight)
        if len(said) == 1:
            for stem in said[0][1]:
                self._single.setdefault(lang, {}).setdefault(stem, []).append(entry)
            return
        table = (self._strict if is_strict else self._longer).setdefault(lang, {})
        for first in said[0][1]:
            for second in said[1][1]:
                table.setdefault(first, {}).setdefault(second, []).append(entry)

    def compiled(self) -> bytes:
        """All of it as bytes that `Vocabulary.of_compiled` reads in a tenth of the time that the files take."""
        concepts = [(c.id, c.kind, c.broader, dict(c.labels), tuple(c.loose)) for c in self.concepts.values()]
        words = {lang: sorted(known) for lang, known in self.words.items()}
        return marshal.dumps((concepts, words, self._single, self._longer, self._strict))

    @classmethod
    def of_compiled(cls, data: bytes) -> Vocabulary:
        """What `compiled` gave. Only for bytes of our own: marshal trusts what it reads."""
        collects = gc.isenabled()
        gc.disable()  # looking for rubbish among a million new tuples takes five times as long as making them
        try:
            concepts, words, single, longer, strict = marshal.loads(data)  # noqa: S302 - written beside our byte code
        finally:
            if collects:
                gc.enable()
        made = cls(())
        made.concepts = {row[0]: Concept(row[0], row[1], row[2], row[3], frozenset(row[4])) for row in concepts}
        made.words = {lang: set(known) for lang, known in words.items()}
        made._single, made._longer, made._strict = single, longer, strict
        return made


@lru_cache(maxsize=200_000)
def word_of(word: str, lang: str) -> Word:
    """A word in lower case, ready to be looked up in a language."""
    return fold(word), stems(word, lang or "en")


def _nearest_of(word: Word, by_stem: Mapping[str, list[Entry]]) -> tuple[tuple[str, int], ...]:
    entries = [entry for stem in word[1] for entry in by_stem.get(stem, ())]
    if not entries:
        return ()
    distances = [_distance(word[0], said[0][0]) for said, _concept, _weight in entries]
    least = min(distances)
    best: dict[str, int] = {}
    for (_said, concept, weight), distance in zip(entries, distances, strict=True):
        if distance == least:
            best[concept] = max(weight * _certainty(distance) // FULL, best.get(concept, 0))
    return tuple(best.items())


def _longer_matches(words: Sequence[Word], labels: Mapping[str, Mapping[str, list[Entry]]]) -> list[Match]:
    found: dict[Match, None] = {}
    for start in range(len(words) - 1):
        for first in words[start][1]:
            if (following := labels.get(first)) is None:
                continue
            for second in words[start + 1][1]:
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
    for path in (HERE / "stopwords.txt", *sorted(FOLDER.glob("*.txt"))):
        checksum = crc32(path.read_bytes(), checksum)
    return checksum & 0x7FFFFFFF


def _mark() -> bytes:
    return f"{version()} {sys.implementation.cache_tag}".encode()


def _from_files() -> Vocabulary:
    return Vocabulary(read({path.name: path.read_text(encoding="utf-8") for path in sorted(FOLDER.glob("*.txt"))}))


def read(texts: Mapping[str, str]) -> list[Concept]:
    """Concepts from the texts of vocabulary files, by file name.

    A file whose name begins with `languages-` adds labels in further languages to concepts that stand elsewhere.
    Raises `InvalidVocabulary` naming file, line and remedy.
    """
    concepts: dict[str, Concept] = {}
    more: list[Concept] = []
    for name, text in texts.items():
        for concept in _blocks(name, text):
            if name.startswith(MORE):
                more.append(concept)
            elif concept.id in concepts:
                raise InvalidVocabulary(f"{name}: {concept.id} stands in another place too. Keep one of them.")
            else:
                concepts[concept.id] = concept
    for concept in more:
        known = concepts.get(concept.id)
        if known is None:
            raise InvalidVocabulary(f"{concept.id} has labels in a languages- file, and no concept. Add it first.")
        concepts[concept.id] = Concept(
            known.id, known.kind, known.broader, {**concept.labels, **known.labels}, known.loose | concept.loose
        )
    return list(concepts.values())


def _blocks(name: str, text: str) -> Iterator[Concept]:
    head: tuple[str, str, tuple[str, ...]] | None = None
    labels: dict[str, tuple[str, ...]] = {}
    loose: set[tuple[str, str]] = set()
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip() or line.startswith("#"):
            continue
        if line[0] != " ":
            if head:
                yield _concept(name, head, labels, loose)
            head, labels, loose = _head(f"{name}, line {number}", line), {}, set()
        else:
            _labels(f"{name}, line {number}", line, labels, loose)
    if head:
        yield _concept(name, head, labels, loose)


def _head(place: str, line: str) -> tuple[str, str, tuple[str, ...]]:
    before, _mark, after = line.partition("<")
    parts = before.split()
    if len(parts) != 2 or parts[1] not in KINDS:
        raise InvalidVocabulary(f"{place}: write `id kind`, the kind one of {', '.join(KINDS)}; found {line!r}.")
    return parts[0], parts[1], tuple(after.split())


def _labels(place: str, line: str, labels: dict[str, tuple[str, ...]], loose: set[tuple[str, str]]) -> None:
    lang, _space, said = line.strip().partition(" ")
    if lang not in EU and lang != ANY_LANGUAGE:
        raise InvalidVocabulary(f"{place}: {lang!r} is no language of the Union; write its code, or {ANY_LANGUAGE}.")
    found = []
    for label in (part.strip() for part in said.split(";")):
        plain = label.lstrip("~").strip()
        if not plain or len(plain.split()) > WORDS_MAX:
            raise InvalidVocabulary(f"{place}: {label!r} is empty or has more than {WORDS_MAX} words. Shorten it.")
        if label.startswith("~"):
            loose.add((lang, plain))
        found.append(plain)
    labels[lang] = tuple(dict.fromkeys((*labels.get(lang, ()), *found)))


def _concept(
    name: str,
    head: tuple[str, str, tuple[str, ...]],
    labels: Mapping[str, tuple[str, ...]],
    loose: set[tuple[str, str]],
) -> Concept:
    if not labels:
        raise InvalidVocabulary(f"{name}: {head[0]} has no label. Add a line `en …`.")
    return Concept(*head, dict(labels), frozenset(loose))
