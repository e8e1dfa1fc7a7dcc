"""What a record is found by: its texts as terms, each with how much it says about the record.

Three kinds of terms share one index: folded words as they stand ("water"), stems ("/manag"), concepts of the vocabulary
("#waste-management"). A term's impact (1 to 94) is its weighted frequency, saturated and set against the length of the
record (BM25F, Robertson & Zaragoza 2009, §3.6) with a fixed average length, so that it depends on the record alone: the
same terms and impacts are stored and compared whatever database holds them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from communs.core.search.compounds import COMPOUNDING, parts_of, parts_of_name
from communs.core.search.folding import fold, humps_of, joined_words, lower, words_of
from communs.core.search.languages import EU, said_by_letters, stems, stop_lists, stop_words
from communs.core.search.vocabulary import ANY_LANGUAGE, FULL, Match, vocabulary, word_of

K1 = 1.6
B = 0.35
AVERAGE_LENGTH = 60.0  # weighted words of a record
IMPACT_MAX = 94  # one printable character
FIRST_CHARACTER = 32
TOLD_FROM = 25  # characters of a text that tell its language
TERMS_MAX = 4_000
STEM, CONCEPT, NAME = "/", "#", "="  # what terms begin with that are no plain words
ABOVE = {0: 0.9, 1: 0.5, 2: 0.25}  # what a concept says of a broader one, by steps; a product is one step nearer
PART = 0.5  # what a part of a compound says
FOREIGN = 0.6  # what an English label says in a text in another language


@dataclass(frozen=True, slots=True)
class Text:
    """One text of a record: `weight` of each of its words, its language where known, and whether it is a name."""

    text: str
    weight: float = 1.0
    lang: str = ""
    is_name: bool = False


def language_of(text: str, declared: str = "") -> str:
    """The language that a text is most likely in: by stop words, letters and the words of the vocabulary.

    `declared` counts as a hint; "" where nothing speaks for any language.
    """
    points: dict[str, float] = defaultdict(float)
    for word in words_of(text):
        for lang, said in voices(word):
            points[lang] += said
    for lang, letters in said_by_letters(lower(text)).items():
        points[lang] += 0.7 * letters
    if declared in EU:
        points[declared] += 0.8
    best = max(points.items(), key=lambda item: (item[1], item[0] == declared, item[0]), default=("", 0.0))
    return best[0] if best[1] > 0 else ""


@lru_cache(maxsize=200_000)
def voices(word: str) -> tuple[tuple[str, float], ...]:
    """The languages that a word speaks for: a stop word 1, a word of the vocabulary 0.4, another form of one 0.2."""
    folded, known = fold(word), vocabulary()
    points: dict[str, float] = {lang: 1.0 for lang, stops in stop_lists().items() if word in stops}
    for lang in known.words:
        if lang != ANY_LANGUAGE:
            said = 0.4 if known.knows(folded, lang) else 0.2 if known.knows_form(word, lang) else 0.0
            if said:
                points[lang] = points.get(lang, 0.0) + said
    return tuple(points.items())


def terms_of(texts: Iterable[Text]) -> dict[str, int]:
    """`{term: impact}` of a record, in the order of the terms."""
    given = [text for text in texts if text.text.strip()]
    frequencies: dict[str, float] = defaultdict(float)
    length = 0.0
    main = _main_language(given)
    for text in given:
        length += _count(text, _language(text, main), frequencies)
    names = {NAME + "_".join(map(fold, words_of(text.text))) for text in given if text.is_name}
    norm = K1 * (1 - B + B * length / AVERAGE_LENGTH)
    strongest = sorted(frequencies.items(), key=lambda item: (-item[1], item[0]))[:TERMS_MAX]
    terms = {term: max(1, round(IMPACT_MAX * value / (value + norm))) for term, value in sorted(strongest)}
    return {**terms, **dict.fromkeys(sorted(names), IMPACT_MAX)}


def pack(terms: Mapping[str, int]) -> str:
    """Terms with their impacts as one text to be stored: the terms on a line, a character an impact on the next."""
    return " ".join(terms) + "\n" + "".join(chr(FIRST_CHARACTER + impact) for impact in terms.values())


def unpack(packed: str) -> dict[str, int]:
    """What `pack` packed."""
    names, _newline, impacts = packed.partition("\n")
    return {name: ord(char) - FIRST_CHARACTER for name, char in zip(names.split(), impacts, strict=True)}


def _main_language(texts: Sequence[Text]) -> str:
    longest = max((text for text in texts if not text.is_name), key=lambda text: len(text.text), default=None)
    return language_of(longest.text, longest.lang) if longest else ""


def _language(text: Text, main: str) -> str:
    """The language that one text of a record is read in: names in the record's, what is short or minor as it says."""
    if text.is_name:
        return main
    if len(text.text) < TOLD_FROM or text.weight < 1:
        return text.lang or main
    return language_of(text.text, text.lang or main)


