"""Which roles a form offers, and what was ticked: roles, range of business, days."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from bole.kernel.errors import Fault
from bole.organizations import queries as organizations
from bole.organizations.models import Unit
from bole.organizations.terms import ADMINISTRATIVE, MODULE_NAMES, MODULES, ROLE_KINDS, ROLE_NAMES, Role, UnitKind
from bole.web.pages.staff.forms import Choice, read_day, service_choices
from bole.web.requests import PageRequest
from bole.web.shapes import Typed

_NOTES = {Role.EXPERT: "参加评审会议、投票", Role.REGISTRAR: "审核账户、人员调转"}


@dataclass(frozen=True)
class Wanted:
    """A role that was ticked: a plain one or a business role."""

    name: str
    role: Role | None = None
    business_role: UUID | None = None


@dataclass(frozen=True)
class Range:
    """For which business and for which days."""

    services: tuple[str, ...] = ()
    since_on: date | None = None
    until_on: date | None = None


def role_note(functions: Iterable[Role]) -> str:
    """What a role opens, in the names of the modules."""
    opened = [MODULE_NAMES[module] for role in functions for module in MODULES[role]]
    return "、".join(dict.fromkeys(opened)) or "、".join(_NOTES.get(role, ROLE_NAMES[role]) for role in functions)


def offered(request: PageRequest, unit: Unit) -> dict[str, tuple[Wanted, str]]:
    """What this visitor may grant in the unit, by the value of its box, with what it opens."""
    by = request.actor
    found: dict[str, tuple[Wanted, str]] = {}
    for card in organizations.roles_for(unit.pk):
        found[str(card.id)] = (
            Wanted(card.name, business_role=card.id),
            card.note or role_note(card.functions),
        )
    bundled = {wanted.name for wanted, _ in found.values()}
    for role in Role:
        if role in ADMINISTRATIVE or UnitKind(unit.kind) not in ROLE_KINDS[role] or ROLE_NAMES[role] in bundled:
            continue
        if organizations.may_grant(by, unit, role):
            found[role.value] = (Wanted(ROLE_NAMES[role], role=role), _NOTES.get(role, role_note([role])))
    return found


def offered_roles(request: PageRequest, unit: Unit) -> list[Choice]:
    """The same as boxes, with those ticked that were sent."""
    ticked = set(request.POST.getlist("roles"))
    return [
        Choice(value, wanted.name, note, value in ticked) for value, (wanted, note) in offered(request, unit).items()
    ]


def wanted_of(request: PageRequest, unit: Unit, faults: list[Fault]) -> list[Wanted]:
    """The roles that were ticked; what is not on offer, or nothing at all, is a fault."""
    known, ticked = offered(request, unit), request.POST.getlist("roles")
    if not ticked:
        faults.append(Fault("roles", "请至少选择一个业务角色"))
    elif any(value not in known for value in ticked):
        faults.append(Fault("roles", "有的角色已经停用或不能由本单位授予，请重新选择"))
    return [known[value][0] for value in dict.fromkeys(ticked) if value in known]


def read_range(request: PageRequest, typed: Typed, faults: list[Fault]) -> Range:
    """Services and days as typed; what is wrong becomes faults."""
    known = {each.value for each in service_choices(request.here.code)}
    services = tuple(dict.fromkeys(request.POST.getlist("services")))
    if any(code not in known for code in services):
        faults.append(Fault("services", "有的业务已经不在本办事大厅办理，请重新选择"))
    since_on, until_on = (
        read_day(typed, "since_on", "生效日期", faults),
        read_day(typed, "until_on", "截止日期", faults),
    )
    if since_on and until_on and until_on < since_on:
        faults.append(Fault("until_on", "截止日期不能早于生效日期"))
    return Range(services, since_on, until_on)
