"""Tables of the people room: persons, the unit each belongs to, and one archive for each (一人一档)."""

from typing import Self

from django.db import models
from django.db.models import F, Q

from bole.kernel.fields import SealedJSONField, SealedTextField
from bole.kernel.ids import new_id
from bole.kernel.privacy import Privacy
from bole.people.terms import TieBasis


class Person(models.Model):
    """Somebody with an identity document; with an account once registered, without one while only on a roster."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    account = models.OneToOneField("accounts.Account", models.PROTECT, null=True, related_name="person")
    identity_kind = models.CharField(max_length=20)
    identity_number = SealedTextField()
    identity_index = models.CharField(max_length=40)
    name = models.CharField(max_length=100)
    pinyin = models.CharField(max_length=400, blank=True)
    initials = models.CharField(max_length=400, blank=True)
    sex = models.CharField(max_length=1, blank=True)  # a code of the table `sex`
    birth_on = models.DateField(null=True)
    ethnic_group = models.CharField(max_length=4, blank=True)
    phone = SealedTextField(null=True, privacy=Privacy.PERSONAL)
    telephone = SealedTextField(null=True, privacy=Privacy.PERSONAL)
    region = models.CharField(max_length=6, blank=True)
    native_place = models.CharField(max_length=6, blank=True)
    school = models.CharField(max_length=100, blank=True)
    major = models.CharField(max_length=100, blank=True)
    title = models.CharField(max_length=100, blank=True)  # 专业技术职务; changed by an approved case only (HA-03)
    site = models.CharField(max_length=20)
    revision = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["name"], name="people_person_name")]
        constraints = [
            models.UniqueConstraint(fields=["identity_kind", "identity_index"], name="people_person_one_per_identity"),
            models.CheckConstraint(condition=~Q(identity_index=""), name="people_person_identity_indexed"),
        ]


class Tie(models.Model):
    """The unit that a person belongs to; at most one at a time. Both days are inclusive."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    person = models.ForeignKey(Person, models.PROTECT, related_name="ties")
    unit = models.ForeignKey("organizations.Unit", models.PROTECT, related_name="ties")
    department = models.ForeignKey("organizations.Department", models.PROTECT, null=True, related_name="ties")
    came_from = models.ForeignKey("organizations.Unit", models.PROTECT, null=True, related_name="+")  # 「调转记录」
    basis = models.CharField(max_length=10, choices=[(basis.value, basis.value) for basis in TieBasis])
    since_on = models.DateField()
    until_on = models.DateField(null=True)
    tied_by = models.UUIDField(null=True)
    ended_by = models.UUIDField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["unit", "until_on"], name="people_tie_of_unit"),
            # The people of a unit, the last to come first, a page at a time however many there are.
            models.Index(fields=["unit", "-since_on", "id"], condition=Q(until_on=None), name="people_tie_present"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["person"], condition=Q(until_on=None), name="people_tie_one_open"),
            models.CheckConstraint(
                condition=Q(until_on=None) | Q(until_on__gte=F("since_on")), name="people_tie_ends_after_start"
            ),
        ]


