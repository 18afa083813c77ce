"""Results of completed cases, and what people keep of lists: filters, exports and imports on their way."""

from django.db import models
from django.db.models import Q

from bole.cases.models import Case
from bole.kernel.fields import SealedJSONField, SealedTextField
from bole.kernel.ids import new_id
from bole.organizations.models import Unit
from bole.review.models.movements import AppendOnly, KeptQuerySet
from bole.review.terms import ExportState, Result


class Outcome(models.Model):
    """The result of a completed case that is decided outside the platform (评定结果): entered, then published. Where
    completion is the result and can be revoked, it stands as published 通过 from then on, kept by who decided.

    The grade applied for stays in the answers; `awarded` is the grade given, a code of the service's table. A published
    通过 may end, by an objection to its publicity or revoked: `ended_at`, `ended_by` and `end_reason` say when, by whom
    and why; day, number and grade stay those of the result that has ended.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    case = models.OneToOneField(Case, on_delete=models.PROTECT, related_name="outcome")
    site = models.CharField(max_length=40)
    service = models.CharField(max_length=60)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    keeper = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    year = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=12, choices=[(each.value, each.value) for each in Result])
    applied = models.CharField(max_length=40, blank=True, default="")
    awarded = models.CharField(max_length=40, blank=True, default="")
    document = models.CharField(max_length=100, blank=True, default="")
    decided_on = models.DateField(null=True)
    note = SealedTextField(null=True)
    entered_at = models.DateTimeField(null=True)
    entered_by = models.UUIDField(null=True)
    published_at = models.DateTimeField(null=True)
    published_by = models.UUIDField(null=True)
    ended_at = models.DateTimeField(null=True)
    ended_by = models.UUIDField(null=True)
    end_reason = SealedTextField(null=True)
    revision = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="review_outcome_published_is_entered",
                condition=Q(published_at__isnull=True) | ~Q(state=Result.PENDING.value),
            ),
            models.CheckConstraint(
                name="review_outcome_end_whole",
                condition=Q(
                    state__in=[Result.OBJECTED.value, Result.REVOKED.value],
                    published_at__isnull=False,
                    ended_at__isnull=False,
                    end_reason__isnull=False,
                )
                | Q(
                    state__in=[Result.PENDING.value, Result.PASSED.value, Result.FAILED.value],
                    ended_at__isnull=True,
                    ended_by__isnull=True,
                    end_reason__isnull=True,
                ),
            ),
        ]
        indexes = [
            models.Index(fields=["unit", "service", "year", "state"], name="review_outcome_unit"),
            models.Index(fields=["keeper", "service", "year", "state"], name="review_outcome_keeper"),
        ]


class OutcomeChange(AppendOnly):
    """What a result was made at one revision, by whom, and, of a correction, why."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    outcome = models.ForeignKey(Outcome, on_delete=models.PROTECT, related_name="changes")
    revision = models.PositiveIntegerField()
    state = models.CharField(max_length=12, choices=[(each.value, each.value) for each in Result])
    awarded = models.CharField(max_length=40, blank=True, default="")
    document = models.CharField(max_length=100, blank=True, default="")
    decided_on = models.DateField(null=True)
    published = models.BooleanField()
    reason = SealedTextField(null=True)
    account = models.UUIDField()
    account_name = models.CharField(max_length=100)
    changed_at = models.DateTimeField()

    objects = KeptQuerySet["OutcomeChange"].as_manager()

    class Meta:
        ordering = ["revision"]
        constraints = [models.UniqueConstraint(fields=["outcome", "revision"], name="review_outcome_change_once")]


class SavedFilter(models.Model):
    """A filter that somebody keeps for a list, under a name."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    account = models.UUIDField()
    list = models.CharField(max_length=40)
    name = models.CharField(max_length=40)
    asked = SealedJSONField()
    position = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["position", "id"]
        constraints = [models.UniqueConstraint(fields=["account", "list", "name"], name="review_filter_once")]


class Export(models.Model):
    """A list being written to a workbook in the background, by and for one account; the file goes after some days.

    `touched_at` is when its writer last said that it goes on: one that fell silent is begun anew by another. With
    `is_import` it is a workbook being taken over instead: `source` until it ends, `done` the rows taken and not taken,
    which another goes on from, and `file` the rows that were not taken.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    account = models.UUIDField()
    site = models.CharField(max_length=40)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    way = models.CharField(max_length=20)
    list = models.CharField(max_length=40)
    name = models.CharField(max_length=200)
    asked = SealedJSONField()
    total = models.PositiveIntegerField()
    done = models.PositiveIntegerField(default=0)
    state = models.CharField(max_length=12, choices=[(each.value, each.value) for each in ExportState])
    is_import = models.BooleanField(default=False)
    source = models.ForeignKey("documents.StoredFile", null=True, on_delete=models.PROTECT, related_name="+")
    file = models.ForeignKey("documents.StoredFile", null=True, on_delete=models.PROTECT, related_name="+")
    say = models.CharField(max_length=200, blank=True, default="")
    asked_at = models.DateTimeField()
    touched_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    fetched_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="review_export_source_of_import", condition=Q(source__isnull=True) | Q(is_import=True)
            )
        ]
        indexes = [
            models.Index(fields=["account", "-asked_at"], name="review_export_account"),
            models.Index(fields=["state", "asked_at"], name="review_export_state"),
        ]


class ImportSlice(models.Model):
    """What became of some rows of an import on its way, written with them: no row is taken twice. Gone at its end.

    `start` is how many rows stand before them; `failures` are the rows not taken, each with its reason.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    export = models.ForeignKey(Export, on_delete=models.CASCADE, related_name="slices")
    start = models.PositiveIntegerField()
    created = models.PositiveIntegerField()
    updated = models.PositiveIntegerField()
    unchanged = models.PositiveIntegerField()
    failures = SealedJSONField()

    class Meta:
        ordering = ["start"]
        constraints = [models.UniqueConstraint(fields=["export", "start"], name="review_import_slice_once")]
