"""The address that payment providers notify: what comes is kept, and answered at once."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from communs.apps.foundation.actions import inbox


@csrf_exempt  # a provider has no session here; what it sends is a hint, and no more
@require_POST
def hook(request: HttpRequest, provider: str) -> HttpResponse:
    """Keep what a provider sends. 404 for providers that are not set up, and for what is too long."""
    try:
        inbox.receive(provider, request.headers, _body(request), timezone.now())
    except inbox.TooMany:
        return HttpResponse(b"", content_type="text/plain", status=429, headers={"Retry-After": "60"})
    return HttpResponse(b"", content_type="text/plain")


def _body(request: HttpRequest) -> bytes:
    """The bytes, one more at most than are taken."""
    return request.read(inbox.BODY_MAX + 1)
