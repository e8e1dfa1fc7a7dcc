from datetime import timedelta
from typing import Any

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


def _waiting(person: Any) -> list[tuple[str, str, str]]:
    """What waits for somebody with an office, on "My page"; loaded when the page is, since commands need none of it."""
    from communs.apps.foundation.pages.keeping_words import section_of

    return section_of(person)


class FoundationConfig(AppConfig):
    name = "communs.apps.foundation"
    label = "foundation"
    verbose_name = _("Foundation")

    def ready(self) -> None:
        from django.conf import settings

        from communs.apps.accounts import exports, sections
        from communs.apps.foundation import tasks
        from communs.apps.foundation.actions.bank import incoming
        from communs.apps.foundation.actions.gifts import REFERENCE_LENGTH, received_by_transfer
        from communs.apps.foundation.queries.rounds import rows_of_person
        from communs.kit import schedule

        incoming.register(received_by_transfer, reference_length=REFERENCE_LENGTH)
        sections.register(_("The foundation"), _waiting)
        # At once on a new site: without a provider it calls nowhere, and with one every minute counts.
        at_once = timedelta(0)
        schedule.register("notifications of payments", timedelta(minutes=1), tasks.follow_payments, first_after=at_once)
        schedule.register("payments nobody told of", timedelta(hours=1), tasks.sweep_payments, first_after=at_once)
        schedule.register("transfers that have not come", timedelta(days=1), tasks.remind_of_transfers)
        schedule.register("payouts nobody heard of", timedelta(hours=6), tasks.mark_unheard_payouts)
        exports.register("rounds", rows_of_person)
        schedule.register("rounds that end", timedelta(minutes=1), tasks.close_rounds, first_after=at_once)
        schedule.register("shares nobody claimed", timedelta(hours=6), tasks.expire_shares, first_after=at_once)
        schedule.register("public-log", timedelta(minutes=10), tasks.keep_log, first_after=timedelta())
        if settings.DEMO:  # before the log, which then has something to sign
            schedule.register("demonstration", timedelta(minutes=5), tasks.tell_demonstration, first_after=at_once)
        schedule.register("verify-books", timedelta(days=1), tasks.verify_books, first_after=timedelta())
