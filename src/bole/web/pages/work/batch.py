"""Many cases at once: chosen across the pages of a list, looked over, decided with one opinion, told case by case,
and taken back within some minutes (HA-12)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.db.models import Count
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST

from bole.cases import queries as cases
from bole.definitions import queries as definitions
from bole.definitions.terms import Service, Step, Verdict
from bole.kernel import clock
from bole.kernel.errors import Invalid, Refused
from bole.organizations.terms import Role
from bole.review import actions as review
from bole.review import queries
from bole.review.actions.deciding import LONGEST_OPINION
from bole.review.models import Task
from bole.review.terms import MOST_AT_ONCE, UNDO_MINUTES, RowResult
from bole.web.doors import for_units
from bole.web.pages import lists
from bole.web.pages.account_review.area import ACCOUNTS
from bole.web.pages.work.choosing import MOST_CHOSEN, Chosen, keep_chosen, read_chosen, ticked
from bole.web.pages.work.desks import BUSINESS
from bole.web.requests import PageRequest

_LISTS = {BUSINESS.key: BUSINESS.name, ACCOUNTS.key: ACCOUNTS.name}
_REST, _RUN = "batch-rest", "batch-run"


@dataclass(frozen=True)
class Line:
    """One chosen case in the preview; `task` is None where it lies at no desk of the visitor any more."""

    number: str
    seen: int
    task: Task | None
    service: Service | None = None
    step: Step | None = None

    @property
    def chosen(self) -> str:
        """As the form sends it."""
        return f"{self.number}:{self.seen}"

    @property
    def name(self) -> str:
        """Whose it is."""
        case = self.task.case if self.task is not None else None
        return "" if case is None else case.person.name if case.person is not None else case.unit.name

    @property
    def moved(self) -> bool:
        """Whether it is not what stood in the list any more."""
        return self.task is None or self.task.case.revision != self.seen

    @property
    def claimed(self) -> str:
        """Who claimed it; a colleague's is not decided by others."""
        return self.task.claimed_name if self.task is not None and self.task.claimant is not None else ""


@dataclass(frozen=True)
class Group:
    """Chosen cases of one service at one step, how many, and what passing does to them."""

    service: Service
    step: Step
    many: int

    @property
    def ends(self) -> bool:
        """Whether passing completes them: nothing takes that back."""
        return self.step.dispatch is None and self.service.route.steps[-1].step == self.step.step


@dataclass
class Run:
    """A batch on its way, in portions; travels sealed from page to page, and may stop between any two of them."""

    verb: str
    key: str  # of the list that it was chosen in
    verdict: str = ""
    opinion: str = ""
    late_reason: str = ""  # of those that were returned before
    until: str = ""  # when it can be taken back no more, as the page says it
    rest: list[tuple[str, int]] = field(default_factory=list)
    done: list[tuple[str, int]] = field(default_factory=list)
    failed: list[tuple[str, str, str]] = field(default_factory=list)  # number, name, why


@for_units
@require_POST
def batch(request: PageRequest) -> HttpResponse:
    """The preview of what was chosen, and with 「确认办理」 the decision and its table of results."""
    _admit(request)
    if "confirm" not in request.POST:
        return _preview(request, _chosen(request))
    listed = read_chosen(request.POST.getlist("case"), MOST_AT_ONCE)
    cases_ = dict(listed)
    rest = lists.disclose(request.POST.get("rest", ""), request.actor, _REST) or []
    cases_ |= {str(number): int(seen) for number, seen in rest}
    opinion = request.POST.get("opinion", "").replace("\r\n", "\n")
    try:
        verdict = _verdict(request.POST.get("verdict", ""))
        _demand_few(listed, cases_)
        late_reason = _late_reason(request, verdict, list(cases_))
        until = clock.china(clock.now() + timedelta(minutes=UNDO_MINUTES))
        run = Run("decide", _list(request), verdict.value, opinion, late_reason, f"{until:%H:%M}", list(cases_.items()))
        answer = _go_on(request, run)
    except Invalid as wrong:
        return _preview(request, cases_, wrong)
    keep_chosen(request, "", {})
    return answer


