"""Questions to the organizations room. Rights are always answered from the database, never from a session."""

from collections.abc import Iterable
from uuid import UUID

from django.db.models import Q

from bole.kernel.actors import Actor
from bole.kernel.answers import Answer
from bole.kernel.errors import Absent, Invalid
from bole.kernel.sealing import blind_index
from bole.organizations import rules
from bole.organizations.models import Appointment, Unit, UnitQuerySet
from bole.organizations.portals import site, sites
from bole.organizations.rules import (
    may_appoint,
    may_authorize,
    may_create_unit,
    may_describe_unit,
    may_enable_collection,
    may_end_appointment,
    units_visible_to,
)
from bole.organizations.terms import (
    Capacity,
    Holder,
    Invitation,
    Level,
    Role,
    Standing,
    UnitChoice,
    UnitKind,
    ancestor,
)
from bole.standards import queries as standards
from bole.standards.terms import search_key

__all__ = [  # the permission answers are part of the room's face: pages ask them before they show a button
    "appointments_of",
    "authority_at",
    "authority_for",
    "capacities",
    "find_employers",
    "find_units_for_authorization",
    "holders",
    "holds",
    "invitations_for",
    "invitee_index",
    "is_employer",
    "may_appoint",
    "may_authorize",
    "may_create_unit",
    "may_describe_unit",
    "may_enable_collection",
    "may_end_appointment",
    "may_enter_unit_way",
    "search_superiors",
    "site",
    "sites",
    "standings",
    "unit",
    "unit_by_code",
    "unit_names",
    "unit_visible_to",
    "units_below",
    "units_visible_to",
]


def unit(id: UUID) -> Unit:
    """A unit by its key, closed ones included. Raises Absent."""
    try:
        return Unit.objects.select_related("parent").get(pk=id)
    except Unit.DoesNotExist:
        raise Absent from None


def unit_names(ids: Iterable[UUID]) -> dict[UUID, str]:
    """Names of units by key, for lists that hold only keys."""
    return dict(Unit.objects.filter(pk__in=set(ids)).values_list("pk", "name"))


def unit_visible_to(actor: Actor, id: UUID) -> Unit:
    """The unit, if the actor may see it; Absent alike for what is foreign and what does not exist."""
    found = units_visible_to(actor).filter(pk=id).first()
    if found is None:
        raise Absent
    return found


def unit_by_code(code: str) -> Unit | None:
    """The unit with this credit code, in whatever case and width it was typed."""
    return Unit.objects.filter(credit_code=standards.credit_code(code).code).first()


def units_below(root: Unit) -> UnitQuerySet:
    """The unit and everything attached under it, in tree order."""
    return Unit.objects.below(root.path).order_by("path")


def holds(account: UUID, unit: UUID, role: Role) -> bool:
    """Whether the account holds the role in the unit at this moment."""
    return Appointment.objects.held(account, unit, role)


def holders(unit: UUID, role: Role) -> tuple[Holder, ...]:
    """Who holds the role in the unit, longest first; an empty tuple is a vacancy."""
    rows = Appointment.objects.live().filter(unit_id=unit, role=role.value).order_by("accepted_at", "id")
    return tuple(Holder(id, name) for id, name in rows.values_list("account_id", "account__name"))


def appointments_of(account: UUID) -> tuple[Appointment, ...]:
    """The live appointments of an account with their units, in one query."""
    rows = Appointment.objects.live().filter(account_id=account).select_related("unit")
    return tuple(rows.order_by("unit__path", "role"))


def capacities(account: UUID) -> tuple[Capacity, ...]:
    """The units in which the account may act, with the roles held in each; one query."""
    found: dict[UUID, tuple[Unit, list[Role]]] = {}
    for row in appointments_of(account):
        found.setdefault(row.unit_id, (row.unit, []))[1].append(Role(row.role))
    return tuple(
        Capacity(unit.pk, unit.name, UnitKind(unit.kind), unit.site, unit.region, tuple(roles))
        for unit, roles in found.values()
    )


def invitee_index(number: str) -> str:
    """The look-up key under which an offer waits for the holder of an identity number."""
    return blind_index(number, "appointee")


