"""Who may look at a case and who may type into it. Each answer says why not."""

from collections.abc import Container

from django.db.models import Q, QuerySet

from bole.cases.models import Case
from bole.cases.terms import EDITABLE, Status
from bole.definitions.terms import Opener, SectionKind, Service
from bole.kernel.actors import Actor, Way
from bole.kernel.answers import YES, Answer, no
from bole.organizations import queries as organizations
from bole.organizations.terms import Role
from bole.people import queries as people

# Those who work on their unit's cases: 「采集管理员」.
UNIT_ROLE = Role.COLLECTION_ADMINISTRATOR


def works_for(by: Actor, unit_id: object) -> bool:
    """Whether the actor is acting for that unit and holds its filing role at this moment."""
    if by.way is not Way.UNIT or by.account is None or by.unit is None or by.unit != unit_id:
        return False
    return organizations.holds(by.account, by.unit, UNIT_ROLE)


def is_subject(by: Actor, case: Case) -> bool:
    """Whether the case is about the actor, acting as a person."""
    return by.way is Way.PERSON and by.person is not None and by.person == case.person_id


def may_view(by: Actor, case: Case) -> Answer:
    """The person concerned, and the unit once it was submitted or when the unit itself filed it.

    Reviewers of authorities are added by `review.rules.may_view`.
    """
    if is_subject(by, case):
        return YES
    if (case.opener == Opener.UNIT or case.round > 0) and works_for(by, case.unit_id):
        return YES
    return no("这份申报不属于您的办理范围。")


def cases_visible_to(by: Actor) -> QuerySet[Case]:
    """The narrowing that agrees with `may_view`."""
    if by.way is Way.PERSON and by.person is not None:
        return Case.objects.filter(person_id=by.person)
    if by.way is Way.UNIT and works_for(by, by.unit):
        return Case.objects.filter(Q(opener=Opener.UNIT) | Q(round__gt=0), unit_id=by.place)
    return Case.objects.none()


def may_fill(by: Actor, case: Case) -> Answer:
    """The person concerned, or the unit for a case that it opened; only while not under review."""
    mine = is_subject(by, case) or (case.opener == Opener.UNIT and works_for(by, case.unit_id))
    if not mine:
        return no("只有申报人本人可以修改；单位代为填报的，由本单位采集管理员修改。")
    if by.way is Way.UNIT and case.person_id is not None and not people.belongs_to(case.person_id, case.unit_id):
        return no("申报人已不在本单位，不能再代为填报。请撤销这份申报，由申报人本人或现在的单位填报。")
    if case.status not in EDITABLE:
        if case.status == Status.IN_REVIEW:
            return no("已经上报，正在审核，不能修改。单位尚未开始审核时可以撤回。")
        return no("这份申报已经办结，不能修改。")
    return YES


def may_hand_in(by: Actor, case: Case) -> Answer:
    """Whoever hands it in may also take it back: the person, or the unit that filled it in."""
    if case.opener == Opener.UNIT:
        return YES if works_for(by, case.unit_id) else no("单位代为填报的，由本单位采集管理员办理。")
    return YES if is_subject(by, case) else no("只有申报人本人可以办理。")


def may_edit_section(by: Actor, case: Case, section: str, *, needed: Container[str] = ()) -> Answer:
    """While a case is returned, only the sections marked by the reviewer are open (JL-06).

    `needed` are sections without which it could not be handed in again: an answer changed in an open section may
    call for them, and they open as well.
    """
    answer = may_fill(by, case)
    if not answer:
        return answer
    if case.status != Status.RETURNED or case.open_sections is None:
        return YES
    if section in case.open_sections or section in needed:
        return YES
    return no("审核人只退回了有问题的模块，这个模块不能修改。确需修改请联系审核单位。")


def may_change_files(by: Actor, case: Case, section: str, service: Service, *, needed: Container[str] = ()) -> Answer:
    """The files of a section change while it is open, and all of them while 「附件管理」 itself is."""
    answer = may_edit_section(by, case, section, needed=needed)
    if answer:
        return answer
    gathering = (each.section for each in service.sections if each.kind is SectionKind.EVIDENCE)
    return YES if any(may_edit_section(by, case, code) for code in gathering) else answer


def may_attest(by: Actor, case: Case) -> Answer:
    """Only the person concerned can stand by what the unit filled in."""
    if case.opener != Opener.UNIT:
        return no("本人填报的不需要再次确认。")
    if not is_subject(by, case):
        return no("只有申报人本人可以确认。")
    if case.status not in EDITABLE:
        return no("已经上报，不能再确认。")
    return YES


def may_bring_attestation(by: Actor, case: Case) -> Answer:
    """The unit brings the code that the person told, or the paper that the person signed."""
    if case.opener != Opener.UNIT:
        return no("本人填报的不需要再次确认。")
    if not works_for(by, case.unit_id):
        return no("单位代为填报的，由本单位采集管理员办理。")
    return may_fill(by, case)
