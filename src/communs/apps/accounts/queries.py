"""Reads about people: who someone is, how their account is protected, everything that is theirs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.db.models import QuerySet

from communs.apps.accounts import exports
from communs.apps.accounts.models import Person, Role

ROLES = tuple(Role.values)


@dataclass(frozen=True, slots=True)
class Security:
    """How an account is protected, as its page tells it."""

    has_password: bool
    has_totp: bool
    passkeys: int
    recovery_codes_left: int

    @property
    def has_second_factor(self) -> bool:
        return self.has_totp or self.passkeys > 0


def people() -> QuerySet[Person]:
    """Everyone, in the order they joined."""
    return Person.objects.order_by("joined_at", "pk")


def find_person(email: str) -> Person | None:
    """The person with this address, however it is capitalised."""
    return Person.objects.filter(email=email.strip().lower()).first()


def language_of(email: str, otherwise: str) -> str:
    """The language to write to this address in: the person's own, else the one given."""
    person = find_person(email)
    return person.language if person else otherwise


def security_of(person: Any) -> Security:
    """How the account is protected. One query."""
    factors = list(Authenticator.objects.filter(user_id=person.pk))
    kinds = [factor.type for factor in factors]
    codes = next((factor for factor in factors if factor.type == Authenticator.Type.RECOVERY_CODES), None)
    return Security(
        has_password=person.has_usable_password(),
        has_totp=Authenticator.Type.TOTP in kinds,
        passkeys=kinds.count(Authenticator.Type.WEBAUTHN),
        recovery_codes_left=len(codes.wrap().get_unused_codes()) if codes else 0,
    )


def is_last_administrator(person: Any) -> bool:
    """Whether nobody could administer the site without this person."""
    if person.role != Role.ADMINISTRATOR or not person.is_active:
        return False
    others = Person.objects.filter(role=Role.ADMINISTRATOR, is_active=True).exclude(pk=person.pk)
    return not others.exists()


def export_person(person: Any) -> dict[str, Any]:
    """Everything that is the person's, ready for JSON: the account, then what each app registered.

    Secrets are left out (the password's hash, keys of authenticator apps, recovery codes): whoever holds the file
    could sign in with them, and they say nothing about the person.
    """
    return {
        "account": {
            "email": person.email,
            "name": person.name,
            "language": person.language,
            "role": person.role,
            "joined_at": person.joined_at,
            "last_signed_in_at": person.last_login,
        },
        "email_addresses": list(
            EmailAddress.objects.filter(user_id=person.pk).order_by("pk").values("email", "verified", "primary")
        ),
        "sign_in_methods": [
            {"kind": kind, "added_at": added_at, "last_used_at": last_used_at}
            for kind, added_at, last_used_at in Authenticator.objects.filter(user_id=person.pk)
            .order_by("pk")
            .values_list("type", "created_at", "last_used_at")
        ],
        **exports.collect(person),
    }
