"""What pages of every app share."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps

from django.http import HttpRequest, HttpResponse


def public_page(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """A page that is the same for everyone who is not signed in: the page cache may keep it.

    Such a page sets no cookie and holds no CSRF token for anonymous readers.
    """

    @wraps(view)
    def wrapped(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        response = view(request, *args, **kwargs)
        response.may_be_kept = not request.user.is_authenticated  # type: ignore[attr-defined]
        return response

    return wrapped
