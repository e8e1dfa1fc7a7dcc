from datetime import timedelta

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class FollowingConfig(AppConfig):
    name = "communs.apps.following"
    label = "following"
    verbose_name = _("Following")

    def ready(self) -> None:
        """Name the chores, and tell the account pages what a person has here."""
        from communs.apps.accounts import exports, sections
        from communs.apps.following import queries, tasks
        from communs.kit import schedule

        # At once on a new site: it calls nowhere, and from then on nothing that happens is missed.
        schedule.register("follow-events", timedelta(minutes=5), tasks.follow_events, first_after=timedelta(0))
        schedule.register("follow-mail", timedelta(minutes=5), tasks.follow_mail)
        schedule.register("follow-tidy", timedelta(days=1), tasks.follow_tidy)
        sections.register(_("What you follow by e-mail"), queries.follows_of)
        exports.register("following", queries.rows_of_person)
