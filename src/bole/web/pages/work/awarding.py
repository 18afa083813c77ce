"""Entering results one by one or from a workbook, correcting them, publishing many; each looked over before."""

from collections.abc import Sequence
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from bole.audit import actions as audit
from bole.cases import queries as cases
from bole.definitions.terms import Service
from bole.documents import actions as documents
from bole.documents.terms import SHEET_LIMIT, Column
from bole.kernel import clock
from bole.kernel.errors import Invalid
from bole.kernel.privacy import mask_number
from bole.organizations.terms import Role
from bole.review import actions as review
from bole.review import queries
from bole.review.models import Outcome, OutcomeChange
from bole.review.terms import ENTERED, MOST_AT_ONCE, AuditWord, OutcomeLine, Result, RowResult
from bole.web import flash
from bole.web.doors import for_units, to_assure
from bole.web.pages import exports, lists
from bole.web.pages.staff.forms import Field, Sheet, attempt, is_proved
from bole.web.pages.work.batch import result_rows
from bole.web.pages.work.choosing import read_chosen
from bole.web.pages.work.results import KEY, TITLE, Place, place_of
from bole.web.requests import PageRequest, posted_number
from bole.web.shapes import Moment, Typed
from bole.web.states import ENDED

_NUMBER, _NAME = "受理编号", "姓名"


def _back(request: PageRequest, service: str) -> str:
    return reverse(KEY, args=[request.here.code]) + f"?tab={service}"


@for_units
@require_http_methods(["GET", "HEAD", "POST"])
def result(request: PageRequest, number: str) -> HttpResponse:
    """One result: entered or changed while it is not published, corrected with a reason after that. What has ended is
    put right by who proved who they are, as it was ended."""
    outcome = queries.outcome_kept(number, request.actor)
    service = cases.service_of(outcome.case)
    back = _back(request, service.service)
    if request.method != "POST":
        if outcome.ended_at is not None and not is_proved(request):
            return to_assure(request)
        return _result(request, outcome, service, Typed(_stands(outcome)))
    typed, seen = Typed.posted(request.POST), posted_number(request, "seen")

    def act() -> Outcome:
        if outcome.published_at is None:
            return review.enter_outcome(number=number, seen=seen, typed=typed.values, by=request.actor)
        reason = typed["reason"]
        return review.correct_outcome(number=number, seen=seen, typed=typed.values, reason=reason, by=request.actor)

    tried = attempt(request, typed, act)
    if tried.result is None:
        return _result(request, outcome, service, tried.typed, tried.refusal, tried.status)
    said = (
        "已更正，已通知申报人和单位。" if outcome.published_at is not None else "已录入，公布之后申报人和单位才看得到。"
    )
    flash.say(request, f"{queries.name_of(outcome.case)}的结果{said}")
    answer = HttpResponse(status=302)
    answer["Location"] = back
    return answer


def _stands(outcome: Outcome) -> dict[str, str]:
    return {
        "state": outcome.state if outcome.ended_at is None else "",
        "awarded": outcome.awarded,
        "document": outcome.document,
        "decided_on": outcome.decided_on.isoformat() if outcome.decided_on else "",
        "note": outcome.note or "",
    }


def _result(
    request: PageRequest, outcome: Outcome, service: Service, typed: Typed, refusal: str = "", status: int = 200
) -> HttpResponse:
    published, name = outcome.published_at is not None, service.results.name if service.results else ""
    ended = outcome.ended_at is not None  # what it shall be again is to be said
    choices = [(each.value, each.word) for each in ENTERED if not (published and each is Result.PENDING)]
    grades = [(entry.code, entry.name) for entry in queries.grades(service)]
    fields = [
        Field("state", f"{name}状态", "select", required=True, choices=choices, empty="请选择" if ended else ""),
        *([Field("awarded", f"评审后{name}级别", "select", choices=grades, empty="不评定级别")] if grades else []),
        Field("document", "文号", max=100, optional=True),
        Field("decided_on", f"{name}日期", "date", num=True),
        Field("note", "备注", "area", max=500, wide=True, optional=True, hint="只有公布结果的部门看得到"),
    ]
    if published:
        fields.append(Field("reason", "更正原因", "area", required=True, max=500, wide=True))
    back = _back(request, service.service)
    person, may_end = outcome.case.person, queries.may_end_outcome(request.actor, outcome, service)
    act = "更正结果" if published else "录入结果"
    sheet = Sheet(
        title=f"{act}　{queries.name_of(outcome.case)}",
        heading=act,
        lead=service.name,
        button="保存更正" if published else "保存",
        back=back,
        crumbs=((back, TITLE),),
        fields=fields,
    )
    context = {
        "here": KEY,
        "sheet": sheet,
        "typed": typed,
        "refusal": refusal,
        "seen": typed["seen"] or outcome.revision,
        "state": queries.state_word(service, Result(outcome.state)),
        "kind": ENDED if ended else "",
        "end": reverse("result-end", args=[request.here.code, outcome.case.number]) if may_end else "",
        "endings": "或".join(service.endings.values()),
        "facts": [
            (_NUMBER, outcome.case.number),
            (_NAME, queries.name_of(outcome.case)),
            ("证件号码", mask_number(person.identity_number) if person is not None else ""),
            ("推荐单位", outcome.case.unit.name),
            (f"申请{name}级别", queries.applied_name(service, outcome.applied)),
            ("公布时间", exports.moment(outcome.published_at)),
            *([("失效时间", exports.moment(outcome.ended_at))] if ended else []),
        ],
        "changes": [_moment(service, change) for change in queries.outcome_changes(outcome)],
    }
    return render(request, "web/work/result.html", context, status=status)


