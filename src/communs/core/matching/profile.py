"""What is known about one commons and the people behind it. Everything may be unknown."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Final, Literal

from communs.core.matching import records
from communs.core.matching.records import InvalidRecord
from communs.core.matching.vocabulary import FORMS, KINDS, NO, YES, Tri

# What the registers call an informal group, and their words for "not known".
_FORM_WORDS: Final = {"informal": "informal_collective", "person": "individual", "unknown": None}
# Parts that are of a kind by their very name: a commons of knowledge with a part "software" is of both kinds.
_KIND_OF_PART: Final = {
    "code": "software", "software": "software", "server code": "software", "website code": "software",
    "data": "data", "database": "data", "structured data": "data", "design": "hardware",
    "hardware": "hardware", "hardware design": "hardware", "specification": "standard", "weights": "model",
}  # fmt: skip
# Languages that name none: "several", "undetermined", "not a language".
_NO_LANGUAGE: Final = frozenset({"mul", "und", "zxx"})
_HARDWARE_WORDS = re.compile(r"\b(hardware|designs?|plans?|boards?|machine|printed)\b")
_MODEL_WORDS = re.compile(r"\b(weights|models?)\b")
_CODE_WORDS = re.compile(r"\b(code|software|source|librar\w+|server|firmware|engine|player|client|app\w*|tools?)\b")


@dataclass(frozen=True, slots=True)
class PartLicence:
    """The licence of one part of a commons: an SPDX expression as stated."""

    part: str
    spdx: str

    @property
    def is_code(self) -> bool:
        """Whether the part is named as program code."""
        return _CODE_WORDS.search(self.part.lower()) is not None

    @property
    def work(self) -> Literal["content", "hardware", "model"]:
        """What a part that is not code is, as far as licences make a difference."""
        part = self.part.lower()
        if _HARDWARE_WORDS.search(part):
            return "hardware"
        return "model" if _MODEL_WORDS.search(part) else "content"


@dataclass(frozen=True, slots=True)
class Profile:
    """Facts about one commons and whoever acts for it.

    None and empty mean "not known", never "none". `country` is where the body (or person) has its seat, `countries`
    where the commons is active (`INT`: internationally), `languages` those in which its people are known to write: a
    language that is missing is a question, not a refusal. `hosted_by` names a fiscal host. `answers` holds what was
    answered to `Question`s: question key to "yes", "no", "dont_know", one of the choices, or a number as text.
    """

    id: str = ""
    name: str = ""
    kinds: frozenset[str] = frozenset()
    legal_form: str | None = None
    hosted_by: str | None = None
    country: str | None = None
    countries: tuple[str, ...] = ()
    licences: tuple[PartLicence, ...] = ()
    languages: frozenset[str] = frozenset()
    themes: frozenset[str] = frozenset()
    answers: Mapping[str, str] = field(default_factory=dict, hash=False)

    @classmethod
    def from_record(cls, record: Mapping[str, object], answers: Mapping[str, object] | None = None) -> Profile:
        """Read a commons in the shape of `seed/commons.jsonl`. Raises `InvalidRecord`.

        >>> seen = Profile.from_record({"id": "x", "kind": "software", "steward": {"form": "informal"}})
        >>> seen.legal_form, sorted(seen.kinds), seen.country
        ('informal_collective', ['software'], None)
        """
        record = records.mapping(record, "")
        steward = records.mapping(record.get("steward"), "steward")
        licences = _licences(record)
        themes = records.strings(record, "functions") + records.strings(record, "themes")
        seat = records.text(steward, "country", "steward")
        return cls(
            id=records.text(record, "id") or "",
            name=records.text(record, "name") or "",
            kinds=_kinds(record, licences),
            legal_form=_form(records.text(steward, "form", "steward"), "steward.form"),
            hosted_by=records.text(steward, "hosted_by", "steward") or records.text(record, "hosted_by"),
            country=records.places((seat,), "steward.country")[0] if seat else None,
            countries=records.places(records.strings(record, "countries"), "countries"),
            licences=licences,
            languages=frozenset(word.lower() for word in records.strings(record, "languages")) - _NO_LANGUAGE,
            themes=frozenset(themes),
            answers=read_answers(answers or {}),
        )

    def with_answers(self, answers: Mapping[str, object]) -> Profile:
        """The same facts with further answers; a new answer replaces an old one to the same question."""
        return replace(self, answers={**self.answers, **read_answers(answers)})

    @property
    def form(self) -> str | None:
        """The legal form: as recorded, else as answered."""
        if self.legal_form is not None:
            return self.legal_form
        answered = self.answers.get("legal_form")
        return answered if answered in FORMS else None

    @property
    def hosted(self) -> Tri:
        """Whether a fiscal host holds the money."""
        if self.hosted_by or self.form == "hosted_collective":
            return "yes"
        answered = self.answers.get("hosted")
        return "yes" if answered == YES else "no" if answered == NO else "unknown"


def read_answers(answers: Mapping[str, object]) -> dict[str, str]:
    """Answers as they come from JSON (true, false, numbers, text) in the one shape the matcher reads.

    >>> read_answers({"hosted": True, "team_size": 3, "legal_form": "association"})
    {'hosted': 'yes', 'team_size': '3', 'legal_form': 'association'}
    """
    read: dict[str, str] = {}
    for key, value in records.mapping(answers, "answers").items():
        if isinstance(value, bool):
            read[key] = YES if value else NO
        elif isinstance(value, int | float | Decimal):
            read[key] = str(value)
        elif isinstance(value, str):
            read[key] = value.strip()
        elif value is not None:
            raise InvalidRecord(f"answers.{key}", "no answer", 'Use "yes", "no", "dont_know", a choice or a number.')
    return read


def _form(word: str | None, path: str) -> str | None:
    if word is None or word in _FORM_WORDS:
        return _FORM_WORDS[word] if word else None
    return records.known_words((word,), FORMS, path)[0]


def _kinds(record: Mapping[str, object], licences: tuple[PartLicence, ...]) -> frozenset[str]:
    kind = records.text(record, "kind")
    stated = records.words(record, "kinds", KINDS)
    if kind:
        stated += records.known_words((kind,), KINDS, "kind")
    if not stated:
        return frozenset()
    parts = {_KIND_OF_PART[part.part.lower()] for part in licences if part.part.lower() in _KIND_OF_PART}
    return frozenset(stated) | parts


def _licences(record: Mapping[str, object]) -> tuple[PartLicence, ...]:
    found: set[tuple[str, str]] = set()
    for position, value in enumerate(records.items(record.get("licences"), "licences")):
        path = f"licences[{position}]"
        entry = records.mapping(value, path)
        spdx = records.text(entry, "spdx", path)
        found.add((records.text(entry, "part", path) or "", spdx or ""))
    return tuple(PartLicence(part, spdx) for part, spdx in sorted(found))
