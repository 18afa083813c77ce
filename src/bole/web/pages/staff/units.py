"""What an administrator does to the units below: creates, suspends, closes them, sees to their administrators."""

from collections.abc import Callable
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from bole.kernel.errors import Fault, Invalid, Refused
from bole.organizations import actions
from bole.organizations import queries as organizations
from bole.organizations.models import Unit
from bole.organizations.terms import BELOW, Act, Role
from bole.organizations.terms import UnitKind as Kind
from bole.standards import queries as standards
from bole.web.doors import for_administrators
from bole.web.flash import say
from bole.web.pages.staff.forms import Crumbs, Field, Question, Sheet, ask, at, attempt, person_fields, proved, to
from bole.web.pages.staff.organizations import TITLE, seen
from bole.web.requests import PageRequest
from bole.web.shapes import Typed

HERE = "organizations"
KIND_NAMES = {
    Kind.AUTHORITY: "下级人社部门",
    Kind.DEPARTMENT: "主管部门",
    Kind.UNIT: "用人单位",
    Kind.BASE: "继续教育基地",
}
REASON = Field("reason", "原因", required=True, max=200, wide=True, hint="记入账号记录，并告知对方")


def _crumbs(request: PageRequest, unit: Unit) -> Crumbs:
    return ((at(request, "organizations"), TITLE), (at(request, "organization", unit.pk), unit.name))


@for_administrators
@require_http_methods(["GET", "HEAD", "POST"])
@proved
def new(request: PageRequest, unit: UUID) -> HttpResponse:
    """「新增下级单位」: the unit account and the first administrator come with it (GZ-02, GZ-03)."""
    parent = seen(request.actor, unit)
    organizations.may_act(request.actor, Act.CREATE_UNIT, parent).demand()
    if request.method != "POST":
        first = next((kind for kind in Kind if kind in BELOW[Kind(parent.kind)]), Kind.UNIT)
        kind = request.GET.get("kind", "") or (Kind.UNIT if Kind.UNIT in BELOW[Kind(parent.kind)] else first).value
        return _form(request, parent, Typed({"kind": kind, "region": parent.region}))
    typed = Typed.posted(request.POST)
    outcome = attempt(request, typed, lambda: _create(request, parent, typed))
    if outcome.result is None:
        return _form(request, parent, outcome.typed, refusal=outcome.refusal, status=outcome.status)
    made = outcome.result
    told = f"临时代码 {made.code}，" if made.credit_code is None else ""
    who = typed["administrator_name"].strip()
    say(request, f"已新增{made.name}。{told}单位账号 {made.code} 已建立；管理员邀请已发出，由{who}本人接受后生效。")
    return to(request, "organization", made.pk)


def _create(request: PageRequest, parent: Unit, typed: Typed) -> Unit:
    """Raises Invalid with every fault at once."""
    kinds = {kind.value for kind in BELOW[Kind(parent.kind)]}
    if typed["kind"] not in kinds:
        raise Invalid.at("kind", "请选择单位类别")
    if typed["uncoded"] and typed["credit_code"].strip():
        raise Invalid.at("credit_code", "已经勾选没有统一社会信用代码，请清空代码，或取消勾选")
    if not typed["uncoded"] and not typed["credit_code"].strip():
        raise Invalid.at("credit_code", "请填写统一社会信用代码；确实没有的，勾选下面一项，使用临时代码")
    return actions.create_subordinate(
        parent=parent.pk,
        kind=Kind(typed["kind"]),
        name=typed["name"],
        region=typed["region"],
        credit_code="" if typed["uncoded"] else typed["credit_code"],
        duties=typed["duties"],
        administrator_name=typed["administrator_name"],
        administrator_number=typed["administrator_number"],
        administrator_phone=typed["administrator_phone"],
        by=request.actor,
    )


def regions_below(root: str) -> list[tuple[str, str]]:
    """The ground of a region: itself, what lies in it, and what lies in that."""
    found = [(root, standards.region(root).full_name)]
    for region in standards.regions_under(root):
        found.append((region.code, region.full_name))
        found += [(below.code, below.full_name) for below in standards.regions_under(region.code)]
    return found


