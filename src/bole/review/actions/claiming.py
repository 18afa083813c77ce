"""「领取」 and 「转交」: one of several reviewers of a desk takes a case upon them, or gives it to a colleague.

A claim lapses by itself at the end of the next working day, and is none any more once its holder does not sit there.
"""

from datetime import date, timedelta
from uuid import UUID

from django.db import transaction

from bole.audit import actions as audit
from bole.cases import actions as cases
from bole.cases import queries as case_queries
from bole.cases.models import Case
from bole.definitions.terms import Step
from bole.kernel import clock
from bole.kernel.actors import Actor, system
from bole.kernel.errors import Invalid, Refused
from bole.kernel.events import announce
from bole.organizations import queries as organizations
from bole.organizations.terms import Role
from bole.review import engine, queries, rules
from bole.review.actions.drafting import drop_drafts_without_seat
from bole.review.events import TaskHandedOver
from bole.review.models import Task
from bole.review.terms import CLAIM_DAYS, AuditWord


@transaction.atomic
def claim(*, case: Case, take: bool = False, by: Actor) -> Task:
    """「领取」: up to the end of the next working day only the claimer decides on it at this desk. Twice is once.

    What a colleague has claimed is taken over with `take` (「接手」). Raises Refused otherwise, saying by whom. A claim
    that has lapsed, or whose holder does not sit there any more, stands in nobody's way.
    """
    case, task, step = _waiting(case)
    rules.may_claim(by, case, step).demand()
    rules.has_come(task).demand()
    if task.claimant == by.account:
        return task
    if not take and task.claimed_by != by.account and rules.claim_stands(task):
        raise Refused(f"这份申报已由{task.claimed_name}领取，{rules.claim_told(task)}。需要由您办理的，请点「接手」。")
    detail = {"step": task.step, **({"from": str(task.claimed_by)} if task.claimed_by is not None else {})}
    return _give(case, task, by.who, by.name, AuditWord.CLAIMED, detail, by)


@transaction.atomic
def hand_over(*, case: Case, to: UUID, by: Actor) -> Task:
    """「转交」: a colleague with the same role in the own unit is to decide on it, and is told.

    Raises Refused when somebody else has claimed it, Invalid at "to" for who cannot decide on it.
    """
    case, task, step = _waiting(case)
    rules.may_decide(by, case, step).demand()
    known = {one.account: one.name for one in organizations.holders(by.place, Role(task.role), task.service)}
    if to not in known:
        raise Invalid.at("to", "请选择本单位有同样审核权限的人员。")
    fit = rules.unbiased(to, case, step)
    if not fit:
        raise Invalid.at("to", f"不能转交给{known[to]}：申报人、填写人或前面环节的办理人不能在这个环节审核。")
    if task.claimant == to:
        return task
    task = _give(case, task, to, known[to], AuditWord.HANDED_OVER, {"step": task.step, "to": str(to)}, by)
    if to != by.account:
        announce(TaskHandedOver(task=task.pk, account=to, name=by.name))
    return task


@transaction.atomic
def release_claims(*, account: UUID, unit: UUID) -> int:
    """Let go what the account claimed in the unit at desks where it does not sit any more, and what it typed on cases
    that no role of it sees; how many claims there were. Once more, there is nothing left.

    Tidying only: `rules.claim_stands` asks for the role itself, so that a revoked one ends its claims at once.
    """
    open_ = Task.objects.filter(claimed_by=account, claimed_unit_id=unit, closed_at__isnull=True)
    for held in organizations.capacities(account):
        if held.unit == unit:
            open_ = open_.exclude(rules.seated(held))
    rows = list(open_.select_related("case").select_for_update(of=("self",), no_key=True).order_by("id"))
    for task in rows:
        Task.objects.filter(pk=task.pk).update(claimed_by=None, claimed_name="", claimed_unit=None, claimed_until=None)
        audit.record(
            AuditWord.CLAIM_RELEASED, by=system("review"), kind="case", id=task.case.number, unit=task.case.unit_id,
            detail={"step": task.step, "from": str(account)},
        )  # fmt: skip
    drop_drafts_without_seat(account=account)
    return len(rows)


def _until() -> date:
    """The last day of a claim made today; while the holidays are not announced yet, days are counted as they come."""
    today = clock.today()
    return queries.due_on(today, CLAIM_DAYS) or today + timedelta(days=CLAIM_DAYS)


def _waiting(case: Case) -> tuple[Case, Task, Step]:
    case = cases.locked(case.id)
    task = queries.open_task(case)
    if task is None:
        raise Refused("这份申报现在不在审核环节，不能领取或转交。请刷新页面查看。")
    service = case_queries.service_of(case)
    return case, task, engine.step_of(service.route, task.step)


def _give(case: Case, task: Task, account: UUID, name: str, word: AuditWord, detail: dict[str, str], by: Actor) -> Task:
    task.claimed_by, task.claimed_name, task.claimed_unit_id, task.claimed_until = account, name, by.place, _until()
    task.save(update_fields=["claimed_by", "claimed_name", "claimed_unit", "claimed_until"])
    audit.record(word, by=by, kind="case", id=case.number, unit=case.unit_id, detail=detail)
    return task
