from typing import Any

from django.db import migrations

from communs.apps.foundation import sql


def install(apps: Any, schema_editor: Any) -> None:
    sql.install(schema_editor.connection)


def uninstall(apps: Any, schema_editor: Any) -> None:
    sql.uninstall(schema_editor.connection)


class Migration(migrations.Migration):
    dependencies = [("foundation", "0001_initial")]
    operations = [migrations.RunPython(install, uninstall)]
