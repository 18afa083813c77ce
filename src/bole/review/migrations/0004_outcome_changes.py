"""What a result was made at each of its revisions."""

import django.db.models.deletion
from django.db import migrations, models

import bole.kernel.fields
import bole.kernel.ids


class Migration(migrations.Migration):
    dependencies = [("review", "0003_full_strength")]

    operations = [
        migrations.CreateModel(
            name="OutcomeChange",
            fields=[
                (
                    "id",
                    models.UUIDField(default=bole.kernel.ids.new_id, editable=False, primary_key=True, serialize=False),
                ),
                ("revision", models.PositiveIntegerField()),
                (
                    "state",
                    models.CharField(
                        choices=[("pending", "pending"), ("passed", "passed"), ("failed", "failed")], max_length=12
                    ),
                ),
                ("awarded", models.CharField(blank=True, default="", max_length=40)),
                ("document", models.CharField(blank=True, default="", max_length=100)),
                ("decided_on", models.DateField(null=True)),
                ("published", models.BooleanField()),
                ("reason", bole.kernel.fields.SealedTextField(null=True)),
                ("account", models.UUIDField()),
                ("account_name", models.CharField(max_length=100)),
                ("changed_at", models.DateTimeField()),
                (
                    "outcome",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="changes", to="review.outcome"
                    ),
                ),
            ],
            options={
                "ordering": ["revision"],
                "constraints": [
                    models.UniqueConstraint(fields=("outcome", "revision"), name="review_outcome_change_once")
                ],
            },
        ),
    ]
