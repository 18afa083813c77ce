"""What this database is: a demonstration or the real thing. One row."""

from django.db import models

from bole.kernel.ids import new_id


class Installation(models.Model):
    """The mark of the database, written once when it is prepared.

    Demo log-ins and fixed codes are refused on a database that is not marked as a demonstration, and a
    database full of known passwords is refused by production settings (C56).
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    only = models.BooleanField(default=True, unique=True, editable=False)
    demo = models.BooleanField()
    created_at = models.DateTimeField()
    demo_loaded_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(only=True), name="project_installation_only_one"),
            models.CheckConstraint(
                condition=models.Q(demo=True) | models.Q(demo_loaded_at=None), name="project_installation_demo_data"
            ),
        ]
