"""Who may look at a case under review, and who may decide on it. Each answer says why not."""

from uuid import UUID

from django.db.models import QuerySet

from bole.cases import queries as cases
from bole.cases.models import Case, Typist
from bole.cases.terms import Status
from bole.definitions.terms import Opener, SeatKind, Step, StepKind
from bole.kernel.actors import Actor, Way
from bole.kernel.answers import YES, Answer, no
from bole.organizations import queries as organizations
from bole.organizations.terms import Role
from bole.review.models import Movement, Task
from bole.review.terms import MoveKind


def sits(by: Actor, unit: UUID | None, role: str) -> bool:
    """Whether the actor is acting for the unit and holds the role in it now. No actor, no seat."""
    if by.way is not Way.UNIT or by.account is None or by.unit is None or by.unit != unit:
        return False
    return organizations.holds(by.account, by.unit, Role(role))


def reviews_for(by: Actor) -> bool:
    """Whether the actor reviews for the unit acted for."""
    return sits(by, by.unit, Role.REVIEWER)


def cases_visible_to(by: Actor) -> QuerySet[Case]:
    """What the person or the unit may see by itself, and what lies or lay at the desk of the unit acted for."""
    own = cases.cases_of(by)
    if not reviews_for(by):
        return own
    return own | Case.objects.filter(id__in=Task.objects.filter(unit_id=by.place).values("case_id"))


def may_decide(by: Actor, case: Case, step: Step) -> Answer:
    """The holder of the seat where the case lies, unless it is their own case or their own typing (ALL-12), or they
    passed another desk of it: the same eyes in two seats are one pair (AC-17).

    Where the unit filled in and the person confirmed by their own act, the person is the second pair of eyes and
    the unit's typist may send it on; where only signed paper was uploaded, somebody else of the unit must.
    """
    if case.status != Status.IN_REVIEW or case.step != step.step:
        return no("这份申报现在不在这个环节，不能作出审核决定。")
    if by.account is None:
        return no("请先登录。")
    if case.seat_unit_id != by.unit:
        return no("这份申报在其他单位的办理环节，您不能作出审核决定。")
    if not sits(by, case.seat_unit_id, step.role):
        return no("您没有这个环节的审核权限。需要办理请联系本单位管理员或上级经办人员授权。")
    # By account and not only by `by.person`: who came in the 「单位」 way stands for no person.
    if case.person is not None and by.account == case.person.account_id:
        return no("不能审核自己的申报，请由本单位其他审核人办理。")
    passed = Movement.objects.filter(case=case, account=by.account, kind=MoveKind.PASSED).exclude(step=step.step)
    if passed.exists():
        return no("这份申报前面的环节由您办理，这个环节请由本单位其他审核人办理。")
    if Typist.objects.filter(case=case, account=by.account).exists() and not _person_confirmed(case, step):
        return no("这份申报由您填写，不能由您审核。请由本单位其他审核人办理，或请申报人本人登录确认。")
    return YES


def _person_confirmed(case: Case, step: Step) -> bool:
    if (
        case.opener != Opener.UNIT
        or step.kind is not StepKind.CONFIRMATION
        or step.seat.kind is not SeatKind.SUBJECT_UNIT
    ):
        return False
    attestation = cases.attestation_of(case)
    return attestation is not None and cases.attested_in_person(attestation)


def may_submit(by: Actor, case: Case) -> Answer:
    """Whoever may fill it; what the unit filled needs the person's confirmation of exactly these answers."""
    answer = cases.may_fill(by, case)
    if not answer:
        return answer
    if case.opener == Opener.UNIT:
        if by.way is not Way.UNIT:
            return no("这份申报由单位代为填报，请确认后由单位上报。")
        if cases.attestation_of(case) is None:
            return no("还没有本人确认。请申报人登录确认，或填写发到申报人手机的验证码，或上传本人签字的采集表。")
    return YES


def may_withdraw(by: Actor, case: Case) -> Answer:
    """Whoever handed it in: the person, or the unit that filled it."""
    if cases.may_hand_in(by, case):
        return YES
    return no("只有上报的人可以撤回。")


def may_cancel(by: Actor, case: Case) -> Answer:
    """Whoever may withdraw it; and the person concerned, who need not put up with what a unit fills in (AC-29)."""
    return YES if cases.is_subject(by, case) else may_withdraw(by, case)
