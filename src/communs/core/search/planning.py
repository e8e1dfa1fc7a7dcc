"""From a query to what is looked up: for each word the terms that may stand for it, each with its weight.

Weights, of 100 (they are public: see `docs/rules/search.md`):
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from communs.core.search.analysis import CONCEPT, HINT, NAME, STEM
from communs.core.search.compounds import COMPOUNDING, parts_of
from communs.core.search.concepts import LITTLE
from communs.core.search.folding import fold, lower
from communs.core.search.languages import EU, STEMMED_FROM, said_by_letters, stems, stop_lists, stop_words
from communs.core.search.parsing import All, Leaf, Node, Not, Query, parse
from communs.core.search.vocabulary import FULL, INSIDE, Match, vocabulary, word_of

WEIGHTS = {
    "word": 100,  # the word itself
    "form": 90,  # another form of it
    "family": 75,  # a word of its family
    "root": 45,  # a word that begins alike and has another ending
    "concept": 85,  # another word for it, in any language
    "part": 90,  # a part of a compound, as a word of its own
    "begins": 60,  # a word that begins like it
    "does": 75,  # what a product that is named does
    "broader": 40,  # what it is a special case of
    "beyond": 30,  # what that is a special case of
    "spelling": 65,  # a word spelled nearly like it
    "hinted": 95,  # of these, where a record does not surely say it
}
KIND_FACTORS = {"function": 100, "theme": 100, "product": 100, "recipient": 70, "action": 50, "form": 30, LITTLE: 25}
LANGUAGES_MAX = 4
STOPS_ALONE = 0.5  # what the stop words of a language count where no other word is known in it
SILENT_MIN = 0.55  # share of a language from which on its stop words are left out


@dataclass(frozen=True, slots=True)
class Alternative:
    """A term that may stand for a word of the query: how much it counts, of 100, and how it was come by."""

    term: str
    weight: int
    how: str


@dataclass(frozen=True, slots=True)
class Unit:
    """One thing that was asked for. `factor`, of 100: how much it says what is wanted ("platform" says little)."""

    word: str
    factor: int
    alternatives: tuple[Alternative, ...]
    is_prefix: bool = False
    is_known: bool = True  # the vocabulary knows the word: it is spelled right


@dataclass(frozen=True, slots=True)
class Plan:
    """A query ready to be looked up. `required`: leaves are numbers of units, or phrases."""

    query: Query
    languages: tuple[str, ...]
    units: tuple[Unit, ...]
    whole: str  # the term of a record that is called exactly so
    leaves: Mapping[Leaf, tuple[Unit, ...]] = field(default_factory=dict)

    def accepts(self, terms: Mapping[str, int], text: str, masses: Sequence[int] | None = None) -> bool:
        """Whether a record with these terms and this folded text answers the query.

        `masses`: what each unit weighs (`Index.masses`), so that a record is judged as in the list; all alike without.
        """
        return bool(
            self._plain(terms, masses)
            and (self.query.required is None or self._holds(self.query.required, terms, text))
        )

    def _plain(self, terms: Mapping[str, int], masses: Sequence[int] | None) -> bool:
        if not self.query.is_plain:
            return True
        weights = [unit.factor for unit in self.units] if masses is None else masses
        found = sum(mass * surest(unit, terms) for unit, mass in zip(self.units, weights, strict=True))
        return self.whole in terms or (found > 0 and found >= COVERAGE_MIN * sum(weights))

    def _holds(self, node: Node, terms: Mapping[str, int], text: str) -> bool:
        if isinstance(node, Leaf):
            if node.is_phrase:
                return has_phrase(text, node.words)
            return all(
                any(alt.term in terms for alt in unit.alternatives if alt.weight >= CERTAIN)
                for unit in self.leaves[node]
            )
        if isinstance(node, Not):
            return not self._holds(node.part, terms, text)
        held = (self._holds(part, terms, text) for part in node.parts)
        return all(held) if isinstance(node, All) else any(held)


COVERAGE_MIN = 44  # of 100: how surely a record must answer what was asked to be more than near it
CERTAIN = 50  # of 100: what counts as an answer where AND, OR and NOT are used
HINTED_SHARE = 50  # of 100: how sure a hint is, of what naming it would be


def sureness(alternative: Alternative) -> int:
    """How sure it is, of 100, that a record with this term answers the word: the square of what the term counts.

    What is only begun, or misspelled, is meant all the same: it counts as it stands.
    """
    if alternative.how in {"begins", "spelling"}:
        return alternative.weight
    if alternative.term[0] == HINT:
        named = min(FULL, alternative.weight * FULL // WEIGHTS["hinted"])
        return named * named * HINTED_SHARE // FULL // FULL
    return min(FULL, alternative.weight) ** 2 // FULL


def surest(unit: Unit, terms: Collection[str]) -> int:
    """How sure it is, of 100, that a record with these terms answers a unit of a query."""
    return max((sureness(alternative) for alternative in unit.alternatives if alternative.term in terms), default=0)


def has_phrase(text: str, words: Sequence[str]) -> bool:
    """Whether a folded text holds these words one after the other."""
    wanted = [fold(word) for word in words]
    if wanted[0] not in text:
        return False
    return f" {' '.join(wanted)} " in f" {' '.join(_folded_words(text))} "


def _folded_words(text: str) -> list[str]:
    return "".join(char if char.isalnum() else " " for char in text).split()


def plan(text: str, hints: Sequence[str] = ()) -> Plan:
    """Plan a query. `hints`: languages that the reader is likely to write in, the likeliest first."""
    query = parse(text)
    words = [word for leaf in query.leaves for word in leaf.words]
    languages = guess(words, hints)
    begun = list(dict.fromkeys(leaf.words[-1] for leaf in query.leaves if leaf.is_prefix))
    said = _meaningful([word for word in words if word not in begun], languages, may_be_empty=bool(begun))
    units = [*_units(said, languages, words), *map(_begun, begun)]
    whole = NAME + "_".join(fold(word) for word in words)
    return Plan(query, tuple(languages), tuple(units), whole, _by_leaf(query.required, languages))


def guess(words: Sequence[str], hints: Sequence[str] = ()) -> dict[str, float]:
    """The languages that a query may be in, each with a share of 1: English and the hints are never ruled out."""
    points: dict[str, float] = {}
    for lang, stops in stop_lists().items():
        points[lang] = 1.2 * sum(word in stops for word in words)
    for lang, letters in said_by_letters(lower(" ".join(words))).items():
        points[lang] = points.get(lang, 0.0) + 0.8 * letters
    voices = [_voices(word) for word in words]
    for place, lang in enumerate(EU):
        known, stopped = [voice[place] for voice in voices], points.get(lang, 0.0)
        if stopped and not _says_more(words, known, lang):
            stopped *= STOPS_ALONE
        stops = stop_words(lang)
        points[lang] = stopped + sum(value for word, value in zip(words, known, strict=True) if word not in stops)
    for place, lang in enumerate(hints):
        points[lang] = points.get(lang, 0.0) + 0.5 / (1 + place)
    points["en"] = points.get("en", 0.0) + 0.1
    best = sorted(points.items(), key=lambda item: (-item[1], item[0]))[:LANGUAGES_MAX]
    top = best[0][1] or 1.0
    shares = {lang: value / top for lang, value in best if value >= 0.45 * top}
    for lang in (*hints[:1], "en"):
        shares.setdefault(lang, 0.5)
    return shares


def _says_more(words: Sequence[str], known: Sequence[float], lang: str) -> bool:
    """Whether a language knows a word that is no stop word of it."""
    stops = stop_words(lang)
    return any(value and word not in stops for word, value in zip(words, known, strict=True))


def _begun(word: str) -> Unit:
    """A word that is only begun names no concept yet."""
    folded = fold(word)
    return Unit(word, FULL, (Alternative(folded, WEIGHTS["word"], "word"),), is_prefix=True)


@lru_cache(maxsize=20_000)
def _voices(word: str) -> tuple[float, ...]:
    """How much a word speaks for each language: one that knows it, a form of it, or its parts."""
    known, folded = vocabulary(), fold(word)

    def said(lang: str) -> float:
        if known.knows(folded, lang) or (len(folded) > 9 and parts_of(folded, lang)):
            return 0.6
        return 0.35 if known.knows_form(word, folded, lang) else 0.0

    return tuple(map(said, EU))


def _meaningful(words: Sequence[str], languages: Mapping[str, float], *, may_be_empty: bool = False) -> list[str]:
    """The words that say something of a need, each once; all of them where nothing else is left.

    A stop word of a likely language is left out, unless it is a word of the vocabulary in a likelier one: the French
    "mot" is no Swedish "mot".
    """
    kept = [word for word in words if not _says_nothing(word, languages)]
    return list(dict.fromkeys(kept if kept or may_be_empty else words))


def _says_nothing(word: str, languages: Mapping[str, float]) -> bool:
    folded, known = fold(word), vocabulary()
    silent = max((share for lang, share in languages.items() if word in stop_words(lang)), default=0.0)
    telling = max(
        (share for lang, share in languages.items() if word not in stop_words(lang) and known.knows(folded, lang)),
        default=0.0,
    )
    return silent > SILENT_MIN and silent >= telling


def _units(words: Sequence[str], languages: Mapping[str, float], typed: Sequence[str] = ()) -> list[Unit]:
    """One unit a word; a compound is one unit a part, and what stands for the whole stands for each of them.

    `typed`: all the words in their order, stop words included, for labels that those make what they are.
    """
    found: list[dict[str, Alternative]] = [_forms(word, languages) for word in words]
    kinds: list[dict[str, int]] = [{} for _word in words]
    for lang, share in languages.items():
        named = list(_named(words, typed, lang))
        alone = {match.concept: places[0] for places, match in named if len(places) == 1}
        for places, match in named:
            weight = WEIGHTS["concept"] * match.weight * (0.6 + 0.4 * share) / FULL
            kind = vocabulary().kinds[match.concept]
            for place in places:
                kinds[place][kind] = max(match.weight, kinds[place].get(kind, 0))
                if kind == LITTLE:
                    continue
                others = [concept for concept, at in alone.items() if at != place]
                _offer(found[place], match.concept, weight, but_not=others)
    units = []
    for word, alternatives, of in zip(words, found, kinds, strict=True):
        units.extend(_parts(word, alternatives, of, languages))
    return units


def _named(words: Sequence[str], typed: Sequence[str], lang: str) -> Iterator[tuple[list[int], Match]]:
    """The concepts that words name in a language, each with the places of its words."""
    known = {word: word_of(word, lang) for word in (*words, *typed)}
    strict = vocabulary().find_strict([known[word] for word in typed], lang)
    inside = {word for match in strict for word in typed[match.start : match.end]}
    for match in vocabulary().find([known[word] for word in words], lang):
        if inside and inside.issuperset(words[match.start : match.end]):
            yield list(range(match.start, match.end)), match._replace(weight=match.weight * INSIDE // FULL)
        else:
            yield list(range(match.start, match.end)), match
    for match in strict:
        said = set(typed[match.start : match.end])
        yield [place for place, word in enumerate(words) if word in said], match


def _forms(word: str, languages: Mapping[str, float]) -> dict[str, Alternative]:
    folded = fold(word)
    found = {folded: Alternative(folded, WEIGHTS["word"], "word")}
    for lang in languages:
        for stem in stems(word, lang):
            weight = _form_weight(folded, stem)
            found.setdefault(STEM + stem, Alternative(STEM + stem, weight, "form"))
            if len(stem) >= STEMMED_FROM:
                found.setdefault(stem, Alternative(stem, weight, "form"))  # a word of another language, perhaps
    return found


def _form_weight(folded: str, stem: str) -> int:
    """What a stem counts: the more of the word it leaves out, the less ("amiante" is no form of "ami")."""
    left_out = len(folded) - len(stem)
    return (
        WEIGHTS["form"] if left_out <= 3 else WEIGHTS["family"] if left_out <= 5 and len(stem) > 3 else WEIGHTS["root"]
    )


def _offer(alternatives: dict[str, Alternative], concept: str, weight: float, but_not: Collection[str] = ()) -> None:
    """`but_not`: broader concepts that other words name by themselves: a map is no answer to the risk of "risk map"."""
    _keep(alternatives, Alternative(CONCEPT + concept, round(weight), "concept"))
    is_product = vocabulary().kinds[concept] == "product"
    for upper, steps in vocabulary().above(concept).items():
        if upper in but_not:
            continue
        level = "does" if is_product and steps == 1 else "broader" if is_product or steps == 1 else "beyond"
        share = WEIGHTS[level] / WEIGHTS["concept"]
        _keep(alternatives, Alternative(CONCEPT + upper, round(weight * share), "broader"))


def _keep(alternatives: dict[str, Alternative], new: Alternative) -> None:
    old = alternatives.get(new.term)
    if old is None or old.weight < new.weight:
        alternatives[new.term] = new
        if new.term[0] == CONCEPT:
            hinted = HINT + new.term[1:]
            alternatives[hinted] = Alternative(hinted, new.weight * WEIGHTS["hinted"] // FULL, new.how)


def _parts(
    word: str, alternatives: dict[str, Alternative], kinds: Mapping[str, int], languages: Mapping[str, float]
) -> list[Unit]:
    best = max(kinds.values(), default=0)
    factor = max((KIND_FACTORS[kind] for kind, weight in kinds.items() if weight == best), default=FULL)
    whole = Unit(word, factor, tuple(alternatives.values()), is_known=bool(kinds))
    folded, likeliest = fold(word), next(iter(languages))
    for lang in languages:
        if lang != likeliest and vocabulary().knows_form(word, folded, likeliest):
            continue  # the English "newspapers" is no Danish compound
        parts = parts_of(folded, lang) if lang in COMPOUNDING else ()
        if parts:
            return [_part(word, part, lang, alternatives, factor) for part in parts]
    return [whole]


def _part(word: str, part: str, lang: str, whole: Mapping[str, Alternative], factor: int) -> Unit:
    own: dict[str, Alternative] = dict(whole)
    kinds = set()
    for stem in stems(part, lang):
        _keep(own, Alternative(STEM + stem, WEIGHTS["part"], "part"))
    for match in vocabulary().find([word_of(part, lang)], lang):
        kinds.add(vocabulary().kinds[match.concept])
        _offer(own, match.concept, WEIGHTS["concept"] * match.weight / FULL)
    inner = max((KIND_FACTORS[kind] for kind in kinds), default=FULL)
    return Unit(word, min(factor, inner), tuple(own.values()))


def _by_leaf(node: Node | None, languages: Mapping[str, float]) -> dict[Leaf, tuple[Unit, ...]]:
    if node is None:
        return {}
    if isinstance(node, Leaf):
        if node.is_prefix:
            return {
                node: (
                    *_units(_meaningful(node.words[:-1], languages, may_be_empty=True), languages),
                    _begun(node.words[-1]),
                )
            }
        return {node: tuple(_units(_meaningful(node.words, languages), languages))}
    parts = (node.part,) if isinstance(node, Not) else node.parts
    found: dict[Leaf, tuple[Unit, ...]] = {}
    for part in parts:
        found.update(_by_leaf(part, languages))
    return found