def invitations_for(*, login: str, name: str) -> tuple[Invitation, ...]:
    """Offers waiting for the person with this identity number and exactly this name."""
    rows = Appointment.objects.waiting().filter(invitee_index=invitee_index(login), unit__closed_on=None)
    return tuple(
        Invitation(row.pk, row.unit_id, row.unit.name, Role(row.role), row.appointed_at)
        for row in rows.select_related("unit").order_by("appointed_at")
        if row.invitee_name == name
    )


def may_enter_unit_way(account: UUID, *, login: str, name: str) -> Answer:
    """Whether the 「单位」 way is open to the account; asked after the password was right (NX-02)."""
    has_roles = Appointment.objects.live().filter(account_id=account).exists()
    return rules.may_enter_unit_way(has_roles, waiting=not has_roles and bool(invitations_for(login=login, name=name)))


def standings(unit: UUID) -> tuple[Standing, ...]:
    """Roles and open offers in a unit, for the authority and the unit itself; names and numbers masked."""
    rows = Appointment.objects.current().filter(unit_id=unit).order_by("role", "appointed_at")
    return tuple(
        Standing(row.pk, Role(row.role), row.invitee, row.accepted_at is not None, row.appointed_at) for row in rows
    )


def authority_for(site: str, region: str, level: Level | str) -> Unit | None:
    """The authority of that level on whose ground the region lies; None when the region lies above the level.

    A unit directly under the region (640000) has no county and no city authority: its cases go straight up (NX-17).
    """
    code = ancestor(region, Level(level))
    return authority_at(site, code) if code else None


def authority_at(site: str, region: str) -> Unit | None:
    """The authority of exactly this region."""
    return Unit.objects.open().filter(site=site, kind=UnitKind.AUTHORITY.value, region=region).first()


def search_superiors(text: str, *, by: Actor, limit: int = 20) -> tuple[UnitChoice, ...]:
    """Keyword search for 「行政主管」 and 「行业主管」: name, pinyin, initials or the beginning of a code.

    Looks through the open units of the actor's own site and leaves out the actor's own unit.
    """
    own = units_visible_to(by).filter(pk=by.unit).first() if by.unit else None
    if not search_key(text) or own is None:
        return ()
    found = Unit.objects.open().filter(_spelt(text), site=own.site).exclude(pk=own.pk).order_by("name")[:limit]
    return tuple(_choice(entry) for entry in found)


def find_employers(text: str, *, site: str, limit: int = 20) -> tuple[UnitChoice, ...]:
    """Keyword search for 「所在单位」: the site's open units that people can belong to, found as above."""
    if not search_key(text):
        return ()
    found = Unit.objects.open().filter(_spelt(text), site=site).exclude(kind=UnitKind.AUTHORITY.value)
    return tuple(_choice(entry) for entry in found.order_by("name")[:limit])


def is_employer(unit: UUID, *, site: str) -> bool:
    """Whether this is a unit that `find_employers` would offer for some words."""
    return Unit.objects.open().filter(pk=unit, site=site).exclude(kind=UnitKind.AUTHORITY.value).exists()


def _spelt(text: str) -> Q:
    word = search_key(text)
    match = Q(name__contains=text.strip()) | Q(name__contains=word)
    if word.isascii():
        code = word.upper().replace("-", "")
        match |= Q(credit_code__startswith=code) | Q(organization_code__startswith=code)
        match |= Q(pinyin__contains=word) | Q(initials__contains=word)
    return match


def find_units_for_authorization(
    *, insurance_number: str = "", organization_code: str = "", credit_code: str = "", by: Actor
) -> tuple[Unit, ...]:
    """「采集授权」 query: each number given must match exactly; only units on the authority's ground (NX-18).

    Raises Refused for others than a 经办员, Invalid when no number is given or one is malformed.
    """
    may_authorize(by).demand()
    exact: dict[str, str] = {}
    if insurance_number.strip():
        exact["insurance_number"] = insurance_number.strip()
    if organization_code.strip():
        exact["organization_code"] = standards.organization_code(organization_code)
    if credit_code.strip():
        exact["credit_code"] = standards.credit_code(credit_code).code
    if not exact:
        raise Invalid.at("insurance_number", "请至少填写单位医保编号、组织机构代码、社会统一信用代码中的一项")
    found = units_visible_to(by).open().filter(**exact).exclude(kind=UnitKind.AUTHORITY.value)
    return tuple(found.order_by("name")[:50])


def _choice(entry: Unit) -> UnitChoice:
    return UnitChoice(entry.pk, entry.name, entry.code, standards.region(entry.region).full_name)
