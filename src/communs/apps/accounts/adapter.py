"""How the account library (django-allauth) behaves here: our words, the person's language, e-mail through tasks."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import get_language, override
from django.utils.translation import gettext_lazy as _

from communs.apps.accounts import queries, tasks


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Named by the setting ACCOUNT_ADAPTER."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "email_password_mismatch": _("The e-mail address or the password is not right."),
        "enter_current_password": _("Type the password you have now."),
        "incorrect_password": _("This is not your password."),
        "incorrect_code": _("This code is not right, or its time is over. Type the one shown now."),
        "rate_limited": _("Too many attempts. Wait a few minutes, then try again."),
        "too_many_login_attempts": _("Too many attempts with this address. Wait five minutes, then try again."),
        "account_inactive": _("This account is closed."),
    }

    def save_user(self, request: HttpRequest, user: Any, form: Any, commit: bool = True) -> Any:
        """A new person reads in the language they signed up in."""
        user.language = get_language() or settings.LANGUAGE_CODE
        return super().save_user(request, user, form, commit)

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Write the e-mail in the recipient's language now, deliver it later."""
        with override(queries.language_of(email, get_language() or settings.LANGUAGE_CODE)):
            letter = self.render_mail(
                template_prefix, email, {"email": email, "host": self.request.get_host(), **context}
            )
        tasks.post_letter(email, str(letter.subject), str(letter.body))

    def send_notification_mail(
        self, template_prefix: str, user: Any, context: dict[str, Any] | None = None, email: str | None = None
    ) -> None:
        """Tell the person of every change to how they sign in: it may not have been them."""
        url = self.request.build_absolute_uri(reverse("account_reset_password"))
        self.send_mail(template_prefix, email or user.email, {"user": user, "reset_url": url, **(context or {})})

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """Changing addresses, keys and codes, and leaving, ask again who is there."""
        return True

    def get_client_ip(self, request: HttpRequest) -> str:
        """Whose attempts are counted together. Under https a proxy stands before us and names the visitor last."""
        forwarded = request.headers.get("X-Forwarded-For", "") if settings.PUBLIC_URL.startswith("https") else ""
        return forwarded.rpartition(",")[2].strip() or str(super().get_client_ip(request))

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return reverse("accounts:me")