class Admission(models.Model):
    """A registration that waits for the unit's approval (HA-02), and the answer; the case itself lies elsewhere.

    Until it is granted there is no tie: who waits belongs to nobody.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    person = models.ForeignKey(Person, models.PROTECT, related_name="admissions")
    unit = models.ForeignKey("organizations.Unit", models.PROTECT, related_name="admissions")
    department = models.ForeignKey("organizations.Department", models.PROTECT, null=True, related_name="+")
    asked_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)
    granted = models.BooleanField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person"], condition=Q(answered_at=None), name="people_admission_one_waiting"
            ),
            models.CheckConstraint(
                condition=Q(answered_at=None, granted=None) | Q(answered_at__isnull=False, granted__isnull=False),
                name="people_admission_answered_with_answer",
            ),
        ]


class InvitationQuerySet(models.QuerySet["Invitation"]):
    """Narrowings of invitations."""

    def open(self) -> Self:
        """Neither accepted nor withdrawn; perhaps expired."""
        return self.filter(ended_at=None)


class Invitation(models.Model):
    """A unit invites somebody (SZ-03). Written alike for known and unknown numbers; opens nothing by itself.

    The person proves the phone and sets the own secret; no account is made before, so that an invitation with a
    wrong phone keeps nobody from registering. Only a hash of the link's secret is kept.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    unit = models.ForeignKey("organizations.Unit", models.PROTECT, related_name="invitations")
    department = models.ForeignKey("organizations.Department", models.PROTECT, null=True, related_name="+")
    number = SealedTextField()
    number_index = models.CharField(max_length=40, db_index=True)
    kind = models.CharField(max_length=20)
    name = SealedTextField(privacy=Privacy.PERSONAL)
    phone = SealedTextField(privacy=Privacy.PERSONAL)
    alias = models.CharField(max_length=14, blank=True)
    secret_hash = models.CharField(max_length=64)
    invited_at = models.DateTimeField()
    invited_by = models.UUIDField(null=True)
    expires_at = models.DateTimeField()
    person = models.ForeignKey(Person, models.PROTECT, null=True, related_name="invitations")  # who accepted
    ended_at = models.DateTimeField(null=True)
    ended_by = models.UUIDField(null=True)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["unit", "-invited_at", "id"], name="people_invitation_of_unit"),
            models.Index(fields=["invited_by", "invited_at"], name="people_invitation_counted"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["unit", "number_index"],
                condition=Q(ended_at=None),
                name="people_invitation_one_open",
            ),
            models.UniqueConstraint(
                fields=["alias"],
                condition=Q(ended_at=None) & ~Q(alias=""),
                name="people_invitation_alias_once",
            ),
            models.CheckConstraint(
                condition=Q(person=None) | Q(ended_at__isnull=False), name="people_invitation_accepted_ends"
            ),
        ]


class Insured(models.Model):
    """A line of the insurance register: somebody is insured at a unit. Only compared with, never shown (SZ-01)."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    site = models.CharField(max_length=20)
    organization_code = models.CharField(max_length=9)
    insurance_number = models.CharField(max_length=30)
    unit_name = models.CharField(max_length=120)
    region = models.CharField(max_length=6)
    identity_index = models.CharField(max_length=40)
    computer_index = models.CharField(max_length=40)
    name_index = models.CharField(max_length=40)
    imported_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["site", "organization_code", "insurance_number", "identity_index"],
                name="people_insured_once",
            )
        ]


class ArchiveQuerySet(models.QuerySet["ArchiveRecord"]):
    """Narrowings of archive records."""

    def current(self) -> Self:
        """Records that stand; what a change replaced is history."""
        return self.filter(ended_at=None)


class ArchiveRecord(models.Model):
    """One record of a person's archive. A change ends the row and adds another, so that history stays.

    `key` names the same record across services and versions; verification belongs to this very content.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    person = models.ForeignKey(Person, models.PROTECT, related_name="archive")
    kind = models.CharField(max_length=40)
    key = models.CharField(max_length=60)
    data = SealedJSONField()
    source = models.CharField(max_length=200)
    source_case = models.CharField(max_length=60, blank=True)
    entered_at = models.DateTimeField()
    entered_by = models.UUIDField(null=True)
    verified_at = models.DateTimeField(null=True)
    verified_by_unit = models.UUIDField(null=True)
    verified_by_name = models.CharField(max_length=120, blank=True)
    ended_at = models.DateTimeField(null=True)

    objects = ArchiveQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["person", "kind", "entered_at"], name="people_archive_of_person")]
        constraints = [
            models.UniqueConstraint(
                fields=["person", "kind", "key"], condition=Q(ended_at=None), name="people_archiverecord_one_current"
            ),
            models.CheckConstraint(
                condition=Q(verified_at=None, verified_by_unit=None)
                | Q(verified_at__isnull=False, verified_by_unit__isnull=False),
                name="people_archiverecord_verified_by_whom",
            ),
            models.CheckConstraint(
                condition=Q(ended_at=None) | Q(ended_at__gte=F("entered_at")),
                name="people_archiverecord_ends_after_start",
            ),
        ]


class Lookup(models.Model):
    """A number was asked for on behalf of a unit; only counted, whatever the answer was (AC-09)."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    account = models.UUIDField()
    unit = models.UUIDField()
    at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["account", "at"], name="people_lookup_counted"),
            models.Index(fields=["unit", "at"], name="people_lookup_of_unit"),
        ]
