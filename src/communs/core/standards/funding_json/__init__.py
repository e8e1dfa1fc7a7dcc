"""funding.json, the manifest by which projects say what money they look for (fundingjson.org). See README.md."""

from communs.core.standards.funding_json.reading import OTHER, misnamed, namesake_problem, read, read_loaded, recognise
from communs.core.standards.funding_json.writing import repair, write

__all__ = ["OTHER", "misnamed", "namesake_problem", "read", "read_loaded", "recognise", "repair", "write"]
