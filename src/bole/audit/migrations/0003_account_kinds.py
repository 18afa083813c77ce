"""More ways of acting. SQLite makes the table anew for this and loses its triggers, so they are put back."""

from importlib import import_module
from typing import Any

from django.db import migrations, models

_triggers = import_module("bole.audit.migrations.0002_append_only")


def guard_again(apps: Any, schema_editor: Any) -> None:
    _triggers.drop(schema_editor.connection)
    _triggers.create(schema_editor.connection)


class Migration(migrations.Migration):

    dependencies = [
        ('audit', '0002_append_only'),
    ]

    operations = [
        migrations.AlterField(
            model_name='entry',
            name='way',
            field=models.CharField(choices=[('person', 'person'), ('unit', 'unit'), ('administrator', 'administrator'), ('unit-account', 'unit-account'), ('system', 'system')], max_length=20),
        ),
        migrations.RunPython(guard_again, migrations.RunPython.noop),
    ]
