from datetime import timedelta

from django.apps import AppConfig


class KitConfig(AppConfig):
    name = "communs.kit"
    label = "kit"
    verbose_name = "Sources and counters"

    def ready(self) -> None:
        """Name the chores that every site has."""
        from communs.kit import schedule
        from communs.kit.runs import tasks
        from communs.kit.unanswered import actions as unanswered

        schedule.register("prune-task-results", timedelta(days=1), schedule.prune_results)
        schedule.register("drop-unanswered", timedelta(days=1), unanswered.drop_surplus)
        schedule.register("read-sources", timedelta(minutes=10), tasks.read_due)
