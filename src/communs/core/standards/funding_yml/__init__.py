"""FUNDING.yml, the ways to give that a repository shows beside its code. See README.md."""

from communs.core.standards.funding_yml.reading import read, recognise, repair

__all__ = ["read", "recognise", "repair"]
