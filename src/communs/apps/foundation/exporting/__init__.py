"""The public accounts in forms that others read: streamed, however many entries there are."""

from communs.apps.foundation.exporting.entries import FORMS, Form, lines
from communs.apps.foundation.exporting.grants import Funder, grant_awards, grant_lines

__all__ = ["FORMS", "Form", "Funder", "grant_awards", "grant_lines", "lines"]
