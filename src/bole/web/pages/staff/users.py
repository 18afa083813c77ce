"""「用户管理」: people with roles in the own unit, offers that wait, grants and their end (GZ-10)."""

from typing import Any
from uuid import UUID

from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from bole.accounts import actions as accounts
from bole.kernel.errors import Absent, Fault, Invalid, Refused
from bole.organizations import actions
from bole.organizations import queries as organizations
from bole.organizations.models import Unit
from bole.organizations.terms import ADMINISTRATIVE, MODULE_NAMES, Act, Module, StaffMember
from bole.web.doors import for_administrators
from bole.web.flash import say
from bole.web.pages.staff.forms import (
    Field,
    Outcome,
    Question,
    Sheet,
    ask,
    at,
    attempt,
    is_proved,
    person_fields,
    proof_address,
    proved,
    service_choices,
    sliced,
    to,
)
from bole.web.pages.staff.grants import Range, Wanted, offered_roles, read_range, wanted_of
from bole.web.pages.staff.organizations import own_unit, seen
from bole.web.pages.staff.people import grant_of, invited_of, user_of, users_of
from bole.web.requests import PageRequest, page_number
from bole.web.shapes import Typed

HERE = "staff"
TITLE = MODULE_NAMES[Module.STAFF]
REASON = Field("reason", "原因", required=True, max=200, wide=True, hint="记入账号记录")


def managed(request: PageRequest, act: Act = Act.GRANT) -> Unit:
    """The own unit, for who may do this in it. Raises Refused."""
    unit = own_unit(request.actor)
    organizations.may_act(request.actor, act, unit).demand()
    return unit


@for_administrators
@require_http_methods(["GET", "HEAD", "POST"])
def users(request: PageRequest) -> HttpResponse:
    """The list; names are looked up by POST and stand in no address (AC-27)."""
    unit = managed(request)
    members = organizations.staff_of(unit.pk)
    text = request.POST.get("q", "").strip()[:60]
    if text:
        members = tuple(each for each in members if text in each.name or text in each.invitee)
    page = sliced(users_of(request, unit.pk, members), page_number(request))
    context = {
        "here": HERE,
        "unit": unit,
        "text": text,
        "page": page,
        "users": page.rows,
        "offers": invited_of(request, members),
    }
    return render(request, "web/staff/users.html", context)


@for_administrators
@proved
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: PageRequest) -> HttpResponse:
    """「新增」: identity number and name, the roles at once; an invitation, never another's password."""
    unit = managed(request)
    if request.method != "POST":
        return _new(request, unit, Outcome(Typed()))
    typed = Typed.posted(request.POST)
    outcome = attempt(request, typed, lambda: _offer(request, unit, typed))
    if outcome.result is None:
        return _new(request, unit, outcome)
    say(request, outcome.result)
    return to(request, "staff")


def _offer(request: PageRequest, unit: Unit, typed: Typed) -> str:
    """Offer every role that was ticked, or none of them. Raises Invalid with every fault."""
    faults: list[Fault] = []
    wanted = wanted_of(request, unit, faults)
    limits = read_range(request, typed, faults)
    if not typed["name"].strip():
        faults.append(Fault("name", "请填写与证件一致的姓名"))
    if not typed["number"].strip():
        faults.append(Fault("number", "请填写身份证号"))
    if faults:
        raise Invalid(*faults)
    with transaction.atomic():
        offers = [
            actions.offer_role(
                unit=unit.pk,
                role=each.role,
                business_role=each.business_role,
                number=typed["number"],
                name=typed["name"],
                services=limits.services,
                since_on=limits.since_on,
                until_on=limits.until_on,
                by=request.actor,
            )
            for each in wanted
        ]
    names = "、".join(f"「{each.name}」" for each in wanted)
    return f"已向 {offers[0].invitee} 发出{names}邀请，由本人登录后接受，接受后生效。"


