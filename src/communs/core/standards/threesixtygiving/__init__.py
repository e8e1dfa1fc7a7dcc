"""Awards in the 360Giving Data Standard (1.0 to 1.4), JSON packages: who gave how much to whom, for what."""

from communs.core.standards.threesixtygiving.publishing import CannotPublish, publish
from communs.core.standards.threesixtygiving.reading import NAME, read, recognise
from communs.core.standards.threesixtygiving.writing import REGRANT_TYPES, write

__all__ = ["NAME", "REGRANT_TYPES", "CannotPublish", "publish", "read", "recognise", "write"]
