"""The review page: one for every seat. The unit's 「确认无误上报」 and each authority's review happen here."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from bole.cases import actions as cases
from bole.cases import queries as case_queries
from bole.cases.models import Case
from bole.cases.terms import AuditWord
from bole.definitions import queries as definitions
from bole.definitions.terms import APPLICANT, SectionKind, Service, Step, StepKind, Verdict
from bole.kernel.actors import Actor
from bole.kernel.answers import Answer
from bole.kernel.errors import Absent, BoleError, Invalid, Moved, Refused
from bole.organizations.terms import Role
from bole.review import actions as review
from bole.review import queries
from bole.review.actions.deciding import LONGEST_OPINION
from bole.review.models import Movement, Task
from bole.review.terms import END, MoveKind, PreviewStep
from bole.web.answers import status_of
from bole.web.doors import for_units
from bole.web.flash import say
from bole.web.pages.cases import state_of
from bole.web.pages.work.judging import Judged
from bole.web.pages.work.reading import Reading, ReadSection, read_case
from bole.web.refusals import note_refusal
from bole.web.requests import PageRequest, is_asked_for, is_partial, posted_id, posted_number

_MARKS = {MoveKind.SENT_BACK: "bad", MoveKind.TERMINATED: "bad", MoveKind.WITHDRAWN: "half", MoveKind.CANCELLED: "half"}


@dataclass(frozen=True)
class Seat:
    """The case behind a request with the actor's task on it, if it lies at the actor's desk."""

    case: Case
    service: Service
    step: Step | None
    task: Task | None
    may: Answer

    @property
    def confirms(self) -> bool:
        """The unit's confirmation is one press; reviews choose a result first."""
        return self.step is not None and self.step.kind is StepKind.CONFIRMATION


def _seat(request: PageRequest, number: str, *, begin: bool = False) -> Seat:
    """Raises Absent alike for unknown numbers and those of other desks and sites."""
    by = request.actor
    case = queries.case_visible(number, by)
    if case.site != request.here.code or case.round == 0:
        raise Absent
    service = case_queries.service_of(case)
    step = next((one for one in service.route.steps if one.step == case.step), None)
    may = queries.may_decide(by, case, step) if step is not None else Answer(False, "")
    task = None
    if may and begin:
        task = review.begin(case=case, by=by)
    elif may:
        task = queries.open_task(case)
    return Seat(case, service, step, task, may)


@for_units
@require_http_methods(["GET", "HEAD", "POST"])
def page(request: PageRequest, number: str) -> HttpResponse:
    """Opening it tells the desk to have begun; a look by the unit or an authority is written down."""
    if request.method == "POST":
        return _decide(request, number)
    seat = _seat(request, number, begin=is_asked_for(request))
    cases.look(case=seat.case, by=request.actor)
    return _show(request, seat, Judged())


def _decide(request: PageRequest, number: str) -> HttpResponse:
    """One decision. What cannot be taken comes back as it was typed, with the reason and the right status."""
    seat, by = _seat(request, number), request.actor
    judged = Judged.posted(request.POST, seat.service)
    seen, step = posted_number(request, "seen"), request.POST.get("step", "")
    following = _following(seat, by)
    try:
        row = review.decide(
            case=seat.case,
            step=step,
            seen=seen,
            verdict=judged.chosen(),
            opinion=judged.opinion,
            faulty=judged.faulty(),
            target=judged.target,
            by=by,
        )
    except Moved as moved:
        done = _already(seat.case, by, step, seen, judged)
        if done is None:
            return _show(request, _seat(request, number), judged, refusal=moved)
        row = done
    except (Invalid, Refused) as wrong:
        note_refusal(request, wrong)
        return _show(request, seat, judged, refusal=wrong)
    say(request, _told(row, seat))
    return _onward(request, seat, following)


def _already(case: Case, by: Actor, step: str, seen: int, judged: Judged) -> Movement | None:
    """The same decision by the same hand, made by the first of two presses; None when somebody else moved it."""
    last = queries.latest(case)
    kinds = {"approve": MoveKind.PASSED, "send_back": MoveKind.SENT_BACK, "terminate": MoveKind.TERMINATED}
    same = (
        last is not None
        and (last.revision, last.account, last.step, last.kind)
        == (seen + 1, by.account, step, kinds.get(judged.verdict))
        and last.opinion == judged.opinion.strip()
    )
    return last if same else None


def _following(seat: Seat, by: Actor) -> Task | None:
    if seat.task is None:
        return None
    _, _, before, after = queries.neighbours(seat.task, by)
    return after or before


def _onward(request: PageRequest, seat: Seat, following: Task | None) -> HttpResponse:
    """「保存并看下一件」 leads on; 「保存」 stays, where the paper can be printed now."""
    if "next" not in request.POST:
        return redirect("review-case", seat.case.site, seat.case.number)
    if following is not None:
        return redirect("review-case", following.case.site, following.case.number)
    return redirect(_home(request))


def _home(request: PageRequest) -> str:
    """The list that a page was opened from."""
    reviews = request.capacity is not None and Role.REVIEWER in request.capacity.roles
    return reverse("review" if reviews else "unit-collection", args=[request.here.code])


