"""People in the administration: roles are changed here; passwords and keys are neither shown nor changed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import allauth.account.admin
import allauth.mfa.admin  # noqa: F401 - registers what is taken out below
from allauth.account.decorators import secure_admin_login
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.http import HttpRequest

from communs.apps.accounts import actions, queries
from communs.apps.accounts.models import Person, Role

if TYPE_CHECKING:
    PersonModelForm = forms.ModelForm[Person]
    PersonModelAdmin = admin.ModelAdmin[Person]
else:
    PersonModelForm = forms.ModelForm
    PersonModelAdmin = admin.ModelAdmin

# One way in for everyone: with the limits and second factors of the account pages.
admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]
# Its rows hold the secrets of authenticator apps.
admin.site.unregister(Authenticator)
# Whoever writes a confirmed address into another's account can have its password sent there.
admin.site.unregister(EmailAddress)


class PersonForm(PersonModelForm):
    """Refuses to leave the site without an administrator."""

    class Meta:
        model = Person
        fields = ("name", "role", "is_active")

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        stays = values.get("role") == Role.ADMINISTRATOR and values.get("is_active")
        before = Person.objects.get(pk=self.instance.pk)
        if not stays and queries.is_last_administrator(before):
            raise ValidationError("This is the only administrator: make someone else an administrator first.")
        return values


@admin.register(Person)
class PersonAdmin(PersonModelAdmin):
    form = PersonForm
    list_display = ("email", "name", "role", "is_active", "joined_at", "last_login")
    list_filter = ("role", "is_active")
    search_fields = ("email", "name")
    ordering = ("-joined_at",)
    fields = ("email", "name", "role", "is_active", "language", "joined_at", "last_login")
    readonly_fields = ("email", "language", "joined_at", "last_login")

    def has_add_permission(self, request: HttpRequest) -> bool:
        """People sign up, or are created with `communs person create`."""
        return False

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        """Nobody is deleted by the dozen."""
        return {name: action for name, action in super().get_actions(request).items() if name != "delete_selected"}

    def has_delete_permission(self, request: HttpRequest, obj: Person | None = None) -> bool:
        return super().has_delete_permission(request, obj) and not (obj and queries.is_last_administrator(obj))

    def delete_model(self, request: HttpRequest, obj: Person) -> None:
        actions.delete_person(obj)
