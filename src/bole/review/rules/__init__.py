"""Who may look at a case under review, and who may decide on it. Each answer says why not."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from bole.cases import queries as cases
from bole.cases.models import Case, Typist
from bole.cases.terms import CLOSED, Status
from bole.definitions.terms import Opener, SeatKind, Step, StepKind
from bole.kernel import clock
from bole.kernel.actors import STAFF, Actor, Way
from bole.kernel.answers import YES, Answer, no
from bole.kernel.prepared import Prepared
from bole.organizations import queries as organizations
from bole.organizations.models import Unit
from bole.organizations.terms import Capacity, Role, UnitKind, covers
from bole.review import seats
from bole.review.engine import FORWARD
from bole.review.models import Movement, Task
from bole.review.rules.outcomes import may_end_outcome as may_end_outcome
from bole.review.rules.outcomes import may_enter_outcome as may_enter_outcome
from bole.review.rules.outcomes import may_keep_outcomes as may_keep_outcomes
from bole.review.rules.outcomes import may_restore_outcome as may_restore_outcome
from bole.review.rules.outcomes import not_keeper as not_keeper
from bole.review.rules.outcomes import of_another as of_another

# Who turns a unit's open cases to other desks: those who administer it, and its 采集管理员 (JL-11).
REROUTERS = (Role.ADMINISTRATOR, Role.DEPUTY, Role.COLLECTION_ADMINISTRATOR)


@dataclass(frozen=True, slots=True)
class Sitting:
    """Whether somebody may decide, and what was found by asking: an act hands it on and need not ask again."""

    answer: Answer
    unit: Unit | None = None  # the one acted for
    task: Task | None = None  # the open one


def sits(by: Actor, unit: UUID | None, role: str, service: str = "") -> bool:
    """Whether the actor is acting for the unit and holds the role in it now, for this service where one is named."""
    return organizations.sits(by, unit, Role(role), service)


def sits_at(by: Actor, task: Task) -> bool:
    """Whether the task waits at the actor's own seat, or at one that the actor's authority may decide for."""
    if task.unit_id == by.unit:
        return sits(by, task.unit_id, task.role, task.service)
    return task.overseen and oversees(by, task.unit) and sits(by, by.unit, task.role, task.service)


def oversees(by: Actor, unit: Unit) -> bool:
    """Whether the actor acts for an authority above the unit: over it in the tree, or over its ground (GZ-05)."""
    if by.unit is None or by.unit == unit.pk:
        return False
    above = organizations.unit(by.unit)
    if above.kind != UnitKind.AUTHORITY.value or above.site != unit.site:
        return False
    return unit.path.startswith(above.path) or covers(above.region, unit.region)


def acting_unit(by: Actor) -> Unit:
    """The unit that the actor acts for. Raises Refused for somebody who acts for none."""
    return organizations.unit(by.place)


def reviews_for(by: Actor) -> bool:
    """Whether the actor reviews for the unit acted for."""
    return sits(by, by.unit, Role.REVIEWER)


def held_at(by: Actor, held: Capacity | None = None) -> Capacity | None:
    """What the actor holds in the unit and way acted in; `held` where the caller has just asked for it."""
    if by.account is None or by.unit is None:
        return None
    known = organizations.capacities(by.account) if held is None else (held,)
    return next((one for one in known if one.unit == by.unit and one.way is by.way), None)


def seated(held: Capacity | None, roles: frozenset[Role] | None = None, *, service: str = "service") -> Q:
    """Tasks of the roles held (of those in `roles`, where given), each in its range of business; nobody's, no task.

    `service` is the column that names the service, where it is another than a task's.
    """
    ranges = held.ranges if held is not None else {}
    mine = [role for role in (held.roles if held is not None else ()) if roles is None or role in roles]
    found = Q(role__in=[role.value for role in mine if role not in ranges])
    for role in mine:
        if role in ranges:
            found |= Q(("role", role.value), (f"{service}__in", sorted(ranges[role])))
    return found


def below(held: Capacity | None) -> Q:
    """Tasks at units below the authority acted for, where its own seat may decide in theirs; as `oversees` has it."""
    if held is None or held.kind is not UnitKind.AUTHORITY:
        return Q(pk__in=[])
    units = Unit.objects.filter(site=held.site)
    under = units.below(held.path) | units.within(held.region)
    return Q(overseen=True, unit__in=under.exclude(pk=held.unit).values("pk"))


def come_by_now(now: datetime | None = None) -> Q:
    """Tasks that no batch holds back from their desk any more."""
    return Q(held_until__isnull=True) | Q(held_until__lte=now or clock.now())


def cases_visible_to(by: Actor, held: Capacity | None = None, now: datetime | None = None) -> QuerySet[Case]:
    """What the person or the unit may see by itself, and what lies or lay at a desk of the unit acted for or at one
    that it oversees, each in the range of business."""
    held = held_at(by, held)
    own = cases.cases_of(by, held)
    if held is None or not held.roles:
        return own
    # Asked of each case: for one case a list of all that ever lay at the desk would be made (0.9 s of a million).
    return own | Case.objects.filter(Exists(desk_tasks(held, now).filter(case_id=OuterRef("pk"))))


def desk_tasks(held: Capacity, now: datetime | None = None) -> QuerySet[Task]:
    """What lies or lay at a desk of the unit acted for or at one that it oversees, once it has come there."""
    desks = (Q(unit_id=held.unit) | below(held)) & come_by_now(now)
    return Task.objects.filter(desks | Q(decided_unit_id=held.unit), seated(held))


def may_decide(by: Actor, case: Case, step: Step) -> Answer:
    """The holder of the seat where the case lies, or of the same seat in an authority above where the step is
    overseen, unless it is their own case or their own typing (ALL-12), or they passed another desk of it: the same
    eyes in two seats are one pair (AC-17). What somebody has claimed is theirs, until another takes it over.

    Where the unit filled in and the person confirmed by their own act, the person is the second pair of eyes and
    the unit's typist may send it on; where only signed paper was uploaded, somebody else of the unit must.
    """
    return sitting(by, case, step).answer


def sitting(by: Actor, case: Case, step: Step, moved: Sequence[Movement] | None = None) -> Sitting:
    """`may_decide` with what it found; `moved` are the movements of the case where the caller has read them."""
    answer, unit = _claims(by, case, step, moved)
    if not answer:
        return Sitting(answer)
    task = next(iter(_OPEN_TASK(case=case.pk)), None)
    return Sitting(_unclaimed(by, task), unit, task)


def _open_task(*, case: UUID) -> QuerySet[Task]:
    return Task.objects.filter(case_id=case, closed_at__isnull=True)  # one at most


_OPEN_TASK = Prepared(_open_task)


def may_claim(by: Actor, case: Case, step: Step) -> Answer:
    """Whoever might decide, whether or not somebody else has claimed it."""
    return _claims(by, case, step)[0]


def _claims(by: Actor, case: Case, step: Step, moved: Sequence[Movement] | None = None) -> tuple[Answer, Unit | None]:
    """The same, with the unit acted for."""
    if case.status != Status.IN_REVIEW or case.step != step.step or case.seat_unit_id is None:
        return no("这份申报现在不在这个环节，不能作出审核决定。"), None
    if by.account is None:
        return no("请先登录。"), None
    if case.seat_unit_id != by.unit and not _from_above(by, case, step):
        return no("这份申报在其他单位的办理环节，您不能作出审核决定。"), None
    unit = organizations.seat_of(by, by.unit, Role(step.role), case.service)
    if unit is None:
        return no("您没有这个环节的审核权限。需要办理请联系本单位管理员或上级经办人员授权。"), None
    closed = seats.closure(unit)
    return (no(closed) if closed else unbiased(by.account, case, step, moved)), unit


def _from_above(by: Actor, case: Case, step: Step) -> bool:
    """Whether the actor's authority may decide at a desk below; nobody sits above whom the own unit asks (AC-17)."""
    own = case.person_id is None and case.unit_id == by.unit
    return step.overseen and not own and case.seat_unit is not None and oversees(by, case.seat_unit)


