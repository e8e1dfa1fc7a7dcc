"""A person: an e-mail address, a name to be shown, a role on the whole site. And letters on their way to people."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    """What a person is on the whole site. Stewards are members who look after particular commons."""

    MEMBER = "member", _("Member")
    EDITOR = "editor", _("Editor")
    ADMINISTRATOR = "administrator", _("Administrator")


class PersonManager(BaseUserManager["Person"]):
    def create_user(self, email: str, password: str | None = None, **fields: Any) -> Person:
        person = self.model(email=self.normalize_email(email).lower(), **fields)
        person.set_password(password)
        person.save(using=self._db)
        return person

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> Person:
        return self.create_user(email, password, **{**fields, "role": Role.ADMINISTRATOR})


class Person(AbstractBaseUser, PermissionsMixin):
    """Someone who signs in. The e-mail address is never shown to others; `name` may be left empty."""

    email = models.EmailField(_("e-mail address"), unique=True)
    name = models.CharField(_("name shown to others"), max_length=80, blank=True)
    language = models.CharField(_("language"), max_length=5, default="en")
    role = models.CharField(_("role"), max_length=20, choices=Role.choices, default=Role.MEMBER)
    is_active = models.BooleanField(default=True)
    joined_at = models.DateTimeField(default=timezone.now)

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []
    objects = PersonManager()

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")

    def __str__(self) -> str:
        return self.shown_name

    @property
    def shown_name(self) -> str:
        """What others read: the chosen name, or a number, never the address."""
        return self.name or f"#{self.pk}"

    @property
    def is_editor(self) -> bool:
        return self.role in {Role.EDITOR, Role.ADMINISTRATOR}

    @property
    def is_administrator(self) -> bool:
        return self.role == Role.ADMINISTRATOR

    @property
    def is_staff(self) -> bool:
        """Django's admin asks for this name."""
        return self.is_administrator

    def has_perm(self, perm: str, obj: object = None) -> bool:
        return self.is_active and (self.is_administrator or super().has_perm(perm, obj))  # type: ignore[arg-type]

    def has_module_perms(self, app_label: str) -> bool:
        return self.is_active and (self.is_administrator or super().has_module_perms(app_label))


class Letter(models.Model):
    """An e-mail that has not left yet. The row goes when the mail server has taken it, or will not after all.

    The text stands here and not among the arguments of a task, because tasks are kept after they have run and a
    letter may hold a link that opens an account.
    """

    to = models.EmailField()
    subject = models.CharField(max_length=300)
    text = models.TextField()
    headers = models.JSONField(default=dict, blank=True)
    written_at = models.DateTimeField(default=timezone.now)
    attempts = models.PositiveSmallIntegerField(default=0)

    def __str__(self) -> str:
        return f"letter {self.pk}, {self.attempts} attempts"