def _form(request: PageRequest, parent: Unit, typed: Typed, *, refusal: str = "", status: int = 200) -> HttpResponse:
    back = at(request, "organization", parent.pk)
    sheet = Sheet(
        title="新增下级单位",
        lead=f"上级单位：{parent.name}",
        heading="单位",
        button="新增下级单位",
        back=back,
        crumbs=_crumbs(request, parent),
    )
    kinds = [(kind.value, name) for kind, name in KIND_NAMES.items() if kind in BELOW[Kind(parent.kind)]]
    # Only a real code can be lengthened: a branch of a branch without one needs a code of its own (GZ-03).
    provisional = f"{parent.credit_code}＋两位流水号" if parent.credit_code else ""
    context = {
        "here": HERE,
        "sheet": sheet,
        "typed": typed,
        "refusal": refusal,
        "kinds": kinds,
        "regions": regions_below(parent.region),
        "provisional": provisional,
        "code_fault": typed.fault_of("credit_code"),
    }
    return render(request, "web/staff/unit_new.html", context, status=status)


def _act(
    request: PageRequest, row: Unit, question: Question, act: Callable[[Typed], object], done: str
) -> HttpResponse:
    """Ask, and do it once the question was answered."""
    if request.method != "POST":
        return ask(request, question, HERE)
    typed = Typed.posted(request.POST)
    outcome = attempt(request, typed, lambda: act(typed))
    if not outcome.done:
        return ask(request, question, HERE, outcome)
    say(request, done)
    return to(request, "organization", row.pk)


@for_administrators
@require_http_methods(["GET", "HEAD", "POST"])
def review(request: PageRequest, unit: UUID) -> HttpResponse:
    """「关闭审核权限」, and 「恢复审核权限」 where they are closed (HA-11)."""
    row, by = seen(request.actor, unit), request.actor
    organizations.may_act(by, Act.SUSPEND_REVIEW, row).demand()
    back, crumbs = at(request, "organization", row.pk), _crumbs(request, row)
    if row.review_closed_at is not None:
        question = Question(
            "恢复审核权限", f"恢复{row.name}的审核权限？", ["恢复后该单位可以继续审核。"], "恢复审核权限", back, crumbs,
            danger=False,
        )  # fmt: skip
        return _act(
            request, row, question, lambda _: actions.resume_review(unit=row.pk, by=by), f"已恢复{row.name}的审核权限。"
        )
    sentences = [
        "关闭后该单位不能再审核任何业务，已经送到该单位的业务停在原处，办件页面会写明原因。",
        "可以随时恢复；历史记录保留。",
    ]
    question = Question(
        "关闭审核权限", f"关闭{row.name}的审核权限？", sentences, "关闭审核权限", back, crumbs, [REASON]
    )
    return _act(
        request,
        row,
        question,
        lambda typed: actions.suspend_review(unit=row.pk, reason=_reason(typed), by=by),
        f"已关闭{row.name}的审核权限。",
    )


def _reason(typed: Typed) -> str:
    """Raises Invalid at "reason"."""
    if not typed["reason"].strip():
        raise Invalid.at("reason", "请填写原因")
    return typed["reason"].strip()


@for_administrators
@proved
@require_http_methods(["GET", "HEAD", "POST"])
def account(request: PageRequest, unit: UUID) -> HttpResponse:
    """「设置单位账号」 of a unit that was registered before it had one (JL-01)."""
    row, by = seen(request.actor, unit), request.actor
    organizations.may_act(by, Act.CREATE_UNIT, row).demand()
    if row.pk == by.unit:
        raise Refused("单位账号由上级单位的管理员设置，请联系上级单位。")
    sentences = [
        f"单位账号的用户名是单位代码 {row.code or '（还没有登记）'}，只用于设置和变更该单位的管理员，不办理业务。",
        "由使用人用短信验证码激活，密码由本人设置。",
    ]
    fields = [
        Field("holder_name", "使用人姓名", required=True, max=50),
        Field("phone", "电话号码", "tel", required=True, max=20, num=True),
    ]
    question = Question(
        "设置单位账号", f"为{row.name}设置单位账号", sentences, "设置单位账号", at(request, "organization", row.pk),
        _crumbs(request, row), fields, danger=False,
    )  # fmt: skip

    def act(typed: Typed) -> object:
        return actions.open_unit_account(unit=row.pk, holder_name=typed["holder_name"], phone=typed["phone"], by=by)

    return _act(request, row, question, act, f"已设置{row.name}的单位账号，由使用人用短信验证码激活。")


