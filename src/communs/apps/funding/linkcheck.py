"""Looking whether the addresses of opportunities still answer. What is found is a flag, never a change of status."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.utils import timezone

from communs.apps.funding.actions import note_link
from communs.apps.funding.queries import links_due
from communs.kit.fetch import ANYWHERE, Answer, Policy, Problem, fetch

AGAIN_AFTER = timedelta(days=6)
LIMIT = 200


@dataclass(slots=True)
class Report:
    """What one run found: addresses looked at, those that did not answer, those that answer again."""

    checked: int = 0
    flagged: int = 0
    silent: tuple[tuple[str, str], ...] = ()


def policy() -> Policy:
    """What a look may do. Private addresses only where the operator has allowed them (COMMUNS_ALLOW_PRIVATE=1)."""
    allowed = ANYWHERE if settings.ALLOW_PRIVATE_ADDRESSES else ()
    return Policy(timeout_s=15.0, bytes_max=64_000, also_allowed=allowed)


def check_links(
    limit: int,
    within: Policy,
    *,
    now: Callable[[], datetime] = timezone.now,
    progress: Callable[[str, str], None] = lambda _url, _problem: None,
) -> Report:
    """Look at the addresses that are due, flagged ones first, at most `limit`; store what was found one by one."""
    report = Report()
    for link in links_due(limit, now() - AGAIN_AFTER):
        problem, detail = judge(fetch(link.url, within))
        note_link(link.opportunity_id, link.url, problem, detail, now())
        report.checked += 1
        if problem:
            report.flagged += 1
            report.silent += ((link.url, problem),)
        progress(link.url, problem)
    return report


def check_due() -> Report:
    """The daily chore of the worker: a bounded number of addresses that are due."""
    return check_links(LIMIT, policy())


def judge(found: Answer | Problem) -> tuple[str, str]:
    """`(code, detail)` of a problem; an empty code where the address answers.

    A server that asks for a sign-in, refuses robots or is busy (401, 403, 405, 429, 503) does answer: no flag.
    """
    if isinstance(found, Problem):
        return found.code, found.detail
    if found.status < 400 or found.status in {401, 403, 405, 406, 429, 451, 503}:
        return "", f"HTTP {found.status}"
    return f"http-{found.status}", f"HTTP {found.status}"