@for_units
@require_POST
def go_on(request: PageRequest) -> HttpResponse:
    """The next portion of a batch that is on its way, or 「撤销这次办理」 of what it did."""
    _admit(request)
    kept = lists.disclose(request.POST.get("run", ""), request.actor, _RUN)
    if not isinstance(kept, dict):
        raise Refused("这次批量办理的页面已经失效，没有继续办理。请回到清单，看还有哪些没有办理。")
    run = Run(**kept)
    if "undo" in request.POST:
        run = Run("recall", run.key, rest=run.done)
    return _go_on(request, run)


def _go_on(request: PageRequest, run: Run) -> HttpResponse:
    """Do a portion and tell it. Raises Invalid, before anything is done, for what no case can be decided with."""
    portion, run.rest = run.rest[:MOST_AT_ONCE], run.rest[MOST_AT_ONCE:]
    if run.verb == "recall":
        results = review.recall_many(cases=portion, by=request.actor) if portion else ()
    else:
        verdict = _verdict(run.verdict)
        results = review.decide_many(
            cases=portion, verdict=verdict, opinion=run.opinion, late_reason=run.late_reason, by=request.actor
        )
    seen = dict(portion)
    run.done += [(row.number, seen[row.number] + 1) for row in results if row.ok]
    run.failed += [(row.number, row.name, row.say) for row in results if not row.ok]
    told = [*(RowResult(number, False, say, name) for number, name, say in run.failed), *(r for r in results if r.ok)]
    recalled = run.verb == "recall"
    context = {
        **_frame(request, run.key),
        "results": told,
        "failed": len(run.failed),
        "done": len(run.done),
        "title": "撤销批量办理" if recalled else "批量审核结果",
        "summary": "已撤销办理" if recalled else f"{_verdict(run.verdict).word}：已办理",
        "opinion": run.opinion,
        "linked": True,
        "left": len(run.rest),
        "portion": MOST_AT_ONCE,
        "run": lists.close(vars(run), request.actor, _RUN),
        "undo_until": run.until if run.done and run.verdict == Verdict.APPROVE else "",
    }
    return render(request, "web/work/batch_results.html", context)


def undoing(request: PageRequest, key: str, done: Sequence[tuple[str, int]]) -> dict[str, Any]:
    """What a page of results needs to offer 「撤销这次办理」 of these cases, with the revision that each has now."""
    until = clock.china(clock.now() + timedelta(minutes=UNDO_MINUTES))
    run = Run("recall", key, until=f"{until:%H:%M}", done=list(done))
    return {"run": lists.close(vars(run), request.actor, _RUN), "undo_until": run.until if done else ""}


def _admit(request: PageRequest) -> None:
    roles = request.capacity.roles if request.capacity is not None else ()
    if not {Role.REVIEWER, Role.REGISTRAR} & set(roles):
        raise Refused("您在当前单位没有审核权限，不能批量办理。需要办理的，请联系上级人社部门授权。")


def _chosen(request: PageRequest) -> Chosen:
    """What is ticked on the page that was sent and what was chosen on others before; kept, so that it stays chosen."""
    name = request.POST.get("from", "")
    cases_ = ticked(request, name)
    if name and len(cases_) <= MOST_CHOSEN:
        keep_chosen(request, name, cases_)
    return cases_


def result_rows(results: Sequence[RowResult]) -> dict[str, Any]:
    """What the table of results shows: what failed first, and how many."""
    failed = [row for row in results if not row.ok]
    return {
        "results": [*failed, *(row for row in results if row.ok)],
        "failed": len(failed),
        "done": len(results) - len(failed),
    }


def _demand_few(listed: Sequence[tuple[str, int]], chosen: Chosen) -> None:
    """The page lists one portion and carries the others sealed: more of either was not sent by it."""
    if len(listed) > MOST_AT_ONCE:
        raise Invalid.at("cases", f"一次最多办理{MOST_AT_ONCE}件，请在清单里选好，分批办理。")
    if len(chosen) > MOST_CHOSEN:
        raise Invalid.at("cases", f"一次最多选择{MOST_CHOSEN:,}件，请分几次办理。")


def _late_reason(request: PageRequest, verdict: Verdict, numbers: Sequence[str]) -> str:
    """One reason for all that the unit returned before (JL-06). Raises Invalid where it is missing, before anything
    is done."""
    reason = request.POST.get("late_reason", "").replace("\r\n", "\n").strip()
    if verdict is not Verdict.SEND_BACK:
        return ""
    if not reason and (again := queries.returned_before(numbers, request.actor)):
        raise Invalid.at(
            "late_reason",
            f"其中{len(again)}件本单位以前退回过，问题应当当时一次告知。整份再次退回，请写明原因，或去掉这些的勾选。",
        )
    return reason