def _moment(service: Service, change: OutcomeChange) -> Moment:
    state = Result(change.state)
    said = [queries.state_word(service, state), queries.grade_name(service, change.awarded), change.document]
    what = "失效" if state.end is not None else "更正" if change.reason else "公布" if change.published else "录入"
    title = f"{what}：" + "　".join(part for part in said if part)
    return Moment(title, who=change.account_name, at=change.changed_at, quote=change.reason or "")


@for_units
@require_safe
def template(request: PageRequest) -> HttpResponse:
    """「下载未认定名单」: the workbook to fill in, with everybody who still waits for a result."""
    place = _kept(request)
    heads = queries.outcome_header(place.service)
    grades = tuple(entry.name for entry in queries.grades(place.service))
    choices = {"state": tuple(each.word for each in ENTERED), "awarded": grades}
    columns = [Column(_NUMBER, 24), Column(_NAME, 14)]
    columns += [Column(head, 20, choices.get(key, ())) for key, head in heads.items()]
    rows = queries.outcomes(place.by, place.held, place.service)
    rows = rows.filter(state=Result.PENDING.value, keeper_id=place.held.unit)
    known = [[row.case.number, queries.name_of(row.case)] for row in rows[: review.MOST_OUTCOMES]]
    audit.record(
        AuditWord.EXPORTED, by=place.by, kind="list", id=f"{KEY}/{place.service.service}", unit=place.by.unit,
        detail={"rows": len(known), "filters": ["state"]},
    )  # fmt: skip
    body = documents.write_sheet(
        columns, [[*cells, *[""] * len(heads)] for cells in known], name="评审结果", room_for=100
    )
    return exports.file(f"{place.service.name}-未认定名单", body)


def _kept(request: PageRequest) -> Place:
    """Raises Refused for who does not keep the results of the service asked for."""
    place = place_of(request)
    queries.may_keep(place.by, place.held, place.service).demand()
    return place


@for_units
@require_http_methods(["GET", "HEAD", "POST"])
def import_(request: PageRequest) -> HttpResponse:
    """「导入结果」: the workbook is read and shown row by row; only what was shown and confirmed is entered."""
    place = _kept(request)
    if request.method == "POST" and "confirm" in request.POST:
        kept = _disclosed(request, place)
        if kept is None:
            return _import(request, place, fault="预览已经失效，没有录入。请重新选择文件。", status=422)
        done = review.import_outcomes(lines=kept, service=place.service.service, by=request.actor)
        return _done(request, place, done, "导入结果", "已录入")
    if request.method != "POST":
        return _import(request, place)
    try:
        lines = queries.read_outcomes(
            _uploaded(request), service=place.service, most=review.MOST_OUTCOMES, by=request.actor
        )
    except Invalid as wrong:
        return _import(request, place, file_fault=wrong.sentence, status=422)
    return _import(request, place, lines)


def _uploaded(request: PageRequest) -> bytes:
    file = request.FILES.get("file")
    if file is None:
        raise Invalid.at("file", "请选择要导入的 xlsx 文件")
    if (file.size or 0) > SHEET_LIMIT:
        raise Invalid.at("file", "文件超过 10 MB，请分成几个文件导入")
    body: bytes = file.read()
    return body


def _import(
    request: PageRequest, place: Place, lines: Sequence[OutcomeLine] = (), *, fault: str = "", file_fault: str = "",
    status: int = 200,
) -> HttpResponse:  # fmt: skip
    heads = queries.outcome_header(place.service)
    good = [line for line in lines if line.ok]
    shown = [line for line in lines if not line.ok] + good
    kept = [[line.row, line.number, line.name, dict(line.typed), line.changes, line.seen] for line in good]
    context = {
        "here": KEY,
        "place": place,
        "back": _back(request, place.service.service),
        "heads": list(heads.values()),
        "lines": [
            {
                "row": line.row,
                "number": line.number,
                "name": line.name,
                "ok": line.ok,
                "say": line.say,
                "cells": [(head, line.typed[key]) for key, head in heads.items()],
            }
            for line in shown
        ],
        "good": len(good),
        "bad": len(lines) - len(good),
        "kept": lists.close([place.service.service, kept], request.actor, "results") if good else "",
        "fault": fault,
        "file_fault": file_fault,
        "most": f"{review.MOST_OUTCOMES:,}",
    }
    return render(request, "web/work/results_import.html", context, status=status)


