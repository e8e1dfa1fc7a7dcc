"""Writes about people and letters: one transaction each."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Any

from allauth.account.models import EmailAddress
from django.contrib.admin.models import LogEntry
from django.contrib.auth.password_validation import validate_password
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.core.mail import EmailMessage
from django.core.validators import validate_email
from django.db import models, transaction
from django.db.models import ProtectedError
from django.utils.translation import gettext as _

from communs.apps.accounts import queries
from communs.apps.accounts.models import Letter, Person, Role
from communs.kit.records.actions import Impossible

# Before each further attempt to hand a letter over: a mail server that is down is rarely down for long.
RETRY_WAITS_S = (60, 300, 1_800, 7_200, 43_200)

log = logging.getLogger("communs.accounts")


def create_person(
    email: str,
    password: str | None,
    *,
    name: str = "",
    role: str = Role.MEMBER,
    language: str = "en",
    stored: str = "",
) -> Person:
    """Add a person whose address counts as confirmed. Without a password they set one through "forgot password".

    `stored`: the same password as the database keeps it, where that has been worked out already (it takes a while).
    Raises `Impossible` when the address is not one or is taken, the role unknown, or the password too weak.
    """
    email = email.strip().lower()
    try:
        validate_email(email)
    except ValidationError as error:
        raise Impossible(_("{email} is not an e-mail address.").format(email=email)) from error
    _check_role(role)
    with transaction.atomic():
        if queries.find_person(email) or EmailAddress.objects.filter(email=email).exists():
            raise Impossible(_("There is an account with the address {email} already.").format(email=email))
        person = Person(email=email, name=name, role=role, language=language)
        _give_password(person, password, stored)
        person.save()
        EmailAddress.objects.create(user=person, email=email, verified=True, primary=True)
    return person


def ensure_person(
    email: str, password: str, *, name: str = "", role: str = Role.MEMBER, stored: str = ""
) -> tuple[Person, bool]:
    """The person with this address, created where missing; whether it was. Someone who is there is left as they are."""
    person = queries.find_person(email)
    if person:
        return person, False
    return create_person(email, password, name=name, role=role, stored=stored), True


def set_password(person: Person, password: str) -> None:
    """Give a person a new password; every session they have ends. Raises `Impossible` when it is too weak."""
    _give_password(person, password)
    person.save(update_fields=["password"])


def set_role(person: Person, role: str) -> Person:
    """Make a person a member, an editor or an administrator.

    Raises `Impossible` for a role that does not exist, and when nobody would be left to administer the site.
    """
    _check_role(role)
    with transaction.atomic():
        person = _lock_people().get(pk=person.pk)
        if role != Role.ADMINISTRATOR:
            _keep_an_administrator(person)
        person.role = role
        person.save(update_fields=["role"])
    return person


def change_profile(person: Person, *, name: str, language: str) -> None:
    """Change the name shown to others and the language of pages and e-mail."""
    person.name, person.language = name, language
    person.save(update_fields=["name", "language"])


def delete_person(person: Person) -> None:
    """Remove the account and everything personal. What the person contributed to public records stays, without them.

    Tables say which is which: a foreign key to a person cascades for what is personal, and is set to null for what
    is public. Where one protects the person, money was decided on: a number stays that says who, and nothing else.
    Raises `Impossible` for the last administrator.
    """
    with transaction.atomic():
        person = _lock_people().get(pk=person.pk)
        _keep_an_administrator(person)
        addresses = {person.email, *EmailAddress.objects.filter(user_id=person.pk).values_list("email", flat=True)}
        Letter.objects.filter(to__in=addresses).delete()
        # The administration's log names the person it is about.
        kind = ContentType.objects.get_for_model(Person)
        LogEntry.objects.filter(content_type=kind, object_id=str(person.pk)).delete()
        try:
            person.delete()
        except ProtectedError:
            _leave_a_number(person)


def _leave_a_number(person: Person) -> None:
    """Take away everything of a person but the row that protected rows point to."""
    for relation in person._meta.related_objects:
        held = relation.related_model._default_manager.filter(**{relation.field.name: person})
        if relation.on_delete is models.CASCADE:
            held.delete()
        elif relation.on_delete is models.SET_NULL:
            held.update(**{relation.field.name: None})
    person.email, person.name, person.role = f"nobody-{person.pk}@invalid", "", Role.MEMBER
    person.is_active = False
    person.set_unusable_password()
    person.save()


def write_letter(to: str, subject: str, text: str, headers: Mapping[str, str] | None = None) -> Letter:
    """Keep an e-mail for delivery. To send it, use `tasks.post_letter`."""
    return Letter.objects.create(to=to, subject=subject, text=text, headers=dict(headers or {}))


def take_back_letters(to: str, saying: str) -> None:
    """Letters to an address, with this in them, that the mail server has not taken yet: they are not sent."""
    Letter.objects.filter(to=to, text__contains=saying).delete()


def hand_over(letter_id: int) -> int | None:
    """Give a letter to the mail server and forget it. Returns the seconds to wait before another attempt, or None.

    A letter that is not there has been handed over already, or its person is gone. One that failed too often is
    given up with a line in the log, which names neither the address nor the text.
    """
    letter = Letter.objects.filter(pk=letter_id).first()
    if letter is None:
        return None
    message = EmailMessage(letter.subject, letter.text, to=[letter.to], headers=dict(letter.headers))
    try:
        message.send()
    except OSError as error:  # what smtplib and sockets raise
        return _attempt_failed(letter, error)
    letter.delete()
    return None


def _attempt_failed(letter: Letter, error: OSError) -> int | None:
    letter.attempts += 1
    if letter.attempts > len(RETRY_WAITS_S):
        log.error("letter %s given up after %s attempts: %s", letter.pk, letter.attempts, type(error).__name__)
        letter.delete()
        return None
    letter.save(update_fields=["attempts"])
    wait_s = RETRY_WAITS_S[letter.attempts - 1]
    log.warning("letter %s not taken (%s): next attempt in %s s", letter.pk, type(error).__name__, wait_s)
    return wait_s


def _give_password(person: Person, password: str | None, stored: str = "") -> None:
    if password is not None:
        try:
            validate_password(password, person)
        except ValidationError as error:
            raise Impossible(" ".join(error.messages)) from error
    if stored:
        person.password = stored
    else:
        person.set_password(password)


def _check_role(role: str) -> None:
    if role not in Role.values:
        raise Impossible(
            _("There is no role {role}: choose one of {roles}.").format(role=role, roles=", ".join(Role.values))
        )


def _lock_people() -> Any:
    """People for update. Administrators are locked first, so that two of them cannot leave at the same moment."""
    list(Person.objects.select_for_update().filter(role=Role.ADMINISTRATOR).order_by("pk").values_list("pk", flat=True))
    return Person.objects.select_for_update()


def _keep_an_administrator(person: Person) -> None:
    if queries.is_last_administrator(person):
        raise Impossible(
            _("This is the only administrator: make someone else an administrator first, so that the site has one.")
        )
