"""A published 通过 may end: when, by whom and why."""

from django.db import migrations, models

import bole.kernel.fields

STATES = [
    ("pending", "pending"),
    ("passed", "passed"),
    ("failed", "failed"),
    ("objected", "objected"),
    ("revoked", "revoked"),
]


class Migration(migrations.Migration):
    dependencies = [("review", "0008_claims_lapse")]

    operations = [
        migrations.AddField(model_name="outcome", name="ended_at", field=models.DateTimeField(null=True)),
        migrations.AddField(model_name="outcome", name="ended_by", field=models.UUIDField(null=True)),
        migrations.AddField(
            model_name="outcome", name="end_reason", field=bole.kernel.fields.SealedTextField(null=True)
        ),
        migrations.AlterField(
            model_name="outcome", name="state", field=models.CharField(choices=STATES, max_length=12)
        ),
        migrations.AlterField(
            model_name="outcomechange", name="state", field=models.CharField(choices=STATES, max_length=12)
        ),
        migrations.AddConstraint(
            model_name="outcome",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("end_reason__isnull", False),
                    ("ended_at__isnull", False),
                    ("published_at__isnull", False),
                    ("state__in", ["objected", "revoked"]),
                )
                | models.Q(
                    ("end_reason__isnull", True),
                    ("ended_at__isnull", True),
                    ("ended_by__isnull", True),
                    ("state__in", ["pending", "passed", "failed"]),
                ),
                name="review_outcome_end_whole",
            ),
        ),
    ]
