from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("funding", "0003_runs"),
    ]

    operations = [
        migrations.CreateModel(
            name="GapSnapshot",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("month", models.CharField(help_text="YYYY-MM", max_length=7, unique=True)),
                ("taken_on", models.DateField()),
                ("figures", models.JSONField()),
            ],
            options={
                "ordering": ("month",),
            },
        ),
    ]
