"""Tables of the organizations room: the tree of units, and who was appointed to what in them."""

from typing import Any, Self
from uuid import UUID

from django.db import models, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import F, Q

from bole.kernel.fields import SealedTextField
from bole.kernel.ids import new_id
from bole.kernel.privacy import Privacy
from bole.organizations.terms import ROLE_NAMES, UNIT_KIND_NAMES, Role, UnitKind, span

SEGMENT = 4  # base-36 characters per level: 1.6 million children under one unit
DEPTH = 16

# Sorts after every character of a path, so that [path, path + END) is the subtree.
END = "~"


class PathField(models.CharField):  # type: ignore[type-arg]  # the stubs' parameters do not exist at run time
    """A materialised path, compared byte by byte on every database.

    PostgreSQL sorts by the language of the database unless told otherwise; ranges over paths need "C".
    SQLite compares bytes by itself and knows no collation of that name.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs["max_length"] = SEGMENT * DEPTH
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        del kwargs["max_length"]
        return name, path, args, kwargs

    def db_parameters(self, connection: BaseDatabaseWrapper) -> Any:
        parameters = super().db_parameters(connection)
        if connection.vendor == "postgresql":
            parameters["collation"] = "C"
        return parameters


class Tree(models.Model):
    """One row for each site: whoever changes the shape of its tree holds this row until the commit."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    site = models.CharField(max_length=20, unique=True)


class UnitQuerySet(models.QuerySet["Unit"]):
    """Narrowings of units that every file of the room shares."""

    def open(self) -> Self:
        """Units that have not been closed."""
        return self.filter(closed_on=None)

    def below(self, path: str) -> Self:
        """The unit at `path` and everything under it, as an index range."""
        return self.filter(path__gte=path, path__lt=path + END)

    def within(self, region: str) -> Self:
        """Units on the ground of a region."""
        return self.filter(region__range=span(region))


