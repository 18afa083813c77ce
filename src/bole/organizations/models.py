"""Tables of the organizations room: the tree of units, their departments, and who was appointed to what in them."""

from datetime import date
from typing import Any, Self

from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import F, Q

from bole.kernel import clock
from bole.kernel.actors import Way
from bole.kernel.fields import SealedTextField
from bole.kernel.ids import new_id
from bole.kernel.privacy import Privacy
from bole.organizations.terms import (
    IMPLIED,
    OFFER_LASTS,
    ROLE_KINDS,
    ROLE_NAMES,
    UNIT_KIND_NAMES,
    Role,
    UnitKind,
    span,
    way_of,
)

SEGMENT = 4  # base-36 characters per level: 1.6 million children under one unit
DEPTH = 16

# Sorts after every character of a path, so that [path, path + END) is the subtree.
END = "~"


class KeyField(models.CharField):  # type: ignore[type-arg]  # the stubs' parameters do not exist at run time
    """Text compared byte by byte on every database, so that what begins alike is one range of an index.

    PostgreSQL sorts by the language of the database unless told otherwise; such ranges need "C".
    SQLite compares bytes by itself and knows no collation of that name.
    """

    def db_parameters(self, connection: BaseDatabaseWrapper) -> Any:
        parameters = super().db_parameters(connection)
        if connection.vendor == "postgresql":
            parameters["collation"] = "C"
        return parameters


class PathField(KeyField):
    """A materialised path."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs["max_length"] = SEGMENT * DEPTH
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        del kwargs["max_length"]
        return name, path, args, kwargs


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
    name = KeyField(max_length=120)
    pinyin = KeyField(max_length=400, blank=True)
    initials = KeyField(max_length=400, blank=True)
    credit_code = KeyField(max_length=18, null=True, unique=True)
    provisional_code = KeyField(max_length=20, null=True, unique=True)
    organization_code = KeyField(max_length=9, blank=True, db_index=True)
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

    details = models.JSONField(default=dict)  # what only some kinds have: venues and teachers of a training base

    collection_enabled_at = models.DateTimeField(null=True)
    review_closed_at = models.DateTimeField(null=True)  # 「关闭审核权限」: its desks decide nothing (HA-11)
    review_closed_reason = models.CharField(max_length=200, blank=True)
    described_at = models.DateTimeField(null=True)
    described_by = models.UUIDField(null=True)
    described_by_name = models.CharField(max_length=100, blank=True)
    revision = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField()
    closed_on = models.DateField(null=True)
    closed_reason = models.CharField(max_length=200, blank=True)

    objects = UnitQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["site", "region", "kind"], name="organizations_unit_ground"),
            models.Index(fields=["name"], name="organizations_unit_name"),
            models.Index(fields=["path"], name="organizations_unit_path"),
            models.Index(fields=["parent", "path"], name="organizations_unit_siblings"),
            models.Index(fields=["pinyin"], name="organizations_unit_pinyin"),
            models.Index(fields=["initials"], name="organizations_unit_initials"),
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
        return str(self.credit_code or self.provisional_code or self.organization_code)

    @property
    def depth(self) -> int:
        """The level in the tree, the root being 1."""
        return len(self.path) // SEGMENT


class UnitAccount(models.Model):
    """单位账号: a log-in by the unit's code, used by a named person with a second factor, that names administrators."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    unit = models.OneToOneField(Unit, models.PROTECT, related_name="unit_account")
    account = models.OneToOneField("accounts.Account", models.PROTECT, related_name="unit_account")
    holder_name = SealedTextField(privacy=Privacy.PERSONAL)
    made_at = models.DateTimeField()


class Department(models.Model):
    """内设部门: a part of a unit, in a tree of its own (HA-09)."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="departments")
    parent = models.ForeignKey("self", models.PROTECT, null=True, related_name="children")
    name = models.CharField(max_length=60)
    position = models.PositiveIntegerField(default=0)
    made_at = models.DateTimeField()
    disabled_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(id=F("parent")), name="organizations_department_not_own_parent"),
            models.UniqueConstraint(fields=["unit", "parent", "name"], name="organizations_department_name_once"),
            models.UniqueConstraint(
                fields=["unit", "name"], condition=Q(parent=None), name="organizations_department_top_name_once"
            ),
        ]


class BusinessRole(models.Model):
    """业务角色: what the province, or an authority for its own ground, grants under one name (GZ-07, HA-10).

    A change of its functions is a change for all who hold it, at their next act.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    site = models.CharField(max_length=20)
    keeper = models.ForeignKey(Unit, models.PROTECT, related_name="business_roles")
    name = models.CharField(max_length=40)
    note = models.CharField(max_length=200, blank=True)
    functions = models.JSONField()  # values of terms.Role, none of them administrative
    services = models.JSONField(default=list)  # codes of services; empty: all
    revision = models.PositiveIntegerField(default=1)
    made_at = models.DateTimeField()
    disabled_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["keeper", "name"], name="organizations_businessrole_name_once"),
            models.CheckConstraint(condition=~Q(name=""), name="organizations_businessrole_named"),
        ]


