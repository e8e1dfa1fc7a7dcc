"""Static files under names that carry their fingerprint, so that browsers may keep them for ever."""

from __future__ import annotations

import hashlib
from functools import lru_cache
from pathlib import Path

from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import StaticFilesStorage


@lru_cache(maxsize=256)
def _fingerprint(name: str) -> str:
    path = finders.find(name)
    return hashlib.sha256(Path(path).read_bytes()).hexdigest()[:12] if isinstance(path, str) else ""


class FingerprintedStorage(StaticFilesStorage):
    """Adds `?v=<fingerprint>`: no collecting step, and a changed file is fetched anew."""

    def url(self, name: str | None) -> str:
        mark = _fingerprint(name or "")
        return super().url(name) + (f"?v={mark}" if mark else "")
