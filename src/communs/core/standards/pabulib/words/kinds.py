"""How a kind of problem is told."""

from __future__ import annotations

from typing import NamedTuple

from communs.core.standards.problems import Severity


class Words(NamedTuple):
    """`is_fatal`: the election cannot be counted while this stands."""

    severity: Severity
    message: str
    fix: str
    is_fatal: bool = False
