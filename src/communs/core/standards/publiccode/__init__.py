"""publiccode.yml, the description of public software that lies in its repository. See README.md."""

from communs.core.standards.publiccode.draft import Draft, LicenceStatus, read, slug
from communs.core.standards.publiccode.problems import Problem

__all__ = ["Draft", "LicenceStatus", "Problem", "read", "slug"]