class AppointmentQuerySet(models.QuerySet["Appointment"]):
    """Narrowings of appointments that every file of the room shares."""

    def current(self) -> Self:
        """Neither ended nor declined; accepted or still waiting."""
        return self.filter(ended_at=None)

    def live(self, on: date | None = None) -> Self:
        """Accepted, not ended, within its dates, in a unit that is open: what rights come from, read anew at each
        act (AC-14)."""
        today = on or clock.today()
        return self.filter(
            Q(since_on=None) | Q(since_on__lte=today),
            Q(until_on=None) | Q(until_on__gte=today),
            ended_at=None,
            accepted_at__isnull=False,
            unit__closed_on=None,
        )

    def waiting(self) -> Self:
        """Offered and not yet answered."""
        return self.filter(ended_at=None, accepted_at=None)


class Appointment(models.Model):
    """A role in a unit, offered to the holder of an identity number and held once that person accepts.

    An offer is written whether or not the number is registered, so that neither the answer nor any list
    tells the appointing side who is; the account is filled in by the acceptance.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="appointments")
    role = models.CharField(
        max_length=40, blank=True, choices=[(role.value, name) for role, name in ROLE_NAMES.items()]
    )
    business_role = models.ForeignKey(BusinessRole, models.PROTECT, null=True, related_name="appointments")
    services = models.JSONField(default=list)  # the range of business; empty: all
    since_on = models.DateField(null=True)  # both days belong to it; null: no limit
    until_on = models.DateField(null=True)
    replaces = models.ForeignKey("self", models.PROTECT, null=True, related_name="+")  # ends when this is accepted
    emergency = models.BooleanField(default=False)
    reason = models.CharField(max_length=200, blank=True)
    # Set while the appointment is live and the unit may have only one of its kind: "<unit>/administrator".
    sole_key = models.CharField(max_length=60, null=True, unique=True)
    account = models.ForeignKey("accounts.Account", models.PROTECT, null=True, related_name="appointments")
    invitee_index = models.CharField(max_length=40, db_index=True)
    invitee_name = SealedTextField(privacy=Privacy.PERSONAL)
    invitee = models.CharField(max_length=160)  # masked name and number, for lists of the appointing side
    appointed_by = models.UUIDField(null=True)
    appointed_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True)
    lapsed_at = models.DateTimeField(null=True)  # when it was noted that its last day is over
    ended_at = models.DateTimeField(null=True)
    ended_by = models.UUIDField(null=True)
    end_reason = models.CharField(max_length=200, blank=True)

    objects = AppointmentQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["appointed_by", "appointed_at"], name="organizations_appoint_counted"),
            models.Index(
                fields=["until_on"],
                condition=Q(ended_at=None, lapsed_at=None, until_on__isnull=False),
                name="organizations_appoint_lapsing",
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["unit", "account", "role"],
                condition=Q(ended_at=None, account__isnull=False) & ~Q(role=""),
                name="organizations_appointment_one_active",
            ),
            models.UniqueConstraint(
                fields=["unit", "invitee_index", "role"],
                condition=Q(ended_at=None) & ~Q(role=""),
                name="organizations_appointment_one_offer",
            ),
            models.UniqueConstraint(
                fields=["unit", "invitee_index", "business_role"],
                condition=Q(ended_at=None, business_role__isnull=False),
                name="organizations_appointment_one_grant",
            ),
            # One person administers one unit; a second one is refused when its offer is accepted.
            models.UniqueConstraint(
                fields=["account"],
                condition=Q(role=Role.ADMINISTRATOR.value, ended_at=None, account__isnull=False),
                name="organizations_appointment_one_administration",
            ),
            models.CheckConstraint(
                condition=(Q(role="") & Q(business_role__isnull=False)) | (~Q(role="") & Q(business_role=None)),
                name="organizations_appointment_role_or_business_role",
            ),
            models.CheckConstraint(
                condition=Q(sole_key=None) | Q(ended_at=None, accepted_at__isnull=False),
                name="organizations_appointment_sole_only_live",
            ),
            models.CheckConstraint(
                condition=Q(since_on=None) | Q(until_on=None) | Q(until_on__gte=F("since_on")),
                name="organizations_appointment_dates_in_order",
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

    @property
    def expired(self) -> bool:
        """Whether it was offered so long ago that it can no longer be accepted."""
        return self.accepted_at is None and self.appointed_at + OFFER_LASTS < clock.now()

    @property
    def title(self) -> str:
        """The role's name as people read it."""
        return self.business_role.name if self.business_role else ROLE_NAMES[Role(self.role)]

    @property
    def plain_role(self) -> Role | None:
        """The role granted by itself; None where a business role was granted."""
        return Role(self.role) if self.role else None

    @property
    def way(self) -> Way:
        """The capacity in which it is exercised."""
        return way_of(Role(self.role)) if self.role else Way.UNIT

    @property
    def functions(self) -> frozenset[Role]:
        """What it opens: the role with all that comes with it, or what its business role now bundles for this kind."""
        if self.business_role is None:
            return frozenset({Role(self.role)}) | IMPLIED.get(Role(self.role), frozenset())
        if self.business_role.disabled_at is not None:
            return frozenset()
        kind = UnitKind(self.unit.kind)
        return frozenset(role for role in map(Role, self.business_role.functions) if kind in ROLE_KINDS[role])

    def gives(self, role: Role, service: str = "") -> bool:
        """Whether it opens the role, and for this service where one is named."""
        return role in self.functions and (not service or self.scope is None or service in self.scope)

    @property
    def scope(self) -> frozenset[str] | None:
        """The services for which it is held, by its own limit and its business role's; None for all of them."""
        limits = [each for each in (self.services, self.business_role.services if self.business_role else []) if each]
        return frozenset(limits[0]).intersection(*limits[1:]) if limits else None
