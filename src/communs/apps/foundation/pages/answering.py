"""What the pages of money share: refusals of the books in words, amounts, states with their tone."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from communs.apps.foundation.actions.books import KeyTaken, NotRecorded
from communs.core.money import Money
from communs.kit.formats import amount
from communs.kit.records.actions import Impossible
from communs.kit.texts import pick

Crumb = tuple[str, str]
TONES: Final = {
    "confirmed": "yes", "refused": "no", "returned": "no", "withdrawn": "no", "unknown": "ask", "submitted": "ask",
}  # fmt: skip


def answering(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """A page that says what the books refuse, as the site says what cannot be done (409)."""

    @wraps(view)
    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return view(request, *args, **kwargs)
        except KeyTaken as error:
            why = _("This form was sent before with something else in it. Open it anew.")
            raise Impossible(why) from error
        except NotRecorded as error:
            raise Impossible(" ".join(error.said(_))) from error

    return wrapped


@contextmanager
def said_in(form: Any) -> Iterator[None]:
    """What cannot be done is said in the form, which keeps what was typed: for a form that is shown again after it.

    A form that was sent before with something else in it stays a conflict (409): to send it again would not help.
    """
    try:
        yield
    except NotRecorded as error:
        form.add_error(None, " ".join(error.said(_)))
    except Impossible as error:
        form.add_error(None, str(error))


def money(minor: int, currency: str) -> str:
    """Minor units as a person reads them; what is below zero has its sign in front."""
    return ("−" if minor < 0 else "") + amount(Money(abs(minor), currency).major, currency)


def fund_title(fund: Any) -> str:
    """What a fund is called in the reader's language."""
    return pick(fund.title, get_language() or "en").value or str(fund.slug)


def inside(title: str, name: str) -> list[Crumb]:
    """Where a page of the foundation stands: below the foundation, in the part with this title and address."""
    return [(_("Foundation"), reverse("foundation:home")), (title, reverse(f"foundation:{name}") if name else "")]
