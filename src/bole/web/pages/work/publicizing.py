"""「单位公示」 of 「待送审」: the days of the unit's own publicity of what is chosen, then what came of it (TR-30)."""

from datetime import date
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST

from bole.cases import queries as cases
from bole.kernel import clock
from bole.kernel.errors import Invalid
from bole.review import actions as review
from bole.review import queries
from bole.review.models import Task
from bole.review.terms import MOST_AT_ONCE, PublicityResult
from bole.standards.terms import CalendarUnknown
from bole.web.doors import for_units
from bole.web.pages.work.choosing import Chosen
from bole.web.pages.work.dispatching import admit, chosen_cases, done_page, frame, keep, lines_of
from bole.web.requests import PageRequest
from bole.web.shapes import Typed


@for_units
@require_POST
def publicity(request: PageRequest) -> HttpResponse:
    """「登记公示」 and 「登记公示结果」; who is chosen is shown first, with the publicity that each has."""
    admit(request)
    chosen = chosen_cases(request)
    act = request.POST.get("confirm", "")
    portion = dict(list(chosen.items())[:MOST_AT_ONCE])
    try:
        if act == "announce":
            done = review.announce_publicity(
                cases=list(portion.items()), place=request.POST.get("place", ""), starts=_day(request, "starts"),
                ends=_day(request, "ends"), by=request.actor,
            )  # fmt: skip
            return done_page(request, done, chosen, "登记公示", "已登记", next="dispatch-publicity", again=True)
        if act == "close":
            done = review.close_publicity(
                cases=list(portion.items()), result=_result(request), say=request.POST.get("say", ""), by=request.actor
            )
            return done_page(request, done, chosen, "登记公示结果", "已登记", next="dispatch-publicity", again=True)
    except Invalid as wrong:
        keep(request, chosen)
        return _page(request, chosen, wrong)
    keep(request, chosen)
    return _page(request, chosen)


def _page(request: PageRequest, chosen: Chosen, wrong: Invalid | None = None) -> HttpResponse:
    lines = lines_of(request, chosen)
    if not lines and wrong is None:
        wrong = Invalid.at("cases", "请先在清单里勾选要登记公示的申报。")
    rows = queries.publicities_of([line["task"].pk for line in lines if line["task"]])
    for line in lines:
        line["publicity"] = rows.get(line["task"].pk) if line["task"] else None
    days = max((_days(line["task"]) for line in lines if line["task"]), default=0)
    shown = next((line["publicity"] for line in lines if line["publicity"]), None)
    context = {
        **frame(request, [line["number"] for line in lines], len(chosen)),
        "lines": lines,
        "days": days,
        "typed": Typed(_typed(request, shown, days), wrong.faults if wrong is not None else ()),
        "result": request.POST.get("result", ""),
        "results": [(each.value, each.word) for each in PublicityResult],
        "over": any(line["publicity"] and line["publicity"].ends < clock.today() for line in lines),
        "faults": {fault.at: fault.say for fault in wrong.faults} if wrong is not None else {},
    }
    return render(request, "web/work/dispatch_publicity.html", context, status=422 if wrong is not None else 200)


def _typed(request: PageRequest, shown: Any, days: int) -> dict[str, str]:
    """What was typed; else what stands; else today and the least number of working days from it."""
    if "confirm" in request.POST:
        return {name: request.POST.get(name, "") for name in ("place", "starts", "ends", "say")}
    if shown is not None:
        return {"place": shown.place, "starts": shown.starts.isoformat(), "ends": shown.ends.isoformat()}
    starts = clock.today()
    try:
        ends = queries.last_day(days, starts).isoformat() if days else ""
    except CalendarUnknown:
        ends = ""
    return {"place": "", "starts": starts.isoformat(), "ends": ends}


def _days(task: Task) -> int:
    """The working days that the task's step demands; none where it demands no publicity."""
    step = cases.service_of(task.case).route.step(task.step)
    wanted = step.dispatch.publicity if step.dispatch is not None else None
    return wanted.working_days if wanted is not None else 0


def _day(request: PageRequest, name: str) -> date | None:
    try:
        return date.fromisoformat(request.POST.get(name, "").strip())
    except ValueError:
        return None


def _result(request: PageRequest) -> PublicityResult | None:
    word = request.POST.get("result", "")
    return next((each for each in PublicityResult if each.value == word), None)
