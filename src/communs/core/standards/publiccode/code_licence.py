"""The licence of the code of a commons, out of the licences of its parts."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from communs.core.standards.publiccode.repairing.values import mended

# Parts of a commons that are not its code as everybody may use it.
_NOT_CODE = re.compile(
    r"doc|data|text|content|\bart|logo|brand|mark|media|image|sound|font|translation|model|weights|hardware|design"
    r"|enterprise|commercial|proprietary|older|earlier|former|optional|plug-?in"
)


def licence_of(record: Mapping[str, Any]) -> str:
    """The expression for the code: all its parts together, or an alternative to them.

    Empty where one of them is no SPDX expression, or where sources contradict each other.
    """
    stated = [(str(one.get("part") or "").lower(), _spdx(one.get("spdx"))) for one in record.get("licences") or []]
    if any("conflict" in part for part, _ in stated):
        return ""
    other = dict.fromkeys(spdx for part, spdx in stated if "alternative" in part)
    rest = [(part, spdx) for part, spdx in stated if "alternative" not in part and not _NOT_CODE.search(part)]
    exact = [spdx for part, spdx in rest if part in {"code", "software", "source code"}]
    together = _joined("AND", dict.fromkeys(exact or [spdx for _, spdx in rest]))
    return _joined("OR", dict.fromkeys([together, *other])) if together else ""


def _joined(word: str, expressions: Mapping[str, None]) -> str:
    parts = [one for one in expressions if one]
    if len(parts) != len(expressions) or not parts:
        return ""
    return f" {word} ".join(f"({one})" if " " in one and len(parts) > 1 else one for one in parts)


def _spdx(text: object) -> str:
    return (mended("licence", text) or "") if isinstance(text, str) and text.strip() else ""
