"""Tables of the cases room."""

from typing import Any

from django.db import models
from django.db.models import Q

from bole.cases.terms import CLOSED, OPEN, Confirmation, Purpose, Status
from bole.definitions.terms import Opener, SectionState
from bole.documents.models import StoredFile
from bole.kernel.fields import SealedJSONField, SealedTextField
from bole.kernel.ids import new_id
from bole.organizations.models import Unit
from bole.organizations.terms import Role
from bole.people.models import Person


def _choices(kind: Any) -> list[tuple[str, str]]:
    return [(member.value, member.value) for member in kind]


class NumberSeries(models.Model):
    """The last number given out in one series (site, prefix and day)."""

    key = models.CharField(max_length=60, primary_key=True)
    last = models.PositiveIntegerField(default=0)


class Case(models.Model):
    """One application of one person (or unit) for one service, pinned to a published version of it.

    Without a person the unit is the subject; it may also be the unit that the person chose at opening.
    `revision` grows with every movement and is what a reviewer's `seen` is compared with. `status`, `step` and
    `open_sections` are the cached result of the movements; only `review` writes them, through `set_standing`.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    number = models.CharField(max_length=40, unique=True)
    site = models.CharField(max_length=40)
    service = models.CharField(max_length=60)
    service_version = models.CharField(max_length=20)
    service_hash = models.CharField(max_length=64)
    person = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="cases")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="cases")
    # 所属地区 of the unit at the last hand-in: what it says of itself later turns no case that is on its way (AC-03).
    region = models.CharField(max_length=6, blank=True)
    # Who of the unit opens, fills and hands in, as the service said when the case was opened.
    filed_by = models.CharField(max_length=40, default=Role.COLLECTION_ADMINISTRATOR.value)
    opener = models.CharField(max_length=10, choices=_choices(Opener))
    opened_by = models.UUIDField()
    opened_at = models.DateTimeField()
    status = models.CharField(max_length=12, choices=_choices(Status), default=Status.DRAFT)
    step = models.CharField(max_length=40, blank=True)
    seat_unit = models.ForeignKey(Unit, null=True, on_delete=models.PROTECT, related_name="+")
    open_sections = models.JSONField(null=True)
    faults = SealedJSONField(null=True)
    revision = models.PositiveIntegerField(default=0)
    round = models.PositiveIntegerField(default=0)
    facts = models.JSONField(default=dict)
    # What stood, at the last hand-in, of the facts that the form changes: they are others once it took effect.
    stood = SealedJSONField(null=True)
    has_gaps = models.BooleanField(default=False)
    submitted_at = models.DateTimeField(null=True)
    changed_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    # The closed case that this one was copied from (「重新申报」).
    former = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="later")
    # Set while the case is open and the service allows one open case a subject; the database then refuses a second.
    open_key = models.CharField(max_length=140, null=True, unique=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="cases_case_step_iff_in_review",
                condition=(Q(status=Status.IN_REVIEW) & ~Q(step="")) | (~Q(status=Status.IN_REVIEW) & Q(step="")),
            ),
            models.CheckConstraint(
                name="cases_case_closed_at_iff_closed",
                condition=Q(status__in=CLOSED, closed_at__isnull=False) | Q(status__in=OPEN, closed_at__isnull=True),
            ),
            models.CheckConstraint(
                name="cases_case_open_key_only_open",
                condition=Q(open_key__isnull=True) | Q(status__in=OPEN),
            ),
            models.CheckConstraint(
                name="cases_case_submitted_iff_round",
                condition=Q(round=0, submitted_at__isnull=True) | Q(round__gt=0, submitted_at__isnull=False),
            ),
        ]
        indexes = [
            models.Index(fields=["unit", "status", "-changed_at"], name="cases_case_unit_status"),
            models.Index(fields=["person", "-opened_at"], name="cases_case_person"),
        ]


class SectionAnswer(models.Model):
    """What stands typed in one section now, valid or not; `version` grows with every save."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="answers")
    section = models.CharField(max_length=60)
    typed = SealedJSONField()
    state = models.CharField(max_length=12, choices=_choices(SectionState), default=SectionState.EMPTY)
    version = models.PositiveIntegerField(default=0)
    changed_at = models.DateTimeField()
    changed_by = models.UUIDField(null=True)
    changed_name = models.CharField(max_length=100, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case", "section"], name="cases_answer_one_per_section")]


class SubmittedAnswer(models.Model):
    """A section as it was submitted, kept for each round in which it changed; never changed or removed."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="submitted_answers")
    round = models.PositiveIntegerField()
    section = models.CharField(max_length=60)
    typed = SealedJSONField()
    version = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case", "section", "round"], name="cases_submitted_one_per_round")
        ]


class Typist(models.Model):
    """An account that typed into a case; nobody approves what they filled in (ALL-12)."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="typists")
    account = models.UUIDField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case", "account"], name="cases_typist_once")]


class Draft(models.Model):
    """A record being typed, not saved into its section yet; offered again to whoever typed it."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="drafts")
    section = models.CharField(max_length=60)
    record = models.CharField(max_length=40, blank=True)
    account = models.UUIDField()
    typed = SealedJSONField()
    changed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case", "section", "record", "account"], name="cases_draft_once")
        ]


class Attachment(models.Model):
    """A file in its place and order; removed ones stay once they were submitted.

    `category` tells several kinds of paper for one place apart. A file whose place is gone (its record was deleted, or
    its category is not asked for any more) belongs to nothing: 「未归属材料」, seen by no reviewer. `turn` is how far
    pictures of it are turned clockwise, in degrees; the file itself stays as it came. `answered` is why somebody keeps
    it though the check of scans found something.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="attachments")
    section = models.CharField(max_length=60)
    record = models.CharField(max_length=40, blank=True)
    category = models.CharField(max_length=40, blank=True)
    purpose = models.CharField(max_length=12, choices=_choices(Purpose), default=Purpose.EVIDENCE)
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")
    position = models.PositiveIntegerField(default=0)
    turn = models.PositiveSmallIntegerField(default=0)
    answered = SealedTextField(null=True)
    answered_at = models.DateTimeField(null=True)
    answered_by = models.UUIDField(null=True)
    round = models.PositiveIntegerField()
    added_at = models.DateTimeField()
    added_by = models.UUIDField()
    removed_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["case", "section", "record", "position"], name="cases_attachment_slot")]


