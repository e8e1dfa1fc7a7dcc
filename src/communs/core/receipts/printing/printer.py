"""Receipts set by typst: tagged for screen readers (PDF/UA-1), fit for archives (PDF/A-2a), always the same bytes."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from datetime import UTC, datetime, time
from functools import cache
from importlib.resources import files
from pathlib import Path
from threading import Lock
from typing import Any, Final

import typst

from communs.core.receipts.printing.contents import contents
from communs.core.receipts.receipts import Receipt
from communs.core.texts import N_, Translate, identity

STANDARDS: Final[list[Any]] = ["a-2a", "ua-1"]
_NO_GLYPH: Final = re.compile(r'the text `"(.*?)"` could not be displayed', re.DOTALL)


class CannotPrint(Exception):
    """The receipt holds a character that no font at hand shows; `characters` names it."""

    message: Final = N_("No font at hand shows “{characters}”.")
    fix: Final = N_("Write it in Latin, Greek, Cyrillic, Hebrew or Arabic letters, or give a font that has it.")

    def __init__(self, characters: str) -> None:
        self.characters = characters
        super().__init__(self.say())

    def say(self, translate: Translate = identity) -> str:
        """Fault and remedy in words."""
        return f"{translate(self.message).format(characters=self.characters)} {translate(self.fix)}"


class Printer:
    """Keeps one compiler with its fonts: loading them takes longer than a receipt. One thread prints at a time.

    `fonts`: folders with further fonts; those of typst are there in any case, those of the system never, so that every
    machine prints the same.
    """

    def __init__(self, fonts: Sequence[Path] = ()) -> None:
        loaded = typst.Fonts(include_system_fonts=False, font_paths=[str(folder) for folder in fonts])
        self._compiler = typst.Compiler(font_paths=loaded, ignore_system_fonts=True)
        self._lock = Lock()

    def pdf(self, receipt: Receipt, language: str = "fr") -> bytes:
        """The receipt as one file, in French (the legal text) or English (which says that it translates).

        Raises `CannotPrint` for characters without a font, `KeyError` for other languages, `ValueError` for an amount
        that cannot be written in words. Does not check the receipt: `check` does.
        """
        said = json.dumps(contents(receipt, language))
        moment = datetime.combine(receipt.issued_on, time(), UTC)
        try:
            with self._lock:
                found = self._compiler.compile(
                    _template(), format="pdf", sys_inputs={"receipt": said}, pdf_standards=STANDARDS, timestamp=moment
                )
        except typst.TypstError as error:
            if told := _NO_GLYPH.search(str(error)):
                raise CannotPrint(told[1]) from error
            raise
        assert isinstance(found, bytes)  # noqa: S101 - without an output path it is
        return found


@cache
def _template() -> bytes:
    return files(__package__).joinpath("receipt.typ").read_bytes()
