"""JSON as people write it by hand: a comma too many, a remark, other quotes. Reported, and read all the same."""

from __future__ import annotations

import re
from typing import Final

from communs.core.standards.reading import Loaded, load_json, load_yaml
from communs.core.standards.reading.bounds import MANIFEST, Bounds

# Remarks that YAML does not know, outside of texts: blanked out, so that places stay where they are.
_REMARK: Final = re.compile(r'("(?:[^"\\\n]++|\\.)*+"?)|//[^\n]*|/\*[^\n]{0,200}?\*/')


def load_near_json(data: bytes | str, bounds: Bounds = MANIFEST) -> Loaded:
    """`load_json`; where the text is no JSON but nearly, its values with the problem that it is none.

    >>> loaded = load_near_json('{"a": [1, 2,], // mine')
    >>> loaded.value, loaded.problems[0].code
    (None, 'not-json')
    >>> load_near_json('{"a": [1, 2,], // mine\\n}').value
    {'a': [1, 2]}
    """
    loaded = load_json(data, bounds)
    if loaded.value is not None or not any(found.code == "not-json" for found in loaded.problems):
        return loaded
    if len(loaded.text) > MANIFEST.size or loaded.text.lstrip()[:1] not in {"{", "["}:
        return loaded
    near = load_yaml(_REMARK.sub(_blanked, loaded.text), bounds)
    if not isinstance(near.value, dict | list):
        return loaded
    return Loaded(near.value, loaded.text, near.locate, loaded.problems)


def _blanked(found: re.Match[str]) -> str:
    return found[0] if found[1] else re.sub(r"[^\n]", " ", found[0])
