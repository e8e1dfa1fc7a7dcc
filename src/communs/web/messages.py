"""Compile the interface texts: each .po beside which the .mo is absent or older."""

from __future__ import annotations

from pathlib import Path

PACKAGE = Path(__file__).resolve().parents[1]


def compile_messages() -> list[Path]:
    """Write the .mo files that are missing or stale; returns those written."""
    written = []
    for po in sorted(PACKAGE.rglob("locale/*/LC_MESSAGES/django.po")):
        mo = po.with_suffix(".mo")
        if not mo.exists() or mo.stat().st_mtime < po.stat().st_mtime:
            import polib

            polib.pofile(str(po)).save_as_mofile(str(mo))
            written.append(mo)
    return written
