"""Who holds what. Rights are always answered from the database, never from a session."""

from collections.abc import Iterable
from uuid import UUID

from bole.kernel.actors import Actor, Way
from bole.kernel.answers import Answer
from bole.kernel.sealing import blind_index
from bole.organizations import rules
from bole.organizations.models import Appointment, Unit, UnitAccount
from bole.organizations.standing import firm_in, live_in, live_of
from bole.organizations.terms import Capacity, Holder, Invitation, Role, Standing, UnitKind


def holds(account: UUID, unit: UUID, role: Role, service: str = "") -> bool:
    """Whether the account holds the role in the unit at this moment; with `service`, for that range of business."""
    return any(row.gives(role, service) for row in firm_in(account, unit))


def sits(actor: Actor, unit: UUID | None, role: Role, service: str = "") -> bool:
    """Whether the actor acts for the unit, in a capacity that exercises the role, and holds it now.

    The registrar's desk is the administrator's as well as an operator's; every other role has one capacity (GZ-01).
    """
    return seat_of(actor, unit, role, service) is not None


def seat_of(actor: Actor, unit: UUID | None, role: Role, service: str = "") -> Unit | None:
    """The unit, where the actor sits in it as `sits` asks; None where not. For who needs the unit as well."""
    if actor.account is None or actor.unit is None or actor.unit != unit:
        return None
    rows = firm_in(actor.account, unit)
    return next((row.unit for row in rows if row.gives(role, service) and row.way is actor.way), None)


def holders(unit: UUID, role: Role, service: str = "") -> tuple[Holder, ...]:
    """Who holds the role in the unit, longest first; an empty tuple is a vacancy."""
    found = {
        row.account.pk: Holder(row.account.pk, row.account.name)
        for row in live_in(unit)
        if row.account is not None and row.gives(role, service)
    }
    return tuple(found.values())


def appointments_of(account: UUID) -> tuple[Appointment, ...]:
    """The live appointments of an account with their units, in one query."""
    return live_of(account)


def capacities(account: UUID) -> tuple[Capacity, ...]:
    """In which units and ways the account may act, with the roles held in each; one query."""
    found: dict[tuple[UUID, Way], list[Appointment]] = {}
    for row in appointments_of(account):
        if row.functions:
            found.setdefault((row.unit_id, row.way), []).append(row)
    return tuple(_capacity(rows[0].unit, way, rows) for (_, way), rows in found.items())


def unit_capacity(account: UUID) -> Capacity | None:
    """The unit that a unit account (单位账号) stands for, while it is open; it holds no role there."""
    row = UnitAccount.objects.select_related("unit").filter(account_id=account, unit__closed_on=None).first()
    return _capacity(row.unit, Way.UNIT_ACCOUNT, ()) if row else None


def invitee_index(number: str) -> str:
    """The look-up key under which an offer waits for the holder of an identity number."""
    return blind_index(number, "appointee")


def invitations_for(*, login: str, name: str) -> tuple[Invitation, ...]:
    """Offers waiting for the person with this identity number and exactly this name; those that expired are over."""
    rows = Appointment.objects.waiting().filter(invitee_index=invitee_index(login), unit__closed_on=None)
    return tuple(
        Invitation(row.pk, row.unit_id, row.unit.name, row.plain_role, row.appointed_at, row.title, row.until_on)
        for row in rows.select_related("unit", "business_role").order_by("appointed_at")
        if row.invitee_name == name and not row.expired
    )


def may_enter_unit_way(account: UUID, *, login: str, name: str) -> Answer:
    """Whether the 「单位」 way is open to the account; asked after the password was right (NX-02)."""
    has_roles = Appointment.objects.live().filter(account_id=account).exists()
    return rules.may_enter_unit_way(has_roles, waiting=not has_roles and bool(invitations_for(login=login, name=name)))


def standings(unit: UUID) -> tuple[Standing, ...]:
    """Roles and open offers in a unit, for the authority and the unit itself; names and numbers masked."""
    rows = Appointment.objects.current().filter(unit_id=unit).select_related("business_role")
    return tuple(
        Standing(
            row.pk,
            row.plain_role,
            row.invitee,
            row.accepted_at is not None,
            row.appointed_at,
            row.title,
            row.until_on,
            row.expired,
        )
        for row in rows.order_by("role", "appointed_at")
    )


def _capacity(unit: Unit, way: Way, rows: Iterable[Appointment]) -> Capacity:
    limits: dict[Role, list[frozenset[str] | None]] = {}
    for row in rows:
        for role in row.functions:
            limits.setdefault(role, []).append(row.scope)
    ranges: dict[Role, frozenset[str]] = {}
    for role, each in limits.items():
        limited = [scope for scope in each if scope is not None]
        if len(limited) == len(each):
            ranges[role] = frozenset().union(*limited)
    roles = tuple(role for role in Role if role in limits)
    return Capacity(unit.pk, unit.name, UnitKind(unit.kind), unit.site, unit.region, roles, way, ranges, unit.path)
