from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class RegisterConfig(AppConfig):
    name = "communs.apps.register"
    label = "register"
    verbose_name = _("Register of commons")

    def ready(self) -> None:
        """Tell the account pages what a person has here."""
        from communs.apps.accounts import exports, sections
        from communs.apps.register import queries, tasks
        from communs.kit.records import telling

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
