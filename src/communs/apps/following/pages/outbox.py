"""For editors: how the outbox stands, which letters were given up and why, and sending them again.

Whose letters these are is nobody's business: addresses are shown in part, in what servers answer too.
"""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from communs.apps.following import actions, queries
from communs.apps.following.pages.words import masked, masked_in
from communs.kit.gates import Refused, Right
from communs.kit.paging import read_page


@require_safe
def outbox(request: HttpRequest) -> HttpResponse:
    """Letters that wait, that are late, and that were given up, with the reason."""
    _editors_only(request)
    page = read_page(request.GET.get("page"), queries.count_dead())
    context = {
        "stand": queries.outbox(timezone.now()),
        "rows": [_line(mailing) for mailing in queries.dead_letters(page.offset, page.rows)],
        "page": page,
        "query": "",
        "crumbs": [(_("The outbox"), "")],
    }
    return render(request, "following/outbox.html", context)


@require_POST
def send_again(request: HttpRequest, pk: int) -> HttpResponse:
    """Put a letter that was given up back into the outbox."""
    _editors_only(request)
    actions.send_again(pk, timezone.now())
    messages.success(request, _("It is in the outbox again, and leaves within a few minutes."))
    return redirect("following:outbox")


def _line(mailing: Any) -> dict[str, Any]:
    return {
        "mailing": mailing,
        "to": masked(mailing.subscription.email),
        "about": mailing.subscription.interest.get_what_display(),
        "problem": masked_in(mailing.problem),
    }


def _editors_only(request: HttpRequest) -> None:
    if not (request.user.is_authenticated and request.user.is_editor):
        raise Refused(Right.MODERATE, signed_in=request.user.is_authenticated)
