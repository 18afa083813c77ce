"""「管理单位管理员」: three ways to invite one, handing over, resetting, deleting (HA-10)."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from bole.accounts import queries as accounts
from bole.kernel.errors import Fault, Invalid
from bole.organizations import actions
from bole.organizations import queries as organizations
from bole.organizations.models import Unit
from bole.organizations.terms import ADMINISTRATIVE, ROLE_NAMES, Act, Role, StaffMember
from bole.organizations.terms import UnitKind as Kind
from bole.web.doors import for_administrators
from bole.web.flash import say
from bole.web.pages.staff.forms import (
    Field,
    Outcome,
    Question,
    ask,
    at,
    attempt,
    is_proved,
    person_fields,
    proof_address,
    proved,
    service_choices,
    service_names,
    to,
)
from bole.web.pages.staff.organizations import own_unit
from bole.web.pages.staff.people import WAITING, name_and_number
from bole.web.requests import PageRequest
from bole.web.shapes import Typed

HERE = "administrators"
TITLE = "管理单位管理员"
WAYS = {
    "choose": ("选择成为管理员", "已是本单位人员的，从本单位用户中选择。"),
    "register": ("注册成为管理员", "还不是本系统用户的，填写姓名和身份证号；请本人在网站注册，注册后即可看到邀请。"),
    "add": ("添加成为管理员", "已是本系统用户、但不是本单位人员的，填写姓名和身份证号；本人登录后即可看到邀请。"),
}


@dataclass(frozen=True)
class Row:
    """An administrator or deputy, or somebody who was asked to be one."""

    name: str
    number: str
    title: str
    range: str
    at: datetime
    state: str
    live: bool
    role: Role | None
    account: UUID | None
    end_address: str = ""
    reset_address: str = ""


def rows_of(request: PageRequest, unit: Unit, members: tuple[StaffMember, ...]) -> list[Row]:
    """Administrators first, then deputies, then those who have not answered."""
    found, resets = [], bool(organizations.may_act(request.actor, Act.START_RESET, unit))
    for each in members:
        hidden, number = name_and_number(each.invitee)
        for held in each.roles:
            if held.role not in ADMINISTRATIVE:
                continue
            waiting = held.state in WAITING
            own = each.account is not None and each.account == request.actor.account
            may_reset = resets and each.account is not None and not own
            found.append(
                Row(
                    name=each.name if each.account else hidden,
                    number=number,
                    title=held.title,
                    range="、".join(service_names(request.here.code, held.services)) or "全部业务",
                    at=held.appointed_at,
                    state=held.state,
                    live=not waiting,
                    role=held.role,
                    account=each.account,
                    end_address=""
                    if own or not _may_end(request, held.role, waiting)
                    else at(request, "staff-grant-end", held.appointment),
                    reset_address=at(request, "staff-reset", unit.pk, each.account) if may_reset else "",
                )
            )
    return sorted(found, key=lambda row: (not row.live, row.role is not Role.ADMINISTRATOR))


def _may_end(request: PageRequest, role: Role | None, waiting: bool) -> bool:
    """A deputy is deleted and an offer withdrawn here; a live administrator hands over."""
    return waiting or role is Role.DEPUTY


@for_administrators
@require_http_methods(["GET", "HEAD", "POST"])
def index(request: PageRequest) -> HttpResponse:
    """The list, and below it the three ways."""
    unit = own_unit(request.actor)
    organizations.may_act(request.actor, Act.GRANT, unit).demand()
    if request.method != "POST":
        return _page(request, unit, Outcome(Typed()))
    typed = Typed.posted(request.POST)
    outcome = attempt(request, typed, lambda: _invite(request, unit, typed))
    if outcome.result is None:
        return _page(request, unit, outcome)
    say(request, outcome.result)
    return to(request, "administrators")


def _roles(request: PageRequest, unit: Unit) -> list[tuple[str, str]]:
    """What somebody may be invited to be."""
    roles = (Role.ADMINISTRATOR, Role.DEPUTY)
    return [(role.value, ROLE_NAMES[role]) for role in roles if organizations.may_grant(request.actor, unit, role)]


def _staff(request: PageRequest, unit: Unit) -> list[tuple[str, str]]:
    """Users of the unit who could be chosen."""
    return [
        (str(each.account), f"{each.name}　{name_and_number(each.invitee)[1]}")
        for each in organizations.staff_of(unit.pk)
        if each.account is not None and each.account != request.actor.account and each.live
    ]


def _way(request: PageRequest) -> str:
    text = request.POST.get("way", "") or request.GET.get("way", "")
    return text if text in WAYS else "choose"


def _invite(request: PageRequest, unit: Unit, typed: Typed) -> str:
    """All three ways end in an invitation. Raises Invalid with every fault at once."""
    faults, roles = [], dict(_roles(request, unit))
    role = typed["role"] or next(iter(roles), "")
    if role not in roles:
        faults.append(Fault("role", "请选择管理员类型"))
    number, name = typed["number"], typed["name"]
    if _way(request) == "choose":
        if typed["account"] not in dict(_staff(request, unit)):
            faults.append(Fault("account", "请选择本单位用户"))
        elif not faults:
            chosen = accounts.account(UUID(typed["account"]))
            number, name = chosen.login, chosen.name
    else:
        faults += [] if name.strip() else [Fault("name", "请填写与证件一致的姓名")]
        faults += [] if number.strip() else [Fault("number", "请填写身份证号")]
    known = {each.value for each in service_choices(request.here.code)}
    services = tuple(code for code in dict.fromkeys(request.POST.getlist("services")) if code in known)
    if faults:
        raise Invalid(*faults)
    offer = actions.offer_role(
        unit=unit.pk, role=Role(role), number=number, name=name, services=services, by=request.actor
    )
    return f"已邀请 {offer.invitee} 担任{roles[role]}，由本人登录后接受，接受后生效。"


def _page(request: PageRequest, unit: Unit, outcome: Outcome[str]) -> HttpResponse:
    way, roles = _way(request), _roles(request, unit)
    several = unit.kind == Kind.AUTHORITY.value
    kind = [Field("role", "管理员类型", "select", required=True, choices=roles)] if len(roles) > 1 else []
    staff = _staff(request, unit)
    choose = Field(
        "account", "本单位用户", "select", required=True, choices=staff, empty="请选择",
        hint="" if staff else "本单位还没有其他用户，请用另外两种方式",
    )  # fmt: skip
    ways = [(code, name, at(request, "administrators", way=code)) for code, (name, _) in WAYS.items()]
    context = {
        "here": HERE,
        "unit": unit,
        "rows": rows_of(request, unit, organizations.staff_of(unit.pk)),
        "several": several,
        "may_hand_over": bool(organizations.may_act(request.actor, Act.HAND_OVER, unit)),
        "may_add": bool(roles),
        "proof": "" if is_proved(request) or request.method == "POST" else proof_address(request),
        "ways": ways,
        "way": way,
        "way_name": WAYS[way][0],
        "way_note": WAYS[way][1],
        "fields": [*kind, choose] if way == "choose" else [*kind, *person_fields()],
        "services": service_choices(request.here.code, request.POST.getlist("services")) if several else [],
        "typed": outcome.typed,
        "refusal": outcome.refusal,
    }
    return render(request, "web/staff/administrators.html", context, status=outcome.status)


@for_administrators
@proved
@require_http_methods(["GET", "HEAD", "POST"])
def hand_over(request: PageRequest) -> HttpResponse:
    """「设为超级管理员」: the successor accepts, and the former one ends at that moment (HA-10, GZ-04)."""
    unit = own_unit(request.actor)
    organizations.may_act(request.actor, Act.HAND_OVER, unit).demand()
    back = at(request, "administrators")
    sentences = [
        "对方登录接受后，立即成为本单位管理员；同一时刻您的管理员权限终止，您在本单位的经办角色和本人申报不受影响。",
        "对方接受之前，您仍是管理员，可以随时撤回。对方须还没有担任其他单位的管理员。",
    ]
    question = Question(
        "设为超级管理员", f"把{unit.name}的管理员移交给谁？", sentences, "移交管理员", back, ((back, TITLE),),
        person_fields(), danger=False,
    )  # fmt: skip
    if request.method != "POST":
        return ask(request, question, HERE)
    typed = Typed.posted(request.POST)
    outcome = attempt(
        request, typed, lambda: actions.hand_over(number=typed["number"], name=typed["name"], by=request.actor)
    )
    if outcome.result is None:
        return ask(request, question, HERE, outcome)
    say(request, f"已向 {outcome.result.invitee} 发出移交，由本人登录接受后生效；此前您仍是管理员。")
    return to(request, "administrators")
