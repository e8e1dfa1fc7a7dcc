"""Records of the registry of digital public goods, as it published them in JSON. See README.md."""

from communs.core.standards.dpg.reading import read, recognise

__all__ = ["read", "recognise"]
