"""Work that the task worker does for the one-stop shop."""

from __future__ import annotations

from django.db import transaction
from django_tasks import task

from communs.apps.accounts.tasks import post_letter
from communs.apps.funding import actions, linkcheck
from communs.apps.funding.fields import FIELDS, title_of
from communs.apps.funding.queries import get_revision
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
        for letter in change_letters(revision, since, namespace="funding", fields=FIELDS, title_of=title_of):
            post_letter(letter.to, letter.subject, letter.text, letter.headers)


@task()
def check_links(limit: int) -> int:
    """Look at the addresses that are due; how many did not answer."""
    return linkcheck.check_links(limit, linkcheck.policy()).flagged


@task()
def look_for_duplicates() -> int:
    """Renew the pairs that may be the same; how many wait for an editor."""
    return actions.renew_suggestions()
