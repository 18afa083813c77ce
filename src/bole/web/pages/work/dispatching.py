"""「待送审」: papers uploaded for one, many or all chosen, removed, and cases sent on, each looked over before (JL-09).

What is chosen stays chosen in the list until it is done: who is interrupted goes on with the rest.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from pathlib import PurePath
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_POST, require_safe

from bole.audit import actions as audit
from bole.cases import queries as cases
from bole.cases.terms import AuditWord as CaseWord
from bole.documents import queries as documents
from bole.documents.terms import UPLOAD_LIMIT, MediaType
from bole.kernel.errors import Absent, Fault, Invalid, Refused
from bole.organizations.terms import Role
from bole.review import actions as review
from bole.review import queries
from bole.review.models import DispatchPaper, Task
from bole.review.terms import MOST_AT_ONCE, RowResult
from bole.web.doors import for_units
from bole.web.pages.work.batch import result_rows, undoing
from bole.web.pages.work.choosing import Chosen, keep_chosen, read_chosen, ticked
from bole.web.pages.work.desks import BUSINESS
from bole.web.requests import PageRequest
from bole.web.shapes import Typed

CHOICE = f"{BUSINESS.key}/cleared"  # under which the list keeps what is chosen
OTHER = "其他送审附件"
MOST_UPLOADED = 1_000  # cases that one file is put to in one go


def admit(request: PageRequest) -> None:
    held = request.capacity
    if held is None or Role.REVIEWER not in held.roles:
        raise Refused("您在当前单位没有审核权限，不能办理送审。需要办理的，请联系上级人社部门授权。")


def chosen_cases(request: PageRequest) -> Chosen:
    """What is chosen in the list and on the page that was sent, or only the latter."""
    if "only" in request.POST:
        return dict(read_chosen(request.POST.getlist("case"), MOST_AT_ONCE))
    return ticked(request, CHOICE)


def keep(request: PageRequest, chosen: Mapping[str, int]) -> None:
    if "only" not in request.POST:
        keep_chosen(request, CHOICE, chosen)


def frame(request: PageRequest, chosen: Sequence[str], whole: int) -> dict[str, Any]:
    """What the pages have in common; `chosen` are the cases that the page shows."""
    return {
        "here": BUSINESS.key,
        "list_name": BUSINESS.name,
        "home": reverse(BUSINESS.key, args=[request.here.code]) + "?tab=cleared",
        "only": "only" in request.POST,
        "shown": ",".join(chosen),
        "whole": whole,
        "more": whole - len(chosen),
    }


def _tasks(request: PageRequest, numbers: Iterable[str]) -> dict[str, Task]:
    """Those of these cases that wait for 送审 at the visitor's desk, by number; one query."""
    rows = queries.cleared_tasks(request.actor, request.capacity).filter(case__number__in=list(numbers))
    return {task.case.number: task for task in rows}


def lines_of(request: PageRequest, chosen: Mapping[str, int]) -> list[dict[str, Any]]:
    """The first of the chosen cases with the papers that they have."""
    some = dict(list(chosen.items())[:MOST_AT_ONCE])
    tasks = _tasks(request, some)
    papers = queries.papers_of_tasks([task.pk for task in tasks.values()])
    found = []
    for number, seen in some.items():
        task = tasks.get(number)
        found.append(
            {
                "number": number,
                "chosen": f"{number}:{seen}",
                "task": task,
                "name": queries.name_of(task.case) if task is not None else "",
                "unit": task.case.unit.name if task is not None else "",
                "papers": papers.get(task.pk, []) if task is not None else [],
                "requires": _requires(task) if task is not None else (),
            }
        )
    return found


def _requires(task: Task) -> tuple[str, ...]:
    step = cases.service_of(task.case).route.step(task.step)
    return step.dispatch.requires if step.dispatch is not None else ()


