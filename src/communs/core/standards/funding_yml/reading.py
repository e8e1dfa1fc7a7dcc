"""A FUNDING.yml as the links by which a commons takes money, and what is wrong in it.

The file names no commons: its record has no name, and is there to be joined with what the same repository says.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from communs.core.standards.documents import Document
from communs.core.standards.funding_yml.platforms import CUSTOM, CUSTOM_MOST, KEYS, OTHER_NAMES, PLATFORMS
from communs.core.standards.problems import Path, Problem, Severity, in_order
from communs.core.standards.reading import Loaded
from communs.core.standards.rules import (
    EMPTY,
    MISSPELT_KEY,
    NOT_TABLE,
    NOT_TEXT,
    TOO_MANY,
    clip,
    nearest,
)
from communs.core.standards.shapes import commons_record, mended_address, plain, web_address
from communs.core.standards.yaml_repair import load_near_yaml, rewritten
from communs.core.texts import N_

UNKNOWN_PLATFORM: Final = (
    N_("“{value}” is no platform that this file may name."),
    N_("Write one of {choices}, or put the address under “custom”."),
)
NOT_HANDLE: Final = (N_("“{value}” is not a name on that platform."), N_("Write {meant}."))
NOT_HANDLE_PLAIN: Final = (
    N_("“{value}” is not a name on that platform."),
    N_("Write only the name that stands at the end of the page's address."),
)
NOT_PACKAGE: Final = (NOT_HANDLE[0], N_("Write the registry and the package, such as npm/left-pad."))
NOT_ADDRESS: Final = (N_("“{value}” is not an address of the web."), N_("Write {meant}."))
NOT_ADDRESS_PLAIN: Final = (
    N_("“{value}” is not an address of the web."),
    N_("Write a full address that starts with https://."),
)
NOTHING: Final = (N_("The file names no way to give."), N_("Fill in one line, or remove the file."))


def recognise(sample: Any) -> bool:
    """Whether the contents are a table whose keys are those of the file, most of them at least, with names or lists."""
    value = sample.yaml
    if not isinstance(value, dict) or not value:
        return False
    own = sum(isinstance(key, str) and key in KEYS for key in value)
    plain_values = all(one is None or isinstance(one, str | int | list) for one in value.values())
    return own * 2 > len(value) and plain_values


def read(data: bytes | str) -> Document:
    """One record with the links under `funding`. Never raises."""
    loaded = load_near_yaml(data)
    problems = list(loaded.problems)
    named = loaded.value
    if named is None and problems:
        return Document("funding-yml", "commons", problems=tuple(problems))
    if named is None:
        return Document("funding-yml", "commons", problems=(loaded.problem((), "nothing", "warning", NOTHING),))
    if not isinstance(named, dict):
        problems.append(loaded.problem((), "not-table", "error", NOT_TABLE))
        return Document("funding-yml", "commons", problems=in_order(problems))
    problems += _check(loaded, named)
    links = list(links_of(_mended(named)))
    if not links and not problems:
        problems.append(loaded.problem((), "nothing", "warning", NOTHING))
    record = commons_record(name="", funding={"plans": [], "links": links, "history": []})
    return Document("funding-yml", "commons", "", (record,) if links else (), in_order(problems))


def repair(data: bytes | str) -> str:
    """The file with its known fixes: names of platforms, handles out of addresses, lists where one is allowed."""
    loaded = load_near_yaml(data)
    if not isinstance(loaded.value, dict):
        return loaded.text
    return rewritten(loaded.text, _mended(loaded.value))


def links_of(named: Mapping[str, Any]) -> Iterator[dict[str, str]]:
    """The page of each way to give: `kind` is the platform, `name` the handle, `url` where one gives."""
    for key, value in named.items():
        for text in _texts(value):
            if key == CUSTOM and web_address(text):
                yield {"kind": CUSTOM, "name": "", "url": web_address(text)}
            elif key in PLATFORMS and PLATFORMS[key].handle.fullmatch(text):
                yield {"kind": key, "name": text, "url": PLATFORMS[key].address(text)}


def _texts(value: Any) -> list[str]:
    return [text for text in map(plain, value if isinstance(value, list) else [value]) if text]


def _meant_key(key: str) -> str:
    if key in KEYS:
        return key
    folded = key.lower().replace("-", "_").replace(" ", "_")
    return OTHER_NAMES.get(folded) or OTHER_NAMES.get(folded.replace("_", "")) or nearest(key, KEYS)


def _check(loaded: Loaded, named: Mapping[str, Any]) -> Iterator[Problem]:
    for key, value in named.items():
        if key not in KEYS:
            meant = _meant_key(key)
            choices = ", ".join(KEYS)
            words = MISSPELT_KEY if meant else UNKNOWN_PLATFORM
            yield loaded.problem((key,), "unknown-key", "error", words, value=clip(key), meant=meant, choices=choices)
            continue
        most = CUSTOM_MOST if key == CUSTOM else PLATFORMS[key].most
        given = value if isinstance(value, list) else [value]
        if len(given) > most:
            yield loaded.problem((key,), "too-many", "error", TOO_MANY, found=str(len(given)), most=str(most))
        for position, one in enumerate(given):
            path: Path = (key, position) if isinstance(value, list) else (key,)
            yield from _check_one(loaded, key, one, path)


def _check_one(loaded: Loaded, key: str, value: Any, path: Path) -> Iterator[Problem]:
    if value is None:
        return
    text = plain(value)
    if isinstance(value, dict | list | bool) or (not text and not isinstance(value, str)):
        yield loaded.problem(path, "not-text", "error", NOT_TEXT)
    elif not text:
        yield loaded.problem(path, "empty", "warning", EMPTY)
    elif key == CUSTOM and not web_address(text):
        meant = web_address(mended_address(text))
        words = NOT_ADDRESS if meant else NOT_ADDRESS_PLAIN
        # The forge opens an address without its scheme all the same.
        severity: Severity = "warning" if meant else "error"
        yield loaded.problem(path, "not-an-address", severity, words, value=clip(text), meant=meant)
    elif key != CUSTOM and not PLATFORMS[key].handle.fullmatch(text):
        meant = PLATFORMS[key].handle_in(text)
        fits = bool(PLATFORMS[key].handle.fullmatch(meant))
        plainly = NOT_PACKAGE if key == "tidelift" else NOT_HANDLE_PLAIN
        words = NOT_HANDLE if fits else plainly
        yield loaded.problem(path, "not-a-handle", "error", words, value=clip(text), meant=clip(meant))


def _mended(named: Mapping[str, Any]) -> dict[str, Any]:
    mended: dict[str, Any] = {}
    for key, value in named.items():
        name = _meant_key(key) or key
        if name not in KEYS or (name != key and (name in named or name in mended)):
            continue
        if name == CUSTOM:
            texts = [web_address(mended_address(text)) or text for text in _texts(value)]
        else:
            texts = [PLATFORMS[name].handle_in(text) for text in _texts(value)]
        most = CUSTOM_MOST if name == CUSTOM else PLATFORMS[name].most
        unchanged = name == key and value is not None and texts == (value if isinstance(value, list) else [value])
        if unchanged and (len(texts) <= 1 or most > 1):
            mended[name] = value
        elif not texts:
            mended[name] = value if value is None or value == [] else None
        else:
            mended[name] = texts if isinstance(value, list) and most > 1 else texts[0]
    return mended
