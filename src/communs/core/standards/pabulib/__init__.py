"""Elections of participatory budgeting, as Pabulib (pabulib.org) publishes them. See README.md.

Reading uses numpy; it is loaded when a file is read, so that looking at other formats stays quick.
"""

from __future__ import annotations

import re
from typing import Any, Final

from communs.core.standards.documents import Document

NAME: Final = "pabulib"
_START: Final = re.compile(r'"?META"?[;\s]*\n', re.IGNORECASE)

__all__ = ["NAME", "read", "recognise", "repair"]


def recognise(sample: Any) -> bool:
    """A file that starts with the section META."""
    return _START.match(sample.start.replace("\r", "\n")) is not None


def read(data: bytes | str) -> Document:
    """What the election is about, in one record, and all problems. Never raises for what the file holds."""
    from communs.core.standards.pabulib.reading import read as read_file

    return read_file(data)


def repair(data: bytes | str) -> str:
    """The file with everything repaired that is sure."""
    from communs.core.standards.pabulib.repairing import repair as repair_file

    return repair_file(data)
