"""Awards of the French Fonds vert, as its yearly exports list them (CSV, one line a file that was granted money)."""

from communs.core.standards.fonds_vert.reading import NAME, read, recognise

__all__ = ["NAME", "read", "recognise"]
