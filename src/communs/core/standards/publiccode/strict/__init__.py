"""The strict check of publiccode.yml: agrees with the reference parser on verdict, key, kind, line and column."""

from communs.core.standards.publiccode.strict.checking import check
from communs.core.standards.publiccode.strict.words import CODES

__all__ = ["CODES", "check"]
