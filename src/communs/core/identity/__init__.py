"""Which records are about the same commons: normalised identifiers, identity, and likeness that only suggests."""

from communs.core.identity.addresses import (
    normalise_doi,
    normalise_homepage,
    normalise_repository,
    normalise_wikidata,
)
from communs.core.identity.sameness import (
    LIKENESS_THRESHOLD,
    Identity,
    LikeBecause,
    Likeness,
    SameBecause,
    closest_names,
    fold_name,
    same_commons,
    suggest_likeness,
)

__all__ = [
    "LIKENESS_THRESHOLD", "Identity", "LikeBecause", "Likeness", "SameBecause", "closest_names", "fold_name",
    "normalise_doi", "normalise_homepage", "normalise_repository", "normalise_wikidata", "same_commons",
    "suggest_likeness",
]  # fmt: skip
