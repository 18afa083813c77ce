"""The review page: one for every seat. The unit's 「确认无误上报」 and each authority's review happen here."""

from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from bole.bindings import actions as bindings
from bole.cases import actions as cases
from bole.cases import queries as case_queries
from bole.cases.models import Case
from bole.cases.terms import AuditWord
from bole.definitions import queries as definitions
from bole.definitions.terms import APPLICANT, SectionKind, Verdict
from bole.kernel import clock
from bole.kernel.actors import Actor
from bole.kernel.errors import Absent, Invalid, Moved, Refused
from bole.review import actions as review
from bole.review import queries
from bole.review.models import Movement, Task
from bole.review.terms import END, MoveKind
from bole.web.doors import for_units
from bole.web.flash import say
from bole.web.pages.work.judging import Judged
from bole.web.pages.work.panel import Shown, draft_of, show
from bole.web.pages.work.seat import Seat, home_of, seat_of
from bole.web.pages.work.wording import PLACEHOLDERS
from bole.web.refusals import note_refusal
from bole.web.requests import PageRequest, is_asked_for, is_partial, posted_number, wants_json

_KINDS = {
    Verdict.APPROVE: (MoveKind.PASSED, MoveKind.CLEARED),
    Verdict.SEND_BACK: (MoveKind.SENT_BACK,),
    Verdict.TERMINATE: (MoveKind.TERMINATED,),
}


@for_units
@require_http_methods(["GET", "HEAD", "POST"])
def page(request: PageRequest, number: str) -> HttpResponse:
    """Opening it tells the desk to have begun; a look by the unit or an authority is written down."""
    if request.method == "POST":
        return _decide(request, number)
    seat = seat_of(request, number, begin=is_asked_for(request))
    cases.look(case=seat.case, by=request.actor)
    draft = draft_of(seat, request.actor)
    judged = draft.judged if draft is not None and draft.fits else Judged()
    return show(request, seat, judged, Shown(draft=draft))


def _decide(request: PageRequest, number: str) -> HttpResponse:
    """One decision. What cannot be taken comes back as it was typed, with the reason and the right status."""
    seat, by = seat_of(request, number), request.actor
    judged = Judged.posted(request.POST, seat.service)
    seen, step = posted_number(request, "seen"), request.POST.get("step", "")
    following = _following(request, seat)
    try:
        judged.demand_sense(seat.service, PLACEHOLDERS)
        row = bindings.decide(
            case=seat.case,
            step=step,
            seen=seen,
            verdict=judged.chosen(seat.step, seat.codes),
            opinion=judged.opinion,
            faulty=judged.faulty(seat.codes),
            target=judged.target,
            resume=judged.resume and judged.target == APPLICANT,
            late_reason=judged.late_reason,
            seen_plan=request.POST.get("plan", ""),
            by=by,
        )
    except Moved as moved:
        done = _already(seat.case, by, step, seen, judged)
        if done is None:
            return show(request, seat_of(request, number), judged, Shown(refusal=moved))
        row = done
    except (Invalid, Refused) as wrong:
        note_refusal(request, wrong)
        return show(request, seat, judged.led(seat.step, seat.codes), Shown(refusal=wrong))
    say(request, _told(row, seat))
    return _onward(request, seat, following)


def _already(case: Case, by: Actor, step: str, seen: int, judged: Judged) -> Movement | None:
    """The same decision by the same hand, made by the first of two presses; None when somebody else moved it."""
    last = queries.latest(case)
    if last is None or (last.revision, last.account, last.step) != (seen + 1, by.account, step):
        return None
    same = last.kind in {kind for verdict, kinds in _KINDS.items() if verdict == judged.verdict for kind in kinds}
    return last if same and last.opinion == judged.opinion.strip() else None


def _following(request: PageRequest, seat: Seat) -> Task | None:
    if seat.task is None:
        return None
    _, _, before, after = queries.neighbours(seat.task, request.actor, request.capacity)
    return after or before


def _onward(request: PageRequest, seat: Seat, following: Task | None) -> HttpResponse:
    """「保存并看下一件」 leads on; 「保存」 stays, where the paper can be printed now."""
    if "next" not in request.POST:
        return redirect("review-case", seat.case.site, seat.case.number)
    if following is not None:
        return redirect("review-case", following.case.site, following.case.number)
    return redirect(home_of(request, seat.role))


