"""Verbs that need both towers."""

from collections.abc import Mapping
from uuid import UUID

from django.db import transaction

from bole.audit import actions as audit
from bole.bindings import following, queries
from bole.cases import actions as cases
from bole.cases import queries as case_queries
from bole.cases.models import Case
from bole.cases.terms import CLOSED, Typed
from bole.definitions import queries as definitions
from bole.definitions.terms import APPLICANT, Service, SubjectKind, UnitSource, Verdict
from bole.kernel.actors import Actor, system
from bole.kernel.errors import Invalid, Moved, Refused
from bole.organizations import actions as organizing
from bole.organizations import queries as organizations
from bole.organizations.models import Unit
from bole.organizations.terms import Act, UnitKind
from bole.people import actions as people_actions
from bole.people import queries as people
from bole.people.models import Person
from bole.people.terms import Registration
from bole.review import actions as review
from bole.review.models import Movement
from bole.review.terms import Faulty, RerouteLine
from bole.standards import queries as standards

PERSON_REGISTRATION = "person-registration"
TRANSFER = "transfer"


def open_case(
    *, service: Service, person: Person | None, unit: Unit | None, former: Case | None = None, by: Actor
) -> Case:
    """Open a case with what the archive offers typed in; with `former` what that closed case of the person held
    (「重新申报」, SZ-04), and of the archive only what it did not hold.

    A person opens for themselves, in the own unit or in the one chosen; a unit for itself, or for a person tied to it.
    Raises Refused with the reason, also for who is known not to meet a condition that stops; Invalid at "unit" for a
    unit that was not chosen.
    """
    if service.subject is SubjectKind.UNIT:
        _demand_superior(service, unit)
    elif person is None:
        raise Refused("请先选择要办理的人员。")
    if unit is None and service.unit is UnitSource.CHOSEN:
        raise Invalid.at("unit", "请选择单位")
    if unit is None:
        raise Refused("您还没有所在单位，不能申报。请先在「我的档案」中选择所在单位，或请单位把您加入人员名册。")
    _demand_eligible(service, person, unit, by)
    if former is not None and (person is None or former.person_id != person.pk or former.status not in CLOSED):
        raise Refused("只能从本人已经办结的申报重新申报。")
    offered: dict[str, Typed] = {}
    if person is not None:
        offered = queries.taken_up(service, person.pk, former) if former else queries.prefill(service, person.pk)
    return cases.open_case(service=service, person=person, unit=unit, prefill=offered, former=former, by=by)


def register_for_approval(
    *,
    site: str,
    kind: str,
    number: str,
    name: str,
    phone: str,
    code: str,
    password: str,
    ethnic_group: str = "",
    unit: UUID | None,
    department: UUID | None = None,
    email: str = "",
    details: Mapping[str, str] | None = None,
    by: Actor,
) -> Registration:
    """Register a person whom the unit must pass before the first log-in: account, case and hand-in at once (HA-02).

    The answer is the same for registered and unknown numbers. Raises as `people.register_person`, and Refused with
    nothing registered when the unit has nobody to pass it.
    """
    service = definitions.service(site, PERSON_REGISTRATION)

    def hand_in(person: Person, owner: Actor) -> None:
        if unit is None:
            raise Invalid.at("unit", "请选择所在单位，注册信息由所在单位审核")
        answers = _answers(department, unit, email, details or {})
        case = cases.open_case(
            service=service, person=person, unit=organizations.unit(unit), prefill={"registrant": answers}, by=owner
        )
        review.submit_case(case=case, seen=case.revision, by=owner)

    return people_actions.register_person(
        site=site, kind=kind, number=number, name=name, phone=phone, code=code, password=password,
        ethnic_group=ethnic_group, unit=unit, department=department, email=email, details=details, then=hand_in, by=by,
    )  # fmt: skip


def send_transfer(*, person: UUID, to: UUID, reason: str = "", by: Actor) -> Case:
    """「人员调出」: opened, filled and sent to the receiving unit at once (HA-13).

    Raises Refused with the reason and Invalid at "target.unit" with nothing opened, Absent where the site has no
    transfers.
    """
    service = definitions.service(by.site, TRANSFER)
    with transaction.atomic():
        own = organizations.unit(by.place)
        case = open_case(service=service, person=people.person(person), unit=own, by=by)
        cases.save_section(case=case, section="target", typed={"unit": str(to), "reason": reason}, seen=0, by=by)
        case.refresh_from_db()
        review.submit_case(case=case, seen=case.revision, by=by)
    return case


