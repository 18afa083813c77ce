"""Exports say that they go on; the matrix leaves held tasks out without reading a row."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("review", "0004_outcome_changes")]

    operations = [
        migrations.AddField("export", "touched_at", models.DateTimeField(null=True)),
        migrations.AddIndex("export", models.Index(fields=["state", "asked_at"], name="review_export_state")),
        migrations.RemoveIndex("task", "review_task_matrix"),
        migrations.AddIndex(
            "task",
            models.Index(
                condition=models.Q(("closed_at__isnull", True)),
                fields=["unit", "role", "service", "year", "cleared_at", "held_until"],
                name="review_task_matrix",
            ),
        ),
    ]
