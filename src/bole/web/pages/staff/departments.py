"""「管理内设部门」: the tree of departments of the own unit (HA-09)."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from bole.kernel.errors import Absent, Invalid
from bole.organizations import actions
from bole.organizations import queries as organizations
from bole.organizations.models import Unit
from bole.organizations.terms import Act, DepartmentRow
from bole.web.doors import for_administrators
from bole.web.flash import say
from bole.web.pages.staff.forms import Crumbs, Field, Outcome, Question, Sheet, ask, at, attempt, to
from bole.web.pages.staff.users import managed
from bole.web.requests import PageRequest
from bole.web.shapes import Typed

HERE = "departments"
TITLE = "管理内设部门"


@dataclass(frozen=True)
class Row:
    """A department as a line of the tree."""

    name: str
    above: str
    depth: int
    disabled: bool
    state: str
    below_address: str
    edit_address: str
    move_address: str
    disable_address: str
    enable_address: str


def _unit(request: PageRequest) -> Unit:
    return managed(request, Act.KEEP_DEPARTMENTS)


def _crumbs(request: PageRequest) -> Crumbs:
    return ((at(request, "departments"), TITLE),)


def _found(rows: Sequence[DepartmentRow], id: UUID | str) -> DepartmentRow:
    """Raises Absent for what is no department of the unit."""
    found = next((row for row in rows if str(row.id) == str(id)), None)
    if found is None:
        raise Absent("没有找到这个部门，它可能已经由其他管理员修改。")
    return found


def _below(rows: Sequence[DepartmentRow], id: UUID) -> set[UUID]:
    """A department and everything under it."""
    found = {id}
    for row in rows:  # in the order of the tree: a parent stands before its children
        if row.parent in found:
            found.add(row.id)
    return found


@for_administrators
@require_safe
def index(request: PageRequest) -> HttpResponse:
    """The tree, with what can be done to each department."""
    unit = _unit(request)
    found = organizations.departments_of(unit.pk)
    names = {row.id: row.name for row in found}
    rows = [
        Row(
            name=row.name,
            above=names.get(row.parent, "") if row.parent else "",
            depth=min(row.depth - 1, 6),
            disabled=row.disabled,
            state="已禁用" if row.disabled else "正常",
            below_address=at(request, "department-new", below=str(row.id)),
            edit_address=at(request, "department", row.id),
            move_address=at(request, "department-move", row.id),
            disable_address=at(request, "department-disable", row.id),
            enable_address=at(request, "department-enable", row.id),
        )
        for row in found
    ]
    return render(request, "web/staff/departments.html", {"here": HERE, "unit": unit, "rows": rows})


@for_administrators
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: PageRequest) -> HttpResponse:
    """「添加部门」, or a department below another."""
    unit = _unit(request)
    rows = organizations.departments_of(unit.pk, disabled=False)
    if request.method != "POST":
        return _form(request, rows, Outcome(Typed({"parent": request.GET.get("below", "")})))
    typed = Typed.posted(request.POST)

    def act() -> str:
        parent = _found(rows, typed["parent"]).id if typed["parent"] else None
        return actions.keep_department(unit=unit.pk, parent=parent, name=_name(typed), by=request.actor).name

    outcome = attempt(request, typed, act)
    if outcome.result is None:
        return _form(request, rows, outcome)
    say(request, f"已添加部门「{outcome.result}」。")
    return to(request, "departments")


def _name(typed: Typed) -> str:
    name = " ".join(typed["name"].split())
    if not name:
        raise Invalid.at("name", "请填写部门名称")
    if len(name) > 60:
        raise Invalid.at("name", f"部门名称最多 60 个字，现在有 {len(name)} 个字")
    return name


def _parents(rows: Sequence[DepartmentRow], without: set[UUID] | None = None) -> list[tuple[str, str]]:
    return [(str(row.id), "　" * (row.depth - 1) + row.name) for row in rows if row.id not in (without or set())]


def _form(request: PageRequest, rows: Sequence[DepartmentRow], outcome: Outcome[str]) -> HttpResponse:
    fields = [
        Field("name", "部门名称", required=True, max=60),
        Field("parent", "上级部门", "select", optional=True, choices=_parents(rows), empty="无（单位直属）"),
    ]
    return _sheet(request, "添加部门", "添加部门", fields, outcome)


def _sheet(
    request: PageRequest, title: str, button: str, fields: Sequence[Field], outcome: Outcome[str]
) -> HttpResponse:
    sheet = Sheet(title=title, button=button, back=at(request, "departments"), crumbs=_crumbs(request), fields=fields)
    context = {"here": HERE, "sheet": sheet, "typed": outcome.typed, "refusal": outcome.refusal}
    return render(request, "web/staff/form.html", context, status=outcome.status)


@for_administrators
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: PageRequest, department: UUID) -> HttpResponse:
    """「编辑」: the name and the place among its siblings."""
    unit = _unit(request)
    row = _found(organizations.departments_of(unit.pk), department)
    fields = [
        Field("name", "部门名称", required=True, max=60),
        Field("position", "排列顺序", "number", optional=True, num=True, hint="数字小的排在前面"),
    ]
    if request.method != "POST":
        return _sheet(
            request, "编辑部门", "保存", fields, Outcome(Typed({"name": row.name, "position": str(row.position)}))
        )
    typed = Typed.posted(request.POST)

    def act() -> str:
        position = typed["position"].strip() or "0"
        if not (position.isascii() and position.isdigit() and len(position) < 5):
            raise Invalid.at("position", "排列顺序应为 0 到 9999 的数字")
        kept = actions.keep_department(
            unit=unit.pk, department=row.id, name=_name(typed), position=int(position), by=request.actor
        )
        return kept.name

    outcome = attempt(request, typed, act)
    if outcome.result is None:
        return _sheet(request, "编辑部门", "保存", fields, outcome)
    say(request, f"部门「{outcome.result}」已保存。")
    return to(request, "departments")


@for_administrators
@require_http_methods(["GET", "HEAD", "POST"])
def move(request: PageRequest, department: UUID) -> HttpResponse:
    """「移动」 with everything below it."""
    unit = _unit(request)
    rows = organizations.departments_of(unit.pk, disabled=False)
    row = _found(rows, department)
    targets = _parents(rows, _below(rows, row.id))
    fields = [Field("parent", "移到", "select", choices=targets, empty="无（单位直属）", hint="下级部门一并移动")]
    title = f"移动「{row.name}」"
    if request.method != "POST":
        typed = Typed({"parent": str(row.parent or "")})
        return _sheet(request, title, "移动", fields, Outcome(typed))
    typed = Typed.posted(request.POST)

    def act() -> str:
        parent = _found(rows, typed["parent"]).id if typed["parent"] else None
        return actions.move_department(department=row.id, parent=parent, by=request.actor).name

    outcome = attempt(request, typed, act)
    if outcome.result is None:
        return _sheet(request, title, "移动", fields, outcome)
    say(request, f"部门「{outcome.result}」已移动。")
    return to(request, "departments")


@for_administrators
@require_http_methods(["GET", "HEAD", "POST"])
def disable(request: PageRequest, department: UUID) -> HttpResponse:
    """「禁用」 with everything below it."""
    unit = _unit(request)
    rows = organizations.departments_of(unit.pk)
    row = _found(rows, department)
    below = sum(1 for each in rows if each.id in _below(rows, row.id) and not each.disabled) - 1
    told = f"连同 {below} 个下级部门一并禁用，" if below > 0 else ""
    question = Question(
        "禁用部门", f"禁用「{row.name}」？", [f"{told}禁用后不能再选择；已有的记录保留，可以随时启用。"], "禁用",
        at(request, "departments"), _crumbs(request),
    )  # fmt: skip
    if request.method != "POST":
        return ask(request, question, HERE)
    outcome = attempt(request, Typed(), lambda: actions.disable_department(department=row.id, by=request.actor))
    if not outcome.done:
        return ask(request, question, HERE, outcome)
    say(request, f"已禁用部门「{row.name}」。")
    return to(request, "departments")


@for_administrators
@require_POST
def enable(request: PageRequest, department: UUID) -> HttpResponse:
    """「启用」 again."""
    unit = _unit(request)
    row = _found(organizations.departments_of(unit.pk), department)
    actions.enable_department(department=row.id, by=request.actor)
    say(request, f"已启用部门「{row.name}」。")
    return to(request, "departments")
