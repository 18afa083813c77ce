"""What follows from a movement after the commit: messages to those concerned. Late is bad, but decides nothing."""

from uuid import UUID

from bole.cases import queries as cases
from bole.cases.models import Case
from bole.cases.terms import OPEN
from bole.definitions.terms import APPLICANT
from bole.kernel import clock
from bole.notices import actions as notices
from bole.notices.terms import Note
from bole.organizations import queries as organizations
from bole.organizations.events import AppointmentEnded, RegionCorrected, UnitClosed
from bole.organizations.terms import Role
from bole.review import actions as review
from bole.review import engine, routing
from bole.review.actions.moving import ToTell
from bole.review.events import OpeningAnswered, OpeningAsked, TaskHandedOver
from bole.review.models import Movement, OpeningRequest, Task
from bole.review.rules import REROUTERS
from bole.review.seats import Seated
from bole.review.terms import END, MoveKind

MANAGERS = (Role.ADMINISTRATOR, Role.DEPUTY)
_MOST_RELEASED = 500  # tasks of which one run of the job tells


def tell_those_concerned(event: ToTell) -> None:
    """Tell the person what became of the case, and the desk where it lies now that it has arrived or come back.

    What a batch holds back from the next desk is told to nobody yet: it may be taken back (`tell_released`).
    Opinions name people: they stay in the case and go neither into messages nor out by mail (AC-27).
    """
    if not event.held or event.row.kind == MoveKind.REROUTED:
        _tell(event.row, to_desk=not event.held, desk=event.desk)


def tell_released() -> int:
    """Tell of what a batch sent on, once it cannot be taken back any more; how many cases were told of."""
    rows = Task.objects.filter(held_until__isnull=False, held_until__lte=clock.now()).order_by("held_until")
    tasks = list(rows[:_MOST_RELEASED])
    for task in tasks:
        sent = Movement.objects.select_related("case__person", "case__unit").filter(
            case=task.case_id, to=task.step, kind__in=engine.FORWARD, moved_at__lte=task.held_until
        )
        row = sent.order_by("-revision").first()
        if row is not None:
            _tell(row, to_desk=task.closed_at is None)
        Task.objects.filter(pk=task.pk, held_until=task.held_until).update(held_until=None)
    return len(tasks)


def _tell(row: Movement, *, to_desk: bool, desk: Seated | None = None) -> None:
    case = row.case
    service = cases.service_of(case)
    name = service.name
    link = f"/{case.site}/cases/{case.number}/"
    title, body = _for_applicant(row, name, {step.step: step.name for step in service.route.steps})
    notes = []
    if title:
        notes += [
            Note(account, f"{row.id}/{who}", title, f"{body}受理编号 {case.number}。", link)
            for account, who in _applicants(case)
        ]
    if to_desk and case.seat_unit_id is not None and row.kind not in _NO_NEWS_AT_THE_DESK:
        role = Role(engine.step_of(service.route, case.step).role)
        known = desk if desk is not None and (desk.unit.pk, desk.role) == (case.seat_unit_id, role) else None
        notes += _for_desk(case.seat_unit_id, role, row, name, case, known)
        notes += _for_desk_left(role, row, name, case)
    if notes:
        notices.tell_all(notes)


# Done at the desk itself, where it still lies.
_NO_NEWS_AT_THE_DESK = (MoveKind.CLEARED, MoveKind.RECALLED)


def _applicants(case: Case) -> list[tuple[UUID, str]]:
    """Who waits for news: the person concerned; where a unit asks for itself, who opened it and who files for it."""
    if case.person is not None:
        return [(case.person.account_id, "person")] if case.person.account_id is not None else []
    filing = [holder.account for holder in organizations.holders(case.unit_id, Role(case.filed_by), case.service)]
    return [(account, f"filed/{account}") for account in dict.fromkeys([case.opened_by, *filing])]


def _for_applicant(row: Movement, name: str, steps: dict[str, str]) -> tuple[str, str]:
    match MoveKind(row.kind):
        case MoveKind.SUBMITTED:
            return f"「{name}」已上报", f"已送「{steps.get(row.to, row.to)}」。"
        case MoveKind.PASSED | MoveKind.DISPATCHED if row.to == END:
            return f"「{name}」审核通过", "全部环节已办结。"
        case MoveKind.PASSED | MoveKind.DISPATCHED:
            return f"「{name}」已通过「{steps.get(row.step, row.step)}」", f"已送「{steps.get(row.to, row.to)}」。"
        case MoveKind.SENT_BACK if row.to == APPLICANT:
            return f"「{name}」退回修改", f"共 {len(row.faulty)} 处需要修改，审核意见请打开查看，改好后再次上报。"
        case MoveKind.TERMINATED:
            return f"「{name}」审核终止", "资格不符，终止审核，审核意见请打开查看。"
        case MoveKind.REROUTED if row.step:
            before, after = (desk for _, desk in row.desks)
            return f"「{name}」调整办理部门", f"由「{before}」调整到「{after}」，不需要重新申报。"
        case _:
            return "", ""


def _for_desk(unit: UUID, role: Role, row: Movement, name: str, case: Case, desk: Seated | None) -> list[Note]:
    title, more = f"有一份「{name}」等待办理", ""
    if row.kind == MoveKind.SENT_BACK:
        title, more = f"有一份「{name}」退回，等待办理", "退回意见请打开查看。"
    elif row.kind == MoveKind.REROUTED:
        if row.desks[0][0] == str(unit):  # it lies where it lay
            return []
        title, more = f"有一份「{name}」调整到本部门，等待办理", f"原办理部门：{row.desks[0][1]}。"
    link = f"/{case.site}/account-review/" if role is Role.REGISTRAR else f"/{case.site}/work/"
    sitting = desk.holders if desk is not None else None
    return [
        Note(
            account=holder.account,
            key=f"{row.id}/{holder.account}",
            title=title,
            body=f"受理编号 {case.number}，{case.unit.name}。{more}",
            link=link,
        )
        for holder in (organizations.holders(unit, role, case.service) if sitting is None else sitting)
    ]


