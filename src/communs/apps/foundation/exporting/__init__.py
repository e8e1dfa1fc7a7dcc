"""The public accounts in forms that others read: streamed, however many entries there are."""

from communs.apps.foundation.exporting.entries import FORMS, Form, lines
from communs.apps.foundation.exporting.grants import (
    LEFT_OUT_COLUMNS,
    Funder,
    grant_awards,
    grant_lines,
    left_out,
    number_left_out,
)

__all__ = [
    "FORMS", "LEFT_OUT_COLUMNS", "Form", "Funder", "grant_awards", "grant_lines", "left_out", "lines",
    "number_left_out",
]  # fmt: skip