def _count(text: Text, lang: str, frequencies: dict[str, float]) -> float:
    """Add what one text says; the weighted number of its words."""
    words = words_of(text.text)
    if text.is_name:
        words = [*words, *(part for word in text.text.split() for part in _inside(word))]
    stops = stop_words(lang)
    kept = [word for word in words if word not in stops]
    for word in (*kept, *joined_words(text.text)):
        for term, share in _word_terms(word, lang):
            frequencies[term] += text.weight * share
    for concept, share in _concepts(words, kept, lang).items():
        frequencies[concept] += text.weight * share
    return text.weight * len(kept)


def _inside(word: str) -> tuple[str, ...]:
    """The words inside a name: by its humps, or by what is known."""
    return humps_of(word) or parts_of_name(fold(word))


@lru_cache(maxsize=200_000)
def _word_terms(word: str, lang: str) -> tuple[tuple[str, float], ...]:
    folded = fold(word)
    terms = {folded: 1.0}
    for stem in stems(word, lang or "en"):
        terms[STEM + stem] = 1.0
    for part in parts_of(folded, lang):
        for stem in stems(part, lang):
            terms.setdefault(STEM + stem, PART)
    return tuple(terms.items())


def _concepts(words: Sequence[str], kept: Sequence[str], lang: str) -> dict[str, float]:
    """The concepts that these words name, with their broader ones, and how often: `{term: weighted count}`."""
    found: dict[str, float] = defaultdict(float)
    strict = vocabulary().find_strict([word_of(word, lang) for word in words], lang or "en")
    for match, share in (*matches_in(kept, lang), *((match, 1.0) for match in strict)):
        said = share * match.weight / FULL
        for term, part in _says(match.concept):
            found[term] += said * part
    return found


@lru_cache(maxsize=20_000)
def _says(concept: str) -> tuple[tuple[str, float], ...]:
    """What a concept that is named says: itself, and of the broader ones a part."""
    known = vocabulary()
    nearer = 1 if known.concepts[concept].kind == "product" else 0
    above = ((CONCEPT + upper, ABOVE[steps - nearer]) for upper, steps in known.above(concept).items())
    return ((CONCEPT + concept, 1.0), *above)


def matches_in(words: Sequence[str], lang: str) -> list[tuple[Match, float]]:
    """Concepts in words of a language, each with its share of 1: English labels and parts of compounds count less.

    An English label counts in a text of another language only where the word means nothing in that language: the French
    "pain" is bread.
    """
    known = vocabulary()
    said = [word_of(word, lang) for word in words]
    found = [(match, 1.0) for match in known.find(said, lang or "en")]
    covered = {place for match, _share in found for place in range(match.start, match.end)}
    if lang not in {"", "en"}:
        english = known.find([word_of(word, "en") for word in words], "en")
        free = [match for match in english if covered.isdisjoint(range(match.start, match.end))]
        found += [(match, FOREIGN) for match in free if not any(_means(words[place], lang) for place in _places(match))]
    if lang in COMPOUNDING:
        for place, word in enumerate(said):
            parts = parts_of(word[0], lang)
            inner = known.find([word_of(part, lang) for part in parts], lang) if parts else []
            found += [(Match(place, place + 1, match.concept, match.weight), PART) for match in inner]
    return found


def _places(match: Match) -> range:
    return range(match.start, match.end)


def _means(word: str, lang: str) -> bool:
    return vocabulary().knows(fold(word), lang)
