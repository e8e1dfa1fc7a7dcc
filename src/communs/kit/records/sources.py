"""The sources that record files name, with their trust: a published table, changed by editors in the admin pages."""

from __future__ import annotations

from django.utils.text import slugify

from communs.core.texts import N_
from communs.kit.models import Source

GENERAL = "general-knowledge"
COMPILED = "compiled"
FILE = "record-file"

# Trust from 0 to 100 by the kind of source; the higher one is shown when two disagree (docs/rules/claims.md).
TRUST_BY_ORIGIN = {
    "codegouvfr-awesome-codegouvfr-publiccode-file": 70,
    "public-page": 60,
    "public-repository": 60,
    "project-file": 60,
    "debian-13-trixie-main-package-index": 60,
    "debian-13-trixie-main-packages-index": 60,
    "dpgalliance-publicgoods-candidates": 60,
}
TRUST_DEFAULT = 30

# What records call the sources that many of them share, for readers of other languages.
SHARED_NAMES = (
    N_("public page"),
    N_("public repository"),
    N_("project file"),
)

_NAMED = {
    GENERAL: (N_("General knowledge, not checked against a page"), "CC0-1.0", 0),
    COMPILED: (N_("Compiled from public pages"), "CC0-1.0", 40),
    FILE: (N_("Record file read by this site"), "", 40),
}


class SourceBook:
    """Finds or creates sources, each asked of the database once."""

    def __init__(self) -> None:
        self._known: dict[str, Source] = {}

    def named(self, key: str) -> Source:
        """One of the sources that communs itself names."""
        name, licence, trust = _NAMED[key]
        return self._get(key, name, licence, trust)

    def of_origin(self, origin: str, licence: object = None) -> Source:
        """The source called `origin` in a record file."""
        key = slugify(origin.replace("/", "-").replace(".", "-"))[:120] or "unnamed"
        return self._get(key, origin[:200], str(licence or "")[:200], TRUST_BY_ORIGIN.get(key, TRUST_DEFAULT))

    def _get(self, key: str, name: str, licence: str, trust: int) -> Source:
        if key not in self._known:
            defaults = {"name": name, "licence": licence, "trust": trust}
            self._known[key], _created = Source.objects.get_or_create(key=key, defaults=defaults)
        return self._known[key]