class EvidenceGap(models.Model):
    """Evidence declared missing, with the reason; an explanation is uploaded beside it (NX-10)."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="gaps")
    section = models.CharField(max_length=60)
    record = models.CharField(max_length=40, blank=True)
    category = models.CharField(max_length=40, blank=True)
    reason = SealedTextField()
    declared_at = models.DateTimeField()
    declared_by = models.UUIDField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case", "section", "record", "category"], name="cases_gap_once")]


class Attestation(models.Model):
    """The person stands by exactly these answers (their digest); a later change makes it void."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="attestations")
    way = models.CharField(max_length=10, choices=_choices(Confirmation))
    digest = models.CharField(max_length=64)
    attested_at = models.DateTimeField()
    attested_by = models.UUIDField()
    file = models.ForeignKey(StoredFile, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="cases_attestation_paper_has_file",
                condition=(Q(way=Confirmation.PAPER) & Q(file__isnull=False))
                | (~Q(way=Confirmation.PAPER) & Q(file__isnull=True)),
            )
        ]


class IssuedPaper(models.Model):
    """A final paper that was given out, so that whoever holds it can have it checked by the code printed on it.

    `shown` is all that stands on it, kept as it was: printed again, it is the same paper, whatever person or unit are
    called by then. `digest` is of `shown`; `source` is of what it was made from (answers, files and movements up to
    `round` and `revision`), to be compared with what stands in the database when somebody asks. `file` is the paper
    itself, made once and given out again byte by byte; `sha256` is of these bytes, for who holds the file. Papers of
    before there was a file get theirs when they are printed again.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="issued_papers")
    output = models.CharField(max_length=60)
    code = models.CharField(max_length=12, unique=True)
    shown = SealedJSONField()
    digest = models.CharField(max_length=64)
    source = models.CharField(max_length=64)
    file = models.ForeignKey(StoredFile, null=True, on_delete=models.PROTECT, related_name="+")
    sha256 = models.CharField(max_length=64, blank=True, db_index=True)
    round = models.PositiveIntegerField()
    revision = models.PositiveIntegerField()
    issued_at = models.DateTimeField()
    issued_by = models.UUIDField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case", "output", "revision"], name="cases_issued_once_a_revision")
        ]