@for_units
@require_POST
def upload(request: PageRequest) -> HttpResponse:
    """「上传送审附件」: one file for everything chosen; who is chosen is shown first."""
    admit(request)
    chosen = chosen_cases(request)
    if "confirm" not in request.POST:
        keep(request, chosen)
        return _upload(request, chosen)
    name = request.POST.get("name", "")
    try:
        data, file_name = _uploaded(request)
        done = _in_portions(
            list(chosen.items())[:MOST_UPLOADED],
            lambda some: review.add_paper(cases=some, name=name, data=data, file_name=file_name, by=request.actor),
        )
    except Invalid as wrong:
        keep(request, chosen)
        return _upload(request, chosen, wrong)
    return done_page(request, done, chosen, "上传送审附件", "已上传", next="dispatch-upload", again=True)


def _uploaded(request: PageRequest) -> tuple[bytes, str]:
    file = request.FILES.get("file")
    if file is None:
        raise Invalid.at("file", "请选择要上传的文件（PDF 或图片）。")
    if (file.size or 0) > UPLOAD_LIMIT:
        raise Invalid.at("file", "文件超过 20 MB，请压缩后再上传。")
    data: bytes = file.read()
    return data, file.name or ""


def _upload(request: PageRequest, chosen: Chosen, wrong: Invalid | None = None) -> HttpResponse:
    lines = lines_of(request, chosen)
    if not lines and wrong is None:
        wrong = Invalid.at("cases", "请先在清单里勾选要上传送审附件的申报。")
    wanted = dict.fromkeys(name for line in lines for name in line["requires"])
    context = {
        **frame(request, [line["number"] for line in lines], len(chosen)),
        "lines": lines,
        "names": [*wanted, OTHER],
        "name": request.POST.get("name", ""),
        "faults": {fault.at: fault.say for fault in wrong.faults} if wrong is not None else {},
    }
    return render(request, "web/work/dispatch_upload.html", context, status=422 if wrong is not None else 200)


@for_units
@require_POST
def remove(request: PageRequest) -> HttpResponse:
    """「删除」: asks first, with the papers that would go."""
    admit(request)
    chosen = chosen_cases(request)
    if "confirm" in request.POST and chosen:
        done = _in_portions(
            list(chosen.items())[:MOST_UPLOADED],
            lambda some: review.remove_papers(cases=some, by=request.actor),
        )
        return done_page(request, done, chosen, "删除送审附件", "已办理", next="dispatch-remove")
    keep(request, chosen)
    lines = lines_of(request, chosen)
    context = {
        **frame(request, [line["number"] for line in lines], len(chosen)),
        "lines": lines,
        "many": sum(bool(line["papers"]) for line in lines),
        "fault": "" if lines else "请先在清单里勾选要删除送审附件的申报。",
    }
    return render(request, "web/work/dispatch_remove.html", context, status=200 if lines else 422)


@for_units
@require_POST
def send(request: PageRequest) -> HttpResponse:
    """「批量送审」: who goes where and what is missing; with 「确认送审」 sent, told case by case, then the rest."""
    admit(request)
    chosen = chosen_cases(request)
    portion = _portion(request, chosen)
    opinion, wanted = request.POST.get("opinion", ""), _opinion_wanted(request, portion)
    lacks = "confirm" in request.POST and bool(wanted) and not opinion.strip()
    if "confirm" in request.POST and portion and not lacks:
        done = review.dispatch_many(cases=list(portion.items()), opinion=opinion, by=request.actor)
        sent = [(row.number, portion[row.number] + 1) for row in done if row.ok]
        undo = undoing(request, BUSINESS.key, sent)
        return done_page(request, done, chosen, "批量送审结果", "已送审", next="dispatch-send", **undo)
    keep(request, chosen)
    lines = queries.dispatch_preview(list(portion), request.actor)
    good = [line for line in lines if line.ok]
    context = {
        **frame(request, [line.number for line in lines], len(chosen)),
        "rows": sorted(
            (asdict(line) | {"chosen": f"{line.number}:{portion[line.number]}"} for line in lines),
            key=lambda row: bool(row["ok"]),
        ),
        "lines": lines,
        "good": len(good),
        "bad": len(lines) - len(good),
        "desks": _sums(line.next_desk for line in good),
        "lacking": [f"{line.number}:{portion[line.number]}" for line in lines if line.missing],
        "opinion": Typed({"opinion": opinion}, (Fault("opinion", f"请填写{wanted}。"),) if lacks else ()),
        "opinion_wanted": wanted,
        "fault": "" if lines else "请先在清单里勾选要送审的申报。",
    }
    return render(request, "web/work/dispatch_send.html", context, status=200 if lines and not lacks else 422)


