"""Results decided outside the platform (评审结果): begun with the case, entered, published, corrected, ended."""

import logging
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.db import transaction

from bole.audit import actions as audit
from bole.cases import queries as cases
from bole.cases.models import Case
from bole.definitions.terms import ENTER_RECORDS, Moment, Results, SeatKind, Service
from bole.kernel import clock
from bole.kernel.actors import Actor
from bole.kernel.contention import giving_way
from bole.kernel.errors import Absent, BoleError, Invalid, Moved, Refused
from bole.kernel.events import announce
from bole.kernel.ids import new_id
from bole.review import rules, seats
from bole.review.actions.effects import run_effects
from bole.review.awarding import differs, name_of, read_entry, results_of
from bole.review.events import ResultPublished, ResultsPublished
from bole.review.models import Movement, Outcome, OutcomeChange
from bole.review.terms import AuditWord, MoveKind, OutcomeEntry, OutcomeLine, Result, RowResult

MOST_OUTCOMES = 1_000  # rows of one publication or of one workbook
LONGEST_REASON = 500
_log = logging.getLogger("bole.review")


def begin_outcome(case: Case, service: Service) -> Outcome | None:
    """The result that a case just completed waits for; None where the service has none. In the deciding transaction.

    Raises Refused where nobody would keep it: a case that nobody can ever give a result is not completed.
    """
    results = service.results
    if results is None:
        return None
    keeper = seats.keeper_of(results, case)
    if keeper is None and results.keeper.kind is SeatKind.ANSWER:
        raise Refused(f"{results.name}结果由表中填写的单位录入，该单位已经停用。请退回申报人重新选择后再办理。")
    if keeper is None:
        raise Refused(f"没有录入{results.name}结果的部门，请联系上级人社部门设置后再办理。")
    first = Movement.objects.filter(case=case, kind=MoveKind.SUBMITTED).order_by("revision").first()
    begun = first.moved_at if first is not None else clock.now()
    return Outcome.objects.create(
        case=case,
        site=case.site,
        service=case.service,
        unit_id=case.unit_id,
        keeper=keeper,
        year=clock.china(begun).year,
        state=Result.PENDING.value,
        applied=_applied(case, results),
    )


def hold_outcome(case: Case, service: Service, by: Actor) -> Outcome | None:
    """What a completed case without a result gave, for whoever decided it to revoke some day; None where the service
    names no end of it. In the deciding transaction."""
    if service.results is not None or not service.endings or by.unit is None:
        return None
    now = clock.now()
    return Outcome.objects.create(
        case=case, site=case.site, service=case.service, unit_id=case.unit_id, keeper_id=by.unit,
        year=clock.china(now).year, state=Result.PASSED.value, decided_on=clock.today(), entered_at=now,
        entered_by=by.account, published_at=now, published_by=by.account,
    )  # fmt: skip


def _applied(case: Case, results: Results) -> str:
    value = cases.answer_at(case, results.applied) if results.applied else None
    return value if isinstance(value, str) else ""


@transaction.atomic
def enter_outcome(*, number: str, seen: int, typed: Mapping[str, str], by: Actor) -> Outcome:
    """Enter the result of one case, or take an entered one back with 未认定, before it is published.

    `typed` has "state", "awarded", "document", "decided_on" and "note". Raises Absent, Refused (with who keeps it, or
    that it is published), Moved, and Invalid with every fault.
    """
    outcome, service = _locked(number, seen, by)
    if outcome.published_at is not None:
        raise Refused("这份结果已经公布，只能更正：请填写更正原因后办理。")
    _write(outcome, read_entry(service, typed), by)
    _record(AuditWord.OUTCOME_ENTERED, outcome, by)
    return outcome