def _verdict(text: str) -> Verdict:
    try:
        return Verdict(text)
    except ValueError:
        raise Invalid.at("verdict", "请选择审核结果。") from None


def _list(request: PageRequest) -> str:
    asked = request.POST.get("list", "")
    return asked if asked in _LISTS else BUSINESS.key


def _frame(request: PageRequest, key: str) -> dict[str, Any]:
    """The list that the page was opened from."""
    return {"here": key, "list_name": _LISTS[key], "home": reverse(key, args=[request.here.code])}


def _preview(request: PageRequest, chosen: Mapping[str, int], wrong: Invalid | None = None) -> HttpResponse:
    several = list(chosen.items())
    lines, groups = _lines(request, dict(several[:MOST_AT_ONCE])), _groups(request, list(chosen))
    if not lines and wrong is None:
        wrong = Invalid.at("cases", "请先在清单里勾选要办理的申报。")
    rest = several[MOST_AT_ONCE:]
    again = queries.returned_before(list(chosen), request.actor)
    context = {
        **_frame(request, _list(request)),
        "lines": lines,
        "many": len(chosen),
        "left": len(rest),
        "portion": MOST_AT_ONCE,
        "rest": lists.close(rest, request.actor, _REST) if rest else "",
        "groups": groups if len(groups) > 1 or rest else [],
        "ends": sum(group.many for group in groups if group.ends),
        "options": _options(groups),
        "faults": {fault.at: fault.say for fault in wrong.faults} if wrong is not None else {},
        "verdict": request.POST.get("verdict", ""),
        "opinion": request.POST.get("opinion", ""),
        "late_reason": request.POST.get("late_reason", ""),
        "again": len(again),
        "returned_before": again,
        "opinion_most": LONGEST_OPINION,
        "undo_minutes": UNDO_MINUTES,
        "moved": sum(line.moved for line in lines),
        "others": sum(
            bool(line.claimed) and line.task.claimed_by != request.actor.account for line in lines if line.task
        ),
    }
    return render(request, "web/work/batch.html", context, status=422 if wrong is not None else 200)


def _lines(request: PageRequest, seen: Chosen) -> list[Line]:
    """What was chosen, each once, with its task at the visitor's own desk or below. Two queries."""
    by, held = request.actor, request.capacity
    found = {}
    for rows in (queries.inbox(by, held), queries.overseen_tasks(by, held)):
        for task in rows.filter(case__number__in=list(seen), case__site=request.here.code).select_related("unit"):
            found[task.case.number] = task
    return [_line(number, revision, found.get(number)) for number, revision in seen.items()]


def _line(number: str, seen: int, task: Task | None) -> Line:
    if task is None:
        return Line(number, seen, None)
    service = cases.service_of(task.case)
    return Line(number, seen, task, service, service.route.step(task.step))


def _groups(request: PageRequest, numbers: Sequence[str]) -> list[Group]:
    """What was chosen by service and step, however many there are. Two queries."""
    by, held, site = request.actor, request.capacity, request.here.code
    pins = ("service", "case__service_version", "case__service_hash", "step")
    found: dict[tuple[str, str, str, str], int] = {}
    for rows in (queries.inbox(by, held), queries.overseen_tasks(by, held)):
        chosen = rows.filter(case__number__in=numbers, case__site=site).select_related(None).order_by()
        for *pin, many in chosen.values_list(*pins).annotate(many=Count("id")):
            key = (str(pin[0]), str(pin[1]), str(pin[2]), str(pin[3]))
            found[key] = found.get(key, 0) + many
    groups = []
    for (code, version, digest, step), many in sorted(found.items()):
        service = definitions.pinned(site, code, version, digest)
        groups.append(Group(service, service.route.step(step), many))
    return groups


def _options(groups: Sequence[Group]) -> list[tuple[str, str]]:
    """The results that every chosen case can have, each by the name that its step gives it where all agree."""
    steps = [group.step for group in groups]
    found = []
    for verdict in Verdict:
        names = {option.name for step in steps if (option := step.option(verdict)) is not None}
        if steps and all(step.option(verdict) is not None for step in steps):
            found.append((verdict.value, names.pop() if len(names) == 1 else verdict.word))
    return found
