"""The files of the folder `vocabulary`: concepts with their labels in the languages of the Union.

They hold one concept a block: a line `id kind [< broader …]`, then a line a language with labels separated by `; `, the
preferred one first. A label that begins with `~` is loose: it counts less.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from communs.core.search.languages import EU

FOLDER = Path(__file__).parent / "vocabulary"
LITTLE = "little"  # words that name nothing: they say little of a need, and nothing of a record
KINDS = ("function", "theme", "recipient", "product", "form", "action", LITTLE)
ANY_LANGUAGE = "mul"  # names that are the same everywhere
MORE = "languages-"
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


def files() -> list[Path]:
    """The vocabulary files that communs brings along, in the order in which they are read."""
    return sorted(FOLDER.glob("*.txt"))


def concepts() -> list[Concept]:
    """Every concept that communs brings along."""
    return read({path.name: path.read_text(encoding="utf-8") for path in files()})


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
