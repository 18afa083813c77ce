"""What the review page shows: sections with marks, the decision panel, 「审核进度」 and what comes next."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render

from bole.bindings import queries as bound
from bole.cases.terms import Status
from bole.definitions.terms import APPLICANT, Verdict
from bole.kernel import clock
from bole.kernel.actors import Actor
from bole.kernel.errors import BoleError, Invalid, Moved
from bole.review import queries
from bole.review.actions.deciding import LONGEST_OPINION
from bole.review.terms import HistoryLine, MoveKind, PreviewStep
from bole.web.answers import status_of
from bole.web.pages.cases import days_between, deadline, state_of
from bole.web.pages.eligibility import of_case
from bole.web.pages.work.judging import Judged
from bole.web.pages.work.marking import MarkedSection, marked, told
from bole.web.pages.work.reading import Reading, read_case
from bole.web.pages.work.seat import Seat, home_of
from bole.web.pages.work.wording import words_of
from bole.web.requests import PageRequest
from bole.web.scans import notices

_MARKS = {MoveKind.SENT_BACK: "bad", MoveKind.TERMINATED: "bad", MoveKind.WITHDRAWN: "half", MoveKind.CANCELLED: "half",
          MoveKind.REROUTED: "half", MoveKind.RECALLED: "half", MoveKind.OPENED: "half"}  # fmt: skip


@dataclass(frozen=True)
class Draft:
    """What the reviewer typed here before. It `fits` while the case stands as it did; else it is only shown."""

    judged: Judged
    at: datetime
    fits: bool


@dataclass(frozen=True)
class Shown:
    """What a page has to say beside the case: why something was not done, and what stays open on it."""

    refusal: BoleError | None = None
    unmasked: frozenset[str] = frozenset()
    phrase_fault: str = ""
    draft: Draft | None = None
    answer: str = ""
    status: int = 200

    @property
    def faults(self) -> dict[str, str]:
        """What is wrong, by the place in the panel."""
        return {fault.at: fault.say for fault in self.refusal.faults} if isinstance(self.refusal, Invalid) else {}


def draft_of(seat: Seat, by: Actor) -> Draft | None:
    """The own draft on this case, if there is one with anything in it."""
    kept = queries.draft_of(seat.case, by)
    if kept is None or not kept.typed:
        return None
    fits = seat.task is not None and (kept.step, kept.seen) == (seat.case.step, seat.case.revision)
    return Draft(Judged.kept(kept.typed), kept.changed_at, fits)


def show(request: PageRequest, seat: Seat, judged: Judged, more: Shown) -> HttpResponse:
    """The page, with the status of what was refused."""
    by, case = request.actor, seat.case
    place, total, earlier, later = (
        queries.neighbours(seat.task, by, request.capacity) if seat.task else (0, 0, None, None)
    )
    route = queries.route_preview(case, seat.service)
    read = read_case(case, seat.service, by, shown=more.unmasked)
    sections = marked(read.sections, judged)
    lines = queries.history(case, seat.service)
    context: dict[str, Any] = {
        "case": case,
        "service": seat.service,
        "seat": seat,
        "state": state_of(case),
        "read": read,
        "eligibility": of_case(case, seat.service, read.form),
        "notices": notices(case, seat.service, read.form, by),
        "sections": sections,
        "marks": _marks(seat, judged, sections),
        "first_code": read.sections[0].code,
        "judged": judged,
        **_words(seat, read),
        "targets": _targets(seat, route),
        "receiver": next(iter(_coming(seat, route)), None),
        "coming": _coming(seat, route),
        "plan": bound.plan_of(case) if seat.task is not None else None,
        "history": [(line, _MARKS.get(line.kind, "pass"), days) for line, days in _with_days(lines)],
        "here": _here(seat, lines),
        "phrases": queries.phrases(by.account) if seat.task is not None and by.account is not None else (),
        "fill": words_of(seat, sections) if seat.task is not None else {},
        "phrase_fault": more.phrase_fault,
        "refusal": more.refusal if more.refusal is not None and not more.faults else None,
        "moved": isinstance(more.refusal, Moved),
        "faults": more.faults,
        "late": judged.late_reason or "late_reason" in more.faults,
        "draft": more.draft,
        "draft_told": told(marked(read.sections, more.draft.judged)) if more.draft and not more.draft.fits else (),
        **_asked(seat, by),
        "taken": seat.task is None and seat.step is not None and bool(queries.may_claim(by, case, seat.step)),
        "recallable": queries.recallable(case, seat.service, by) if seat.cleared or seat.task is None else None,
        "answer": more.answer,
        "place": place,
        "total": total,
        "earlier": earlier,
        "later": later,
        "home": home_of(request, seat.role),
        "whose": seat.whose,
        "opinion_most": LONGEST_OPINION,
    }
    status = status_of(more.refusal) if more.refusal else more.status
    return render(request, "web/work/review.html", context, status=status)


def _asked(seat: Seat, by: Actor) -> dict[str, Any]:
    """「申请开放其他模块」 of a returned case, and whether it waits for the own desk."""
    if seat.case.status != Status.RETURNED:
        return {"asked": None}
    asked = queries.opening_of(seat.case)
    if asked is None:
        return {"asked": None}
    names = [seat.service.by_code[code].name for code in asked.sections if code in seat.service.by_code]
    return {"asked": asked, "asked_names": names, "may_answer": asked.unit_id == by.unit}


def _marks(seat: Seat, judged: Judged, sections: list[MarkedSection]) -> dict[str, Any]:
    """How the sections stand, and what follows from it for the result."""
    following = judged.following(seat.step, seat.codes)
    option = seat.step.option(following) if seat.step is not None and following is not None else None
    return {
        "faulty": sum(section.faulty for section in sections),
        "places": sum(section.inner or section.faulty for section in sections),
        "unread": [section.read for section in sections if not section.mark],
        "following": option.name if option is not None else "",
        "against": following is Verdict.SEND_BACK and judged.verdict == Verdict.APPROVE,
    }


def _words(seat: Seat, read: Reading) -> dict[str, str]:
    """The names of the verdicts as the step gives them, and what changed since the desk last decided."""
    names = {option.verdict: option.name for option in seat.options}
    changed = "、".join(section.name for section in read.sections if section.changed)
    return {
        "approve_name": names.get(Verdict.APPROVE, ""),
        "back_name": names.get(Verdict.SEND_BACK, ""),
        "changed_words": f"与本部门上次审核时相比，修改了：{changed}。" if changed else "",
    }


def _targets(seat: Seat, route: tuple[PreviewStep, ...]) -> list[tuple[str, str]]:
    """「退回目标」: the applicant, and earlier desks that the definition allows and this case has."""
    if seat.step is None:
        return []
    desks = {step.step: f"{step.name}　{step.unit}" for step in route if not step.skipped}
    found = []
    for target in seat.step.send_back_to:
        if target == APPLICANT:
            found.append((target, f"申报人　{seat.whose}"))
        elif target in desks:
            found.append((target, desks[target]))
    return found


def _coming(seat: Seat, route: tuple[PreviewStep, ...]) -> list[PreviewStep]:
    """The desks after this one, in order."""
    codes = [step.step for step in route]
    if seat.step is None or seat.step.step not in codes:
        return []
    return [step for step in route[codes.index(seat.step.step) + 1 :] if not step.skipped]


def _with_days(lines: tuple[HistoryLine, ...]) -> list[tuple[HistoryLine, int | None]]:
    """Each line with the working days since the one before it."""
    days = [clock.china(line.at).date() for line in lines]
    return [
        (line, days_between(days[at + 1], days[at]) if at + 1 < len(lines) else None) for at, line in enumerate(lines)
    ]


def _here(seat: Seat, lines: tuple[HistoryLine, ...]) -> dict[str, Any] | None:
    """The desk where it lies now: since when, for how many working days, and how many are left."""
    if seat.step is None:
        return None
    since = seat.task.opened_at if seat.task is not None else lines[0].at if lines else None
    today = clock.today()
    return {
        "since": since,
        "days": days_between(clock.china(since).date(), today) if since is not None else None,
        "usual": seat.step.due,
        "deadline": deadline(seat.task.due_on, today) if seat.task is not None else None,
    }
