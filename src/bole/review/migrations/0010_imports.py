"""Imports on their way in the background, beside exports."""

import django.db.models.deletion
from django.db import migrations, models

import bole.kernel.fields
import bole.kernel.ids


class Migration(migrations.Migration):
    dependencies = [("documents", "0004_bundles"), ("review", "0009_ends_of_results")]

    operations = [
        migrations.AddField("export", "is_import", models.BooleanField(default=False)),
        migrations.AddField(
            "export",
            "source",
            models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="documents.storedfile",
            ),
        ),
        migrations.AddConstraint(
            "export",
            models.CheckConstraint(
                condition=models.Q(("source__isnull", True), ("is_import", True), _connector="OR"),
                name="review_export_source_of_import",
            ),
        ),
        migrations.CreateModel(
            name="ImportSlice",
            fields=[
                (
                    "id",
                    models.UUIDField(default=bole.kernel.ids.new_id, editable=False, primary_key=True, serialize=False),
                ),
                ("start", models.PositiveIntegerField()),
                ("created", models.PositiveIntegerField()),
                ("updated", models.PositiveIntegerField()),
                ("unchanged", models.PositiveIntegerField()),
                ("failures", bole.kernel.fields.SealedJSONField()),
                (
                    "export",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="slices", to="review.export"
                    ),
                ),
            ],
            options={
                "ordering": ["start"],
                "constraints": [
                    models.UniqueConstraint(fields=("export", "start"), name="review_import_slice_once")
                ],
            },
        ),
    ]
