"""What happened to a case, in order, and where that leaves it."""

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from bole.cases import queries as cases
from bole.cases.models import Case
from bole.definitions.terms import APPLICANT, Service
from bole.kernel.prepared import Prepared
from bole.review import engine
from bole.review.models import Movement
from bole.review.terms import (
    END,
    Faulty,
    HistoryLine,
    Move,
    MoveKind,
    Standing,
)


def moves_of(case: Case) -> tuple[Move, ...]:
    """The movements as the engine sees them."""
    return tuple(as_move(row) for row in movements_of(case))


def movements_of(case: Case) -> list[Movement]:
    """The rows that the moves and the rules are read from, in order; words and names come when they are asked for."""
    return _MOVEMENTS(case=case.pk) if case.revision else []


def _movements(*, case: UUID) -> QuerySet[Movement]:
    return Movement.objects.filter(case_id=case).only(*_MADE_OF).order_by("revision")


_MADE_OF = ("case", "revision", "kind", "step", "to", "skipped", "faulty", "resume", "account", "unit")
_MOVEMENTS = Prepared(_movements)


def as_move(row: Movement) -> Move:
    """One movement as the engine sees it."""
    return Move(
        kind=MoveKind(row.kind),
        step=row.step,
        to=row.to,
        faulty=tuple(Faulty.read(fault) for fault in row.faulty),
        skipped=tuple(row.skipped),
        resume=row.resume,
    )


def replay(case: Case) -> Standing:
    """Where the movements say that the case stands; equal to what is cached on it."""
    return engine.standing(moves_of(case))


def history(case: Case, service: Service | None = None) -> tuple[HistoryLine, ...]:
    """「审核进度」: who did what when, newest first. Three queries whatever the length."""
    service = service or cases.service_of(case)
    names = {step.step: step.name for step in service.route.steps}
    lines: list[HistoryLine] = []
    before = None
    for row in Movement.objects.filter(case=case).order_by("revision"):
        lines.append(
            HistoryLine(
                at=row.moved_at,
                who=row.account_name,
                unit=row.unit_name,
                what=_what(row, service, names),
                step=names.get(row.step, ""),
                opinion=row.opinion,
                faulty=tuple((_place(service, fault), fault["say"]) for fault in row.faulty),
                kind=MoveKind(row.kind),
                took_days=(row.moved_at - before).days if before is not None else None,
            )
        )
        before = row.moved_at
    return tuple(reversed(lines))


def _place(service: Service, fault: Mapping[str, Any]) -> str:
    """The name of what was marked: the section, or a field or a page of a file in it."""
    section = service.by_code.get(fault["section"])
    if section is None:
        return str(fault["section"])
    field = section.by_code.get(fault.get("field", ""))
    names = [section.name, *([field.name] if field is not None else [])]
    return "　".join([*names, *([f"附件第 {fault['page']} 页"] if fault.get("file") else [])])


def _what(row: Movement, service: Service, names: dict[str, str]) -> str:
    match MoveKind(row.kind):
        case MoveKind.SUBMITTED:
            return f"上报，送「{names.get(row.to, row.to)}」"
        case MoveKind.PASSED:
            option = next((s for s in service.route.steps if s.step == row.step), None)
            label = option.name if option else row.step
            return f"{label}：审核通过" + ("，办结" if row.to == END else f"，送「{names.get(row.to, row.to)}」")
        case MoveKind.SENT_BACK:
            target = "申报人" if row.to == APPLICANT else f"「{names.get(row.to, row.to)}」"
            return f"{names.get(row.step, row.step)}：退回修改，退回{target}"
        case MoveKind.TERMINATED:
            return f"{names.get(row.step, row.step)}：资格不符，终止审核"
        case MoveKind.WITHDRAWN:
            return "撤回"
        case MoveKind.CANCELLED:
            return "撤销"
        case MoveKind.REROUTED:
            return "调整办理部门：" + " → ".join(name for _, name in row.desks)
        case MoveKind.CLEARED:
            return f"{names.get(row.step, row.step)}：审核通过，待送审"
        case MoveKind.DISPATCHED:
            return "送审" + ("，办结" if row.to == END else f"，送「{names.get(row.to, row.to)}」")
        case MoveKind.RECALLED:
            return f"{names.get(row.to, row.to)}：收回刚才的办理"
        case MoveKind.OPENED:
            return "开放其他模块供申报人修改"


def last_return(case: Case) -> Movement | None:
    """The movement that returned or ended the case, whose opinion is shown on the progress bar."""
    kinds = (MoveKind.SENT_BACK, MoveKind.TERMINATED)
    return Movement.objects.filter(case=case, kind__in=kinds).order_by("-revision").first()


def objections(case: UUID) -> tuple[Faulty, ...]:
    """Every place that the last return or ending of a case marked; the whole opinion where none was marked."""
    kinds = (MoveKind.SENT_BACK, MoveKind.TERMINATED)
    row = Movement.objects.filter(case_id=case, kind__in=kinds).order_by("-revision").first()
    if row is None:
        return ()
    return tuple(Faulty.read({**fault, "say": fault.get("say") or row.opinion}) for fault in row.faulty)


def latest(case: Case) -> Movement | None:
    """The last thing that happened to the case."""
    return Movement.objects.filter(case=case).order_by("-revision").first()


def latest_act(case: Case) -> Movement | None:
    """The last thing that somebody did with the case itself; being sent to another desk does not count."""
    return Movement.objects.filter(case=case).exclude(kind=MoveKind.REROUTED).order_by("-revision").first()


def latest_opinions(ids: Iterable[UUID]) -> dict[UUID, str]:
    """The opinion with which each of these cases was last returned or ended; one query, for lists."""
    kinds = (MoveKind.SENT_BACK, MoveKind.TERMINATED)
    rows = Movement.objects.filter(case_id__in=list(ids), kind__in=kinds).order_by("revision")
    return {row.case_id: row.opinion for row in rows}


def round_decided_by(case: Case, unit: UUID) -> int:
    """The round that the unit last decided on; 0 when it never did. What changed since is looked at first."""
    submitted = decided = 0
    rows = Movement.objects.filter(case=case).order_by("revision")
    for kind, by_unit in rows.values_list("kind", "unit_id"):
        submitted += kind == MoveKind.SUBMITTED
        if by_unit == unit and kind in (MoveKind.PASSED, MoveKind.SENT_BACK):
            decided = submitted
    return decided