def _told(row: Movement, seat: Seat) -> str:
    """What happened and where it lies now."""
    name = seat.case.person.name if seat.case.person else seat.case.unit.name
    names = {step.step: step.name for step in seat.service.route.steps}
    match MoveKind(row.kind):
        case MoveKind.PASSED if row.to == END:
            return f"{name}的申报审核通过，已办结。"
        case MoveKind.PASSED:
            done = "已上报" if seat.confirms else "审核通过"
            return f"{name}的申报{done}，送「{names.get(row.to, row.to)}」。"
        case MoveKind.TERMINATED:
            return f"{name}的申报资格不符，已终止审核。"
        case _ if row.to == APPLICANT:
            return f"已退回{name}修改 {len(row.faulty)} 个模块。"
        case _:
            return f"{name}的申报已退回「{names.get(row.to, row.to)}」。"


@for_units
@require_POST
def unmask(request: PageRequest, number: str) -> HttpResponse:
    """「查看完整证件号」 for one section: written down, then shown; what was typed on the page stays."""
    seat = _seat(request, number)
    section = seat.service.by_code.get(request.POST.get("show", ""))
    if section is None or section.kind is SectionKind.EVIDENCE:
        raise Absent
    cases.look(case=seat.case, by=request.actor, word=AuditWord.UNMASKED)
    judged = Judged.posted(request.POST, seat.service)
    return _show(request, seat, judged, shown=frozenset({section.section}))


@for_units
@require_POST
def phrases(request: PageRequest, number: str) -> HttpResponse:
    """Keep the opinion as one of the own 「常用意见」, or remove one; what was typed on the page stays."""
    seat, by = _seat(request, number), request.actor
    judged = Judged.posted(request.POST, seat.service)
    wrong = ""
    removed = posted_id(request, "remove")
    try:
        if removed is not None:
            review.remove_phrase(phrase=removed, by=by)
        else:
            review.keep_phrase(text=judged.opinion, by=by)
    except Invalid as error:
        wrong = error.sentence
    return _show(request, seat, judged, phrase_fault=wrong, status=422 if wrong else 200)


@for_units
@require_safe
def before(request: PageRequest, number: str, section: str) -> HttpResponse:
    """A changed section as it stood when it was handed in the time before."""
    seat = _seat(request, number)
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


def _targets(seat: Seat, route: tuple[PreviewStep, ...]) -> list[tuple[str, str]]:
    """「退回目标」: the applicant, and earlier desks that the definition allows and this case has."""
    if seat.step is None:
        return []
    name = seat.case.person.name if seat.case.person else seat.case.unit.name
    desks = {step.step: f"{step.name}　{step.unit}" for step in route if not step.skipped}
    found = []
    for target in seat.step.send_back_to:
        if target == APPLICANT:
            found.append((target, f"申报人　{name}"))
        elif target in desks:
            found.append((target, desks[target]))
    return found


def _show(
    request: PageRequest,
    seat: Seat,
    judged: Judged,
    *,
    refusal: BoleError | None = None,
    shown: frozenset[str] = frozenset(),
    phrase_fault: str = "",
    status: int = 200,
) -> HttpResponse:
    by, case = request.actor, seat.case
    place, total, earlier, later = queries.neighbours(seat.task, by) if seat.task else (0, 0, None, None)
    route = queries.route_preview(case, seat.service)
    faults = {fault.at: fault.say for fault in refusal.faults} if isinstance(refusal, Invalid) else {}
    read = read_case(case, seat.service, by, shown=shown)
    context: dict[str, Any] = {
        "case": case,
        "service": seat.service,
        "seat": seat,
        "state": state_of(case),
        "read": read,
        "sections": [_judged_section(section, judged) for section in read.sections],
        "faulty_count": sum(judged.is_faulty(section.code) for section in read.sections),
        "first_code": read.sections[0].code,
        "judged": judged,
        **_words(seat, read),
        "targets": _targets(seat, route),
        "receiver": _receiver(seat, route),
        "options": seat.step.verdicts if seat.step is not None else (),
        "history": _history(seat),
        "phrases": queries.phrases(by.account) if seat.task is not None and by.account is not None else (),
        "phrase_fault": phrase_fault,
        "refusal": refusal if refusal is not None and not faults else None,
        "moved": isinstance(refusal, Moved),
        "faults": faults,
        "place": place,
        "total": total,
        "earlier": earlier,
        "later": later,
        "home": _home(request),
        "opinion_most": LONGEST_OPINION,
        "shown": shown,
    }
    return render(request, "web/work/review.html", context, status=status_of(refusal) if refusal else status)


def _judged_section(section: ReadSection, judged: Judged) -> dict[str, Any]:
    return {
        "read": section,
        "faulty": judged.is_faulty(section.code),
        "mark": judged.marks.get(section.code, ""),
        "say": judged.says.get(section.code, ""),
    }


def _words(seat: Seat, read: Reading) -> dict[str, str]:
    """The names of the verdicts as the step gives them, and what changed since the desk last decided."""
    names = {option.verdict: option.name for option in seat.step.verdicts} if seat.step is not None else {}
    changed = "、".join(section.name for section in read.sections if section.changed)
    return {
        "approve_name": names.get(Verdict.APPROVE, ""),
        "back_name": names.get(Verdict.SEND_BACK, ""),
        "changed_words": f"与本部门上次审核时相比，修改了：{changed}。" if changed else "",
    }


def _receiver(seat: Seat, route: tuple[PreviewStep, ...]) -> PreviewStep | None:
    """The desk that the case goes to when it passes this one."""
    codes = [step.step for step in route]
    if seat.step is None or seat.step.step not in codes:
        return None
    return next((step for step in route[codes.index(seat.step.step) + 1 :] if not step.skipped), None)


def _history(seat: Seat) -> list[dict[str, Any]]:
    """「审核进度」 with the desk where it lies now on top."""
    return [{"line": line, "mark": _MARKS.get(line.kind, "pass")} for line in queries.history(seat.case, seat.service)]