def _unclaimed(by: Actor, task: Task | None) -> Answer:
    """Whether the open task has come to the desk by now, and is nobody else's."""
    if task is None:
        return YES
    came = has_come(task)
    if not came:
        return came
    if task.claimed_by != by.account and claim_stands(task):
        return no(
            f"这份申报已由{task.claimed_name}领取，{claim_told(task)}。"
            f"需要由您办理的，请先接手，或请{task.claimed_name}转交给您。"
        )
    return YES


def claim_stands(task: Task) -> bool:
    """Whether somebody has claimed it, for long enough, and still sits where they did so. One query where claimed."""
    if task.claimant is None or task.claimed_unit_id is None:
        return False
    holders = organizations.holders(task.claimed_unit_id, Role(task.role), task.service)
    return any(each.account == task.claimed_by for each in holders)


def claim_told(task: Task) -> str:
    """Up to when a claim holds, as sentences say it; empty for none."""
    until = task.claimed_until
    return f"保留到{until.month}月{until.day}日" if until is not None else ""


def has_come(task: Task) -> Answer:
    """Whether no batch holds it back from its desk any more."""
    if task.held_until is not None and task.held_until > clock.now():
        return no(f"前一环节刚刚批量办理，{clock.china(task.held_until):%H:%M} 之后送达，到时再办理。")
    return YES


