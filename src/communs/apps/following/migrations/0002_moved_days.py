from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("following", "0001_initial")]

    operations = [
        migrations.AlterField(
            model_name="deadline",
            name="changed_at",
            field=models.DateTimeField(db_index=True),
        ),
    ]