@transaction.atomic
def correct_outcome(*, number: str, seen: int, typed: Mapping[str, str], reason: str, by: Actor) -> Outcome:
    """Put a published result right; it stays published, and those concerned are told. Needs a reason.

    One that has ended is put right by what it shall be again: on re-examination (40号令 Art 27) an end falls away.

    Raises as `enter_outcome`, Invalid at "reason" too; Refused for one that is not published; of one that has ended
    Unproved, as its end.
    """
    outcome, service = _locked(number, seen, by)
    if outcome.ended_at is not None:
        by.demand_fresh()
    if outcome.published_at is None:
        raise Refused("这份结果还没有公布，直接修改即可，不需要更正。")
    reason = _reason(reason, "更正原因", "已经公布的结果，更正时请写明原因。")
    entry = read_entry(service, typed)
    if entry.state is Result.PENDING:
        raise Invalid.at("state", "已经公布的结果不能改回「未认定」，请选择「通过」或「未通过」。")
    before = outcome.state
    if not differs(outcome, entry):
        raise Invalid.at("state", "与已经公布的结果相同，没有需要更正的内容。")
    _write(outcome, entry, by, reason)
    if Result.PASSED.value in (before, outcome.state):
        _carry_out(outcome, service, by, turn=outcome.revision)
    _record(AuditWord.OUTCOME_CORRECTED, outcome, by, before=before)
    announce(ResultPublished(outcome=outcome.pk, revision=outcome.revision, corrected=True))
    return outcome


@transaction.atomic
def end_outcome(*, number: str, seen: int, end: str, reason: str, by: Actor) -> Outcome:
    """A published 通过 ceases to hold: an objection to its publicity was upheld (40号令 Art 26), or it is revoked (Art
    39). What it entered in the archive leaves it, papers that rest on it hold no more, and those concerned are told.

    Raises Absent, Refused and Moved as `enter_outcome`; Refused where the service names no end or the result is no
    published 通过, Unproved for who did not prove who they are just now, Invalid at "end" and at "reason".
    """
    by.demand_fresh()
    outcome, service = _locked(number, seen, by)
    rules.may_end_outcome(by, outcome, service).demand()
    known = {each.value: each for each in service.endings}
    if end not in known:
        raise Invalid.at("end", f"请选择失效情形：{'、'.join(service.endings.values())}。")
    reason = _reason(reason, "失效原因", "请写明失效的原因和依据，申报人看得到。")
    state = Result(known[end].value)
    return _turned(outcome, service, by, state=state, reason=reason, word=AuditWord.OUTCOME_ENDED)


@transaction.atomic
def restore_outcome(*, number: str, seen: int, reason: str, by: Actor) -> Outcome:
    """What completion gave and has ended holds again, on re-examination or appeal: the archive has it once more.

    Raises as `end_outcome`; Refused for a result that is published, which is corrected, and for one that holds.
    """
    by.demand_fresh()
    outcome, service = _locked(number, seen, by)
    rules.may_restore_outcome(by, outcome, service).demand()
    reason = _reason(reason, "恢复原因", "请写明恢复的原因和依据。")
    return _turned(outcome, service, by, state=Result.PASSED, reason=reason, word=AuditWord.OUTCOME_CORRECTED)


def _turned(outcome: Outcome, service: Service, by: Actor, *, state: Result, reason: str, word: AuditWord) -> Outcome:
    """A result that stands takes another state without being entered anew: written, carried out, recorded, told."""
    before, outcome.state = outcome.state, state.value
    outcome.ended_at, outcome.ended_by, outcome.end_reason = (
        (None, None, None) if state.end is None else (clock.now(), by.account, reason)
    )
    outcome.revision += 1
    outcome.save(update_fields=["state", "ended_at", "ended_by", "end_reason", "revision"])
    _keep(outcome, by, reason)
    _carry_out(outcome, service, by, turn=outcome.revision)
    _record(word, outcome, by, before=before)
    announce(ResultPublished(outcome=outcome.pk, revision=outcome.revision, corrected=True))
    return outcome


