"""The one table of the room: what was decided and takes effect on a later day (HA-08)."""

from django.db import models
from django.db.models import Q

from bole.kernel.ids import new_id
from bole.organizations.models import Unit


class PostponedAttachment(models.Model):
    """A change of superior that both sides passed, waiting for its day. A later decision takes its place."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    case = models.CharField(max_length=40)  # the number
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    superior = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    due_on = models.DateField()
    decided_by = models.UUIDField()
    decided_name = models.CharField(max_length=100)
    decided_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=300, blank=True)  # why it did not come true; empty when it did

    class Meta:
        indexes = [models.Index(fields=["due_on"], condition=Q(done_at=None), name="bindings_postponed_due")]
        constraints = [
            models.UniqueConstraint(fields=["unit"], condition=Q(done_at=None), name="bindings_postponed_one_waiting"),
            models.CheckConstraint(
                condition=Q(outcome="") | Q(done_at__isnull=False), name="bindings_postponed_outcome_when_done"
            ),
        ]
