"""Countries by their English names."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from types import MappingProxyType


def country_code(name: str) -> str:
    """The code of ISO 3166-1 for a country's English name; empty where it is none that is known.

    >>> country_code("Tanzania"), country_code("côte d'ivoire"), country_code("Utopia")
    ('TZ', 'CI', '')
    """
    return _codes().get(_folded(name), "")


def is_country(text: str) -> bool:
    """Whether a text is the English name of a country, or its code of two letters.

    >>> is_country("US"), is_country("Poland"), is_country("Utopia")
    (True, True, False)
    """
    return bool(country_code(text)) or text in _codes().values()


@cache
def _codes() -> Mapping[str, str]:
    codes: dict[str, str] = {}
    for line in files(__package__).joinpath("countries.tsv").read_text(encoding="utf-8").splitlines():
        if not line.startswith("#"):
            code, *names = line.split("\t")
            codes.update((_folded(name), code) for name in names)
    return MappingProxyType(codes)


def _folded(name: str) -> str:
    return " ".join(name.replace("’", "'").casefold().split()).removeprefix("the ")
