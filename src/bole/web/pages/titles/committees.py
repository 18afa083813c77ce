"""Adding, changing and retiring committees; the form asks in the words of the workbook, units are picked."""

from collections.abc import Callable, Sequence
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from bole.kernel.errors import Invalid
from bole.titles import actions, queries
from bole.titles.models import TitleCommittee
from bole.titles.terms import COMMITTEE_COLUMNS, CommitteeDraft, CommitteeLevel, Kind, Review, day_text
from bole.web.doors import for_operators
from bole.web.flash import say
from bole.web.pages.staff.forms import Field, Outcome, Question, Sheet, ask, at, attempt
from bole.web.pages.titles import units
from bole.web.pages.titles.lines import crumbs, first_typed, last_day, needed_day, seen, to_list
from bole.web.pages.titles.listing import COMMITTEES, HERE
from bole.web.requests import PageRequest
from bole.web.shapes import Typed

_NAME = "评委会"


@for_operators
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: PageRequest) -> HttpResponse:
    """「添加评委会」."""
    site = request.here.code
    queries.may_keep(request.actor, site).demand()
    if request.method != "POST":
        return _form(request, None, Outcome(Typed({"judges_lower": "否"})), units.standing(request, None))
    return _save(request, None, lambda draft, _: actions.keep_committee(site=site, draft=draft, by=request.actor))


@for_operators
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: PageRequest, committee: UUID) -> HttpResponse:
    """A committee that stands, with its filing, scope, windows and departments."""
    site = request.here.code
    queries.may_keep(request.actor, site).demand()
    row = queries.committee(site, committee)
    if request.method != "POST":
        typed = Typed({**actions.told(row), "seen": str(row.revision)})
        return _form(request, row, Outcome(typed), units.standing(request, row))
    return _save(
        request,
        row,
        lambda draft, seen: actions.keep_committee(site=site, draft=draft, id=committee, seen=seen, by=request.actor),
    )


@for_operators
@require_http_methods(["GET", "HEAD", "POST"])
def retire(request: PageRequest, committee: UUID) -> HttpResponse:
    """「停用」 after a day; cases that chose it go on."""
    site = request.here.code
    queries.may_keep(request.actor, site).demand()
    row = queries.committee(site, committee)
    sentences = ["这一天以后不再受理新的申报。", "已经提交给它的申报继续办理，历史记录照常显示，不会删除。"]
    question = Question(
        "停用评委会", f"停用「{row.name}」？", sentences, "停用", at(request, "titles", tab=COMMITTEES),
        crumbs(request, COMMITTEES, _NAME), fields=[last_day()],
    )  # fmt: skip
    if request.method != "POST":
        return ask(request, question, HERE, Outcome[TitleCommittee](Typed(first_typed(row.revision))))
    typed = Typed.posted(request.POST)

    def act() -> TitleCommittee:
        until = needed_day(typed)
        return actions.retire_committee(site=site, id=committee, until=until, seen=seen(typed), by=request.actor)

    outcome = attempt(request, typed, act)
    if outcome.result is None:
        return ask(request, question, HERE, outcome)
    say(request, f"「{row.name}」自{day_text(needed_day(typed))}以后停用。")
    return to_list(request, COMMITTEES)


def _fields(request: PageRequest) -> Sequence[Field]:
    snapshot = queries.snapshot(request.here.code)
    series = [(each.code, f"{each.code} {each.name}") for each in snapshot.entries.values() if each.kind is Kind.SERIES]
    levels, reviews = ([(each.label, each.label) for each in kinds] for kinds in (CommitteeLevel, Review))
    more = {
        "code": {"required": True, "max": 40},
        "name": {"required": True, "max": 120, "wide": True},
        "level": {"kind": "select", "required": True, "choices": levels, "empty": "请选择"},
        "judges_lower": {"kind": "select", "choices": [("否", "否"), ("是", "是")], "hint": "同一系列的下级也由它评审"},
        "series": {"kind": "select", "required": True, "choices": series, "empty": "请选择"},
        "scope": {"kind": "area", "optional": True, "max": 2000, "wide": True,
                  "hint": "专业代码，或 专业代码/级别代码/资格代码；几项用、隔开；整个系列都评审的留空"},
        "review": {"kind": "select", "required": True, "choices": reviews, "empty": "请选择"},
        "founder": {"kind": "unit"},
        "departments": {"kind": "units"},
        "filing_number": {"required": True, "max": 60},
        "filed_on": {"kind": "date", "required": True},
        "filed_until": {"kind": "date", "required": True, "hint": "最长 3 年，期满须重新核准备案"},
        "windows": {"kind": "area", "optional": True, "max": 2000, "wide": True,
                    "hint": "例如 2026-03-01至2026-06-30，几个年度用、隔开；不填的不受理申报"},
        "regions": {"optional": True, "max": 400, "hint": "六位行政区划代码，几个用、隔开；不限地区的留空"},
        "units": {"kind": "units"},
        "since": {"kind": "date", "optional": True},
        "until": {"kind": "date", "optional": True},
    }  # fmt: skip
    return [Field(key, label, **more[key]) for key, label in COMMITTEE_COLUMNS.items()]  # type: ignore[arg-type]  # Field's own keys


def _save(
    request: PageRequest, row: TitleCommittee | None, keep: Callable[[CommitteeDraft, int], TitleCommittee]
) -> HttpResponse:
    """Save it, or only look a unit up or add it to its list: then the form comes back as it was typed."""
    typed, chosen = Typed.posted(request.POST), units.posted(request)
    if units.asks_only(request):
        return _form(request, row, Outcome(typed), chosen)

    def act() -> TitleCommittee:
        faults = list(chosen.faults)
        try:
            draft = actions.read_committee(request.here.code, {**typed.values, **chosen.values})
        except Invalid as wrong:
            own = {fault.at for fault in faults}
            raise Invalid(*faults, *(fault for fault in wrong.faults if fault.at not in own)) from None
        if faults:
            raise Invalid(*faults)
        return keep(draft, seen(typed))

    outcome = attempt(request, typed, act)
    if outcome.result is None:
        return _form(request, row, outcome, chosen)
    say(request, f"评委会「{outcome.result.name}」已保存。")
    return to_list(request, COMMITTEES)


def _form(
    request: PageRequest, row: TitleCommittee | None, outcome: Outcome[TitleCommittee], chosen: units.Chosen
) -> HttpResponse:
    sheet = Sheet(
        title=f"修改「{row.name}」" if row is not None else "添加评委会",
        button="保存",
        back=at(request, "titles", tab=COMMITTEES),
        crumbs=crumbs(request, COMMITTEES, _NAME),
        fields=_fields(request),
    )
    drawn = chosen.with_faults({fault.at: fault.say for fault in outcome.typed.faults})
    lists = {each.name: each for each in drawn.lists}
    context = {
        "here": HERE,
        "sheet": sheet,
        "typed": outcome.typed,
        "refusal": outcome.refusal,
        "controls": [(field, lists.get(field.name, drawn.founder)) for field in sheet.fields],
    }
    return render(request, "web/titles/committee.html", context, status=outcome.status)
