"""Everything that may be wrong in a Pabulib file: how grave it is, in words, and the remedy."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from communs.core.standards.pabulib.words.kinds import Words
from communs.core.standards.pabulib.words.meta import META
from communs.core.standards.pabulib.words.projects import PROJECTS
from communs.core.standards.pabulib.words.structure import STRUCTURE
from communs.core.standards.pabulib.words.votes import VOTES
from communs.core.texts import N_

WORDS: Final[Mapping[str, Words]] = MappingProxyType({**STRUCTURE, **META, **PROJECTS, **VOTES})
MORE: Final = (
    N_("{count} more problems of the kind “{code}” follow."),
    N_("Repair these first, then check again."),
)
