"""codemeta.json, the description of software in JSON-LD, versions 2.0 to 3.1 (codemeta.github.io). See README.md."""

from communs.core.standards.codemeta.reading import read, recognise
from communs.core.standards.codemeta.writing import as_jsonld, repair, write

__all__ = ["as_jsonld", "read", "recognise", "repair", "write"]
