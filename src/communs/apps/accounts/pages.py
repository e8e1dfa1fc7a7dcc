"""A person's own pages: who I am, what I do here, my data, leaving."""

from __future__ import annotations

from typing import Any, cast

from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_required
from django.core.serializers.json import DjangoJSONEncoder
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from communs.apps.accounts import actions, queries, sections
from communs.apps.accounts.forms import ProfileForm


def _person(request: HttpRequest) -> Any:
    """Who is signed in (the decorators have made sure that someone is)."""
    return cast("Any", request.user)


@never_cache
@login_required
def me(request: HttpRequest) -> HttpResponse:
    """My page. POST changes the name shown and the language."""
    person = _person(request)
    initial = {"name": person.name, "language": person.language}
    form = ProfileForm(request.POST if request.method == "POST" else None, initial=initial)
    if form.is_valid():
        actions.change_profile(person, **form.cleaned_data)
        messages.success(request, _("Saved."))
        return redirect("accounts:me")
    context = {
        "form": form,
        "sections": sections.sections_of(person),
        "security": queries.security_of(person),
    }
    return render(request, "accounts/me.html", context)


@never_cache
@login_required
@require_GET
def export(request: HttpRequest) -> HttpResponse:
    """Everything that is mine, as one JSON file."""
    response = JsonResponse(
        queries.export_person(_person(request)),
        encoder=DjangoJSONEncoder,
        json_dumps_params={"ensure_ascii": False, "indent": 2},
    )
    response["Content-Disposition"] = f'attachment; filename="communs-{timezone.localdate().isoformat()}.json"'
    return response


@never_cache
@login_required
@reauthentication_required  # type: ignore[untyped-decorator]
def delete(request: HttpRequest) -> HttpResponse:
    """Leave. Asks for the password (or another way of signing in) first, unless that was minutes ago."""
    if request.method == "POST":
        actions.delete_person(_person(request))
        logout(request)
        messages.success(request, _("Your account is deleted."))
        return redirect("home")
    return render(request, "accounts/delete.html")
