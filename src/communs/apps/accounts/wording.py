"""Texts of the account library (django-allauth) and of Django that are worded differently here.

Their catalogues are overridden by ours (`locale/en`, `locale/fr`), since this app stands before them in
INSTALLED_APPS. Marked here so that the collection of texts finds them.
"""

from __future__ import annotations

from django.utils.translation import gettext_noop as _

REWORDED = (
    _("Email"),
    _("Email address"),
    _("Password"),
    _("Remember Me"),
    _("Forgot your password?"),
    _("Current Password"),
    _("New Password"),
    _("New Password (again)"),
    _("Password (again)"),
    _("You must type the same password each time."),
    _("Authenticator code"),
    _("Code"),
    _("Incorrect code."),
    _("Use your password"),
    _("Use authenticator app or code"),
    _("Use a security key"),
    _("Master key"),
    _("Backup key"),
    _("A user is already registered with this email address."),
    _("This email address is already associated with this account."),
    _("You cannot remove your primary email address."),
    _("Your primary email address must be verified."),
    _("You cannot activate two-factor authentication until you have verified your email address."),
    _("You cannot generate recovery codes without having two-factor authentication enabled."),
    _("You cannot add an email address to an account protected by two-factor authentication."),
)
