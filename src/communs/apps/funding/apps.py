from datetime import timedelta

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class FundingConfig(AppConfig):
    name = "communs.apps.funding"
    label = "funding"

    def ready(self) -> None:
        """Tell the account pages what a person has here."""
        from communs.apps.accounts import exports, sections
        from communs.apps.funding import actions, linkcheck, queries, tasks
        from communs.apps.funding.importing import import_opportunities
        from communs.apps.funding.importing_awards import write_awards
        from communs.apps.funding.kind import KIND
        from communs.apps.funding.projection import texts_of
        from communs.kit import schedule, search
        from communs.kit.records import telling
        from communs.kit.runs import catalogues
        from communs.kit.runs.catalogues import Catalogue

        opportunities = self.get_model("Opportunity")
        catalogues.register(Catalogue("opportunities", _("Funding"), import_opportunities, KIND, opportunities))
        catalogues.register(Catalogue("awards", _("Awards"), write_awards))
        search.register(opportunities, texts_of)
        telling.register("opportunities", tasks.tell_watchers.enqueue)
        schedule.register("check-links", timedelta(days=1), linkcheck.check_due)
        schedule.register("look-for-duplicates", timedelta(days=1), actions.renew_suggestions)
        schedule.register(
            "keep-gap-figures", timedelta(hours=1), actions.keep_gap_figures_now, first_after=timedelta(0)
        )

        sections.register(_("Funding you follow"), queries.followed_by)
        sections.register(_("Funding you proposed or corrected"), queries.proposed_by)
        sections.register(_("Commons you answered questions for"), queries.answered_by)
        exports.register("funding_answers", queries.answers_given_by)
        exports.register("funding_contributions", queries.contributions_of)
