"""What somebody hands in: kept for a week, bounded in number and size."""

from __future__ import annotations

import base64
import secrets
from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import Any, Final

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from communs.apps.register.models import Intake
from communs.core.standards.reading.bounds import MANIFEST
from communs.kit.gates import NotThere
from communs.kit.records.actions import Impossible

FILES_MAX: Final = 20
BYTES_MAX: Final = 4 * MANIFEST.size
KEPT: Final = timedelta(days=7)
# Of people who are not signed in, so that nobody fills the disk.
ANONYMOUS_MAX_PER_HOUR: Final = 300


def keep(
    person: Any,
    files: Mapping[str, bytes],
    *,
    link: str = "",
    record: Mapping[str, Any] | None = None,
    problems: Iterable[Mapping[str, str]] = (),
) -> Intake:
    """Keep files by name for a week; files that are too large are left out and told as a problem.

    `record`: what the forge behind `link` told of the repository.

    Raises `Impossible` when there is nothing to keep, or too much is asked of the site at this moment.
    """
    told = list(problems)
    kept: list[dict[str, str]] = []
    total = 0
    for name, data in files.items():
        if len(data) > MANIFEST.size or total + len(data) > BYTES_MAX or len(kept) >= FILES_MAX:
            told.append({"place": name, "code": "left-out", "detail": ""})
            continue
        total += len(data)
        kept.append({"name": name[-200:], "data": base64.b64encode(data).decode()})
    if not kept and not told and not record:
        raise Impossible(_("Give a link or choose at least one file."))
    now = timezone.now()
    is_known = bool(getattr(person, "is_authenticated", False))
    if not is_known and _recent_anonymous() >= ANONYMOUS_MAX_PER_HOUR:
        raise Impossible(_("Too many people try this at the moment. Sign in, or come back in an hour."))
    with transaction.atomic():
        return Intake.objects.create(
            token=secrets.token_urlsafe(18),
            person=person if is_known else None,
            link=link[:500],
            files=kept,
            record=dict(record) if record else None,
            problems=told[:50],
            created_at=now,
        )


def get(token: str) -> Intake:
    """What was handed in under this token. Raises `NotThere` when there is none or its week is over."""
    found = Intake.objects.filter(token=token, created_at__gt=timezone.now() - KEPT).first()
    if found is None:
        raise NotThere
    return found


def files_of(intake: Intake) -> list[tuple[str, bytes]]:
    """Name and contents of every file."""
    return [(str(file["name"]), base64.b64decode(file["data"])) for file in intake.files]


def drop_old() -> None:
    """Forget what was handed in more than a week ago."""
    Intake.objects.filter(created_at__lte=timezone.now() - KEPT).delete()


def _recent_anonymous() -> int:
    since = timezone.now() - timedelta(hours=1)
    return Intake.objects.filter(person=None, created_at__gt=since).count()
