"""Every format that can be read: its name, what it is called, and how a file of it is recognised.

Each lives in a package of this one with the same functions:

`recognise(sample) -> bool`     whether the contents are of this format, the name of the file left aside
`read(data) -> Document`        never raises; within bounds; what is usable is kept
`repair(data) -> str`           the file with every fix applied that is known; only where `repairs` is set
`write(record, …) -> str`       only where `writes` is set
"""

from __future__ import annotations

import importlib
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from pathlib import PurePath
from typing import Any, Final

from communs.core.standards.documents import Document, Kind
from communs.core.standards.reading import FEED, MANIFEST, load_json, load_yaml
from communs.core.texts import N_

SAMPLE_BYTES: Final = 4096

# The contents of a file beside the one that is read, by its path; None where there is none.
Beside = Callable[[str], bytes | None]


@dataclass(frozen=True, slots=True)
class Format:
    """`names`: file names that announce it, in lower case; one that starts with a dot is an ending.

    `looks_beside`: its files name others that lie beside them.
    """

    name: str
    title: str
    kind: Kind
    names: tuple[str, ...]
    repairs: bool = False
    writes: bool = False
    is_feed: bool = False
    looks_beside: bool = False

    @property
    def module(self) -> Any:
        """The package that reads it, imported when first needed."""
        return importlib.import_module(f"communs.core.standards.{self.name.replace('-', '_')}")

    @property
    def bytes_max(self) -> int:
        """The largest file that is read."""
        return (FEED if self.is_feed else MANIFEST).size

    def read(self, data: bytes | str, beside: Beside | None = None) -> Document:
        """The records and problems of a file. Never raises. `beside` gives the files that it names, where it may."""
        document: Document = self.module.read(data, beside) if self.looks_beside else self.module.read(data)
        return document

    def repair(self, data: bytes | str) -> str:
        """The file with the known fixes applied."""
        repaired: str = self.module.repair(data)
        return repaired


FORMATS: Final[dict[str, Format]] = {
    one.name: one
    for one in (
        # First, since its first line decides: other recognisers would take a large election for YAML and parse it.
        Format("pabulib", N_("Pabulib election (.pb)"), "elections", (".pb",), repairs=True, is_feed=True),
        Format(
            *("publiccode", "publiccode.yml", "commons", ("publiccode.yml", "publiccode.yaml"), True, True),
            looks_beside=True,
        ),
        Format("funding-json", "funding.json", "commons", ("funding.json",), True, True),
        Format("codemeta", "codemeta.json", "commons", ("codemeta.json",), True, True),
        Format("citation-cff", "CITATION.cff", "commons", ("citation.cff", ".cff"), True, False),
        Format("funding-yml", "FUNDING.yml", "commons", ("funding.yml", "funding.yaml"), True, False),
        Format("dpg", N_("Digital public goods record"), "commons", (), False, False),
        Format("funding-directory", N_("Directory of funding.json manifests (CSV)"), "commons", (), is_feed=True),
        Format(
            "dispositif-aide", N_("French national schema of support schemes (CSV)"), "opportunities", (), is_feed=True
        ),
        Format("aides-territoires", N_("Aides-territoires API and provider feeds"), "opportunities", (), is_feed=True),
        Format("sedia", N_("EU Funding & Tenders topics"), "opportunities", (), is_feed=True),
        Format("grants-gov", N_("grants.gov extract (XML)"), "opportunities", (), is_feed=True),
        Format("finnish-calls", N_("Finnish calls (Haeavustuksia, EURA)"), "opportunities", (), is_feed=True),
        Format("open-funding", N_("open-funding list (Markdown)"), "opportunities", (), is_feed=True),
        Format("threesixtygiving", N_("360Giving grants"), "awards", (), writes=True, is_feed=True),
        Format("fonds-vert", N_("Awards of the French Fonds vert (CSV)"), "awards", (), is_feed=True),
        Format("scdl", N_("Grants of French public bodies (SCDL, CSV)"), "awards", (), writes=True, is_feed=True),
    )
}


class Sample:
    """A file as the recognisers see it: its bytes, and its contents as JSON or YAML if they are that."""

    def __init__(self, data: bytes | str) -> None:
        self.data = data

    @cached_property
    def start(self) -> str:
        """The first characters, without byte order mark and outer spaces."""
        head = self.data[:SAMPLE_BYTES]
        text = head.decode("utf-8", errors="replace") if isinstance(head, bytes) else head
        return text.removeprefix("\ufeff").lstrip()

    @cached_property
    def json(self) -> Any:
        """The contents as JSON; None where they are not."""
        return load_json(self.data, FEED).value if self.start[:1] in {"{", "["} else None

    @cached_property
    def yaml(self) -> Any:
        """The contents as YAML; None where they are not, or where they are JSON or XML."""
        return None if self.start[:1] in {"{", "[", "<"} else load_yaml(self.data).value

    def first(self) -> dict[str, Any]:
        """The object of the document, or the first one of its list; empty where there is none."""
        value = self.json[0] if isinstance(self.json, list) and self.json else self.json
        return value if isinstance(value, dict) else {}


def by_name(file_name: str) -> Format | None:
    """The format that a file's name announces."""
    name = PurePath(file_name).name.lower()
    for one in FORMATS.values():
        # `map.codemeta.json` too, as exports of several are called.
        if any(name == known or name.endswith(f".{known.removeprefix('.')}") for known in one.names):
            return one
    return None


def recognise(data: bytes | str, file_name: str = "") -> Format | None:
    """The format of a file: of its contents first, then of its name; None where nothing fits.

    A file that bears the name of a format and holds another one is of that other one; `check` tells so.
    """
    sample = Sample(data)
    for one in FORMATS.values():
        if one.module.recognise(sample):
            return one
    return by_name(file_name)