def _told(row: Movement, seat: Seat) -> str:
    """What happened and where it lies now."""
    name = seat.whose
    names = {step.step: step.name for step in seat.service.route.steps}
    match MoveKind(row.kind):
        case MoveKind.PASSED if row.to == END:
            return f"{name}的申报审核通过，已办结。"
        case MoveKind.PASSED:
            done = "已上报" if seat.confirms else "审核通过"
            return f"{name}的申报{done}，送「{names.get(row.to, row.to)}」。"
        case MoveKind.CLEARED:
            return f"{name}的申报审核通过，已转入「待送审」，请及时送审。"
        case MoveKind.TERMINATED:
            return f"{name}的申报资格不符，已终止审核。"
        case _ if row.to == APPLICANT:
            return f"已退回{name}修改 {len({fault['section'] for fault in row.faulty})} 个模块。"
        case _:
            return f"{name}的申报已退回「{names.get(row.to, row.to)}」。"


@for_units
@require_POST
def recall(request: PageRequest, number: str) -> HttpResponse:
    """「收回」: the own desk takes back what it passed or cleared, while the next one has not seen it."""
    seat = seat_of(request, number)
    try:
        row = review.recall(case=seat.case, seen=posted_number(request, "seen"), by=request.actor)
    except (Moved, Refused) as wrong:
        note_refusal(request, wrong)
        return show(request, seat_of(request, number), Judged(), Shown(refusal=wrong))
    say(request, f"已收回{seat.whose}的申报，重新由「{seat.service.route.step(row.to).name}」办理。")
    return redirect("review-case", seat.case.site, seat.case.number)


@for_units
@require_POST
def draft(request: PageRequest, number: str) -> HttpResponse:
    """Keep the panel and the marks as they stand typed, for this reviewer alone. Answers {at} to the page script."""
    seat, by = seat_of(request, number), request.actor
    judged = Judged() if "drop" in request.POST else Judged.posted(request.POST, seat.service)
    step, seen = request.POST.get("step", ""), posted_number(request, "seen")
    review.keep_draft(case=seat.case, step=step, seen=seen, typed=judged.typed, by=by)
    if wants_json(request):
        return JsonResponse({"version": None, "at": f"{clock.china(clock.now()):%H:%M}"})
    say(request, "已清除未提交的内容。" if "drop" in request.POST else "已暂存，下次打开时恢复。")
    return redirect("review-case", seat.case.site, seat.case.number)


@for_units
@require_POST
def unmask(request: PageRequest, number: str) -> HttpResponse:
    """「查看完整证件号」 for one section: written down, then shown; what was typed on the page stays."""
    seat = seat_of(request, number)
    section = seat.service.by_code.get(request.POST.get("show", ""))
    if section is None or section.kind is SectionKind.EVIDENCE:
        raise Absent
    cases.look(case=seat.case, by=request.actor, word=AuditWord.UNMASKED)
    judged = Judged.posted(request.POST, seat.service)
    return show(request, seat, judged, Shown(unmasked=frozenset({section.section})))


@for_units
@require_safe
def before(request: PageRequest, number: str, section: str) -> HttpResponse:
    """A changed section as it stood when it was handed in the time before."""
    seat = seat_of(request, number)
    definition = seat.service.by_code.get(section)
    if definition is None or definition.kind is SectionKind.EVIDENCE:
        raise Absent
    typed = case_queries.submitted_before(seat.case, section)
    if typed is None:
        raise Absent("这个模块上次没有填报，没有可以对照的内容。")
    context = case_queries.context_of(seat.case)
    face = definitions.reading(seat.service, section, typed, context, mask=True)
    part = "web/work/before.html" if is_partial(request) else "web/work/before_page.html"
    return render(request, part, {"face": face, "case": seat.case})


@for_units
@require_POST
def opening(request: PageRequest, number: str) -> HttpResponse:
    """The answer to 「申请开放其他模块」 by the desk that returned the case."""
    seat = seat_of(request, number)
    words = request.POST.get("say", "").strip()
    granted = request.POST.get("answer") == "grant"
    try:
        if request.POST.get("answer") not in ("grant", "refuse"):
            raise Invalid.at("answer", "请选择同意或不同意。")
        review.answer_opening(case=seat.case, granted=granted, say=words, by=request.actor)
    except (Invalid, Refused) as wrong:
        note_refusal(request, wrong)
        return show(request, seat, Judged(), Shown(refusal=wrong, answer=words))
    say(request, f"已{'同意开放，' if granted else '答复不开放，'}{seat.whose}会收到消息。")
    return redirect("review-case", seat.case.site, seat.case.number)
