"""Staff, business roles and departments of a unit."""

from collections.abc import Sequence
from uuid import UUID

from django.db.models import Count, Q

from bole.kernel import clock
from bole.kernel.actors import STAFF, Actor, Way
from bole.kernel.errors import Absent
from bole.kernel.prepared import Prepared
from bole.organizations.models import SEGMENT, Appointment, AppointmentQuerySet, BusinessRole, Department, Unit
from bole.organizations.portals import site
from bole.organizations.rules import is_province, position, units_visible_to
from bole.organizations.terms import (
    ADMINISTRATIVE,
    DepartmentRow,
    Role,
    RoleCard,
    RoleHeld,
    RoleUser,
    RoleUsers,
    StaffMember,
    UnitKind,
)

_MOST_STAFF = 2000  # rows of one unit; more are for the search


def managing_unit(actor: Actor) -> Unit | None:
    """The unit whose accounts the actor manages: an administrator's, a deputy's, a unit account's own; else None."""
    if actor.way not in STAFF or actor.way is Way.UNIT:
        return None
    held = position(actor)
    return held.unit if held else None


def staff_of(unit: UUID) -> tuple[StaffMember, ...]:
    """Everybody with roles or offers in the unit, administrators first. Ask whether SEE_TREE is allowed before."""
    people: dict[str, list[Appointment]] = {}
    for row in _STAFF(unit=unit):
        people.setdefault(row.invitee_index, []).append(row)
    members = [_member(held) for held in people.values()]
    return tuple(sorted(members, key=lambda member: not any(each.role in ADMINISTRATIVE for each in member.roles)))


def _staff(*, unit: UUID) -> AppointmentQuerySet:
    rows = Appointment.objects.current().filter(unit_id=unit).select_related("business_role", "account")
    return rows.only(*_SHOWN).order_by("appointed_at", "id")[:_MOST_STAFF]


# What a list of staff shows; an appointment with its role and account has sixty columns.
_SHOWN = (
    "role", "services", "since_on", "until_on", "invitee_index", "invitee", "appointed_at", "accepted_at",
    "business_role__name", "business_role__disabled_at", "account__name",
)  # fmt: skip
_STAFF = Prepared(_staff)


def staff_member(unit: UUID, account: UUID) -> StaffMember:
    """One of them. Raises Absent."""
    found = next((member for member in staff_of(unit) if member.account == account), None)
    if found is None:
        raise Absent("没有找到这名人员，可能已经清理。请刷新后查看。")
    return found


def roles_for(unit: UUID, *, disabled: bool = False, by: Actor | None = None) -> tuple[RoleCard, ...]:
    """The business roles that can be granted in the unit: the province's first, then the finer ones above it.

    `disabled`: those out of use as well. Each with how many hold it: of those whom `by` may see, or wherever.
    Raises Absent.
    """
    here = Unit.objects.filter(pk=unit).first()
    if here is None:
        raise Absent
    above = [here.path[:end] for end in range(SEGMENT, len(here.path) + 1, SEGMENT)]
    province = Q(keeper__kind=UnitKind.AUTHORITY.value, keeper__region=site(here.site).region)
    found = BusinessRole.objects.filter(Q(keeper__path__in=above) | province, site=here.site).select_related("keeper")
    if not disabled:
        found = found.filter(disabled_at=None)
    held = Q(appointments__ended_at=None, appointments__accepted_at__isnull=False)
    if by is not None:
        held &= Q(appointments__unit__in=units_visible_to(by).values("pk"))
    cards = [_card(role, here) for role in found.annotate(held=Count("appointments", filter=held)).order_by("made_at")]
    return tuple(sorted(cards, key=lambda card: (not card.province, card.own)))


def role_users(role: UUID, *, by: Actor, start: int = 0, limit: int = 20) -> RoleUsers:
    """Who holds a business role, among the units that the actor may see, the last granted first."""
    rows = Appointment.objects.current().filter(business_role_id=role, accepted_at__isnull=False)
    rows = rows.filter(unit__in=units_visible_to(by).values("pk"))
    page = list(rows.select_related("unit", "account", "business_role").order_by("-accepted_at", "id")[start:][:limit])
    others = _others(page)
    return RoleUsers(
        rows.count(),
        tuple(
            RoleUser(
                appointment=row.pk,
                name=row.account.name,
                invitee=row.invitee,
                unit=row.unit_id,
                unit_name=row.unit.name,
                others=tuple(other.title for other in others.get((row.unit_id, row.account.pk), []) if other != row),
                granted_at=row.accepted_at,
                live=_state(row) == _LIVE,
            )
            for row in page
            if row.account is not None and row.accepted_at is not None
        ),
    )


def departments_of(unit: UUID, *, disabled: bool = True) -> tuple[DepartmentRow, ...]:
    """The departments of a unit as a tree in the order in which it is shown; one query."""
    rows = Department.objects.filter(unit_id=unit).order_by("position", "name", "id")
    below: dict[UUID | None, list[Department]] = {}
    for row in rows if disabled else rows.filter(disabled_at=None):
        below.setdefault(row.parent_id, []).append(row)
    found: list[DepartmentRow] = []
    waiting = [(row, 1) for row in reversed(below.get(None, []))]
    while waiting:
        row, depth = waiting.pop()
        found.append(DepartmentRow(row.pk, row.name, row.parent_id, depth, row.position, row.disabled_at is not None))
        waiting += [(each, depth + 1) for each in reversed(below.get(row.pk, []))]
    return tuple(found)


_LIVE = "已生效"


def _state(row: Appointment) -> str:
    today = clock.today()
    if row.expired:
        return "邀请已过期"
    if row.until_on is not None and row.until_on < today:
        return "已过截止日期"
    if row.accepted_at is None:
        return "待本人接受"
    if row.since_on is not None and row.since_on > today:
        return "未到起始日期"
    if row.business_role is not None and row.business_role.disabled_at is not None:
        return "角色已停用"
    return _LIVE


def _member(rows: Sequence[Appointment]) -> StaffMember:
    account = next((row.account for row in rows if row.account is not None), None)
    roles = tuple(
        RoleHeld(
            appointment=row.pk,
            title=row.title,
            role=row.plain_role,
            services=tuple(row.services),
            state=_state(row),
            live=_state(row) == _LIVE,
            since=row.since_on,
            until=row.until_on,
            appointed_at=row.appointed_at,
        )
        for row in rows
    )
    name = account.name if account else rows[-1].invitee.split(" ", 1)[0]
    return StaffMember(account.pk if account else None, name, rows[-1].invitee, roles)


def _card(role: BusinessRole, here: Unit) -> RoleCard:
    return RoleCard(
        id=role.pk,
        name=role.name,
        note=role.note,
        keeper=role.keeper.name,
        province=is_province(role.keeper),
        own=role.keeper_id == here.pk,
        functions=tuple(each for each in Role if each.value in role.functions),
        services=tuple(role.services),
        users=role.held,  # type: ignore[attr-defined]  # annotated above
        revision=role.revision,
        disabled=role.disabled_at is not None,
    )


def _others(page: Sequence[Appointment]) -> dict[tuple[UUID, UUID], list[Appointment]]:
    """What else the people of a page hold in the same units."""
    units, people = {row.unit_id for row in page}, {row.account_id for row in page if row.account_id}
    rows = Appointment.objects.live().filter(unit_id__in=units, account_id__in=people).select_related("business_role")
    found: dict[tuple[UUID, UUID], list[Appointment]] = {}
    for row in rows.order_by("appointed_at", "id"):
        if row.account_id is not None:
            found.setdefault((row.unit_id, row.account_id), []).append(row)
    return found