def _reason(text: str, name: str, missing: str) -> str:
    text = text.strip()
    if not text:
        raise Invalid.at("reason", missing)
    if len(text) > LONGEST_REASON:
        raise Invalid.at("reason", f"{name}最多{LONGEST_REASON}个字符，现在是{len(text)}个。")
    return text


def import_outcomes(*, lines: Sequence[OutcomeLine], service: str, by: Actor) -> tuple[RowResult, ...]:
    """Enter the rows of a workbook as `queries.read_outcomes` understood it, each in its own transaction.

    A row that cannot be taken is told and stops no other; what stands already is left alone, so that the same workbook
    can be taken again. Raises Invalid at "file" for none or more than 1,000 rows.
    """
    if not lines:
        raise Invalid.at("file", "表格里没有可以导入的行。")
    if len(lines) > MOST_OUTCOMES:
        raise Invalid.at("file", f"一次最多导入{MOST_OUTCOMES}行，现在是{len(lines)}行。请分几次导入。")
    done = tuple(_import_one(line, by) for line in lines)
    taken = sum(row.ok for row in done)
    audit.record(
        AuditWord.OUTCOMES_IMPORTED, by=by, kind="service", id=f"{by.site}/{service}", unit=by.unit,
        detail={"rows": len(done), "taken": taken},
    )  # fmt: skip
    return done


def _import_one(line: OutcomeLine, by: Actor) -> RowResult:
    if not line.ok:
        _refused(line, by)
        return RowResult(line.number, False, line.say, line.name)
    if not line.changes:
        return RowResult(line.number, True, "与已录入的相同，没有变化。", line.name)
    try:
        with giving_way():
            outcome = enter_outcome(number=line.number, seen=line.seen, typed=line.typed, by=by)
    except BoleError as error:
        _refused(line, by)
        return RowResult(line.number, False, error.sentence, line.name)
    return RowResult(line.number, True, f"已录入：{Result(outcome.state).word}。", line.name)


def _refused(line: OutcomeLine, by: Actor) -> None:
    """A row of a workbook that was not entered; what the row said stays out of the ledger."""
    audit.record_refusal(AuditWord.OUTCOME_ENTERED, by=by, kind="case", id=line.number[:40], detail={"row": line.row})


def publish_outcomes(*, chosen: Sequence[tuple[str, int]], by: Actor) -> tuple[RowResult, ...]:
    """Publish these entered results (number of the case, revision seen), each in its own transaction.

    What cannot be published is told in its row and stops no other; what is published already is told so, and is not
    published twice. Raises Invalid at "cases" for none or more than 1,000.
    """
    if not chosen:
        raise Invalid.at("cases", "请先勾选要公布的结果。")
    if len(chosen) > MOST_OUTCOMES:
        raise Invalid.at("cases", f"一次最多公布{MOST_OUTCOMES}件，现在是{len(chosen)}件。请分几次公布。")
    done: list[RowResult] = []
    told: dict[str, dict[UUID, int]] = {}
    for number, seen in dict(chosen).items():
        row, outcome = _publish_one(number, seen, by)
        done.append(row)
        if outcome is not None:
            units = told.setdefault(outcome.service, {})
            units[outcome.unit_id] = units.get(outcome.unit_id, 0) + 1
    for service, units in told.items():
        announce(ResultsPublished(occasion=str(new_id()), service=service, units=tuple(units.items())))
    return tuple(done)


def _publish_one(number: str, seen: int, by: Actor) -> tuple[RowResult, Outcome | None]:
    name = ""
    try:
        with giving_way(), transaction.atomic():
            outcome, service = _locked(number, None, by)
            name = name_of(outcome.case)
            if outcome.published_at is not None:
                return RowResult(number, True, "已经公布，不用再次公布。", name), None
            _compare(outcome, seen)
            _publish(outcome, service, by)
    except BoleError as error:
        if isinstance(error, Refused):
            audit.record_refusal(AuditWord.OUTCOME_PUBLISHED, by=by, kind="case", id=number[:40])
        return RowResult(number, False, error.sentence, name), None
    except Exception:
        _log.exception("publication of the result of %s failed", number)
        return RowResult(number, False, "系统出了问题，这一件没有公布。请稍后再公布一次。", name), None
    return RowResult(number, True, f"已公布：{Result(outcome.state).word}。", name), outcome