def _for_desk_left(role: Role, row: Movement, name: str, case: Case) -> list[Note]:
    """The desk that a rerouting took the case from learns where it went."""
    if row.kind != MoveKind.REROUTED or row.desks[0][0] == row.desks[1][0]:
        return []
    (left, _), (_, after) = row.desks
    return [
        Note(
            account=holder.account,
            key=f"{row.id}/left/{holder.account}",
            title=f"有一份「{name}」调整到其他部门",
            body=f"受理编号 {case.number}，{case.unit.name}，现由「{after}」办理。",
            link=f"/{case.site}/work/",
        )
        for holder in organizations.holders(UUID(left), role, case.service)
    ]


def offer_rerouting(event: RegionCorrected) -> None:
    """Tell those who may that open cases can follow the unit to the desks of its corrected region (JL-11)."""
    lines = routing.plan(unit=event.unit)
    movable = sum(line.movable for line in lines)
    if not movable:
        return
    unit = organizations.unit(event.unit)
    told = {holder.account for role in REROUTERS for holder in organizations.holders(unit.pk, role)}
    notices.tell_all(
        [
            Note(
                account=account,
                key=f"reroute/{unit.pk}/{unit.revision}/{account}",
                title="所属地区已更正，可以调整办理部门",
                body=f"有 {movable} 件正在办理的申报可以转到新的部门，不需要撤销重报。确认后才会调整。",
                link=f"/{unit.site}/unit/reroute/",
            )
            for account in sorted(told)
        ]
    )


def tell_opening_asked(event: OpeningAsked) -> None:
    """The desk that returned a case hears that its applicant asks for more to be opened."""
    row = OpeningRequest.objects.select_related("case__unit").get(pk=event.request)
    case, name = row.case, cases.service_of(row.case).name
    notices.tell_all(
        [
            Note(
                account=holder.account,
                key=f"{row.pk}/{holder.account}",
                title=f"有一份「{name}」申请开放其他模块",
                body=f"受理编号 {case.number}，{case.unit.name}。申报人申请修改更多模块，请打开答复。",
                link=f"/{case.site}/work/{case.number}/",
            )
            for holder in organizations.holders(row.unit_id, Role(row.role), case.service)
        ]
    )


def tell_opening_answered(event: OpeningAnswered) -> None:
    """The applicant hears whether more was opened; the words stay in the case (AC-27)."""
    row = OpeningRequest.objects.select_related("case__person", "case__unit").get(pk=event.request)
    case, name = row.case, cases.service_of(row.case).name
    title = f"「{name}」{'已开放您申请的模块' if row.granted else '没有开放您申请的模块'}"
    body = "可以打开修改，改好后再次上报。" if row.granted else "原因请打开查看。"
    link = f"/{case.site}/cases/{case.number}/"
    notices.tell_all(
        [
            Note(account, f"{row.pk}/answer/{who}", title, f"{body}受理编号 {case.number}。", link)
            for account, who in _applicants(case)
        ]
    )


def release_claims(event: AppointmentEnded) -> None:
    """Who does not sit at a desk any more holds no claims there; lists stop naming them."""
    if event.account is not None:
        review.release_claims(account=event.account, unit=event.unit)


def cancel_exports(event: AppointmentEnded) -> None:
    """Who does not act for a unit any more has nothing written or taken for it, and nothing left to fetch (AC-14)."""
    if event.account is not None:
        review.cancel_exports(account=event.account, unit=event.unit)


def tell_unit_closed(event: UnitClosed) -> None:
    """The administrators above a closed unit hear what lies at its desks and what its people have under way."""
    unit = organizations.unit(event.unit)
    lying = Task.objects.filter(unit=unit, closed_at__isnull=True).count()
    open_ = Case.objects.filter(unit=unit, status__in=OPEN).count()
    above = unit.parent or organizations.authority_at(unit.site, unit.region)
    if above is None or not (lying or open_):
        return
    body = []
    if lying:
        body.append(f"还有 {lying} 件申报停在该单位的环节，请由有权审核的人员在「下级单位待审」中办理。")
    if open_:
        body.append(f"该单位还有 {open_} 件没有办结的申报，本人转入新的单位后可以随之调整办理部门。")
    notices.tell_each(
        [holder.account for role in MANAGERS for holder in organizations.holders(above.pk, role)],
        kind="appointment",
        key=f"closed:{unit.pk}",
        title=f"{unit.name}已停用，还有没有办结的申报",
        body="".join(body),
        channels=("inbox",),
    )


def tell_handed_over(event: TaskHandedOver) -> None:
    """A colleague hears that a case was handed over to them."""
    task = Task.objects.select_related("case__unit").get(pk=event.task)
    case, name = task.case, cases.service_of(task.case).name
    notices.tell_all(
        [
            Note(
                account=event.account,
                key=f"handed/{task.pk}/{event.account}/{clock.now():%Y%m%d%H%M%S}",
                title=f"有一份「{name}」转交给您办理",
                body=f"受理编号 {case.number}，{case.unit.name}，由{event.name}转交。",
                link=f"/{case.site}/work/{case.number}/",
            )
        ]
    )
