"""The shared pages of records, with the commons test among the tabs of a commons."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from communs.apps.register.kind import KIND
from communs.kit.records.pages import RecordPages


class CommonsPages(RecordPages):
    """`RecordPages` with one more tab."""

    def tabs(self, record: Any) -> list[tuple[str, str, str]]:
        first, *others = super().tabs(record)
        return [first, ("test", _("The commons test"), self.url("test", record.public_id)), *others]


pages = CommonsPages(KIND)