@for_administrators
@proved
@require_http_methods(["GET", "HEAD", "POST"])
def close(request: PageRequest, unit: UUID) -> HttpResponse:
    """「停用单位」, confirmed by the unit's name."""
    row, by = seen(request.actor, unit), request.actor
    organizations.may_act(by, Act.CLOSE_UNIT, row).demand()
    users = sum(1 for each in organizations.staff_of(row.pk) if each.live)
    sentences = [
        f"{users} 个账号将不能再以该单位名义登录，单位账号同时停用。还有下级单位或在办业务的，须先处理完毕。",
        "历史记录保留。需要重新启用的，请联系上级人社部门。",
    ]
    fields = [
        Field("confirmed", "输入单位名称确认", required=True, max=120, wide=True),
        REASON,
    ]
    question = Question(
        "停用单位", f"停用{row.name}？", sentences, "停用单位", at(request, "organization", row.pk),
        _crumbs(request, row), fields,
    )  # fmt: skip

    def act(typed: Typed) -> None:
        faults = []
        if typed["confirmed"].strip() != row.name:
            faults.append(Fault("confirmed", f"请输入单位名称「{row.name}」"))
        if not typed["reason"].strip():
            faults.append(Fault("reason", "请填写原因"))
        if faults:
            raise Invalid(*faults)
        actions.close_unit(unit=row.pk, reason=typed["reason"], by=by)

    return _act(request, row, question, act, f"已停用{row.name}。")


@for_administrators
@proved
@require_http_methods(["GET", "HEAD", "POST"])
def emergency(request: PageRequest, unit: UUID) -> HttpResponse:
    """「应急指定管理员」: on record with its reason; the former one ends once it is accepted."""
    row, by = seen(request.actor, unit), request.actor
    organizations.may_act(by, Act.APPOINT_IN_EMERGENCY, row).demand()
    sentences = [
        "只在该单位没有管理员、或管理员无法履职时使用。指定后由本人登录接受；接受的同时，原管理员的权限终止。",
        "这次指定的原因和经手人记入账号记录，并告知该单位的单位账号和原管理员。",
    ]
    question = Question(
        "应急指定管理员", f"为{row.name}应急指定管理员", sentences, "应急指定管理员",
        at(request, "organization", row.pk), _crumbs(request, row), [*person_fields(), REASON], danger=False,
    )  # fmt: skip

    def act(typed: Typed) -> object:
        return actions.appoint_in_emergency(
            unit=row.pk, number=typed["number"], name=typed["name"], reason=typed["reason"], by=by
        )

    return _act(request, row, question, act, "已发出应急指定，由本人登录接受后生效。")


@for_administrators
@proved
@require_http_methods(["GET", "HEAD", "POST"])
def remove(request: PageRequest, unit: UUID) -> HttpResponse:
    """「移除管理员」 of a lower unit (HA-11); which one, where there are several."""
    row, by = seen(request.actor, unit), request.actor
    organizations.may_act(by, Act.REMOVE_ADMINISTRATOR, row).demand()
    held = [
        (str(role.appointment), f"{each.invitee}　{role.title}")
        for each in organizations.staff_of(row.pk)
        for role in each.roles
        if role.role is Role.ADMINISTRATOR and role.live
    ]
    sentences = [
        "移除后立即生效，不能再以该单位管理员身份登录；本人的申报和档案、经办权限不受影响。",
        "移除后请由该单位的单位账号设置新的管理员，或由您应急指定。",
    ]
    fields = [
        Field("appointment", "管理员", "select", required=True, choices=held, empty="" if len(held) == 1 else "请选择"),
        REASON,
    ]
    question = Question(
        "移除管理员", f"移除{row.name}的管理员？", sentences, "移除管理员", at(request, "organization", row.pk),
        _crumbs(request, row), fields,
    )  # fmt: skip
    if not held:
        say(request, f"{row.name}现在没有管理员。需要指定的，请用「应急指定管理员」。")
        return to(request, "organization", row.pk)

    def act(typed: Typed) -> object:
        if typed["appointment"] not in dict(held):
            raise Invalid.at("appointment", "请选择要移除的管理员")
        return actions.remove_administrator(
            unit=row.pk, reason=_reason(typed), appointment=UUID(typed["appointment"]), by=by
        )

    return _act(request, row, question, act, f"已移除{row.name}的管理员，立即生效。")