def _disclosed(request: PageRequest, place: Place) -> list[OutcomeLine] | None:
    """The rows of the preview that this account was shown; None when they are not those."""
    known = lists.disclose(request.POST.get("kept", ""), request.actor, "results")
    if not isinstance(known, list) or known[0] != place.service.service:
        return None
    return [
        OutcomeLine(row, number, name, typed, "", ok=True, changes=changes, seen=seen)
        for row, number, name, typed, changes, seen in known[1]
    ]


@for_units
@require_POST
def publish(request: PageRequest) -> HttpResponse:
    """「公布结果」: what was chosen, or all that is entered, looked over; with 「确认公布」 published row by row."""
    place = _kept(request)
    chosen, whole = _chosen(request, place)
    if "confirm" in request.POST and chosen:
        done = review.publish_outcomes(chosen=chosen, by=request.actor)
        public = [row.number for row in done if row.ok]
        kept = lists.close(public, request.actor, "announce") if public and _edits(request) else ""
        return _done(request, place, done, "公布结果", "已公布", kept)
    found = queries.chosen_outcomes([number for number, _ in chosen], place.service, request.actor)
    lines = [_line(place, number, seen, found.get(number)) for number, seen in chosen]
    lines.sort(key=lambda line: bool(line["ok"]))
    good = [line for line in lines if line["ok"]]
    passed = sum(line["state"] == Result.PASSED.word for line in good)
    context = {
        "here": KEY,
        "place": place,
        "back": _back(request, place.service.service),
        "lines": lines,
        "good": len(good),
        "bad": len(lines) - len(good),
        "summary": f"通过 {passed} 件，未通过 {len(good) - passed} 件",
        "kept": lists.close([line["chosen"] for line in good], request.actor, "publish") if whole else "",
        "more": f"一次公布 {review.MOST_OUTCOMES:,} 件，公布后再办理其余的。"
        if len(chosen) == review.MOST_OUTCOMES
        else "",
        "fault": "" if chosen else "没有可以公布的结果：请先录入，再在清单里勾选。",
    }
    return render(request, "web/work/results_publish.html", context, status=200 if chosen else 422)


def _edits(request: PageRequest) -> bool:
    """Whether the visitor writes for the portal too."""
    return request.capacity is not None and Role.EDITOR in request.capacity.roles


def _chosen(request: PageRequest, place: Place) -> tuple[list[tuple[str, int]], bool]:
    """What is to be published, by number and revision seen; and whether it is too much to tick row by row."""
    if "all" in request.POST:
        rows = queries.outcomes(place.by, place.held, place.service).filter(queries.to_publish(place.held.unit))
        rows = rows[: review.MOST_OUTCOMES]
        found = [(row.case.number, row.revision) for row in rows]
        return found, len(found) > MOST_AT_ONCE
    kept = lists.disclose(request.POST.get("kept", ""), request.actor, "publish")
    if isinstance(kept, list):
        return read_chosen(kept, review.MOST_OUTCOMES), True
    return read_chosen(request.POST.getlist("case")[:MOST_AT_ONCE]), False


def _line(place: Place, number: str, seen: int, outcome: Outcome | None) -> dict[str, Any]:
    """A row of the preview; `say` is what will become of it."""
    line: dict[str, Any] = {"number": number, "chosen": f"{number}:{seen}", "ok": False}
    if outcome is None:
        return {**line, "say": "没有这份结果，或不由本单位公布"}
    service = place.service
    line |= {
        "name": queries.name_of(outcome.case),
        "unit": outcome.case.unit.name,
        "applied": queries.applied_name(service, outcome.applied),
        "state": Result(outcome.state).word,
        "awarded": queries.grade_name(service, outcome.awarded),
        "document": outcome.document,
    }
    if outcome.published_at is not None:
        return {**line, "say": "已经公布"}
    if outcome.state == Result.PENDING.value:
        return {**line, "say": "还没有录入结果"}
    if outcome.revision != seen:
        return {**line, "say": "打开清单后已有变化，请返回清单重新勾选"}
    return {**line, "ok": True, "say": "公布"}


def _done(
    request: PageRequest, place: Place, done: Sequence[RowResult], title: str, summary: str, kept: str = ""
) -> HttpResponse:
    context = {
        "here": KEY,
        "list_name": TITLE,
        "home": _back(request, place.service.service),
        "title": title,
        "summary": f"{clock.today():%Y-%m-%d}　{summary}",
        "linked": False,
        "announce": kept,
        "tab": place.service.service,
        **result_rows(done),
    }
    return render(request, "web/work/batch_results.html", context)
