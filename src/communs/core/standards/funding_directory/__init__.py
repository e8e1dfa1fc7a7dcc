"""The public dump of a directory of funding.json manifests (CSV, one manifest a row). See README.md."""

from communs.core.standards.funding_directory.reading import read, recognise

__all__ = ["read", "recognise"]
