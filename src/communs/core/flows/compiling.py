"""numba, where it is installed: the same functions, compiled. What they return is the same to the byte."""

from __future__ import annotations

import importlib
import importlib.util
import sys
from collections.abc import Callable
from functools import cache
from typing import Any

COMPILED_FROM_EDGES = 1_000_000
"""Below this, loading numba (about a second) takes longer than it saves; where it is loaded already, it is used."""


def has_numba() -> bool:
    """Whether numba is installed."""
    return importlib.util.find_spec("numba") is not None


def pays(edges: int) -> bool:
    """Whether to use numba for a graph of this size."""
    return has_numba() and (edges >= COMPILED_FROM_EDGES or "numba" in sys.modules)


def compiled(function: Callable[..., Any], *, edges: int) -> Callable[..., Any]:
    """The function compiled where that pays, otherwise itself."""
    return with_numba(function) if pays(edges) else function


@cache
def with_numba(function: Callable[..., Any]) -> Callable[..., Any]:
    """The function compiled by numba; the machine code is kept on disk beside the module, as numba does."""
    numba: Any = importlib.import_module("numba")
    made: Callable[..., Any] = numba.njit(cache=True)(function)
    return made
