"""What follows from a movement after the commit: messages to those concerned. Late is bad, but decides nothing."""

from uuid import UUID

from bole.cases import queries as cases
from bole.cases.models import Case
from bole.definitions.terms import APPLICANT
from bole.notices import actions as notices
from bole.notices.terms import Note
from bole.organizations import queries as organizations
from bole.organizations.terms import Role
from bole.review import engine
from bole.review.events import CaseMoved
from bole.review.models import Movement
from bole.review.terms import END, MoveKind


def tell_those_concerned(event: CaseMoved) -> None:
    """Tell the person what became of the case, and the desk where it lies now that it has arrived or come back.

    Opinions name people: they stay in the case and go neither into messages nor out by mail (AC-27).
    """
    row = Movement.objects.select_related("case__person", "case__unit").get(id=event.movement)
    case = row.case
    service = cases.service_of(case)
    name = service.name
    link = f"/{case.site}/cases/{case.number}/"
    account = case.person.account_id if case.person is not None else None
    title, body = _for_person(row, name, {step.step: step.name for step in service.route.steps})
    notes = []
    if account is not None and title:
        notes.append(Note(account, f"{row.id}/person", title, f"{body}受理编号 {case.number}。", link))
    if case.seat_unit_id is not None:
        role = Role(engine.step_of(service.route, case.step).role)
        notes += _for_desk(case.seat_unit_id, role, row, name, case)
    if notes:
        notices.tell_all(notes)


def _for_person(row: Movement, name: str, steps: dict[str, str]) -> tuple[str, str]:
    match MoveKind(row.kind):
        case MoveKind.SUBMITTED:
            return f"「{name}」已上报", f"已送「{steps.get(row.to, row.to)}」。"
        case MoveKind.PASSED if row.to == END:
            return f"「{name}」审核通过", "全部环节已办结。"
        case MoveKind.PASSED:
            return f"「{name}」已通过「{steps.get(row.step, row.step)}」", f"已送「{steps.get(row.to, row.to)}」。"
        case MoveKind.SENT_BACK if row.to == APPLICANT:
            return f"「{name}」退回修改", f"共 {len(row.faulty)} 处需要修改，审核意见请打开查看，改好后再次上报。"
        case MoveKind.TERMINATED:
            return f"「{name}」审核终止", "资格不符，终止审核，审核意见请打开查看。"
        case _:
            return "", ""


def _for_desk(unit: UUID, role: Role, row: Movement, name: str, case: Case) -> list[Note]:
    back = row.kind == MoveKind.SENT_BACK
    return [
        Note(
            account=holder.account,
            key=f"{row.id}/{holder.account}",
            title=f"有一份「{name}」退回，等待办理" if back else f"有一份「{name}」等待办理",
            body=f"受理编号 {case.number}，{case.unit.name}。" + ("退回意见请打开查看。" if back else ""),
            link=f"/{case.site}/work/",
        )
        for holder in organizations.holders(unit, role)
    ]
