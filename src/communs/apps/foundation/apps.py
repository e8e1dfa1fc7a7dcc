from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


def _waiting(person: Any) -> list[tuple[str, str, str]]:
    """What waits for somebody with an office, on "My page"; loaded when the page is, since commands need none of it."""
    from communs.apps.foundation.pages.keeping_words import section_of

    return section_of(person)


def _rows_of_person(person: Any) -> list[dict[str, Any]]:
    """What a person has here, for the copy of their data."""
    from communs.apps.foundation.queries.rounds import rows_of_person

    return rows_of_person(person)


def _received_by_transfer(*what: Any) -> bool:
    """What a bank statement says came in by a gift's reference."""
    from communs.apps.foundation.actions.gifts import received_by_transfer

    return received_by_transfer(*what)


def _chore(name: str) -> Callable[[], object]:
    """A chore of `tasks`, which is loaded when its time has come: rules and providers are much to load."""

    def run() -> object:
        from communs.apps.foundation import tasks

        return getattr(tasks, name)()

    return run


class FoundationConfig(AppConfig):
    name = "communs.apps.foundation"
    label = "foundation"
    verbose_name = _("Foundation")

    def ready(self) -> None:
        from django.conf import settings

        from communs.apps.accounts import exports, sections
        from communs.apps.foundation.incoming import incoming
        from communs.kit import schedule

        incoming.register(_received_by_transfer)
        sections.register(_("The foundation"), _waiting)
        # At once on a new site: without a provider it calls nowhere, and with one every minute counts.
        at_once, every_minute = timedelta(0), timedelta(minutes=1)
        schedule.register("follow-payments", timedelta(minutes=1), _chore("follow_payments"), first_after=at_once)
        schedule.register("sweep-payments", timedelta(hours=1), _chore("sweep_payments"), first_after=at_once)
        schedule.register("remind-of-transfers", timedelta(days=1), _chore("remind_of_transfers"))
        schedule.register("warn-of-offices-that-end", timedelta(days=1), _chore("warn_of_ends"))
        schedule.register("mark-unheard-payouts", timedelta(hours=6), _chore("mark_unheard_payouts"))
        exports.register("rounds", _rows_of_person)
        schedule.register("close-rounds", every_minute, _chore("close_rounds"), first_after=at_once)
        schedule.register("forget-typed-rounds", timedelta(days=1), _chore("forget_typed"))
        schedule.register("expire-shares", timedelta(hours=6), _chore("expire_shares"), first_after=at_once)
        schedule.register("keep-public-log", timedelta(minutes=10), _chore("keep_log"), first_after=timedelta())
        if settings.DEMO:  # before the log, which then has something to sign
            schedule.register("demonstration", timedelta(minutes=5), _chore("tell_demonstration"), first_after=at_once)
        schedule.register("verify-books", timedelta(days=1), _chore("verify_books"), first_after=timedelta())
