"""E-mail to those who watch a commons, written by the task worker after the change is stored."""

from __future__ import annotations

from django.db import transaction
from django_tasks import task

from communs.apps.accounts.tasks import post_letter
from communs.apps.register.fields import FIELDS, title_of
from communs.apps.register.queries import get_revision
from communs.kit.records.watching import change_letters


@task()
def tell_watchers(revision_pk: int, since: int | None = None) -> None:
    """One letter a person, all of them or none; a revision that is gone has nobody to tell.

    `since`: the version before the run, when the revision is the last one of an import.
    """
    revision = get_revision(revision_pk)
    if revision is None:
        return
    with transaction.atomic():
        for letter in change_letters(revision, since, namespace="commons", fields=FIELDS, title_of=title_of):
            post_letter(letter.to, letter.subject, letter.text, letter.headers)