@transaction.atomic
def decide(
    *,
    case: Case,
    step: str,
    seen: int,
    verdict: Verdict,
    opinion: str,
    faulty: tuple[Faulty, ...] = (),
    target: str = APPLICANT,
    resume: bool = False,
    late_reason: str = "",
    seen_plan: str = "",
    by: Actor,
) -> Movement:
    """Decide as `review.decide` does; what moves a person or a unit, only by the plan for open cases that was shown.

    Raises as that does, and Moved when other cases are concerned by now.
    """
    plan = queries.plan_of(case) if verdict is Verdict.APPROVE else None
    if plan is not None and plan.word != seen_plan:
        raise Moved(following.CHANGED)
    return review.decide(
        case=case, step=step, seen=seen, verdict=verdict, opinion=opinion, faulty=faulty, target=target, resume=resume,
        late_reason=late_reason, by=by,
    )  # fmt: skip


def plan_of_unbinding(*, unit: UUID, by: Actor) -> tuple[tuple[RerouteLine, ...], str]:
    """What would become of the unit's open cases without its superior, and the plan in one word, to be given back.

    Raises Refused for who may not, and where a case decides.
    """
    row = organizations.unit(unit)
    organizations.may_act(by, Act.ASK_ATTACHMENT, row).demand()
    _demand_unbinding(row)
    lines = following.foreseen(
        lambda: organizing.attach_unit(unit=unit, parent=None, by=system("bindings.preview")), unit=unit
    )
    return lines, queries.plan_digest(lines)


def unbind_superior(*, unit: UUID, seen_plan: str, by: Actor) -> Unit:
    """「解除绑定」: needs no approval, tells the superior, and lets open cases follow the plan that was seen (JL-02).

    Raises Refused for who may not, without fresh proof, and for a unit without a superior; Moved when other cases are
    concerned by now than those shown.
    """
    by.demand_fresh()
    with transaction.atomic():
        row = organizations.unit(unit)
        organizations.may_act(by, Act.ASK_ATTACHMENT, row).demand()
        _demand_unbinding(row)
        if row.parent_id is None:
            raise Refused("本单位没有绑定上级单位，不需要解除。")
        platform = _on_behalf(by)
        former = row.parent_id
        left = organizing.attach_unit(unit=unit, parent=None, by=platform)
        lines = following.follow(unit=unit, seen=seen_plan, by=platform)
        audit.record(
            "bindings.superior.left",
            by=by,
            kind="unit",
            id=str(unit),
            unit=unit,
            detail={"superior": str(former), "cases": len(lines)},
        )
    return left


def _demand_unbinding(unit: Unit) -> None:
    """Where the old superior passes a change, nobody gets round its desk by leaving first (HA-08)."""
    if not organizations.site(unit.site).unbinding:
        change = definitions.service(unit.site, "superior-binding").name
        raise Refused(f"在本办事大厅变更上级单位须经原上级和新上级审核，请在「单位业务」提交「{change}」申请。")


def _demand_eligible(service: Service, person: Person | None, unit: Unit, by: Actor) -> None:
    """Nobody begins what is known to be in vain (ALL-13). Who may not open the case is told that, and no facts."""
    may = queries.may_begin(service, person=person, unit=unit)
    if not may:
        case_queries.may_open(by, service, person, unit).demand()
        may.demand()


def _demand_superior(service: Service, unit: Unit | None) -> None:
    """The highest authority has nobody above it who could pass what it asks for."""
    if unit is not None and unit.kind == UnitKind.AUTHORITY.value and unit.parent_id is None:
        raise Refused(f"最高一级人社部门没有上级审核，「{service.name}」由系统管理员办理。")


def _on_behalf(by: Actor) -> Actor:
    """The platform under the name of who may do it by their own act."""
    platform = system(by.name)
    return Actor(way=platform.way, account=by.account, name=by.name, site=by.site, address=by.address)


def _answers(department: UUID | None, unit: UUID | None, email: str, details: Mapping[str, str]) -> dict[str, str]:
    """What was typed at the registration, as the unit reads it."""
    place = details.get("native_place", "")
    parts = organizations.departments_of(unit) if unit is not None and department is not None else ()
    told = {
        "email": email.strip(),
        "department": next((part.name for part in parts if part.id == department), ""),
        "native_place": standards.region(place).full_name if place in standards.table("region") else "",
        "school": details.get("school", "").strip(),
        "major": details.get("major", "").strip(),
    }
    return {name: text for name, text in told.items() if text}
