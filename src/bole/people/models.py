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
    region = models.CharField(max_length=6, blank=True)
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
    basis = models.CharField(max_length=10, choices=[(basis.value, basis.value) for basis in TieBasis])
    since_on = models.DateField()
    until_on = models.DateField(null=True)
    tied_by = models.UUIDField(null=True)
    ended_by = models.UUIDField(null=True)

    class Meta:
        indexes = [models.Index(fields=["unit", "until_on"], name="people_tie_of_unit")]
        constraints = [
            models.UniqueConstraint(fields=["person"], condition=Q(until_on=None), name="people_tie_one_open"),
            models.CheckConstraint(
                condition=Q(until_on=None) | Q(until_on__gte=F("since_on")), name="people_tie_ends_after_start"
            ),
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
