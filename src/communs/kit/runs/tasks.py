"""Runs that the task worker carries out."""

from __future__ import annotations

from django.utils import timezone
from django_tasks import task

from communs.kit.models import Run
from communs.kit.runs import reading


@task()
def carry_out(run_pk: int) -> None:
    """Read the source of a run that was asked for; one that is gone or taken already is left alone."""
    run = Run.objects.select_related("source", "file").filter(pk=run_pk).first()
    if run is not None:
        reading.carry_out_asked(run)


def read_due() -> None:
    """The chore: scheduled sources whose time has come are left to the worker."""
    for run in reading.read_due(timezone.now()):
        carry_out.enqueue(run.pk)
