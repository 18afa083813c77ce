"""Adding, changing and retiring a line of the tree."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from bole.kernel.clock import today
from bole.kernel.errors import Absent, Fault, Invalid
from bole.standards import queries as standards
from bole.titles import actions, queries
from bole.titles.models import TitleEntry
from bole.titles.terms import Kind, Span, day_text
from bole.web.doors import for_operators
from bole.web.flash import say
from bole.web.pages.staff.forms import Crumbs, Field, Outcome, Question, Sheet, ask, at, attempt, read_day, to
from bole.web.pages.titles.listing import HERE, TITLE
from bole.web.requests import PageRequest
from bole.web.shapes import Typed

DAYS = (
    Field("since", "启用日期", "date", optional=True, hint="不填为一直有效"),
    Field("until", "停用日期", "date", optional=True, hint="这一天以后不再提供选择，已经选择它的申报不受影响"),
)


def crumbs(request: PageRequest, tab: str, name: str) -> Crumbs:
    """The way back to the list."""
    return ((at(request, "titles"), TITLE), (at(request, "titles", tab=tab), name))


@for_operators
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: PageRequest) -> HttpResponse:
    """A line of ?kind=, under ?below= or under the one chosen in the form."""
    site = request.here.code
    queries.may_keep(request.actor, site).demand()
    kind = _kind(request.GET.get("kind", Kind.SERIES.value))
    if request.method != "POST":
        return _form(request, kind, None, Outcome(Typed({"parent": request.GET.get("below", "")})))
    typed = Typed.posted(request.POST)

    def act() -> TitleEntry:
        return actions.keep_entry(site=site, kind=kind, parent=_parent(typed, kind), by=request.actor, **_read(typed))

    return _done(request, kind, None, attempt(request, typed, act))


@for_operators
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: PageRequest, line: UUID) -> HttpResponse:
    """A line that stands; its place in the tree stays."""
    site = request.here.code
    queries.may_keep(request.actor, site).demand()
    row = queries.entry(site, line)
    kind = Kind(row.kind)
    if request.method != "POST":
        held = {"code": row.code, "name": row.name, "level": row.level, "seen": str(row.revision)}
        days = {"since": _day(row.since), "until": _day(row.until)}
        return _form(request, kind, row, Outcome(Typed({**held, **days})))
    typed = Typed.posted(request.POST)

    def act() -> TitleEntry:
        read = _read(typed)
        return actions.keep_entry(
            site=site, kind=kind, parent=row.parent_id, id=row.pk, seen=seen(typed), by=request.actor, **read
        )

    return _done(request, kind, row, attempt(request, typed, act))


@for_operators
@require_http_methods(["GET", "HEAD", "POST"])
def retire(request: PageRequest, line: UUID) -> HttpResponse:
    """「停用」 after a day; nothing is deleted."""
    site = request.here.code
    queries.may_keep(request.actor, site).demand()
    row = queries.entry(site, line)
    kind = Kind(row.kind)
    sentences = [
        "这一天以后申报时不再提供选择，它下面的内容也一并不再提供。",
        "已经选择它的申报、已办结的业务和历史记录照常显示，不会删除。",
    ]
    question = Question(
        f"停用{kind.label}", f"停用「{row.name}」？", sentences, "停用", at(request, "titles", tab=kind.value),
        crumbs(request, kind.value, kind.label), fields=[last_day()],
    )  # fmt: skip
    if request.method != "POST":
        return ask(request, question, HERE, Outcome[TitleEntry](Typed(first_typed(row.revision))))
    typed = Typed.posted(request.POST)
    outcome = attempt(
        request, typed,
        lambda: actions.retire_entry(site=site, id=line, until=needed_day(typed), seen=seen(typed), by=request.actor),
    )  # fmt: skip
    if outcome.result is None:
        return ask(request, question, HERE, outcome)
    say(request, f"「{row.name}」自{day_text(needed_day(typed))}以后停用。")
    return to_list(request, kind.value)


def last_day() -> Field:
    """The last day of a line that ends, and the revision that was looked at."""
    return Field("until", "最后有效日期", "date", required=True, hint="写成 2026-04-18 的样子")


def first_typed(revision: int) -> dict[str, str]:
    """What a form of retiring begins with."""
    return {"until": today().isoformat(), "seen": str(revision)}


def needed_day(typed: Typed) -> date:
    """The day of a form of retiring. Raises Invalid at "until"."""
    faults: list[Fault] = []
    day = read_day(typed, "until", "最后有效日期", faults)
    if day is None:
        raise Invalid(*(faults or [Fault("until", "请填写最后有效日期")]))
    return day


def seen(typed: Typed) -> int:
    """The revision that the form was made from; a forged one is none."""
    return int(typed["seen"]) if typed["seen"].isascii() and typed["seen"].isdigit() and len(typed["seen"]) < 9 else 0


def to_list(request: PageRequest, tab: str) -> HttpResponse:
    """Back to the list."""
    answer = to(request, "titles")
    answer["Location"] += f"?tab={tab}"
    return answer


def _kind(text: str) -> Kind:
    """Raises Absent for what is no rung."""
    if text not in set(Kind):
        raise Absent
    return Kind(text)


def _day(value: date | None) -> str:
    return value.isoformat() if value else ""


def _read(typed: Typed) -> dict[str, Any]:
    """What the form says, as the action takes it. Raises Invalid."""
    faults: list[Fault] = []
    span = Span(read_day(typed, "since", "启用日期", faults), read_day(typed, "until", "停用日期", faults))
    if faults:
        raise Invalid(*faults)
    return {"code": typed["code"], "name": typed["name"], "level": typed["level"], "span": span}


def _parent(typed: Typed, kind: Kind) -> UUID | None:
    if kind.above is None:
        return None
    try:
        return UUID(typed["parent"])
    except ValueError:
        raise Invalid.at("parent", f"请选择{kind.above.label}") from None


def _fields(request: PageRequest, kind: Kind, row: TitleEntry | None) -> Sequence[Field]:
    fields = []
    if row is None and kind.above is not None:
        fields.append(Field("parent", kind.above.label, "select", required=True, choices=_parents(request, kind.above),
                            empty="请选择"))  # fmt: skip
    if kind is Kind.LEVEL:
        levels = [(entry.code, entry.name) for entry in standards.table("title-level").entries]
        fields.append(Field("level", "职称级别", "select", required=True, choices=levels, empty="请选择"))
    fields += [
        Field("code", "代码", required=True, max=40, hint="同一上级下不重复，停用后也不再使用"),
        Field("name", f"{kind.label}名称" if kind is not Kind.TITLE else kind.label, required=True, max=120),
    ]
    return [*fields, *DAYS]


def _parents(request: PageRequest, above: Kind) -> list[tuple[str, str]]:
    """The lines that something can be put under, each with what it hangs under itself. No query but the edition's."""
    snapshot, day = queries.snapshot(request.here.code), today()
    rows = (entry for entry in snapshot.entries.values() if entry.kind is above and entry.span.holds(day))
    named = [(" › ".join(reversed([each.name for each in snapshot.line(row.id)])), row) for row in rows]
    return [(str(row.id), f"{name}（{row.code}）") for name, row in named]


def _form(request: PageRequest, kind: Kind, row: TitleEntry | None, outcome: Outcome[TitleEntry]) -> HttpResponse:
    lead = ""
    if row is not None and row.parent is not None:
        lead = " › ".join(reversed([each.name for each in queries.snapshot(row.site).line(row.parent.pk)]))
    title = f"修改「{row.name}」" if row is not None else f"添加{kind.label}"
    sheet = Sheet(
        title=title, button="保存", back=at(request, "titles", tab=kind.value), lead=lead,
        crumbs=crumbs(request, kind.value, kind.label), fields=_fields(request, kind, row),
    )  # fmt: skip
    context = {"here": HERE, "sheet": sheet, "typed": outcome.typed, "refusal": outcome.refusal}
    return render(request, "web/staff/form.html", context, status=outcome.status)


def _done(request: PageRequest, kind: Kind, row: TitleEntry | None, outcome: Outcome[TitleEntry]) -> HttpResponse:
    if outcome.result is None:
        return _form(request, kind, row, outcome)
    say(request, f"{kind.label}「{outcome.result.name}」已保存。")
    return to_list(request, kind.value)
