import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("register", "0003_intake"),
    ]

    operations = [
        migrations.CreateModel(
            name="CrawledHost",
            fields=[
                ("name", models.CharField(max_length=255, primary_key=True, serialize=False)),
                ("forge", models.CharField(blank=True, max_length=12)),
                ("wait_until", models.DateTimeField(blank=True, null=True)),
                (
                    "api_wait_until",
                    models.DateTimeField(blank=True, help_text="until its API counts anew", null=True),
                ),
                ("robots", models.TextField(blank=True)),
                ("robots_at", models.DateTimeField(blank=True, null=True)),
            ],
        ),
        migrations.CreateModel(
            name="CrawledRepository",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("url", models.CharField(max_length=2000)),
                (
                    "key",
                    models.CharField(help_text="normalised; the commons has it or one of the aliases", max_length=300),
                ),
                (
                    "aliases",
                    models.JSONField(default=list, help_text="normalised addresses it had before it was renamed"),
                ),
                ("host", models.CharField(db_index=True, max_length=255)),
                ("forge", models.CharField(blank=True, max_length=12)),
                (
                    "forge_id",
                    models.CharField(
                        blank=True, help_text="the forge's own number, which outlives renames", max_length=40
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("new", "not reached yet"),
                            ("active", "there"),
                            ("missing", "not found; looked for again in a day"),
                            ("gone", "no longer there"),
                            ("replaced", "another repository stands at this address"),
                        ],
                        db_index=True,
                        default="new",
                        max_length=10,
                    ),
                ),
                ("missing_since", models.DateTimeField(blank=True, null=True)),
                ("trouble", models.CharField(blank=True, help_text="why the last look gave no answer", max_length=40)),
                ("trouble_since", models.DateTimeField(blank=True, null=True)),
                ("failures", models.PositiveSmallIntegerField(default=0)),
                ("active_on", models.CharField(blank=True, max_length=10)),
                ("is_archived", models.BooleanField(default=False)),
                ("facts", models.JSONField(default=dict)),
                ("files", models.JSONField(default=dict)),
                ("validators", models.JSONField(default=dict)),
                (
                    "reader",
                    models.PositiveSmallIntegerField(default=0, help_text="version of the rules that read the files"),
                ),
                ("checked_at", models.DateTimeField(blank=True, null=True)),
                ("changed_at", models.DateTimeField(blank=True, null=True)),
                ("next_at", models.DateTimeField(db_index=True)),
                (
                    "commons",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE, related_name="crawled", to="register.commons"
                    ),
                ),
            ],
        ),
    ]
