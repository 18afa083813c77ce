"""From a filled form to the receiver: overview, preview, submission, what happened, taking it back."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from bole.cases import queries as case_queries
from bole.cases.terms import EDITABLE, Status
from bole.definitions.faces.reading import read_all
from bole.kernel.errors import Invalid, Moved, Refused
from bole.review import actions as review
from bole.review import queries as review_queries
from bole.review.terms import HistoryLine, MoveKind
from bole.web.doors import assured
from bole.web.flash import say
from bole.web.pages.cases import state_of
from bole.web.pages.eligibility import of_case
from bole.web.pages.filling.casework import CasePage
from bole.web.refusals import note_refusal
from bole.web.requests import PageRequest, posted_number
from bole.web.shapes import Moment

_MARKS = {MoveKind.SENT_BACK: "bad", MoveKind.TERMINATED: "bad", MoveKind.WITHDRAWN: "half", MoveKind.CANCELLED: "half",
          MoveKind.REROUTED: "half"}  # fmt: skip
_TOO_LATE = "单位已开始审核，不能撤回。需要修改请联系所在单位，由审核人退回。"
_TOO_LATE_FOR_UNIT = "审核部门已开始办理，不能撤回。需要修改请联系审核部门，由审核人退回。"


@require_safe
def case(request: PageRequest, number: str) -> HttpResponse:
    """The overview while it can be filled; where it stands once it is on its way."""
    page = CasePage(request, number)
    shell = page.shell(
        missing_links=page.missing_links(),
        unsaved=page.unsaved(),
        may_cancel=review_queries.may_cancel(page.by, page.case),
    )
    if shell["editable"]:
        return render(request, "web/filling/overview.html", shell)
    return render(request, "web/filling/standing.html", {**shell, **_standing(page)})


def _standing(page: CasePage) -> dict[str, Any]:
    return {
        "moments": _moments(page),
        "route": review_queries.route_preview(page.case, page.service),
        "task": review_queries.open_task(page.case),
        "may_withdraw": _may_withdraw(page),
        "outputs": page.service.outputs if page.case.round > 0 else (),
    }


def _may_withdraw(page: CasePage) -> bool:
    """Whether 「撤回」 would succeed now: it lies at its first desk, which has not begun."""
    case = page.case
    if case.status != Status.IN_REVIEW or not review_queries.may_withdraw(page.by, case):
        return False
    task, last = review_queries.open_task(case), review_queries.latest_act(case)
    return last is not None and last.kind == MoveKind.SUBMITTED and (task is None or task.begun_at is None)


def _moments(page: CasePage) -> list[Moment]:
    """「审核进度」, newest first, with the desk where it lies now on top."""
    case = page.case
    lines = [_moment(line) for line in review_queries.history(case, page.service)]
    if case.status != Status.IN_REVIEW:
        return lines
    step = next(step for step in page.service.route.steps if step.step == case.step)
    unit = case.seat_unit.name if case.seat_unit is not None else ""
    return [Moment(step.name, who=unit, mark="now", chip=state_of(case)), *lines]


def _moment(line: HistoryLine) -> Moment:
    return Moment(
        line.what,
        who="　".join(part for part in (line.unit, line.who) if part),
        at=line.at,
        quote=line.opinion,
        mark=_MARKS.get(line.kind, "pass"),
        faulty=tuple(f"{name}：{say}" if say else name for name, say in line.faulty),
    )


@require_safe
def preview(request: PageRequest, number: str) -> HttpResponse:
    """The whole form as a formal sheet, what is missing on top, the receiver and the promise at the end."""
    page = CasePage(request, number)
    return _preview(request, page, status=200)


def _preview(request: PageRequest, page: CasePage, *, status: int, refusal: str = "") -> HttpResponse:
    route = review_queries.route_preview(page.case, page.service)
    receiver = next((step for step in route if not step.skipped), None)
    return render(
        request,
        "web/filling/preview.html",
        page.shell(
            last_step=True,
            sheet=read_all(
                page.service,
                page.form.typed,
                page.form.context,
                mask=page.masked,
                states={code: section.state for code, section in page.form.sections.items()},
            ),
            open_parts={code for code in page.service.by_code if page.is_open(code)},
            slots=page.form.slots,
            explained=sum(1 for slot in page.form.slots if slot.gap_reason is not None),
            missing_links=page.missing_links(),
            unsaved=page.unsaved(),
            eligibility=of_case(page.case, page.service, page.form) if page.owned else None,
            route=route,
            receiver=receiver,
            may_submit=review_queries.may_submit(page.by, page.case),
            attestation=case_queries.attestation_of(page.case) if page.attests else None,
            refusal=refusal,
            seen=page.case.revision,
            outputs=page.service.outputs,
        ),
        status=status,
    )


@require_POST
@assured
def submit(request: PageRequest, number: str) -> HttpResponse:
    """「确认无误上报」. Pressed twice, or again after going back, the second press finds it done."""
    page = CasePage(request, number)
    seen = posted_number(request, "seen")
    if page.case.status not in EDITABLE:
        if page.case.status == Status.IN_REVIEW and seen < page.case.revision:
            return redirect(page.url("submitted"))
        say(request, "这份申报已经上报，不用再次上报。")
        return redirect(page.url("case"))
    try:
        review.submit_case(case=page.case, seen=seen, by=page.by)
    except Invalid:
        return _preview(request, CasePage(request, number), status=422)
    except Moved as moved:
        return _preview(request, CasePage(request, number), status=409, refusal=moved.sentence)
    except Refused as refused:
        note_refusal(request, refused)
        return _preview(request, CasePage(request, number), status=403, refusal=refused.sentence)
    return redirect(page.url("submitted"))


@require_safe
def submitted(request: PageRequest, number: str) -> HttpResponse:
    """What was done, the number, where it lies now, how long, what comes next, how to undo it."""
    page = CasePage(request, number)
    if page.case.round == 0 or page.case.status in EDITABLE:
        return redirect(page.url("case"))
    return render(request, "web/filling/submitted.html", page.shell(**_standing(page)))


@require_http_methods(["GET", "HEAD", "POST"])
@assured
def withdraw(request: PageRequest, number: str) -> HttpResponse:
    """「撤回」: asked first, then done, until the unit has begun. Done already, it leads to the form.

    What could not be handed in again is taken back only by somebody who says that they know it.
    """
    page = CasePage(request, number)
    review_queries.may_withdraw(page.by, page.case).demand()
    if page.case.status in EDITABLE:
        return redirect(page.url("case"))
    refusal = "" if _may_withdraw(page) else _TOO_LATE if page.case.person_id else _TOO_LATE_FOR_UNIT
    status, wrong = 403 if refusal else 200, ""
    cost = review_queries.withdrawal(page.case)
    if request.method == "POST" and not refusal and cost.final and "sure" not in request.POST:
        wrong, status = "请先看清上面的说明；确实要撤回的，请勾选这一项。", 422
    elif request.method == "POST" and not refusal:
        try:
            review.withdraw_case(case=page.case, seen=posted_number(request, "seen"), by=page.by)
            say(request, "已撤回。修改后请再次上报。")
            return redirect(page.url("case"))
        except Moved as moved:
            refusal, status = moved.sentence, 409
        except Refused as refused:
            note_refusal(request, refused)
            refusal, status = refused.sentence, 403
    elif request.method == "POST":
        note_refusal(request, Refused(refusal))
    shell = page.shell(seen=page.case.revision, refusal=refusal, cost=cost, wrong=wrong)
    return render(request, "web/filling/withdraw.html", shell, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@assured
def cancel(request: PageRequest, number: str) -> HttpResponse:
    """「撤销」: ends the declaration for good; the number has to be typed."""
    page = CasePage(request, number)
    review_queries.may_cancel(page.by, page.case).demand()
    if page.case.status not in EDITABLE:
        say(request, "这份申报现在不能撤销。" if page.case.status == Status.IN_REVIEW else "这份申报已经结束。")
        return redirect(page.url("case"))
    wrong = ""
    if request.method == "POST":
        if request.POST.get("number", "").strip().upper() == page.case.number.upper():
            review.cancel_case(case=page.case, seen=posted_number(request, "seen"), by=page.by)
            say(request, "已撤销这份申报。需要时可以重新申报。")
            return redirect(page.url("case"))
        wrong = "输入的受理编号不一致，没有撤销。"
    return render(
        request,
        "web/filling/cancel.html",
        page.shell(seen=page.case.revision, wrong=wrong),
        status=422 if wrong else 200,
    )
