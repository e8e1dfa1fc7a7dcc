from datetime import date, timedelta

from django.db import migrations, models
from django.utils import timezone

KEPT_DAYS = 30
BATCH = 500


def add_opening_days(apps, schema_editor):
    """Windows whose both days are known had no event for the first one: give them one where it is not long past."""
    deadlines = apps.get_model("following", "Deadline").objects
    now = timezone.now()
    since = timezone.localdate(now) - timedelta(days=KEPT_DAYS)
    fresh = []
    for row in deadlines.filter(is_cancelled=False, day__gte=since).iterator(chunk_size=2000):
        try:
            opens = date.fromisoformat(str(row.stated.get("opens") or "")[:10])
        except ValueError:
            continue
        if row.stated.get("closes") and opens >= since:
            fresh.append(
                deadlines.model(
                    record_id=row.record_id,
                    number=row.number,
                    edge="opens",
                    stated=row.stated,
                    day=opens,
                    changed_at=now,
                )
            )
    deadlines.bulk_create(fresh, batch_size=BATCH)


def drop_opening_days(apps, schema_editor):
    """What stood before had one day a window."""
    apps.get_model("following", "Deadline").objects.filter(edge="opens").delete()


class Migration(migrations.Migration):
    dependencies = [("following", "0002_moved_days")]

    operations = [
        migrations.RemoveConstraint(model_name="deadline", name="one_deadline_a_window"),
        migrations.AddField(
            model_name="deadline",
            name="edge",
            field=models.CharField(
                choices=[("closes", "last day"), ("opens", "opening day")], default="closes", max_length=6
            ),
        ),
        migrations.AlterField(
            model_name="deadline",
            name="day",
            field=models.DateField(db_index=True, help_text="of `edge`; the first one where no last day is known"),
        ),
        migrations.AlterField(
            model_name="deadline",
            name="number",
            field=models.PositiveSmallIntegerField(help_text="of the window"),
        ),
        migrations.AddConstraint(
            model_name="deadline",
            constraint=models.UniqueConstraint(fields=("record_id", "number", "edge"), name="one_day_an_edge"),
        ),
        migrations.RunPython(add_opening_days, drop_opening_days),
    ]
