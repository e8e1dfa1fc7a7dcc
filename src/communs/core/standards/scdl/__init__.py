"""Grants of French public bodies: SCDL *subventions* 2.1 (CSV), written, checked, and read as they are published."""

from communs.core.standards.scdl.checking import check
from communs.core.standards.scdl.grants import Conditions, Grant
from communs.core.standards.scdl.reading import NAME, read, recognise
from communs.core.standards.scdl.schema import COLUMNS, FIELDS, VERSION
from communs.core.standards.scdl.writing import CannotPublish, faults_of, lines, write

__all__ = [
    "COLUMNS", "FIELDS", "NAME", "VERSION", "CannotPublish", "Conditions", "Grant", "check", "faults_of", "lines",
    "read", "recognise", "write",
]  # fmt: skip
