"""Interface texts in a core that knows no translation machinery.

A message id is an English sentence marked with `N_`, so that the catalogue tools find it. Whoever renders it passes a
`Translate` (English when none is passed) and fills the placeholders afterwards with `str.format`.
"""

from __future__ import annotations

from collections.abc import Callable

Translate = Callable[[str], str]


def N_(message: str) -> str:  # noqa: N802 - the name that message extractors look for
    """Mark `message` for translation and give it back unchanged.

    >>> N_("Not known yet")
    'Not known yet'
    """
    return message


def identity(message: str) -> str:
    """The default translation: English as written."""
    return message