def limits_context(request: PageRequest, typed: Typed, **more: Any) -> dict[str, Any]:
    """What the choice of roles, services and days needs."""
    chosen = request.POST.getlist("services")
    opened = bool(chosen or typed["since_on"] or typed["until_on"] or typed.fault_of("services"))
    return {
        "services": service_choices(request.here.code, chosen),
        "services_fault": typed.fault_of("services"),
        "role_fault": typed.fault_of("roles"),
        "limits_open": opened,
        **more,
    }


def _new(request: PageRequest, unit: Unit, outcome: Outcome[str]) -> HttpResponse:
    back = at(request, "staff")
    sheet = Sheet(
        title="新增经办账号", button="发出邀请", back=back, crumbs=((back, TITLE),), lead=unit.name, heading="人员",
        fields=person_fields(),
    )  # fmt: skip
    context = {
        "here": HERE,
        "sheet": sheet,
        "typed": outcome.typed,
        "refusal": outcome.refusal,
        **limits_context(request, outcome.typed, roles=offered_roles(request, unit)),
    }
    return render(request, "web/staff/new.html", context, status=outcome.status)


@for_administrators
@require_http_methods(["GET", "HEAD", "POST"])
def member(request: PageRequest, account: UUID) -> HttpResponse:
    """One user: what is held, and further roles, which live at once."""
    unit = managed(request)
    found = organizations.staff_member(unit.pk, account)
    if request.method != "POST":
        return _member(request, unit, found, account, Outcome(Typed()))
    typed = Typed.posted(request.POST)
    outcome = attempt(request, typed, lambda: _grant(request, unit, account, typed))
    if outcome.result is None:
        return _member(request, unit, found, account, outcome)
    say(request, f"已授予{found.name}{outcome.result}。")
    return to(request, "staff-member", account)


def _grant(request: PageRequest, unit: Unit, account: UUID, typed: Typed) -> str:
    faults: list[Fault] = []
    wanted = wanted_of(request, unit, faults)
    limits = read_range(request, typed, faults)
    if faults:
        raise Invalid(*faults)
    with transaction.atomic():
        for each in wanted:
            give(request, unit, account, each, limits)
    return "、".join(f"「{each.name}」" for each in wanted)


def give(request: PageRequest, unit: Unit, account: UUID, wanted: Wanted, limits: Range) -> None:
    """One further role for somebody of the unit."""
    actions.grant(
        unit=unit.pk,
        role=wanted.role,
        business_role=wanted.business_role,
        account=account,
        services=limits.services,
        since_on=limits.since_on,
        until_on=limits.until_on,
        by=request.actor,
    )


def _member(request: PageRequest, unit: Unit, found: StaffMember, account: UUID, outcome: Outcome[str]) -> HttpResponse:
    held = {each.title for each in found.roles}
    roles = [each for each in offered_roles(request, unit) if each.name not in held]
    context = {
        "here": HERE,
        "unit": unit,
        "user": user_of(request, unit.pk, account, found),
        "proof": "" if is_proved(request) or request.method == "POST" else proof_address(request),
        "typed": outcome.typed,
        "refusal": outcome.refusal,
        **limits_context(request, outcome.typed, roles=roles),
    }
    return render(request, "web/staff/member.html", context, status=outcome.status)


def _held(request: PageRequest, unit: Unit, appointment: UUID) -> tuple[StaffMember, Any]:
    """An appointment of the own unit with whose it is. Raises Absent."""
    for each in organizations.staff_of(unit.pk):
        for role in each.roles:
            if role.appointment == appointment:
                return each, role
    raise Absent


