from datetime import timedelta

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


def crawl_repositories() -> None:
    """The daily look at repositories; what it needs is imported when it is done, not when the site starts."""
    from communs.apps.register.crawling.crawl import crawl_due

    crawl_due()


class RegisterConfig(AppConfig):
    name = "communs.apps.register"
    label = "register"
    verbose_name = _("Register of commons")

    def ready(self) -> None:
        """Tell the account pages what a person has here."""
        from communs.apps.accounts import exports, sections
        from communs.apps.register import queries, tasks
        from communs.apps.register.adding.intake import drop_old
        from communs.apps.register.importing import import_commons
        from communs.apps.register.kind import KIND
        from communs.apps.register.projection import texts_of
        from communs.kit import schedule, search
        from communs.kit.records import telling
        from communs.kit.runs import catalogues
        from communs.kit.runs.catalogues import Catalogue

        schedule.register("drop-intakes", timedelta(days=1), drop_old)
        schedule.register("crawl", timedelta(days=1), crawl_repositories)
        catalogues.register(
            Catalogue(
                "commons", _("Commons"), import_commons, KIND, self.get_model("Commons"), queries.ids_looked_after_by
            )
        )
        search.register(self.get_model("Commons"), texts_of)
        telling.register("commons", tasks.tell_watchers.enqueue)

        sections.register(_("Commons you look after"), queries.looked_after_by)
        sections.register(_("What you proposed for commons"), queries.proposed_by)
        sections.register(_("Commons you follow"), queries.watched_by)
        exports.register("commons_proposals", queries.proposals_of)
        exports.register("commons_changes", queries.changes_by)
        exports.register("commons_statements", queries.statements_by)
        exports.register("commons_comments", queries.comments_of)
        exports.register("commons_watched", queries.watches_of)
        exports.register("commons_relations", queries.relations_by)
        exports.register("stewardships", queries.stewardships_of)