def may_recall(by: Actor, case: Case, passed: Movement, step: Step) -> Answer:
    """The desk that passed it, by whoever sits there now; nobody in their own case."""
    if passed.unit_id is None or passed.unit_id != by.unit or not sits(by, by.unit, step.role, case.service):
        return no("只有刚才办理这份申报的单位可以收回。")
    if case.person is not None and by.account == case.person.account_id:
        return no("不能办理自己的申报，请由本单位其他审核人办理。")
    return _desk_open(by)


def may_answer_opening(by: Actor, case: Case, unit: UUID, role: str) -> Answer:
    """The desk that returned the case; nobody in their own case."""
    if not sits(by, unit, role, case.service):
        return no("这份申请由退回申报的单位答复，您没有这个权限。")
    if case.person is not None and by.account == case.person.account_id:
        return no("不能答复自己的申请，请由本单位其他审核人答复。")
    if Typist.objects.filter(case=case, account=by.who).exists():
        return no("这份申报由您填写，不能由您答复。请由本单位其他审核人答复。")
    return _desk_open(by)


def _desk_open(by: Actor) -> Answer:
    """Whether the desks of the unit acted for act now; what was taken from them from above, they cannot do."""
    closed = seats.closure(acting_unit(by))
    return no(closed) if closed else YES


def may_read_objections(by: Actor, case: Case) -> Answer:
    """What was objected in the unit's publicity, and by whom, is for those who look into it: whoever comes to the
    desk of their own case reads no word of it (ALL-12)."""
    if case.person is not None and by.account is not None and by.account == case.person.account_id:
        return no("公示期间的异议由核实的部门掌握，不向申报人本人显示。")
    return YES


def may_ask_opening(by: Actor, case: Case) -> Answer:
    """Whoever may fill it, while it lies with them after a return."""
    if case.status != Status.RETURNED:
        return no("这份申报没有退回修改，不需要申请开放。")
    return cases.may_fill(by, case)


def unbiased(account: UUID, case: Case, step: Step, moved: Sequence[Movement] | None = None) -> Answer:
    """Whether the account has no part in the case: not its person, not its typist, not another desk of it."""
    # By account and not by `by.person`: who came in the 「单位」 way stands for no person.
    if case.person is not None and account == case.person.account_id:
        return no("不能审核自己的申报，请由本单位其他审核人办理。")
    if _passed_elsewhere(account, case, step, moved):
        return no("这份申报前面的环节由您办理，这个环节请由本单位其他审核人办理。")
    if _confirmed(case, step):
        return YES
    if _TYPED(case=case.pk, account=account):
        return no("这份申报由您填写，不能由您审核。请由本单位其他审核人办理，或请申报人本人登录确认。")
    if case.opener == Opener.UNIT and case.opened_by == account and not _own_confirmation(step):
        return no("这份申请由您发起，不能由您审核。请由本单位其他审核人办理。")
    return YES


