"""「待送审」 looked over before it is sent: papers there and missing, the desk that it would go to, and why not."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from bole.cases import queries as cases
from bole.cases.models import Case, Typist
from bole.definitions.terms import Opener, SeatKind, Service, Step
from bole.kernel.actors import Actor
from bole.review import engine, rules, seats
from bole.review.models import DispatchPaper, Movement, Task, UnitPublicity
from bole.review.queries.publicizing import publicities_of, publicity_gap
from bole.review.terms import END, DispatchLine

_GONE = "没有这份申报，或它已经不在本单位的「待送审」。请刷新清单查看。"


def papers_of(task: Task) -> QuerySet[DispatchPaper]:
    """The 送审附件 of a task that are in force, in the order in which they were added."""
    rows = DispatchPaper.objects.filter(task=task, removed_at__isnull=True)
    return rows.select_related("file").order_by("added_at", "id")


def missing_papers(step: Step, names: Iterable[str]) -> tuple[str, ...]:
    """The papers that the step's 送审 demands and that are not among these."""
    there = set(names)
    return tuple(name for name in (step.dispatch.requires if step.dispatch is not None else ()) if name not in there)


def dispatch_preview(numbers: Sequence[str], by: Actor) -> tuple[DispatchLine, ...]:
    """What 「批量送审」 would do with each of these cases, in their order. Nothing is sent."""
    wanted = list(dict.fromkeys(numbers))
    rows = Task.objects.filter(case__in=rules.cases_visible_to(by).order_by().values("pk"), case__number__in=wanted)
    rows = rows.filter(closed_at__isnull=True).select_related("unit", "case__person", "case__unit__parent")
    tasks = {task.case.number: task for task in rows}
    look = _Look(by, list(tasks.values()))
    return tuple(
        look.line(tasks[number]) if number in tasks else DispatchLine(number, "", "", "", (), (), _GONE, False)
        for number in wanted
    )


@dataclass
class _Look:
    """One look at many tasks: what is the same for many of them is asked once."""

    by: Actor
    tasks: list[Task]
    papers: dict[UUID, list[str]] = field(default_factory=lambda: defaultdict(list))
    publicities: dict[UUID, UnitPublicity] = field(default_factory=dict)
    involved: set[UUID] = field(default_factory=set)
    known: dict[Any, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        papers = DispatchPaper.objects.filter(task__in=self.tasks, removed_at__isnull=True).order_by("added_at", "id")
        for task, name in papers.values_list("task_id", "name"):
            self.papers[task].append(name)
        self.publicities = publicities_of([task.pk for task in self.tasks])
        ids, account = [task.case_id for task in self.tasks], self.by.who
        moved = Movement.objects.filter(case__in=ids, account=account, kind__in=engine.FORWARD)
        typed = Typist.objects.filter(case__in=ids, account=account)
        here = {task.case_id: task.step for task in self.tasks}  # who passed this very step may send it on
        elsewhere = {case for case, step in moved.values_list("case_id", "step") if step != here[case]}
        self.involved = {*elsewhere, *typed.values_list("case_id", flat=True)}

    def line(self, task: Task) -> DispatchLine:
        """One task as the preview shows it."""
        case, service = task.case, cases.service_of(task.case)
        step = engine.step_of(service.route, task.step)
        papers = tuple(self.papers[task.pk])
        missing = missing_papers(step, papers)
        desk, vacant = self._ahead(case, service, step)
        say = self._against(task, case, step) or vacant
        if not say and missing:
            say = "还缺送审附件：" + "、".join(missing) + "。"
        say = say or publicity_gap(step, self.publicities.get(task.pk))
        name = case.person.name if case.person is not None else case.unit.name
        told = say or ("送审后办结。" if desk == END else f"送「{desk}」。")
        shown = "办结" if desk == END else desk
        return DispatchLine(case.number, name, step.name, shown, papers, missing, told, not say)

    def _against(self, task: Task, case: Case, step: Step) -> str:
        """Why the actor cannot send it on, as a sentence; empty when nothing stands against it."""
        by = self.by
        if task.cleared_at is None:
            return "还没有审核通过，不在「待送审」。"
        if task.claimant not in (None, by.account) and self._claimed(task):
            return f"已由{task.claimed_name}领取，请先接手。"
        key = ("seat", task.unit_id, step.step, step.role, task.service, task.step)
        if key not in self.known:
            self.known[key] = rules.sits_at(by, task) and not seats.closure(rules.acting_unit(by))
        if not self.known[key]:
            return "您没有这个环节的审核权限，或本单位的审核权限已经关闭。"
        own = case.person is not None and case.person.account_id == by.account
        opened = case.opener == Opener.UNIT and case.opened_by == by.account
        if by.account is not None and (own or opened or case.pk in self.involved):
            return rules.unbiased(by.account, case, step).reason
        return ""

    def _claimed(self, task: Task) -> bool:
        key = ("claim", task.claimed_by, task.claimed_unit_id, task.role, task.service)
        if key not in self.known:
            self.known[key] = rules.claim_stands(task)
        return bool(self.known[key])

    def _ahead(self, case: Case, service: Service, step: Step) -> tuple[str, str]:
        """The desk that follows, or END, and why nobody decides there."""
        alone = seats.asks_for_answers(service) or _of_each(service)
        key = ("ahead", service.hash, step.step, case.unit_id, cases.region_of(case), case.pk if alone else "")
        if key not in self.known:
            self.known[key] = self._found(case, service, step)
        found: tuple[str, str] = self.known[key]
        return found

    def _found(self, case: Case, service: Service, step: Step) -> tuple[str, str]:
        to, _ = engine.next_step(service.route, step.step, seats.skips_for(service, case))
        if to == END:
            return END, ""
        ahead = engine.step_of(service.route, to)
        unit = seats.unit_at(ahead, case)
        return unit.name if unit is not None else ahead.name, seats.vacancy(ahead, case, unit)


def _of_each(service: Service) -> bool:
    """Whether the way depends on the person, or on a unit that an answer names, so that no two cases are alike."""
    steps = service.route.steps
    named = any(step.seat.kind is SeatKind.ANSWER for step in steps)
    return named or any(step.skip_when is not None and "person." in step.skip_when for step in steps)
