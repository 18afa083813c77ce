"""Tables of the review room."""

from typing import Any

from django.db import models
from django.db.models import Q, Value
from django.db.models.functions import Coalesce

from bole.cases.models import Case
from bole.kernel.fields import SealedJSONField, SealedTextField
from bole.kernel.ids import new_id
from bole.organizations.models import Unit
from bole.review.terms import NEVER, MoveKind


class AppendOnly(models.Model):
    """A row that is written once: changing or deleting it raises. The sealed ledger holds a twin of each."""

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise TypeError(f"{type(self).__name__} rows are never changed")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> Any:
        raise TypeError(f"{type(self).__name__} rows are never deleted")


class Movement(AppendOnly):
    """What happened to a case: append-only, in order, one row for each revision of the case."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="movements")
    revision = models.PositiveIntegerField()
    kind = models.CharField(max_length=12, choices=[(kind.value, kind.value) for kind in MoveKind])
    step = models.CharField(max_length=40, blank=True)
    to = models.CharField(max_length=40)
    skipped = models.JSONField(default=list)
    faulty = SealedJSONField()
    opinion = SealedTextField()
    unit = models.ForeignKey(Unit, null=True, on_delete=models.PROTECT, related_name="+")
    unit_name = models.CharField(max_length=200, blank=True)
    account = models.UUIDField()
    account_name = models.CharField(max_length=100)
    moved_at = models.DateTimeField()

    class Meta:
        ordering = ["revision"]
        constraints = [models.UniqueConstraint(fields=["case", "revision"], name="review_movement_one_per_revision")]


class Task(models.Model):
    """Something that waits at a seat: a unit and a role in it. At most one open task a case."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="tasks")
    site = models.CharField(max_length=40)
    service = models.CharField(max_length=60)
    step = models.CharField(max_length=40)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    role = models.CharField(max_length=40)
    opened_at = models.DateTimeField()
    due_on = models.DateField(null=True)
    begun_at = models.DateTimeField(null=True)
    begun_by = models.UUIDField(null=True)
    begun_name = models.CharField(max_length=100, blank=True)
    closed_at = models.DateTimeField(null=True)
    closed_by = models.UUIDField(null=True)
    verdict = models.CharField(max_length=12, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case"], condition=Q(closed_at__isnull=True), name="review_task_one_open"),
            models.CheckConstraint(
                name="review_task_begun_pair",
                condition=Q(begun_at__isnull=True, begun_by__isnull=True)
                | Q(begun_at__isnull=False, begun_by__isnull=False),
            ),
        ]
        indexes = [
            # Both lists are read in order from their index and counted in it alone. The role stands last: somebody
            # may hold several in one unit, and the order must hold across them.
            models.Index(
                "unit",
                Coalesce("due_on", Value(NEVER)),
                "opened_at",
                "id",
                "role",
                condition=Q(closed_at__isnull=True),
                name="review_task_inbox",
            ),
            models.Index(
                fields=["unit", "-closed_at", "id", "role"],
                condition=Q(closed_at__isnull=False) & ~Q(verdict=""),
                name="review_task_done",
            ),
            models.Index(fields=["case", "unit"], name="review_task_case_unit"),
        ]


class EffectRun(models.Model):
    """An effect that ran for a case in a round: each once, by this constraint."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="effects")
    round = models.PositiveIntegerField()
    effect = models.CharField(max_length=80)
    ran_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case", "effect", "round"], name="review_effect_once")]


class Phrase(models.Model):
    """One of a reviewer's 「常用意见」."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    account = models.UUIDField(db_index=True)
    text = models.CharField(max_length=200)
    position = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["position", "id"]
        constraints = [models.UniqueConstraint(fields=["account", "text"], name="review_phrase_once")]
