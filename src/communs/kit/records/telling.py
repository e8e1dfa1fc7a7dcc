"""After a bulk import, those who watch a changed record are told: one letter a record and run, by the task worker.

An app says how its watchers are told with `register(catalogue, tell)` in its `AppConfig.ready`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from django.db import transaction

from communs.kit.records.models import Record

Tell = Callable[[int, int], Any]
"""(id of the last revision of the run, version before the run) -> anything."""

_tellers: dict[str, Tell] = {}


def register(catalogue: str, tell: Tell) -> None:
    """How those who watch a record of this catalogue are told. Registering again replaces it."""
    _tellers[catalogue] = tell


class Told:
    """The changes of one run that somebody waits to hear of. Nobody watching costs one query a batch."""

    def __init__(self, model: type[Record]) -> None:
        self.model: Any = model
        self._runs: dict[int, tuple[int, int]] = {}  # record: (id of its last revision, version before the run)

    def note(self, revisions: Sequence[Any]) -> None:
        """Remember those of these stored revisions that changed something and whose record is watched."""
        changed = [revision for revision in revisions if revision.diff]
        if not changed:
            return
        watches = self.model.watches.rel.related_model._default_manager
        subjects = {revision.subject_id for revision in changed}
        watched = set(watches.filter(subject__in=subjects).values_list("subject_id", flat=True))
        for revision in changed:
            if revision.subject_id in watched:
                _last, before = self._runs.get(revision.subject_id, (0, revision.version - 1))
                self._runs[revision.subject_id] = (revision.pk, before)

    def tell(self) -> None:
        """Leave the letters to the worker, once what was noted is stored. A full queue never undoes an import."""
        tell = _tellers.get(self.model.CATALOGUE)
        if tell is not None:
            for revision_id, before in self._runs.values():
                transaction.on_commit(partial(tell, revision_id, before), robust=True)
        self._runs = {}