def _typed(*, case: UUID, account: UUID) -> QuerySet[Typist]:
    return Typist.objects.filter(case_id=case, account=account).only("pk")  # one at most


_TYPED = Prepared(_typed)


def _passed_elsewhere(account: UUID, case: Case, step: Step, moved: Sequence[Movement] | None) -> bool:
    """Whether the account passed another desk of the case."""
    if moved is None:
        passed = Movement.objects.filter(case=case, account=account, kind__in=FORWARD).exclude(step=step.step)
        return passed.exists()
    return any(row.account == account and row.kind in FORWARD and row.step != step.step for row in moved)


def _own_confirmation(step: Step) -> bool:
    return step.kind is StepKind.CONFIRMATION and step.seat.kind is SeatKind.SUBJECT_UNIT


def _confirmed(case: Case, step: Step) -> bool:
    """Whether the unit's own step needs no eyes but the typist's: its own affair, or confirmed by the person."""
    if case.opener != Opener.UNIT or not _own_confirmation(step):
        return False
    if case.person_id is None:
        return True
    attestation = cases.attestation_of(case)
    return attestation is not None and cases.attested_in_person(attestation)


def may_submit(by: Actor, case: Case) -> Answer:
    """Whoever may fill it, in time; what the unit's collection filled needs the person's confirmation of exactly these
    answers.

    What a unit asks for itself, and what its registrar or administrator does with its people, needs none.
    """
    answer = cases.may_fill(by, case)
    if not answer:
        return answer
    if case.opener == Opener.UNIT:
        if by.way not in STAFF:
            return no("这份申报由单位代为填报，请确认后由单位上报。")
        if not attested(case):
            form = cases.service_of(case).form_name
            return no(f"还没有本人确认。请申报人登录确认，或填写发到申报人手机的验证码，或上传本人签字的{form}。")
    return in_time(case)


def in_time(case: Case) -> Answer:
    """Whether it may be handed in today: within the declaration window as it stands now, or returned, where the
    service takes it."""
    window = cases.window_of(case)
    if case.status == Status.RETURNED and window.again:
        return YES
    closed = window.against(clock.today())
    return (
        no(f"「{cases.service_of(case).name}」{closed}，现在不能上报。已填写的内容会保留，可以继续填写。")
        if closed
        else YES
    )


def attested(case: Case) -> bool:
    """Whether a case that a unit fills stands confirmed by its person, or needs no confirmation."""
    return not cases.needs_attestation(case) or cases.attestation_of(case) is not None


def may_withdraw(by: Actor, case: Case) -> Answer:
    """Whoever handed it in: the person, or the unit that filled it."""
    if cases.may_hand_in(by, case):
        return YES
    return no("只有上报的人可以撤回。")


def may_cancel(by: Actor, case: Case) -> Answer:
    """Whoever may withdraw it; and the person concerned, who need not put up with what a unit fills in (AC-29)."""
    return YES if cases.is_subject(by, case) else may_withdraw(by, case)


def may_reroute(by: Actor, unit: UUID) -> Answer:
    """Those who administer the unit, its 采集管理员, and the platform carrying out a decision (JL-11)."""
    if by.way is Way.SYSTEM or any(organizations.sits(by, unit, role) for role in REROUTERS):
        return YES
    return no("只有本单位的单位管理员或采集管理员可以调整办理部门，请联系他们办理。")


def may_reroute_case(by: Actor, case: Case, to: UUID | None) -> Answer:
    """As above, for an open case of that unit; to another unit only by a decided transfer."""
    if case.status in CLOSED:
        return no("已经办结，不需要调整办理部门。")
    if to is not None and to != case.unit_id and by.way is not Way.SYSTEM:
        return no("申报随人员调转到其他单位，请办理「人员调转」，审核通过后自动调整。")
    return may_reroute(by, case.unit_id)
