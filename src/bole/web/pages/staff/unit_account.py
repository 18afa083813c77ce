"""「单位账号」: who administers the unit, and nothing else; the unit account does no business (GZ-01)."""

from collections.abc import Callable
from dataclasses import dataclass

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_safe

from bole.kernel.actors import Way
from bole.kernel.clock import china
from bole.kernel.errors import Refused
from bole.organizations import actions
from bole.organizations import queries as organizations
from bole.organizations.models import Unit
from bole.organizations.terms import Act, Offer, PastAdministrator, Role
from bole.organizations.terms import UnitKind as Kind
from bole.web.doors import for_administrators
from bole.web.flash import say
from bole.web.pages.staff.administrators import rows_of
from bole.web.pages.staff.forms import Question, ask, at, attempt, person_fields, proved, service_choices, to
from bole.web.pages.staff.organizations import own_unit
from bole.web.pages.staff.people import name_and_number
from bole.web.requests import PageRequest
from bole.web.shapes import Typed

HERE = "unit-account"
TITLE = "单位账号"


@dataclass(frozen=True)
class Past:
    """Somebody who administered the unit before."""

    name: str
    number: str
    title: str
    emergency: bool
    span: str
    reason: str


def _unit(request: PageRequest, act: Act = Act.NAME_ADMINISTRATOR) -> Unit:
    """The own unit, for its unit account alone. Raises Refused."""
    if request.actor.way is not Way.UNIT_ACCOUNT:
        raise Refused("这一页由单位账号办理。管理员请在「管理单位管理员」中办理。")
    unit = own_unit(request.actor)
    organizations.may_act(request.actor, act, unit).demand()
    return unit


def _past(each: PastAdministrator) -> Past:
    name, number = name_and_number(each.invitee)
    span = f"{china(each.since_at):%Y-%m-%d} 至 {china(each.until_at):%Y-%m-%d}"
    return Past(name, number, each.title, each.emergency, span, each.reason)


@for_administrators
@require_safe
def index(request: PageRequest) -> HttpResponse:
    """Who administers now, who was asked, who did before."""
    unit = _unit(request)
    rows = rows_of(request, unit, organizations.staff_of(unit.pk))
    context = {
        "here": HERE,
        "unit": unit,
        "rows": rows,
        "several": unit.kind == Kind.AUTHORITY.value,
        "has_administrator": any(row.live and row.role is Role.ADMINISTRATOR for row in rows),
        "history": [_past(each) for each in organizations.past_administrators(unit.pk)],
    }
    return render(request, "web/staff/unit_account.html", context)


def _offered(request: PageRequest, question: Question, act: Callable[[Typed], Offer]) -> HttpResponse:
    if request.method != "POST":
        return ask(request, question, HERE)
    typed = Typed.posted(request.POST)
    outcome = attempt(request, typed, lambda: act(typed))
    if outcome.result is None:
        return ask(request, question, HERE, outcome)
    say(request, f"已邀请 {outcome.result.invitee}，由本人登录后接受，接受后生效。")
    return to(request, "unit-account")


@for_administrators
@proved
@require_http_methods(["GET", "HEAD", "POST"])
def administrator(request: PageRequest) -> HttpResponse:
    """「设置单位管理员」, 「变更单位管理员」: the new one accepts, and the former one ends at that moment."""
    unit = _unit(request)
    several = unit.kind == Kind.AUTHORITY.value
    standing = bool(organizations.holders(unit.pk, Role.ADMINISTRATOR))
    name = "新增单位管理员" if several and standing else "变更单位管理员" if standing else "设置单位管理员"
    sentences = ["由本人登录后接受，接受后生效；密码由本人设置。对方须还没有担任其他单位的管理员。"]
    if several:
        sentences.append("人社部门可以有多位管理员，各管一部分业务；选择业务范围后，只能授予范围以内的权限。")
    elif standing:
        sentences.append("新管理员接受的同时，现任管理员的权限终止；接受之前现任管理员不变。")
    back = at(request, "unit-account")
    services = service_choices(request.here.code, request.POST.getlist("services")) if several else []
    question = Question(
        name, name, sentences, name, back, ((back, TITLE),), person_fields(), danger=False, services=services
    )
    return _offered(
        request,
        question,
        lambda typed: actions.offer_role(
            unit=unit.pk,
            role=Role.ADMINISTRATOR,
            number=typed["number"],
            name=typed["name"],
            services=[each.value for each in services if each.checked],
            by=request.actor,
        ),
    )


@for_administrators
@proved
@require_http_methods(["GET", "HEAD", "POST"])
def deputy(request: PageRequest) -> HttpResponse:
    """「设置副管理员」, who stands in for the administrator."""
    unit = _unit(request, Act.NAME_DEPUTY)
    back = at(request, "unit-account")
    sentences = ["副管理员在管理员不在岗时代为管理本单位账号。由本人登录后接受，接受后生效。"]
    question = Question(
        "设置副管理员", "设置副管理员", sentences, "设置副管理员", back, ((back, TITLE),), person_fields(), danger=False
    )
    return _offered(
        request,
        question,
        lambda typed: actions.offer_role(
            unit=unit.pk, role=Role.DEPUTY, number=typed["number"], name=typed["name"], by=request.actor
        ),
    )
