from datetime import timedelta

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class FundingConfig(AppConfig):
    name = "communs.apps.funding"
    label = "funding"

    def ready(self) -> None:
        """Tell the account pages what a person has here."""
        from communs.apps.accounts import exports, sections
        from communs.apps.funding import linkcheck, queries, tasks
        from communs.kit import schedule
        from communs.kit.records import telling

        telling.register("opportunities", tasks.tell_watchers.enqueue)
        schedule.register("check-links", timedelta(days=1), linkcheck.check_due)

        sections.register(_("Funding you follow"), queries.followed_by)
        sections.register(_("Funding you proposed or corrected"), queries.proposed_by)
        sections.register(_("Commons you answered questions for"), queries.answered_by)
        exports.register("funding_answers", queries.answers_given_by)
        exports.register("funding_contributions", queries.contributions_of)
