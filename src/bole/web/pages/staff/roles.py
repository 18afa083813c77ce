"""「业务角色管理」: roles with modules and users; the province keeps, authorities refine, units grant them (GZ-07)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_safe

from bole.kernel.errors import Absent, Fault, Invalid, Refused
from bole.organizations import actions
from bole.organizations import queries as organizations
from bole.organizations.models import Unit
from bole.organizations.terms import (
    ADMINISTRATIVE,
    MODULE_NAMES,
    MODULES,
    ROLE_NAMES,
    Act,
    Module,
    Role,
    RoleCard,
    RoleUser,
)
from bole.organizations.terms import UnitKind as Kind
from bole.web.doors import for_administrators
from bole.web.flash import say
from bole.web.pages.staff.forms import (
    Choice,
    Crumbs,
    Field,
    Outcome,
    Question,
    Sheet,
    Slice,
    ask,
    at,
    attempt,
    person_fields,
    proved,
    service_choices,
    service_names,
    to,
)
from bole.web.pages.staff.grants import Range, Wanted, read_range, role_note
from bole.web.pages.staff.people import User, name_and_number, users_of
from bole.web.pages.staff.users import give, limits_context, managed
from bole.web.requests import PageRequest, page_number, posted_number
from bole.web.shapes import Typed

HERE = "roles"
TITLE = MODULE_NAMES[Module.ROLES]
PAGE = 20
FUNCTIONS = tuple(role for role in Role if role not in ADMINISTRATIVE)


@dataclass(frozen=True)
class Line:
    """A role in the list at the left."""

    name: str
    count: int
    disabled: bool
    address: str
    current: bool


@dataclass(frozen=True)
class UserLine:
    """Somebody who holds the role."""

    name: str
    number: str
    unit: str
    others: Sequence[str]
    at: datetime
    state: str
    end_address: str


def _keeps(request: PageRequest, unit: Unit) -> bool:
    """Whether the unit may have roles of its own: authorities may, units only grant."""
    return unit.kind == Kind.AUTHORITY.value and bool(organizations.may_act(request.actor, Act.KEEP_ROLES, unit))


def _keeper(request: PageRequest) -> Unit:
    """The own unit, where it may have roles of its own. Raises Refused with who keeps them instead."""
    unit = managed(request, Act.KEEP_ROLES)
    if not _keeps(request, unit):
        raise Refused(
            "业务角色由省厅统一制定，人社部门可以细分本级角色，单位只能授权。需要新角色的，请逐级向上级人社部门提出。"
        )
    return unit


def _cards(request: PageRequest, unit: Unit) -> tuple[RoleCard, ...]:
    return organizations.roles_for(unit.pk, disabled=True, by=request.actor)


def _card(request: PageRequest, unit: Unit, role: UUID) -> RoleCard:
    """Raises Absent for a role that the unit has nothing to do with."""
    found = next((card for card in _cards(request, unit) if card.id == role), None)
    if found is None:
        raise Absent("没有找到这个业务角色，它可能已经停用。")
    return found


def _level(card: RoleCard) -> str:
    return "省级角色" if card.province else "本级角色" if card.own else "上级角色"


@for_administrators
@require_safe
def index(request: PageRequest) -> HttpResponse:
    """The list with the first role opened."""
    unit = managed(request)
    cards = _cards(request, unit)
    return _page(request, unit, cards, next((card for card in cards if not card.disabled), None))


@for_administrators
@require_safe
def role(request: PageRequest, role: UUID) -> HttpResponse:
    """One role: its modules, its users."""
    unit = managed(request)
    return _page(request, unit, _cards(request, unit), _card(request, unit, role))


def _page(request: PageRequest, unit: Unit, cards: tuple[RoleCard, ...], chosen: RoleCard | None) -> HttpResponse:
    text = request.GET.get("q", "").strip()[:40]
    groups: dict[str, list[Line]] = {"省级角色": [], "上级角色": [], "本级角色": []}
    for card in cards:
        if text in card.name:
            groups[_level(card)].append(
                Line(
                    card.name, card.users, card.disabled, at(request, "role", card.id),
                    chosen is not None and card.id == chosen.id,
                )
            )  # fmt: skip
    context: dict[str, Any] = {
        "here": HERE,
        "text": text,
        "may_keep": _keeps(request, unit),
        "groups": list(groups.items()) if cards else [],
        "nothing_found": bool(text) and not any(groups.values()),
        "role": _shown(request, unit, chosen) if chosen else None,
    }
    if chosen is not None:
        number = page_number(request)
        found = organizations.role_users(chosen.id, by=request.actor, start=(number - 1) * PAGE, limit=PAGE)
        lines = [_line(request, unit, each) for each in found.rows]
        context |= {"users": lines, "page": Slice(lines, number, found.total, PAGE)}
    return render(request, "web/staff/roles.html", context)


def _shown(request: PageRequest, unit: Unit, card: RoleCard) -> dict[str, Any]:
    opened = {module for function in card.functions for module in MODULES[function]}
    possible = {module for function in FUNCTIONS for module in MODULES[function]}
    may_change = card.own and _keeps(request, unit)
    return {
        "name": card.name,
        "level": _level(card),
        "note": card.note,
        "revision": card.revision,
        "disabled": card.disabled,
        "may_change": may_change,
        "kept_by": f"由{'省厅' if card.province else card.keeper}维护，不可修改",
        "services": service_names(request.here.code, card.services),
        "modules": [
            ("经办权限", [(ROLE_NAMES[each], each in card.functions) for each in FUNCTIONS]),
            ("访问模块", [(MODULE_NAMES[each], each in opened) for each in Module if each in possible]),
        ],
        "edit_address": at(request, "role-edit", card.id),
        "switch_address": at(request, "role-switch", card.id),
        "grant_address": at(request, "role-grant", card.id),
        "may_grant": not card.disabled,
    }


def _line(request: PageRequest, unit: Unit, each: RoleUser) -> UserLine:
    hidden, number = name_and_number(each.invitee)
    own = each.unit == unit.pk
    return UserLine(
        name=each.name if own and each.live else hidden,
        number=number,
        unit=each.unit_name,
        others=each.others,
        at=each.granted_at,
        state="已生效" if each.live else "待本人接受",
        end_address=at(request, "staff-grant-end", each.appointment) if own else "",
    )


def _crumbs(request: PageRequest, card: RoleCard | None = None) -> Crumbs:
    crumbs = ((at(request, "roles"), TITLE),)
    return (*crumbs, (at(request, "role", card.id), card.name)) if card else crumbs


@for_administrators
@proved
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: PageRequest) -> HttpResponse:
    """「新增角色」 with its modules."""
    return _keep(request, _keeper(request), None)


@for_administrators
@proved
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: PageRequest, role: UUID) -> HttpResponse:
    """「修改」: at once for all who hold it."""
    unit = _keeper(request)
    card = _card(request, unit, role)
    if not card.own:
        raise Absent(f"「{card.name}」由{card.keeper}维护，本单位不能修改。")
    return _keep(request, unit, card)


def _keep(request: PageRequest, unit: Unit, card: RoleCard | None) -> HttpResponse:
    if request.method != "POST":
        values = {"name": card.name, "note": card.note} if card else {}
        ticked = [each.value for each in card.functions] if card else []
        services = card.services if card else ()
        return _form(request, card, Outcome(Typed(values)), ticked, services)
    typed = Typed.posted(request.POST)
    ticked = request.POST.getlist("functions")
    services = tuple(request.POST.getlist("services"))

    def act() -> UUID:
        faults = []
        known = {each.value for each in FUNCTIONS}
        if not " ".join(typed["name"].split()):
            faults.append(Fault("name", "请填写角色名称"))
        if not ticked or any(each not in known for each in ticked):
            faults.append(Fault("functions", "请至少选择一个权限模块"))
        if faults:
            raise Invalid(*faults)
        kept = actions.keep_role(
            unit=unit.pk,
            role=card.id if card else None,
            name=" ".join(typed["name"].split()),
            note=typed["note"].strip(),
            functions=[Role(each) for each in ticked],
            services=services,
            seen=posted_number(request, "seen") if card else None,
            by=request.actor,
        )
        return kept.pk

    outcome = attempt(request, typed, act)
    if outcome.result is None:
        return _form(request, card, Outcome(outcome.typed, None, outcome.refusal, outcome.status), ticked, services)
    say(request, f"角色「{typed['name'].strip()}」已保存。")
    return to(request, "role", outcome.result)


def _form(
    request: PageRequest, card: RoleCard | None, outcome: Outcome[Any], ticked: Sequence[str], services: Sequence[str]
) -> HttpResponse:
    sheet = Sheet(
        title="修改角色" if card else "新增角色",
        button="保存",
        back=at(request, "role", card.id) if card else at(request, "roles"),
        crumbs=_crumbs(request, card),
        fields=[
            Field("name", "角色名称", required=True, max=40),
            Field("note", "说明", optional=True, max=200, wide=True, hint="告诉单位管理员这个角色给谁用"),
        ],
    )
    context = {
        "here": HERE,
        "sheet": sheet,
        "typed": outcome.typed,
        "refusal": outcome.refusal,
        "functions": [
            Choice(each.value, ROLE_NAMES[each], role_note([each]), each.value in ticked) for each in FUNCTIONS
        ],
        "function_fault": outcome.typed.fault_of("functions"),
        "services": service_choices(request.here.code, services),
        "seen": outcome.typed["seen"] or (card.revision if card else ""),
        "users_total": card.users if card else 0,
    }
    return render(request, "web/staff/role_form.html", context, status=outcome.status)


@for_administrators
@proved
@require_http_methods(["GET", "HEAD", "POST"])
def switch(request: PageRequest, role: UUID) -> HttpResponse:
    """「停用」, at once for all who hold it, and 「启用」 again."""
    unit = _keeper(request)
    card = _card(request, unit, role)
    if not card.own:
        raise Absent(f"「{card.name}」由{card.keeper}维护，本单位不能停用。")
    name = "启用角色" if card.disabled else "停用角色"
    sentences = (
        [f"启用后，{card.users} 个用户立即可以再办理其中的业务。"]
        if card.disabled
        else [f"{card.users} 个用户立即不能再办理其中的业务。", "授权记录保留，可以随时重新启用。"]
    )
    question = Question(
        name, f"{name[:2]}「{card.name}」？", sentences, name, at(request, "role", card.id), _crumbs(request, card),
        danger=not card.disabled,
    )  # fmt: skip
    if request.method != "POST":
        return ask(request, question, HERE)
    act = actions.enable_role if card.disabled else actions.disable_role
    outcome = attempt(request, Typed(), lambda: act(role=card.id, by=request.actor))
    if not outcome.done:
        return ask(request, question, HERE, outcome)
    say(request, f"角色「{card.name}」已{name[:2]}，立即生效。")
    return to(request, "role", card.id)


@for_administrators
@proved
@require_http_methods(["GET", "HEAD", "POST"])
def grant(request: PageRequest, role: UUID) -> HttpResponse:
    """「新增」: users of the own unit get the role at once, somebody else an invitation."""
    unit = managed(request)
    card = _card(request, unit, role)
    ticked = set(request.POST.getlist("people"))
    people = [
        each.ticked(str(each.id) in ticked)
        for each in users_of(request, unit.pk, organizations.staff_of(unit.pk))
        if each.id != request.actor.account and card.name not in {grant.title for grant in each.grants}
    ]
    typed = Typed.posted(request.POST) if request.method == "POST" else Typed()
    outcome: Outcome[str] = Outcome(typed)
    if request.method == "POST":
        outcome = attempt(request, typed, lambda: _grant(request, unit, card, typed, people))
        if outcome.result is not None:
            say(request, outcome.result)
            return to(request, "role", card.id)
    sheet = Sheet(
        title="授予角色", heading=card.name, button="授权", back=at(request, "role", card.id), lead=unit.name,
        crumbs=_crumbs(request, card), fields=person_fields(required=False),
    )  # fmt: skip
    context = {
        "here": HERE,
        "sheet": sheet,
        "people": people,
        "refusal": outcome.refusal,
        "typed": outcome.typed,
        "people_fault": outcome.typed.fault_of("people"),
        **limits_context(request, outcome.typed),
    }
    return render(request, "web/staff/role_grant.html", context, status=outcome.status)


def _grant(request: PageRequest, unit: Unit, card: RoleCard, typed: Typed, people: list[User]) -> str:
    """All of it or nothing. Raises Invalid with every fault."""
    chosen = [each for each in people if each.chosen]
    faults: list[Fault] = []
    limits: Range = read_range(request, typed, faults)
    name, number = typed["name"].strip(), typed["number"].strip()
    if not chosen and not name and not number:
        faults.append(Fault("people", "请选择本单位用户，或填写其他人员的姓名和身份证号"))
    elif bool(name) != bool(number):
        faults.append(Fault("number", "请填写身份证号") if name else Fault("name", "请填写与证件一致的姓名"))
    if faults:
        raise Invalid(*faults)
    told = []
    with transaction.atomic():
        for each in chosen:
            give(request, unit, each.id, Wanted(card.name, business_role=card.id), limits)
        if chosen:
            told.append(f"已授予{'、'.join(each.name for each in chosen)}「{card.name}」。")
        if name:
            offer = actions.offer_role(
                unit=unit.pk, business_role=card.id, number=number, name=name, services=limits.services,
                since_on=limits.since_on, until_on=limits.until_on, by=request.actor,
            )  # fmt: skip
            told.append(f"已向 {offer.invitee} 发出邀请，由本人登录后接受。")
    return "".join(told)
