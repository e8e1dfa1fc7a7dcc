"""Who is helped and how, in the words of French administrations.

Facts from the lists of aides-territoires and of those who feed it; what each word means here is our own reading.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from communs.core.standards.feeds.french_places import fold
from communs.core.standards.feeds.records import Opportunity
from communs.core.texts import N_

AUDIENCE_UNKNOWN: Final = (
    N_("“{value}” names no legal form that is known; who may apply stays in words."),
    N_("Nothing to do, unless it is misspelt."),
)
KIND_UNKNOWN: Final = (
    N_("“{value}” does not say in which form the help comes; the kind stays open."),
    N_("Say whether it is a subsidy, a loan, a prize, advice …"),
)
SEVERAL_KINDS: Final = (
    N_("The help comes in several forms ({value}); {meant} was noted as its kind."),
    N_("Nothing to do, unless another form is the main one."),
)


@dataclass(frozen=True, slots=True)
class Audience:
    """`forms` that a word takes in; `narrower`: it means only some of them, so the word itself must stay beside."""

    forms: tuple[str, ...]
    narrower: bool = True


_ENTERPRISE: Final = ("company", "cooperative", "social_enterprise")
_PUBLIC: Final = Audience(("public_body",))
_RESEARCH: Final = Audience(("public_body", "university"))
_SAID: Final[tuple[tuple[Audience, str], ...]] = (
    (Audience(("association",), narrower=False), "associations|association|association ong|ong"),
    (Audience(("association",)), "organisations de la société civile|ong de développement"),
    (Audience(("individual",), narrower=False), "particuliers|particulier"),
    (Audience(("individual",)), "jeunes|étudiants ou en recherche d'emploi|demandeur d'emploi"),
    (Audience(_ENTERPRISE, narrower=False), "entreprises|entreprise|entreprises privées|professionnels"),
    (Audience(_ENTERPRISE), "pme|tpe|eti|grandes entreprises|etablissement financier"),
    (Audience(_ENTERPRISE), "pme start up 249 salarie es|pme start up 249 salaries"),
    (Audience(_ENTERPRISE), "grande entreprise 250 salarie es|grande entreprise 250 salaries"),
    (Audience(("individual", *_ENTERPRISE)), "agriculteurs|agriculteur"),
    (Audience(("association", "individual", *_ENTERPRISE)), "professionnels de la culture"),
    (Audience(("public_body",), narrower=False), "secteur public"),
    (_PUBLIC, "communes|commune|intercommunalités pays|intercommunalité pays|epci à fiscalité propre"),
    (_PUBLIC, "départements|département|régions|région|syndicats mixtes|collectivités|collectivité territoriale"),
    (_PUBLIC, "collectivités institutions|collectivités et secteur public|autorités locales et régionales"),
    (_PUBLIC, "collectivité territoriale entité affiliée|administration état entité affiliée"),
    (_PUBLIC, "collectivités d'outre-mer à statuts particuliers|collectivité d'outre-mer à statut particulier"),
    (_PUBLIC, "entreprises publiques locales|entreprises publiques locales sem spl semop"),
    (_PUBLIC, "entreprise publique locale sem spl semop|établissement public|établissements publics"),
    (_PUBLIC, "établissements publics écoles bibliothèques|établissements publics services de l'état"),
    (_PUBLIC, "établissements publics écoles bibliothèques services de l'état"),
    (_PUBLIC, "établissement public école bibliothèque service de l'état"),
    (_PUBLIC, "établissements publics services de l'état bibliothèques|lycées et centres de formation"),
    (_RESEARCH, "recherche|laboratoires de recherche|organismes de recherche|organisme de recherche"),
    (_RESEARCH, "centre de recherche université|universités"),
)
_AUDIENCES: Final[Mapping[str, Audience]] = MappingProxyType(
    {fold(word): audience for audience, words in _SAID for word in words.split("|")}
)
ALL_FORMS: Final = (
    "individual", "association", "foundation", "cooperative", "company", "social_enterprise", "public_body",
    "university",
)  # fmt: skip
_EVERYONE: Final = frozenset({"tous beneficiaires", "tout beneficiaire"})


def put_audiences(made: Opportunity, key: str, words: Iterable[str]) -> None:
    """Who may apply. Where one word is not known, the list would shut people out: then it stays words altogether."""
    words = list(dict.fromkeys(filter(None, words)))
    known = {word: _AUDIENCES.get(fold(word)) for word in words}
    everyone = any(fold(word) in _EVERYONE for word in words)
    unknown = [word for word in words if known[word] is None and fold(word) not in _EVERYONE]
    for word in unknown:
        made.row.tell(key, "audience-in-words", "note", AUDIENCE_UNKNOWN, value=word)
    if everyone:
        made.put(recipients=list(ALL_FORMS))
    elif unknown:
        made.quote("applicant_form", ", ".join(words), decides=True)
    else:
        found = [audience for audience in known.values() if audience is not None]
        made.put(recipients=sorted({form for audience in found for form in audience.forms}))
        if any(audience.narrower for audience in found):
            made.quote("applicant_form", ", ".join(words))


# In the order in which one of several is noted: money before help.
_HELP: Final[tuple[tuple[str, str], ...]] = (
    ("grant", "subvention"),
    ("prize", "prix|programme de prix"),
    ("loan", "prêt|avance récupérable|avance remboursable|prêt d'honneur"),
    ("other", "autre aide financière|certificat d'économie d'énergie cee|avantage fiscal|garantie"),
    ("in_kind", "ingénierie technique|ingénierie financière|ingénierie juridique administrative"),
    ("in_kind", "étude|formation|information|conseil|accompagnement|aide en nature|service"),
)
_KINDS: Final[Mapping[str, str]] = MappingProxyType(
    {fold(word): kind for kind, words in _HELP for word in words.split("|")}
)
_FIRST: Final = ("grant", "prize", "loan", "other", "in_kind")


def put_kind(made: Opportunity, key: str, words: Iterable[str]) -> None:
    """In which form the help comes. One word that does not tell leaves it open."""
    words = list(dict.fromkeys(filter(None, words)))
    found = {word: _KINDS.get(fold(word), "") for word in words}
    unknown = [word for word, kind in found.items() if not kind]
    if unknown:
        made.row.tell(key, "kind-open", "note", KIND_UNKNOWN, value=", ".join(unknown))
        made.line(f"Types d’aide : {', '.join(words)}")
    elif found:
        kinds = sorted(set(found.values()), key=_FIRST.index)
        made.put(kind=kinds[0])
        if len(kinds) > 1:
            made.row.tell(key, "several-kinds", "note", SEVERAL_KINDS, value=", ".join(words), meant=kinds[0])
            made.line(f"Types d’aide : {', '.join(words)}")


def parts(text: str) -> list[str]:
    """A list in one text, parted by commas or semicolons outside of brackets.

    >>> parts("Communes, Entreprises publiques locales (Sem, Spl, SemOp); Région")
    ['Communes', 'Entreprises publiques locales (Sem, Spl, SemOp)', 'Région']
    """
    return [part for part in (found.strip() for found in re.split(r"[,;](?![^()]*\))", text)) if part]
