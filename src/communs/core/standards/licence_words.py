"""What there is to say about the name of a licence in a file, in any format."""

from __future__ import annotations

from typing import Final

from communs.core import licences
from communs.core.licences.tables import OPEN_CONTENT, OSI
from communs.core.licences.tables import licences as listed
from communs.core.licences.texts import REASONS
from communs.core.standards.problems import Path, Problem
from communs.core.standards.reading import Loaded
from communs.core.standards.rules import clip
from communs.core.standards.shapes import spdx
from communs.core.texts import N_

LICENCES_MAX: Final = 50
"""So many entries of one list are looked at: no work has more licences."""

NO_PREFIX: Final = (N_("“{value}” is not marked as an SPDX identifier."), N_("Write “{meant}”."))
NOT_LICENCE: Final = (
    N_("“{value}” is not the name of a licence we know."),
    N_("Write the SPDX identifier, for instance EUPL-1.2 or AGPL-3.0-or-later."),
)
OTHER_SPELLING: Final = (N_("“{value}” was read as {meant}."), N_("Write {meant}, the current SPDX identifier."))
CHOOSE_OPEN: Final = N_("Name an open licence, or say which parts are under one.")


def is_for_code(name: str) -> bool:
    """Whether a licence is an open one for programs, and not one that was made for content or data.

    >>> is_for_code("MIT"), is_for_code("MIT OR Apache-2.0"), is_for_code("CC-BY-4.0"), is_for_code("our terms")
    (True, True, False, False)
    """
    if licences.is_open_software(name) != "yes":
        return False
    known = (listed().get(term.id.lower()) for term in licences.parse(name).terms)
    return not all(one is not None and one.has(OPEN_CONTENT) and not one.has(OSI) for one in known)


def licence_problem(loaded: Loaded, path: Path, text: str, prefix: str = "") -> Problem | None:
    """The gravest thing to say about the licence `text`; None where it is well written and open, or says nothing.

    `prefix`: what the format wants before an SPDX identifier, such as `spdx:`.
    """
    meant = spdx(text)
    if not meant:
        return None
    values = {"value": clip(text), "meant": f"{prefix}{meant}"}
    if not licences.is_licence(meant):
        return loaded.problem(path, "not-a-licence", "warning", NOT_LICENCE, **values)
    closed = licences.judge(licences.parse(meant), "content")
    if closed.answer == "no":
        reason = closed.reasons[0]
        words = (REASONS[reason.code], CHOOSE_OPEN)
        return loaded.problem(path, "not-open", "warning", words, licence=reason.licence, **values)
    if prefix and not text.lower().startswith(prefix):
        return loaded.problem(path, "licence-prefix", "warning", NO_PREFIX, **values)
    if text.removeprefix(prefix) != meant:
        return loaded.problem(path, "other-spelling", "note", OTHER_SPELLING, **values)
    return None