@for_administrators
@require_http_methods(["GET", "HEAD", "POST"])
def end(request: PageRequest, appointment: UUID) -> HttpResponse:
    """「解除」 a role, or 「撤回」 an offer, with the reason."""
    unit = own_unit(request.actor)
    found, held = _held(request, unit, appointment)
    grant = grant_of(request, held)
    manages = bool(organizations.may_act(request.actor, Act.GRANT, unit))
    if not manages and held.role not in ADMINISTRATIVE:
        raise Refused("经办角色由本单位的管理员解除。单位账号只设置和变更管理员。")
    back_name, back_title = ("staff", TITLE) if manages else ("unit-account", "单位账号")
    back = at(request, back_name)
    waiting = held.state in ("待本人接受", "邀请已过期")
    name = "撤回邀请" if waiting else "解除角色"
    sentences = (
        ["撤回后对方不能再接受这项邀请；需要时可以重新邀请。"]
        if waiting
        else ["解除后立即生效，不能再办理这个角色的业务。已经办理的业务留有记录；需要时可以重新授予。"]
    )
    title = f"撤回给{found.name}的「{grant.title}」邀请？" if waiting else f"解除{found.name}的「{grant.title}」？"
    question = Question(name, title, sentences, name, back, ((back, back_title),), [REASON])
    here = HERE if manages else "unit-account"
    if request.method != "POST":
        return ask(request, question, here)
    typed = Typed.posted(request.POST)
    outcome = attempt(
        request,
        typed,
        lambda: actions.end_appointment(appointment=appointment, reason=typed["reason"], by=request.actor),
    )
    if not outcome.done:
        return ask(request, question, here, outcome)
    say(request, "邀请已撤回。" if waiting else f"已解除{found.name}的「{grant.title}」，立即生效。")
    return to(request, back_name)


@for_administrators
@proved
@require_http_methods(["GET", "HEAD", "POST"])
def again(request: PageRequest, appointment: UUID) -> HttpResponse:
    """「再次邀请」: the same offer to the same person, waiting anew."""
    unit = managed(request)
    found, held = _held(request, unit, appointment)
    back = at(request, "staff")
    question = Question(
        "再次邀请",
        f"再次邀请{found.invitee}？",
        [f"原来的「{held.title}」邀请已过期。再次邀请后由本人登录接受，接受后生效。"],
        "再次邀请",
        back,
        ((back, TITLE),),
        danger=False,
    )
    if request.method != "POST":
        return ask(request, question, HERE)
    outcome = attempt(request, Typed(), lambda: actions.renew_offer(appointment=appointment, by=request.actor))
    if outcome.result is None:
        return ask(request, question, HERE, outcome)
    say(request, f"已再次邀请 {outcome.result.invitee}，由本人登录后接受。")
    return to(request, "staff")


@for_administrators
@proved
@require_http_methods(["GET", "HEAD", "POST"])
def reset(request: PageRequest, unit: UUID, account: UUID) -> HttpResponse:
    """「重置密码」: the person gets a way to set a new one; nobody else sees or types it (GZ-09)."""
    row = seen(request.actor, unit)
    organizations.may_act(request.actor, Act.START_RESET, row).demand()
    found = organizations.staff_member(row.pk, account)
    own = row.pk == request.actor.unit
    if not own and not any(each.role in ADMINISTRATIVE for each in found.roles):
        raise Absent("下级单位的经办人员由该单位的管理员重置密码。")
    back = at(request, "staff") if own else at(request, "organization", row.pk)
    name = found.name if own else found.invitee
    question = Question(
        "重置密码",
        f"重置{name}的密码？",
        ["重置方式会发到本人登记的手机，由本人设置新密码；任何人看不到，也不能代设。同时解除密码错误锁定。"],
        "重置密码",
        back,
        ((back, TITLE if own else row.name),),
        danger=False,
    )
    if request.method != "POST":
        return ask(request, question, HERE if own else "organizations")
    outcome = attempt(request, Typed(), lambda: accounts.start_reset(account=account, by=request.actor))
    if not outcome.done:
        return ask(request, question, HERE if own else "organizations", outcome)
    say(request, f"已向{name}登记的手机发出重置方式，由本人设置新密码。")
    return to(request, "staff") if own else to(request, "organization", row.pk)
