"""The node of a document with every fix that is known: names of terms, addresses, licences, empty values."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from communs.core import licences
from communs.core.standards.codemeta.terms import ADDRESSES, RENAMED, SPDX_ADDRESS, TERMS, said, term
from communs.core.standards.rules import nearest
from communs.core.standards.shapes import mended_address, repository_address, spdx, web_address


def licence_address(name: str) -> str:
    """The address of a licence of the SPDX list; any other name as it is."""
    is_listed = licences.is_licence(name) and " " not in name and not name.startswith("LicenseRef-")
    return f"{SPDX_ADDRESS}{name}" if is_listed else name


def listed(value: Any) -> list[Any]:
    """A list of a value that may stand alone."""
    return value if isinstance(value, list) else [value]


def mended_node(node: Mapping[str, Any], version: str) -> dict[str, Any]:
    """The node as it was meant; `version` is the one of CodeMeta whose names of terms hold."""
    mended: dict[str, Any] = {}
    for key, value in node.items():
        name = key
        if term(key) not in TERMS and ":" not in key:
            name = nearest(key, tuple(TERMS)) or key
        if version >= "3":
            name = RENAMED.get(name, name)
        if name != key and (name in node or not all(said(one) for one in listed(value) if one is not None)):
            name = key
        kept = [_mended(term(name), one) for one in listed(value) if one is not None and one != ""]
        if kept or value == []:
            mended[name] = kept if isinstance(value, list) else kept[0]
    return mended


def _mended(name: str, value: Any) -> Any:
    if not isinstance(value, str):
        return value
    if name in ADDRESSES and not web_address(value):
        return repository_address(value) or web_address(mended_address(value)) or value
    if name == "license":
        meant = spdx(value)
        return licence_address(meant) if meant and licences.is_licence(meant) else value
    return value
