"""A claim holds for a time and for a desk. Those made before had neither, and are let go."""

from typing import Any

import django.db.models.deletion
from django.db import migrations, models


def let_go(apps: Any, editor: Any) -> None:
    claimed = apps.get_model("review", "Task").objects.using(editor.connection.alias).filter(claimed_by__isnull=False)
    claimed.update(claimed_by=None, claimed_name="")


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0003_unit_subjects"),
        ("organizations", "0002_account_kinds"),
        ("review", "0007_unit_publicity"),
    ]

    operations = [
        migrations.RunPython(let_go, migrations.RunPython.noop),
        migrations.AddField(
            model_name="task",
            name="claimed_unit",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="organizations.unit",
            ),
        ),
        migrations.AddField(model_name="task", name="claimed_until", field=models.DateField(null=True)),
        migrations.AddConstraint(
            model_name="task",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("claimed_by__isnull", True), ("claimed_unit__isnull", True), ("claimed_until__isnull", True)
                )
                | models.Q(
                    ("claimed_by__isnull", False), ("claimed_unit__isnull", False), ("claimed_until__isnull", False)
                ),
                name="review_task_claim_whole",
            ),
        ),
    ]
