"""Tables of the review room."""

from typing import Any, TypeVar
from uuid import UUID

from django.db import models
from django.db.models import Q, Value
from django.db.models.functions import Coalesce

from bole.cases.models import Case
from bole.kernel import clock
from bole.kernel.fields import SealedJSONField, SealedTextField
from bole.kernel.ids import new_id
from bole.organizations.models import Unit
from bole.review.terms import NEVER, MoveKind

Row = TypeVar("Row", bound=models.Model, covariant=True)


class KeptQuerySet(models.QuerySet[Row]):
    """Rows of which none is ever deleted, not even many at once: 「已审核」 stays what it was (HA-12)."""

    def delete(self) -> Any:
        """Raises TypeError."""
        raise TypeError(f"{self.model.__name__} rows are never deleted")


class Kept(models.Model):
    """A row that is never deleted."""

    class Meta:
        abstract = True

    def delete(self, *args: Any, **kwargs: Any) -> Any:
        """Raises TypeError."""
        raise TypeError(f"{type(self).__name__} rows are never deleted")


class AppendOnly(Kept):
    """A row that is written once: changing or deleting it raises. The sealed ledger holds a twin of each."""

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise TypeError(f"{type(self).__name__} rows are never changed")
        super().save(*args, **kwargs)


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
    # Of a rerouting: unit and name of the desk (or, in the applicant's hands, of the unit) before and after.
    desks = models.JSONField(default=list)
    unit = models.ForeignKey(Unit, null=True, on_delete=models.PROTECT, related_name="+")
    unit_name = models.CharField(max_length=200, blank=True)
    account = models.UUIDField()
    account_name = models.CharField(max_length=100)
    moved_at = models.DateTimeField()
    # Of a return to the applicant: the step that what is handed in again goes to at once, empty for the first one.
    resume = models.CharField(max_length=40, blank=True, default="")
    # Of a return: how many of its faults could have been told at an earlier one, and why they were not (JL-06).
    late = models.PositiveIntegerField(default=0)
    late_reason = SealedTextField(null=True)

    objects = KeptQuerySet["Movement"].as_manager()

    class Meta:
        ordering = ["revision"]
        constraints = [models.UniqueConstraint(fields=["case", "revision"], name="review_movement_one_per_revision")]


class Task(Kept):
    """Something that waits at a seat: a unit and a role in it. At most one open task a case.

    `overseen` is that of the step: the same role in an authority above may decide in the unit's stead (GZ-05).
    `decided_unit` is the unit that decided it, which is then that authority. `year` is that of the declaration: of the
    case's first hand-in, in China. An open task that was passed and waits for 送审 is `cleared_at`. What a batch sent
    on is seen at the next desk from `held_until` on: until then it can be taken back. `returned` says that the case
    lies in the applicant's hands since this task sent it back. A claim is that of an account sitting in `claimed_unit`
    and holds up to the end of `claimed_until`, a day in China.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="tasks")
    site = models.CharField(max_length=40)
    service = models.CharField(max_length=60)
    step = models.CharField(max_length=40)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    role = models.CharField(max_length=40)
    overseen = models.BooleanField(default=False, db_default=False)
    opened_at = models.DateTimeField()
    due_on = models.DateField(null=True)
    begun_at = models.DateTimeField(null=True)
    begun_by = models.UUIDField(null=True)
    begun_name = models.CharField(max_length=100, blank=True)
    closed_at = models.DateTimeField(null=True)
    closed_by = models.UUIDField(null=True)
    verdict = models.CharField(max_length=12, blank=True)
    decided_unit = models.ForeignKey(Unit, null=True, on_delete=models.PROTECT, related_name="+")
    year = models.PositiveSmallIntegerField(default=0, db_default=0)
    cleared_at = models.DateTimeField(null=True)
    cleared_by = models.UUIDField(null=True)
    held_until = models.DateTimeField(null=True)
    claimed_by = models.UUIDField(null=True)
    claimed_name = models.CharField(max_length=100, blank=True, default="", db_default="")
    claimed_unit = models.ForeignKey(Unit, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    claimed_until = models.DateField(null=True)
    returned = models.BooleanField(default=False, db_default=False)

    objects = KeptQuerySet["Task"].as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case"], condition=Q(closed_at__isnull=True), name="review_task_one_open"),
            models.CheckConstraint(
                name="review_task_begun_pair",
                condition=Q(begun_at__isnull=True, begun_by__isnull=True)
                | Q(begun_at__isnull=False, begun_by__isnull=False),
            ),
            models.CheckConstraint(
                name="review_task_claim_whole",
                condition=Q(claimed_by__isnull=True, claimed_unit__isnull=True, claimed_until__isnull=True)
                | Q(claimed_by__isnull=False, claimed_unit__isnull=False, claimed_until__isnull=False),
            ),
            models.CheckConstraint(
                name="review_task_decided_by_a_unit",
                condition=Q(verdict="", decided_unit__isnull=True) | (~Q(verdict="") & Q(decided_unit__isnull=False)),
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
            # What waits below an authority: the units by their path, their tasks by the index above, or, where nearly
            # all units lie below, this one in its order.
            models.Index(
                Coalesce("due_on", Value(NEVER)),
                "opened_at",
                "id",
                "unit",
                "role",
                condition=Q(closed_at__isnull=True, overseen=True),
                name="review_task_overseen",
            ),
            models.Index(
                fields=["decided_unit", "-closed_at", "id", "role"],
                condition=Q(closed_at__isnull=False) & ~Q(verdict=""),
                name="review_task_done",
            ),
            models.Index(fields=["case", "unit"], name="review_task_case_unit"),
            # The matrix counts in these alone (JL-05): what waits, and what lies with the applicant since.
            models.Index(
                fields=["unit", "role", "service", "year", "cleared_at", "held_until"],
                condition=Q(closed_at__isnull=True),
                name="review_task_matrix",
            ),
            models.Index(
                fields=["decided_unit", "role", "service", "year"],
                condition=Q(returned=True),
                name="review_task_returned",
            ),
            # What a batch holds back and nobody was told of yet: few rows.
            models.Index(fields=["held_until"], condition=Q(held_until__isnull=False), name="review_task_held"),
        ]

    @property
    def claimant(self) -> UUID | None:
        """Whose claim stands today; a lapsed one is none."""
        return self.claimed_by if self.claimed_until is not None and self.claimed_until >= clock.today() else None


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


class DeskTally(models.Model):
    """How many tasks of a service and year a unit decided on a day (China), by verdict.

    Kept in the deciding transaction, so that the matrix need not count millions of closed tasks (JL-05).
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    role = models.CharField(max_length=40)
    service = models.CharField(max_length=60)
    year = models.PositiveSmallIntegerField()
    day = models.DateField()
    passed = models.IntegerField(default=0)
    sent_back = models.IntegerField(default=0)
    terminated = models.IntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["unit", "role", "service", "year", "day"], name="review_tally_once")
        ]


class DecisionDraft(models.Model):
    """What a reviewer typed on the review page and has not decided yet; seen by nobody else."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="decision_drafts")
    account = models.UUIDField()
    step = models.CharField(max_length=40)
    seen = models.PositiveIntegerField()
    typed = SealedJSONField()
    changed_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case", "account"], name="review_draft_once")]
