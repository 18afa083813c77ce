"""「组织机构管理」: the tree of the ground with its units and their users (GZ-10); one unit stands at the right."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from bole.kernel.actors import Actor, Way
from bole.kernel.errors import Refused
from bole.organizations import queries as organizations
from bole.organizations.models import Unit
from bole.organizations.terms import ADMINISTRATIVE, MODULE_NAMES, UNIT_KIND_NAMES, Act, Module, RoleHeld, StaffMember
from bole.organizations.terms import UnitKind as Kind
from bole.standards import queries as standards
from bole.web.doors import for_units
from bole.web.pages.staff import tree
from bole.web.pages.staff.forms import at
from bole.web.pages.staff.people import User, users_of
from bole.web.requests import PageRequest

TITLE = MODULE_NAMES[Module.ORGANIZATIONS]
HITS = 20


@dataclass(frozen=True)
class Administrator:
    """Who administers a unit, or was asked to: masked."""

    invitee: str
    state: str


@dataclass(frozen=True)
class ActLink:
    """Something that can be done to the unit."""

    name: str
    address: str
    grave: bool = False


@dataclass(frozen=True)
class Shown:
    """The unit at the right."""

    id: UUID
    name: str
    kind_name: str
    code: str
    provisional: bool
    state: str
    superior: str
    superior_address: str
    region: str
    duties: str
    review_closed: datetime | None
    administrators: tuple[Administrator, ...]


def kind_name(unit: Unit) -> str:
    """What the page calls a kind of unit: an employer is a 用人单位 there."""
    return "用人单位" if unit.kind == Kind.UNIT.value else UNIT_KIND_NAMES[Kind(unit.kind)]


def seen(actor: Actor, id: UUID | None = None) -> Unit:
    """A unit whose line of the tree may be looked at; without a key, the own one.

    Raises Absent for foreign ones, Refused for who may not look.
    """
    return organizations.Outlook(actor).unit(id)


def own_unit(actor: Actor) -> Unit:
    """The unit acted for. Raises Refused for who acts for none."""
    return organizations.unit(actor.place)


def administrators(members: tuple[StaffMember, ...]) -> tuple[Administrator, ...]:
    """Administrators and deputies among the staff, with offers that wait."""
    return tuple(
        Administrator(each.invitee, role.state) for each in members for role in each.roles if administers(role)
    )


def administers(role: RoleHeld) -> bool:
    """Whether it is the administrator's or the deputy's."""
    return role.role in ADMINISTRATIVE


def acts_on(request: PageRequest, unit: Unit, allowed: frozenset[Act]) -> list[ActLink]:
    """What this visitor may do to the unit, gravest last."""
    if unit.closed_on is not None or request.actor.way is not Way.ADMINISTRATOR:
        return []
    found = []
    if Act.CREATE_UNIT in allowed:
        found.append(ActLink("新增下级单位", at(request, "organization-new", unit.pk)))
        if unit.pk != request.actor.unit and not hasattr(unit, "unit_account"):
            found.append(ActLink("设置单位账号", at(request, "organization-account", unit.pk)))
    if Act.SUSPEND_REVIEW in allowed:
        word = "恢复审核权限" if unit.review_closed_at else "关闭审核权限"
        found.append(ActLink(word, at(request, "organization-review", unit.pk)))
    if Act.APPOINT_IN_EMERGENCY in allowed:
        found.append(ActLink("应急指定管理员", at(request, "organization-emergency", unit.pk)))
    if Act.REMOVE_ADMINISTRATOR in allowed:
        found.append(ActLink("移除管理员", at(request, "organization-remove", unit.pk), grave=True))
    if Act.CLOSE_UNIT in allowed:
        found.append(ActLink("停用单位", at(request, "organization-close", unit.pk), grave=True))
    return found


@for_units
@require_safe
def index(request: PageRequest) -> HttpResponse:
    """The own unit, or what a search found."""
    return _page(request, None, at(request, "organizations"))


@for_units
@require_safe
def unit(request: PageRequest, unit: UUID) -> HttpResponse:
    """Another unit, with the tree opened there."""
    return _page(request, unit, at(request, "organization", unit))


def _page(request: PageRequest, id: UUID | None, address: str) -> HttpResponse:
    by = request.actor
    outlook = organizations.Outlook(by, request.capacity)
    row = outlook.unit(id)
    text = request.GET.get("q", "").strip()[:60]
    allowed = outlook.acts_on(row)
    context: dict[str, Any] = {
        "here": "organizations",
        "title": TITLE,
        "manages": by.way is Way.ADMINISTRATOR,
        "may_create": Act.CREATE_UNIT in allowed and row.closed_on is None,
        "text": text,
        "search_address": address,
        "kinds": kind_tabs(request),
        **about(request, row, allowed),
    }
    if text:
        hits = organizations.search_units(text, by=by, limit=HITS + 1)
        context["hits"] = hits[:HITS]
        notes = {hit.node.id: " › ".join(hit.superiors) for hit in hits[:HITS]}
        context["lines"] = tree.drawn(request, [hit.node for hit in hits[:HITS]], notes)
        context["hits_more"] = len(hits) > HITS
    else:
        after = request.GET.get("after", "")[:200]
        context["level"] = tree.opened(request, outlook.tree_at(row, after=after, limit=tree.PAGE))
    return render(request, "web/staff/organizations.html", context)


def about(request: PageRequest, row: Unit, allowed: frozenset[Act]) -> dict[str, Any]:
    """The unit at the right with its users and what may be done to it."""
    by = request.actor
    members = organizations.staff_of(row.pk)
    own = row.pk == by.unit
    users: list[User] = users_of(request, row.pk, members)
    superior = row.parent
    shown = Shown(
        id=row.pk,
        name=row.name,
        kind_name=kind_name(row),
        code=row.code,
        provisional=row.credit_code is None and row.provisional_code is not None,
        state="已停用" if row.closed_on else "已归口" if superior else "",
        superior=superior.name if superior else "",
        superior_address=at(request, "organization", superior.pk) if superior and not own else "",
        region=standards.region(row.region).full_name,
        duties=row.duties,
        review_closed=row.review_closed_at,
        administrators=administrators(members),
    )
    return {"shown": shown, "own": own, "users": users, "acts": acts_on(request, row, allowed)}


@for_units
@require_safe
def children(request: PageRequest, unit: UUID) -> HttpResponse:
    """The units below a line that was just opened."""
    outlook = organizations.Outlook(request.actor, request.capacity)
    above = outlook.unit(unit)
    page = outlook.children(above, after=request.GET.get("after", "")[:200], limit=tree.PAGE)
    level = tree.lines(request, page, above.pk, request.GET.get("skip", ""))
    return render(request, "web/staff/tree_children.html", {"level": level})


@for_units
@require_safe
def more(request: PageRequest) -> HttpResponse:
    """Further units at the top of the tree."""
    seen(request.actor)
    level = tree.more_roots(request, request.GET.get("after", "")[:200], request.GET.get("skip", ""))
    return render(request, "web/staff/tree_children.html", {"level": level})


# 「管理下级单位」 and its kin (HA-11): what a superior of each kind calls the lists of those below it.
LISTS: dict[Kind, dict[Kind, str]] = {
    Kind.AUTHORITY: {
        Kind.AUTHORITY: "管理下级人社",
        Kind.DEPARTMENT: "管理主管部门",
        Kind.UNIT: "管理用人单位",
        Kind.BASE: "管理继续教育基地",
    },
    Kind.DEPARTMENT: {
        Kind.UNIT: "管理下级单位",
        Kind.DEPARTMENT: "管理主管部门",
        Kind.BASE: "管理继续教育基地",
    },
    Kind.UNIT: {Kind.UNIT: "管理下级单位"},
    Kind.BASE: {},
}


def kind_tabs(request: PageRequest, current: str = "") -> list[tuple[str, str, bool]]:
    """The tree, and one list for each kind that the own unit may have below it."""
    lists = LISTS[request.capacity.kind] if request.capacity else {}
    if not lists:
        return []
    tabs = [(at(request, "organizations"), TITLE, not current)]
    return tabs + [
        (at(request, "lower-units", tab=kind.value), name, current == kind.value) for kind, name in lists.items()
    ]


def demand_list(own: Unit, kind: str) -> tuple[Kind, str]:
    """The list asked for. Raises Refused where the own unit has none."""
    lists = LISTS[Kind(own.kind)]
    if not lists:
        raise Refused("继续教育基地没有下级单位。")
    chosen = next((each for each in lists if each.value == kind), next(iter(lists)))
    return chosen, lists[chosen]
