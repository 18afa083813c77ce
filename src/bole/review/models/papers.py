"""What desks put beside a case: papers and publicity of 送审, and requests to open further sections."""

from django.db import models
from django.db.models import F, Q

from bole.cases.models import Case
from bole.kernel.fields import SealedTextField
from bole.kernel.ids import new_id
from bole.organizations.models import Unit
from bole.review.models.movements import Task
from bole.review.terms import PublicityResult


class DispatchPaper(models.Model):
    """A 送审附件 of one task: the file stands for one of the papers that the step's dispatch requires, or for more."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    task = models.ForeignKey(Task, on_delete=models.PROTECT, related_name="papers")
    name = models.CharField(max_length=200)
    file = models.ForeignKey("documents.StoredFile", on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField()
    added_by = models.UUIDField()
    removed_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["task"], condition=Q(removed_at=None), name="review_paper_task")]


class UnitPublicity(models.Model):
    """The unit's own publicity of a case that it means to send on: where, from when to when, and what came of it.

    `ends` is the last day of it. Of one task: what comes back to the unit anew is made public anew.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    task = models.OneToOneField(Task, on_delete=models.PROTECT, related_name="publicity")
    place = models.CharField(max_length=100)
    starts = models.DateField()
    ends = models.DateField()
    announced_at = models.DateTimeField()
    announced_by = models.UUIDField()
    result = models.CharField(
        max_length=12, blank=True, default="", choices=[(each.value, each.value) for each in PublicityResult]
    )
    say = SealedTextField(null=True)
    closed_at = models.DateTimeField(null=True)
    closed_by = models.UUIDField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(name="review_publicity_days", condition=Q(ends__gte=F("starts"))),
            models.CheckConstraint(name="review_publicity_closed", condition=Q(result="") | Q(closed_at__isnull=False)),
        ]

    @property
    def word(self) -> str:
        """What came of it; empty until it is recorded."""
        return PublicityResult(self.result).word if self.result else ""


class OpeningRequest(models.Model):
    """The applicant of a returned case asks for further sections to be opened; the desk that returned it answers."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="opening_requests")
    sections = models.JSONField()
    reason = SealedTextField()
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    role = models.CharField(max_length=40)
    asked_at = models.DateTimeField()
    asked_by = models.UUIDField()
    answered_at = models.DateTimeField(null=True)
    answered_by = models.UUIDField(null=True)
    answered_name = models.CharField(max_length=100, blank=True, default="")
    granted = models.BooleanField(null=True)
    say = SealedTextField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["case"], condition=Q(answered_at__isnull=True), name="review_opening_one_waiting"
            )
        ]
        indexes = [models.Index(fields=["unit", "role"], condition=Q(answered_at=None), name="review_opening_waiting")]
