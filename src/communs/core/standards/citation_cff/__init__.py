"""CITATION.cff, how a work of software or data wants to be cited (citation-file-format.github.io). See README.md."""

from communs.core.standards.citation_cff.reading import read, recognise
from communs.core.standards.citation_cff.repairing import repair

__all__ = ["read", "recognise", "repair"]