def _publish(outcome: Outcome, service: Service, by: Actor) -> None:
    if outcome.state == Result.PENDING.value:
        raise Refused(f"还没有录入{results_of(service).name}结果，请先录入再公布。")
    outcome.published_at, outcome.published_by = clock.now(), by.account
    outcome.revision += 1
    outcome.save(update_fields=["published_at", "published_by", "revision"])
    _keep(outcome, by)
    if outcome.state == Result.PASSED.value:
        _carry_out(outcome, service, by)
    _record(AuditWord.OUTCOME_PUBLISHED, outcome, by)
    announce(ResultPublished(outcome=outcome.pk, revision=outcome.revision, corrected=False))


def _carry_out(outcome: Outcome, service: Service, by: Actor, turn: int = 0) -> None:
    """The effects of the result as it stands by now."""
    stands = OutcomeEntry(Result(outcome.state), outcome.awarded, outcome.document, outcome.decided_on)
    if service.results is None:  # completion gave it: of its effects only what was entered is undone
        moment, only = Moment.COMPLETED, ENTER_RECORDS
    else:
        moment, only = Moment.AWARDED, ""
    run_effects(case=outcome.case, service=service, moment=moment, by=by, turn=turn, result=stands, only=only)


def _locked(number: str, seen: int | None, by: Actor) -> tuple[Outcome, Service]:
    """Lock, compare, ask: the result of a case and its service."""
    rows = Outcome.objects.select_for_update(of=("self",)).select_related("case__person", "case__unit")
    outcome = rows.filter(case__number=number, site=by.site, keeper_id=by.unit).first()
    if outcome is None:
        raise Absent("没有这份结果：受理编号不对，或不由本单位公布结果。")
    service = cases.service_of(outcome.case)
    rules.may_enter_outcome(by, outcome, service).demand()
    if seen is not None:
        _compare(outcome, seen)
    return outcome, service


def _compare(outcome: Outcome, seen: int) -> None:
    if outcome.revision != seen:
        raise Moved("这份结果在您打开之后已由别人录入或公布，您的操作没有生效。请刷新查看最新情况。")


def _write(outcome: Outcome, entry: OutcomeEntry, by: Actor, reason: str = "") -> None:
    entered = entry.state is not Result.PENDING
    outcome.state, outcome.awarded, outcome.document = entry.state.value, entry.awarded, entry.document
    outcome.decided_on, outcome.note = entry.decided_on, entry.note or None
    outcome.entered_at, outcome.entered_by = (clock.now(), by.account) if entered else (None, None)
    outcome.ended_at = outcome.ended_by = outcome.end_reason = None
    outcome.revision += 1
    outcome.save()
    _keep(outcome, by, reason)


def _keep(outcome: Outcome, by: Actor, reason: str = "") -> None:
    OutcomeChange.objects.create(
        outcome=outcome,
        revision=outcome.revision,
        state=outcome.state,
        awarded=outcome.awarded,
        document=outcome.document,
        decided_on=outcome.decided_on,
        published=outcome.published_at is not None,
        reason=reason or None,
        account=by.who,
        account_name=by.name,
        changed_at=clock.now(),
    )


def _record(word: AuditWord, outcome: Outcome, by: Actor, **more: Any) -> None:
    detail = {"state": outcome.state, "awarded": outcome.awarded, "revision": outcome.revision, **more}
    detail["keeper"] = str(outcome.keeper_id)
    audit.record(word, by=by, kind="case", id=outcome.case.number, unit=outcome.unit_id, detail=detail)
