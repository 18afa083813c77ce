"""The unit records its own publicity (内部公示) of what it means to send on: the days, then the result (TR-30)."""

from collections.abc import Sequence
from datetime import date

from django.db import transaction

from bole.audit import actions as audit
from bole.cases import queries as case_queries
from bole.cases.models import Case
from bole.definitions.terms import Publicity
from bole.kernel import clock
from bole.kernel.actors import Actor
from bole.kernel.errors import Fault, Invalid, Refused
from bole.review import engine, queries, rules
from bole.review.actions.moving import lock
from bole.review.actions.rows import Chosen, each_row
from bole.review.models import Task, UnitPublicity
from bole.review.terms import AuditWord, PublicityResult, RowResult
from bole.standards.terms import CalendarUnknown

LONGEST_PLACE = 100
LONGEST_SAY = 500
LONGEST_DAYS = 366


def announce_publicity(
    *, cases: Sequence[Chosen], place: str, starts: date | None, ends: date | None, by: Actor
) -> tuple[RowResult, ...]:
    """「登记公示」: these cases that the unit has passed are public at a place from one day to another, both counted.

    Recorded again before its result, it is put right. Each in its own transaction. Raises Invalid at "place",
    "starts", "ends", at "cases" for none or more than 200 of them; a span with too few working days is refused row by
    row, since each step says how many it needs.
    """
    place = place.strip()
    faults = []
    if not place:
        faults.append(Fault("place", "请填写公示地点，如单位公告栏、内部网站。"))
    elif len(place) > LONGEST_PLACE:
        faults.append(Fault("place", f"公示地点最多{LONGEST_PLACE}个字，现在是{len(place)}个。"))
    if starts is None:
        faults.append(Fault("starts", "请填写公示开始日期，例如 2026-03-02。"))
    if ends is None:
        faults.append(Fault("ends", "请填写公示结束日期，例如 2026-03-06。"))
    elif starts is not None and not 0 <= (ends - starts).days <= LONGEST_DAYS:
        faults.append(Fault("ends", "公示结束日期不能早于开始日期，公示最长一年。"))
    if faults or starts is None or ends is None:
        raise Invalid(*faults)

    def one(case: Case, seen: int) -> str:
        _announce(case, seen, place, starts, ends, by)
        return f"已登记公示，{ends:%Y-%m-%d} 期满后登记公示结果。"

    return each_row(cases, one, word=AuditWord.PUBLICITY_ANNOUNCED, verb="登记公示", by=by)


def close_publicity(
    *, cases: Sequence[Chosen], result: PublicityResult | None, say: str = "", by: Actor
) -> tuple[RowResult, ...]:
    """「登记公示结果」: what came of it, once its last day has passed. Objections need to be told (`say`).

    Recorded again, it is put right; only an objection upheld stands, and is refused row by row. Such a case is
    returned or ended; handed in again it is made public anew.

    Raises Invalid at "result", "say", at "cases" for none or more than 200 of them.
    """
    say = say.strip()
    if result is None:
        raise Invalid.at("result", "请选择公示结果。")
    if result is not PublicityResult.CLEAR and not say:
        raise Invalid.at("say", "请写明异议的内容和核实情况。")
    if len(say) > LONGEST_SAY:
        raise Invalid.at("say", f"说明最多{LONGEST_SAY}个字符，现在是{len(say)}个。")

    def one(case: Case, seen: int) -> str:
        _close(case, seen, result, say, by)
        return f"已登记公示结果：{result.word}。"

    return each_row(cases, one, word=AuditWord.PUBLICITY_CLOSED, verb="登记公示结果", by=by)


def _waiting(case: Case, seen: int, by: Actor) -> tuple[Case, Task, Publicity]:
    """Lock the case and find its task that waits at the actor's desk, with what the step demands. Raises Moved,
    Refused."""
    case = lock(case, seen)
    if not case.step:
        raise Refused("这份申报现在不在审核环节，不能登记公示。")
    step = engine.step_of(case_queries.service_of(case).route, case.step)
    rules.may_decide(by, case, step).demand()
    wanted = step.dispatch.publicity if step.dispatch is not None else None
    if wanted is None:
        raise Refused(f"「{step.name}」环节不需要单位内部公示。")
    task = queries.open_task(case)
    if task is None or task.cleared_at is None:
        raise Refused("这份申报还没有审核通过。请先审核材料，通过后再公示。")
    return case, task, wanted


@transaction.atomic
def _announce(case: Case, seen: int, place: str, starts: date, ends: date, by: Actor) -> None:
    case, task, wanted = _waiting(case, seen, by)
    row = queries.publicity_of(task)
    if row is not None and row.result:
        raise Refused("公示结果已经登记，不能再改公示日期。")
    passed = clock.china(task.cleared_at or task.opened_at).date()
    if starts < passed:
        raise Refused(f"公示开始日期不能早于本单位审核通过的日期（{passed:%Y-%m-%d}）。请先审核，再公示。")
    try:
        least = queries.last_day(wanted.working_days, starts)
    except CalendarUnknown:
        raise Refused("这一年的放假安排还没有登记，不能计算工作日。请联系管理员登记后再办理。") from None
    if ends < least:
        raise Refused(
            f"{wanted.name}不少于{wanted.working_days}个工作日：从{starts:%Y-%m-%d}开始，至少到{least:%Y-%m-%d}。"
        )
    UnitPublicity.objects.update_or_create(
        task=task,
        defaults={
            "place": place, "starts": starts, "ends": ends, "announced_at": clock.now(), "announced_by": by.who,
        },
    )  # fmt: skip
    detail = {"starts": starts.isoformat(), "ends": ends.isoformat()}
    audit.record(
        AuditWord.PUBLICITY_ANNOUNCED, by=by, kind="case", id=case.number, unit=case.unit_id, detail=detail
    )  # fmt: skip


@transaction.atomic
def _close(case: Case, seen: int, result: PublicityResult, say: str, by: Actor) -> None:
    case, task, wanted = _waiting(case, seen, by)
    row = queries.publicity_of(task)
    if row is None:
        raise Refused(f"还没有登记{wanted.name}，请先登记公示的地点和日期。")
    if row.result == PublicityResult.UPHELD and result is not PublicityResult.UPHELD:
        # An objection found true is a finding against the recommendation: whoever recorded it does not unsay it alone.
        raise Refused(f"{wanted.name}的结果已登记为「{row.word}」，不能改成别的结果。请退回修改，或终止这份申报。")
    if clock.today() <= row.ends:
        raise Refused(f"{wanted.name}到{row.ends:%Y-%m-%d}为止，期满后再登记公示结果。")
    row.result, row.say, row.closed_at, row.closed_by = result.value, say or None, clock.now(), by.who
    row.save(update_fields=["result", "say", "closed_at", "closed_by"])
    audit.record(
        AuditWord.PUBLICITY_CLOSED, by=by, kind="case", id=case.number, unit=case.unit_id,
        detail={"result": result.value},
    )  # fmt: skip