class Unit(models.Model):
    """An organization: an employer, an authority, a competent department.

    `parent` is the attachment (归口) that visibility follows; 行政主管 and 行业主管 are what the unit declares
    about itself and grant nothing. A provisional code looks like a real one and is kept apart from it (AC-15).
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    site = models.CharField(max_length=20)
    kind = models.CharField(max_length=12, choices=[(kind.value, name) for kind, name in UNIT_KIND_NAMES.items()])
    name = models.CharField(max_length=120)
    pinyin = models.CharField(max_length=400, blank=True)
    initials = models.CharField(max_length=400, blank=True)
    credit_code = models.CharField(max_length=18, null=True, unique=True)
    provisional_code = models.CharField(max_length=20, null=True, unique=True)
    organization_code = models.CharField(max_length=9, blank=True, db_index=True)
    insurance_number = models.CharField(max_length=30, blank=True, db_index=True)
    region = models.CharField(max_length=6)
    parent = models.ForeignKey("self", models.PROTECT, null=True, related_name="children")
    path = PathField()
    children_made = models.PositiveIntegerField(default=0)  # only grows: a path that was left is never given again
    duties = models.TextField(blank=True)

    address = models.CharField(max_length=200, blank=True)
    leader = models.CharField(max_length=100, blank=True)
    leader_phone = SealedTextField(null=True, privacy=Privacy.PERSONAL)
    unit_type = models.CharField(max_length=20, blank=True)
    affiliation = models.CharField(max_length=20, blank=True)
    economic_type = models.CharField(max_length=20, blank=True)
    industry = models.CharField(max_length=20, blank=True)
    administrative_superior = models.ForeignKey("self", models.PROTECT, null=True, related_name="+")
    industry_superior = models.ForeignKey("self", models.PROTECT, null=True, related_name="+")

    collection_enabled_at = models.DateTimeField(null=True)
    described_at = models.DateTimeField(null=True)
    described_by = models.UUIDField(null=True)
    described_by_name = models.CharField(max_length=100, blank=True)
    revision = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField()
    closed_on = models.DateField(null=True)

    objects = UnitQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["site", "region", "kind"], name="organizations_unit_ground"),
            models.Index(fields=["name"], name="organizations_unit_name"),
            models.Index(fields=["path"], name="organizations_unit_path"),
        ]
        constraints = [
            models.CheckConstraint(condition=~Q(id=F("parent")), name="organizations_unit_parent_not_self"),
            models.CheckConstraint(
                condition=~Q(id=F("administrative_superior")), name="organizations_unit_administrative_not_self"
            ),
            models.CheckConstraint(
                condition=~Q(id=F("industry_superior")), name="organizations_unit_industry_not_self"
            ),
            models.CheckConstraint(condition=~Q(credit_code=""), name="organizations_unit_credit_code_not_blank"),
            models.CheckConstraint(
                condition=Q(kind__in=[kind.value for kind in UnitKind]), name="organizations_unit_kind_known"
            ),
            models.CheckConstraint(condition=~Q(path=""), name="organizations_unit_path_not_blank"),
            # The condition is always true. It keeps the column from counting as a key on PostgreSQL, where changing
            # a key waits for everybody who writes a row that points to the unit, and those for the move: a deadlock.
            models.UniqueConstraint(fields=["path"], condition=~Q(path=""), name="organizations_unit_path_once"),
            models.UniqueConstraint(
                fields=["site", "region"],
                condition=Q(kind=UnitKind.AUTHORITY.value, closed_on=None),
                name="organizations_unit_one_authority_per_region",
            ),
        ]

    @property
    def code(self) -> str:
        """The code a list shows: the credit code, or the provisional one for want of it."""
        return self.credit_code or self.provisional_code or self.organization_code

    @property
    def depth(self) -> int:
        """The level in the tree, the root being 1."""
        return len(self.path) // SEGMENT


class AppointmentQuerySet(models.QuerySet["Appointment"]):
    """Narrowings of appointments that every file of the room shares."""

    def current(self) -> Self:
        """Neither ended nor declined; accepted or still waiting."""
        return self.filter(ended_at=None)

    def live(self) -> Self:
        """Accepted, not ended, in a unit that is open: what rights come from, read anew at each act (AC-14)."""
        return self.filter(ended_at=None, accepted_at__isnull=False, unit__closed_on=None)

    def waiting(self) -> Self:
        """Offered and not yet answered."""
        return self.filter(ended_at=None, accepted_at=None)

    def steady(self) -> Self:
        """Inside an act, the same rows held: a role ends before the act that rests on it or after, never amid (G16)."""
        acting = transaction.get_connection().in_atomic_block
        return self.select_for_update(of=("self",), no_key=True) if acting else self

    def held(self, account: UUID, unit: UUID, role: Role) -> bool:
        """Whether the account holds the role in the unit at this moment; inside an act, until its end."""
        rows = self.live().filter(account_id=account, unit_id=unit, role=role.value)
        return rows.steady().only("id").first() is not None


class Appointment(models.Model):
    """A role in a unit, offered to the holder of an identity number and held once that person accepts.

    An offer is written whether or not the number is registered, so that neither the answer nor any list
    tells the appointing side who is; the account is filled in by the acceptance.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="appointments")
    role = models.CharField(max_length=40, choices=[(role.value, name) for role, name in ROLE_NAMES.items()])
    account = models.ForeignKey("accounts.Account", models.PROTECT, null=True, related_name="appointments")
    invitee_index = models.CharField(max_length=40, db_index=True)
    invitee_name = SealedTextField(privacy=Privacy.PERSONAL)
    invitee = models.CharField(max_length=160)  # masked name and number, for lists of the appointing side
    appointed_by = models.UUIDField(null=True)
    appointed_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    ended_by = models.UUIDField(null=True)
    end_reason = models.CharField(max_length=200, blank=True)

    objects = AppointmentQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["appointed_by", "appointed_at"], name="organizations_appoint_counted")]
        constraints = [
            models.UniqueConstraint(
                fields=["unit", "account", "role"],
                condition=Q(ended_at=None, account__isnull=False),
                name="organizations_appointment_one_active",
            ),
            models.UniqueConstraint(
                fields=["unit", "invitee_index", "role"],
                condition=Q(ended_at=None),
                name="organizations_appointment_one_offer",
            ),
            models.CheckConstraint(
                condition=Q(accepted_at=None, account=None) | Q(accepted_at__isnull=False, account__isnull=False),
                name="organizations_appointment_accepted_by_account",
            ),
            models.CheckConstraint(
                condition=Q(ended_at=None) | Q(ended_at__gte=F("appointed_at")),
                name="organizations_appointment_ends_after_start",
            ),
        ]
