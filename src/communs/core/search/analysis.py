"""What a record is found by: its texts as terms, each with how much it says about the record.

Four kinds of terms share one index: folded words as they stand ("water"), stems ("/manag"), concepts of the vocabulary
that a text names ("#waste-management"), and those that it only hints at ("~waste-management"): by a loose word, a part
of one, or something more special. A term's impact (1 to 94) is its weighted frequency, saturated and set against the
length of the record (BM25F, Robertson & Zaragoza 2009, §3.6) with a fixed average length, so that it depends on the
record alone: the same terms and impacts are stored and compared whatever database holds them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from struct import Struct

from communs.core.search.compounds import COMPOUNDING, parts_of, parts_of_name
from communs.core.search.concepts import LITTLE
from communs.core.search.folding import fold, humps_of, joined_words, lower, words_of
from communs.core.search.languages import EU, said_by_letters, stems, stop_words
from communs.core.search.vocabulary import FULL, Match, vocabulary, word_of

K1 = 1.6
B = 0.35
AVERAGE_LENGTH = 60.0  # weighted words of a record
IMPACT_MAX = 94  # one printable character
FIRST_CHARACTER = 32
_CHARACTERS = bytes((FIRST_CHARACTER + impact) % 256 for impact in range(256))
TOLD_FROM = 25  # characters of a text that tell its language
TERMS_MAX = 4_000
STEM, CONCEPT, HINT, NAME = "/", "#", "~", "="  # what terms begin with that are no plain words
ABOVE = {0: 0.9, 1: 0.5, 2: 0.25}  # what a concept says of a broader one, by steps; a product is one step nearer
SURE_MIN = 0.75  # what a text says of a concept from which on it names it; below, it hints at it
PART = 0.5  # what a part of a compound says
FOREIGN = 0.6  # what an English label says in a text in another language
SHORT = 80  # characters of a text that may be a label, a kind or a place, which many records share
# What speaks for a language: a stop word, a word of the vocabulary, another form of one, a telling letter, a statement.
STOP, KNOWN, FORM, LETTER, DECLARED = 10, 4, 2, 7, 8
POINTS = Struct(f"<{len(EU)}I")  # more than the words and the letters of the longest text can give
PLACES = {lang: 32 * place for place, lang in enumerate(EU)}


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
    points = _spoken(text) + (DECLARED << PLACES[declared] if declared in PLACES else 0)
    by_language = POINTS.unpack(points.to_bytes(POINTS.size, "little"))
    most = max(by_language)
    likely = [lang for lang, said in zip(EU, by_language, strict=True) if said == most] if most else [""]
    return declared if declared in likely else likely[-1]


@lru_cache(maxsize=16)  # the texts of the record at hand
def _spoken(text: str) -> int:
    """How much a text speaks for each language."""
    letters = said_by_letters(lower(text))
    return sum(map(voices, words_of(text))) + sum(LETTER * said << PLACES[lang] for lang, said in letters.items())


@lru_cache(maxsize=200_000)
def voices(word: str) -> int:
    """The languages that a word speaks for, as points of each side by side in one number: so texts add up at once."""
    folded, known = fold(word), vocabulary()
    points = 0
    for lang, place in PLACES.items():
        said = STOP if word in stop_words(lang) else 0
        said += KNOWN if known.knows(folded, lang) else FORM if known.knows_form(word, folded, lang) else 0
        points += said << place
    return points


def terms_of(texts: Iterable[Text]) -> dict[str, int]:
    """`{term: impact}` of a record, in the order of the terms."""
    given = [text for text in texts if text.text.strip()]
    frequencies: dict[str, float] = defaultdict(float)
    named: set[str] = set()
    length = 0.0
    main = _main_language(given)
    for text in given:
        length += _count(text, _language(text, main), frequencies, named)
    frequencies = {_named_or_hinted(term, named): value for term, value in frequencies.items()}
    names = {NAME + "_".join(map(fold, words_of(text.text))) for text in given if text.is_name}
    norm = K1 * (1 - B + B * length / AVERAGE_LENGTH)
    strongest: Iterable[str] = frequencies
    if len(frequencies) > TERMS_MAX:
        strongest = sorted(frequencies, key=lambda term: (-frequencies[term], term))[:TERMS_MAX]
    terms = {}
    for term in sorted(strongest):
        value = frequencies[term]
        terms[term] = round(IMPACT_MAX * value / (value + norm)) or 1
    return {**terms, **dict.fromkeys(sorted(names), IMPACT_MAX)}


def pack(terms: Mapping[str, int]) -> str:
    """Terms with their impacts as one text to be stored: the terms on a line, a character an impact on the next."""
    return " ".join(terms) + "\n" + bytes(terms.values()).translate(_CHARACTERS).decode("ascii")


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


def _count(text: Text, lang: str, frequencies: dict[str, float], named: set[str]) -> float:
    """Add what one text says and the concepts that it names; the weighted number of its words."""
    read = _read_short if len(text.text) <= SHORT and not text.is_name else _read
    count, said, surely = read(text.text, lang, text.is_name)
    for term, share in said.items():
        frequencies[term] += text.weight * share
    named |= surely
    return text.weight * count


def _named_or_hinted(term: str, named: Collection[str]) -> str:
    return HINT + term[1:] if term[0] == CONCEPT and term not in named else term


def _read(text: str, lang: str, is_name: bool) -> tuple[int, dict[str, float], frozenset[str]]:
    """How many words a text has that say something, how often it says each term, and the concepts that it names."""
    words = words_of(text)
    if is_name:
        words = [*words, *(part for word in text.split() for part in _inside(word))]
    stops = stop_words(lang)
    kept = [word for word in words if word not in stops]
    said: dict[str, float] = defaultdict(float)
    for word in (*kept, *joined_words(text)):
        for term, share in _word_terms(word, lang):
            said[term] += share
    named = set()
    for concept, shares in _concepts(words, kept, lang).items():
        for term, part in _says(concept):
            said[term] += sum(shares) * part
            if max(shares) >= SURE_MIN and (part >= SURE_MIN or term == CONCEPT + concept):
                named.add(term)
    return len(kept), said, frozenset(named)


_read_short = lru_cache(maxsize=2_000)(_read)


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


def _concepts(words: Sequence[str], kept: Sequence[str], lang: str) -> dict[str, list[float]]:
    """The concepts that these words name: for each time how surely, of 1."""
    kinds = vocabulary().kinds
    found: dict[str, list[float]] = defaultdict(list)
    for match, share in matches_in(kept, lang):
        if kinds[match.concept] != LITTLE:
            found[match.concept].append(share * match.weight / FULL)
    for match in vocabulary().find_strict([word_of(word, lang) for word in words], lang or "en"):
        if kinds[match.concept] != LITTLE:
            found[match.concept].append(match.weight / FULL)
    return found


@lru_cache(maxsize=20_000)
def _says(concept: str) -> tuple[tuple[str, float], ...]:
    """What a concept that is named says: itself, and of the broader ones a part."""
    known = vocabulary()
    nearer = 1 if known.kinds[concept] == "product" else 0
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
        free = {place for place, word in enumerate(said) if place not in covered and not known.knows(word[0], lang)}
        english = known.find([word_of(word, "en") for word in words], "en") if free else []
        found += [(match, FOREIGN) for match in english if free.issuperset(range(match.start, match.end))]
    if lang in COMPOUNDING:
        for place, word in enumerate(words):
            inside = _named_inside(word, lang)
            found += [(Match(place, place + 1, concept, weight), PART) for concept, weight in inside]
    return found


@lru_cache(maxsize=20_000)
def _named_inside(word: str, lang: str) -> tuple[tuple[str, int], ...]:
    """The concepts that the parts of a compound name, each with its weight."""
    parts = [word_of(part, lang) for part in parts_of(fold(word), lang)]
    return tuple((match.concept, match.weight) for match in vocabulary().find(parts, lang)) if parts else ()
