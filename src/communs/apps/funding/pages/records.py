"""The pages that every kind of record shares, for opportunities: history, sources, proposals, discussion, following."""

from __future__ import annotations

from communs.apps.funding.kind import KIND
from communs.kit.records.pages import RecordPages

PAGES = RecordPages(KIND)
