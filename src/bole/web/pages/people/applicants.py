"""「申报人员」: the people of a unit with their accounts, and what the unit may do for them (SZ-03)."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from bole.accounts import queries as accounts
from bole.kernel import clock
from bole.kernel.errors import Absent, Invalid
from bole.kernel.privacy import mask_number
from bole.organizations import queries as organizations
from bole.people import actions as people
from bole.people import queries
from bole.people.models import Invitation, Tie
from bole.web.doors import for_units, stepped_up
from bole.web.flash import say
from bole.web.pages import lists
from bole.web.requests import PageRequest, posted_id
from bole.web.shapes import Typed

HERE = "applicants"
FILTERS = ("name", "number")
CAME = lists.Sort("came", "注册日期", ("-since_on", "id"))
SORTS = (CAME, lists.Sort("name", "姓名", ("person__pinyin", "id")))
INVITED = lists.Sort("invited", "邀请日期", ("-invited_at", "id"))
TABS = {"people": "申报人员", "waiting": "待本人接受"}


@dataclass(frozen=True)
class Row:
    """One line: somebody of the unit, or somebody invited."""

    id: UUID
    name: str
    login: str
    number: str
    unit: str
    department: str
    since: date
    state: str


@require_http_methods(["GET", "HEAD", "POST"])
@for_units
def applicants(request: PageRequest) -> HttpResponse:
    """The list, paged and searched by name, pinyin and whole identity number; a posted filter leads to its address."""
    by = request.actor
    queries.may_invite(by, by.unit).demand()
    asked = lists.read_asked(request, by, tabs=list(TABS), sorts=(*SORTS, INVITED), names=FILTERS)
    if request.method == "POST":
        typed = lists.Asked(asked.tab, asked.sort, lists.posted_filters(request, FILTERS))
        return redirect(reverse(HERE, args=[request.here.code]) + typed.address(by))
    unit = organizations.unit(by.place)
    waiting = queries.invitations_of(unit.pk)
    page: lists.KeyPage[Tie] | lists.KeyPage[Invitation]
    if asked.tab == "waiting":
        page = lists.key_page(waiting, asked, INVITED, by)
        rows = [_invited(row, unit.name) for row in page.rows]
    else:
        found = queries.people_of(unit.pk, text=asked.filters.get("name", ""), number=asked.filters.get("number", ""))
        sort = next((each for each in SORTS if each.code == asked.sort), CAME)
        page = lists.key_page(found, asked, sort, by)
        rows = _tied(page.rows, unit.name)
    words = {"name": "姓名", "number": "身份证号"}
    context: dict[str, Any] = {
        "here": HERE,
        "tab": asked.tab,
        "tab_name": TABS[asked.tab],
        "tabs": [(code, name, asked.address(by, tab=code, sort="")) for code, name in TABS.items()],
        "waiting_count": waiting.count() if asked.tab != "waiting" else page.total,
        "page": page,
        "rows": rows,
        "typed": asked.filters,
        "tags": [
            (f"{words[name]}：{text if name == 'name' else mask_number(text)}", asked.address(by, without=name))
            for name, text in asked.filters.items()
        ],
        "sorts": [(each, asked.address(by, sort=each.code), each.code == asked.sort) for each in SORTS],
    }
    return render(request, "web/people/applicants.html", context)


def _tied(ties: list[Tie], unit: str) -> list[Row]:
    names = accounts.user_names([tie.person.account_id for tie in ties if tie.person.account_id])
    return [
        Row(
            tie.person_id,
            tie.person.name,
            names.get(tie.person.account_id, "") if tie.person.account_id else "",
            mask_number(tie.person.identity_number),
            unit,
            tie.department.name if tie.department else "",
            tie.since_on,
            "正常",
        )
        for tie in ties
    ]


def _invited(row: Invitation, unit: str) -> Row:
    state = "待本人接受" if row.expires_at > clock.now() else "邀请已过期"
    department = row.department.name if row.department else ""
    invited_on = clock.china(row.invited_at).date()
    return Row(row.pk, row.name, row.alias, mask_number(row.number), unit, department, invited_on, state)


def tie_of(request: PageRequest, person: UUID) -> Tie:
    """Somebody of the unit acted for. Raises Refused for who may not see, Absent for others' people."""
    queries.may_invite(request.actor, request.actor.unit).demand()
    found = queries.people_of(request.actor.place).filter(person_id=person).first()
    if found is None:
        raise Absent("不是本单位现在的人员，可能刚刚调出或解除。请返回名单。")
    return found


@require_http_methods(["GET", "HEAD", "POST"])
@for_units
def applicant(request: PageRequest, person: UUID) -> HttpResponse:
    """「修改」: the department; name, number and account are the person's own (HA-02)."""
    tie = tie_of(request, person)
    departments = organizations.departments_of(tie.unit_id, disabled=False)
    form, status = Typed({"department": str(tie.department_id or "")}), 200
    if request.method == "POST":
        form = Typed.posted(request.POST)
        try:
            people.place_person(person=person, department=posted_id(request, "department"), by=request.actor)
            say(request, "修改已保存。")
            return redirect(HERE, request.here.code)
        except Invalid as wrong:
            form, status = form.with_faults(wrong), 422
    context = {
        "here": HERE,
        "form": form,
        "row": _tied([tie], organizations.unit(tie.unit_id).name)[0],
        "departments": [(str(each.id), "　" * (each.depth - 1) + each.name) for each in departments],
    }
    return render(request, "web/people/applicant.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@for_units
@stepped_up
def reset(request: PageRequest, person: UUID) -> HttpResponse:
    """「重置密码」: asks first, then the person is sent the way to a new password."""
    tie = tie_of(request, person)
    if request.method == "POST":
        say(request, people.start_reset(person=person, by=request.actor))
        return redirect(HERE, request.here.code)
    return confirmation(
        request,
        title=f"为{tie.person.name}重置密码？",
        text="本人登记的手机会收到重设密码的办法，由本人设置新密码。任何人都看不到新密码，原密码在重设前仍然有效。",
        button="重置密码",
    )


@require_http_methods(["GET", "HEAD", "POST"])
@for_units
def remove(request: PageRequest, person: UUID) -> HttpResponse:
    """「删除」: the person leaves the unit, with every role in it; the account and the archive stay the person's."""
    tie = tie_of(request, person)
    if request.method == "POST":
        done = people.clean_up(unit=request.actor.place, persons=[person], reason="单位删除申报人员", by=request.actor)
        say(request, f"已删除{tie.person.name}。" if done[0].ok else done[0].say)
        return redirect(HERE, request.here.code)
    return confirmation(
        request,
        title=f"删除{tie.person.name}？",
        text="删除后不再是本单位人员，在本单位的权限同时解除。本人的账号、档案和已申报的内容保留，可以由其他单位邀请。",
        button="删除",
        danger=True,
    )


def confirmation(request: PageRequest, *, title: str, text: str, button: str, danger: bool = False) -> HttpResponse:
    """The page that asks before an act; it works without script."""
    context = {"here": HERE, "title": title, "text": text, "button": button, "danger": danger, "back": HERE}
    return render(request, "web/people/confirm.html", context)
