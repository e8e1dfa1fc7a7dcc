"""Text that nobody vouches for, read within bounds into plain values that remember where they stood."""

from communs.core.standards.reading.bounds import FEED, MANIFEST, Bounds, TooMuch, decode
from communs.core.standards.reading.json_text import load_json
from communs.core.standards.reading.loaded import Loaded
from communs.core.standards.reading.yaml_text import load_yaml

__all__ = ["FEED", "MANIFEST", "Bounds", "Loaded", "TooMuch", "decode", "load_json", "load_yaml"]