def _opinion_wanted(request: PageRequest, chosen: Mapping[str, int]) -> str:
    """What the steps of these cases call the opinion that they demand with 送审; empty where none does."""
    for task in _tasks(request, chosen).values():
        step = cases.service_of(task.case).route.step(task.step)
        if step.dispatch is not None and step.dispatch.opinion:
            return step.dispatch.opinion
    return ""


def _portion(request: PageRequest, chosen: Chosen) -> Chosen:
    """The first 200 of what is chosen; once the page showed some of it, those of them that are still ticked."""
    shown = set(request.POST.get("shown", "").split(",")) if "confirm" in request.POST else set()
    here = {number: seen for number, seen in chosen.items() if number in shown} or chosen
    return dict(list(here.items())[:MOST_AT_ONCE])


def _sums(names: Iterable[str]) -> list[tuple[str, int]]:
    found: dict[str, int] = {}
    for name in names:
        found[name] = found.get(name, 0) + 1
    return list(found.items())


def _in_portions(chosen: list[tuple[str, int]], act: Any) -> list[RowResult]:
    """`act` on 200 at a time. Raises Invalid for what no case can be taken with, before anything is done."""
    done: list[RowResult] = []
    for start in range(0, max(len(chosen), 1), MOST_AT_ONCE):
        done += act(chosen[start : start + MOST_AT_ONCE])
    return done


def done_page(
    request: PageRequest, done: Sequence[RowResult], chosen: Chosen, title: str, summary: str, **more: Any
) -> HttpResponse:
    """The table of results; what is left of `chosen` stays chosen. With `again` what was done does, if all was."""
    finished = {row.number for row in done}
    left = {number: seen for number, seen in chosen.items() if number not in finished}
    again = bool(more.pop("again", False)) and not left
    keep(request, chosen if again else left)
    rest = 0 if "only" in request.POST else len(left)
    context = {
        **frame(request, [], rest),
        **result_rows(done),
        "title": title,
        "summary": summary,
        "rest": rest,
        "again": again,
        "same": [f"{row.number}:{chosen[row.number]}" for row in done] if again and "only" in request.POST else [],
        **more,
    }
    return render(request, "web/work/dispatch_done.html", context)


@for_units
@require_safe
def paper(request: PageRequest, number: str, paper: UUID) -> HttpResponse:
    """A 送审附件 of a case, to the desk that attached it and those above; each look is recorded."""
    case = queries.case_visible(number, request.actor, request.capacity)
    row = queries.paper_in(case, cases.service_of(case), paper, request.actor)
    audit.record(
        CaseWord.ATTACHMENT_VIEWED, by=request.actor, kind="case", id=case.number, person=case.person_id,
        detail={"paper": str(row.pk)},
    )  # fmt: skip
    leaf = request.GET.get("page", "")
    if leaf.isascii() and leaf.isdigit():
        if not 1 <= int(leaf[:6]) <= max(row.file.pages, 1):
            raise Absent
        answer = HttpResponse(documents.preview(row.file, page=int(leaf[:6])), content_type="image/jpeg")
    else:
        answer = HttpResponse(documents.content(row.file), content_type=row.file.media_type)
        answer["Content-Disposition"] = content_disposition_header(True, paper_name(row)) or "attachment"
    answer["Content-Security-Policy"] = "default-src 'none'; sandbox; frame-ancestors 'none'"
    answer["Cache-Control"] = "private, no-store"
    return answer


def paper_name(row: DispatchPaper) -> str:
    """What the file is called: by what it is, ending as what is kept."""
    return f"{PurePath(row.name.replace('/', '、')).name}{MediaType(row.file.media_type).suffix}"
