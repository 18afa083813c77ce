"""Who may look at a case and who may type into it. Each answer says why not."""

from collections.abc import Container
from uuid import UUID

from django.db.models import Q, QuerySet

from bole.cases import openness
from bole.cases.models import Case
from bole.cases.terms import EDITABLE, OpenPlaces, Status, Typed
from bole.definitions.terms import Opener, Section, SectionKind, Service
from bole.kernel.actors import STAFF, Actor, Way
from bole.kernel.answers import YES, Answer, no
from bole.organizations import queries as organizations
from bole.organizations.models import Unit
from bole.organizations.terms import ROLE_NAMES, Capacity, Role
from bole.people import queries as people
from bole.people.models import Person
from bole.people.terms import NOT_TIED_SENTENCE

_NOT_ASKED = "这份申报不需要本人再次确认。"
# Whoever files as the administrator has a deputy.
_STANDING_IN = {Role.ADMINISTRATOR: (Role.ADMINISTRATOR, Role.DEPUTY)}


def works_for(by: Actor, unit: UUID | None, filed_by: str, service: str) -> bool:
    """Whether the actor is acting for that unit and holds the role that files this service for it, at this moment."""
    role = Role(filed_by)
    return any(organizations.sits(by, unit, each, service) for each in _STANDING_IN.get(role, (role,)))


def files(by: Actor, case: Case) -> bool:
    """The same for a case that is there."""
    return works_for(by, case.unit_id, case.filed_by, case.service)


def _by_unit(case: Case) -> str:
    """Who files what a unit files, as the middle of a sentence."""
    stead = "代为" if case.person_id is not None else ""
    return f"单位{stead}填报的，由本单位{ROLE_NAMES[Role(case.filed_by)]}"


def may_open(by: Actor, service: Service, person: Person | None, unit: Unit) -> Answer:
    """A person for themselves; for a unit whoever files this service, and of its people only those tied to it.

    The platform opens what it was asked for by somebody whom it knows.
    """
    if by.way is Way.SYSTEM:
        return YES
    if by.way not in STAFF:
        own = person is not None and by.person == person.pk
        return YES if own else no("只能为本人申报。")
    if person is not None and service.filed_by == Role.COLLECTION_ADMINISTRATOR:
        return people.may_open_for(by, person)
    if not works_for(by, unit.pk, service.filed_by, service.service):
        role = ROLE_NAMES[Role(service.filed_by)]
        return no(f"「{service.name}」由{role}办理，您在当前单位没有这个权限。需要办理请联系本单位管理员授权。")
    if person is not None and not people.belongs_to(person.pk, unit.pk):
        return no(NOT_TIED_SENTENCE)
    return YES


def needs_attestation(case: Case) -> bool:
    """Whether the person must stand by what the unit filled in (NX-15).

    Not where the unit speaks for itself: it is the subject, or its registrar or administrator acts.
    """
    collected = case.filed_by == Role.COLLECTION_ADMINISTRATOR
    return case.opener == Opener.UNIT and case.person_id is not None and collected


def is_subject(by: Actor, case: Case) -> bool:
    """Whether the case is about the actor, acting as a person."""
    return by.way is Way.PERSON and by.person is not None and by.person == case.person_id


def may_view(by: Actor, case: Case) -> Answer:
    """The person concerned, and the unit once it was submitted or when the unit itself filed it.

    Reviewers of authorities are added by `review.rules.may_view`.
    """
    if is_subject(by, case):
        return YES
    if (case.opener == Opener.UNIT or case.round > 0) and files(by, case):
        return YES
    return no("这份申报不属于您的办理范围。")


def cases_visible_to(by: Actor, held: Capacity | None = None) -> QuerySet[Case]:
    """The narrowing that agrees with `may_view`; `held` is what the actor holds, where the caller has just asked."""
    if by.way is Way.PERSON and by.person is not None:
        return Case.objects.filter(person_id=by.person)
    if by.way in STAFF and by.account is not None and by.unit is not None:
        filed = _filed(by.account, by, held)
        return Case.objects.filter(Q(opener=Opener.UNIT) | Q(round__gt=0), filed, unit_id=by.unit)
    return Case.objects.none()


def _filed(account: UUID, by: Actor, known: Capacity | None) -> Q:
    """Cases of the services that the actor files for the unit acted for; one query where it is not known."""
    capacities = organizations.capacities(account) if known is None else (known,)
    held = next((each for each in capacities if each.unit == by.unit and each.way is by.way), None)
    found = Q(pk__in=[])
    for role in held.roles if held is not None else ():
        of = Q(filed_by=Role.ADMINISTRATOR if role is Role.DEPUTY else role)
        found |= of & Q(service__in=sorted(held.ranges[role])) if held and role in held.ranges else of
    return found


def may_fill(by: Actor, case: Case) -> Answer:
    """The person concerned, or the unit for a case that it opened; only while not under review."""
    mine = is_subject(by, case) or (case.opener == Opener.UNIT and files(by, case))
    if not mine:
        return no(f"只有申报人本人可以修改；{_by_unit(case)}修改。" if case.person_id else f"{_by_unit(case)}修改。")
    if by.way in STAFF and case.person_id is not None and not people.belongs_to(case.person_id, case.unit_id):
        return no("申报人已不在本单位，不能再代为填报。请撤销这份申报，由申报人本人或现在的单位填报。")
    if case.status not in EDITABLE:
        if case.status == Status.IN_REVIEW:
            return no("已经上报，正在审核，不能修改。单位尚未开始审核时可以撤回。")
        return no("这份申报已经办结，不能修改。")
    return YES


def may_hand_in(by: Actor, case: Case) -> Answer:
    """Whoever hands it in may also take it back: the person, or the unit that filled it in."""
    if case.opener == Opener.UNIT:
        return YES if files(by, case) else no(f"{_by_unit(case)}办理。")
    return YES if is_subject(by, case) else no("只有申报人本人可以办理。")


def may_edit_section(by: Actor, case: Case, section: str, *, needed: Container[str] = ()) -> Answer:
    """While a case is returned, only the sections marked by the reviewer are open (JL-06).

    `needed` are sections without which it could not be handed in again: an answer changed in an open section may
    call for them, and they open as well.
    """
    answer = may_fill(by, case)
    if not answer:
        return answer
    if openness.marked(case).section(section) or section in needed:
        return YES
    return no("审核人只退回了有问题的模块，这个模块不能修改。确需修改请申请开放其他模块，由退回的单位答复。")


def may_change_places(section: Section, open_: OpenPlaces, before: Typed, after: Typed) -> Answer:
    """Within an open section only what was marked: the record, or the field of it (JL-06)."""
    closed = openness.closed_changes(section.section, open_, before, after)
    if not closed:
        return YES
    _, record, field = closed[0]
    if field in section.by_code:
        what = f"的「{section.by_code[field].name}」不能修改"
    else:
        what = "的这条记录不能增加或删除" if record else "不能整体修改"
    return no(f"审核人只退回了有问题的内容，「{section.name}」{what}。确需修改请申请开放其他模块，由退回的单位答复。")


def may_change_evidence(section: Section, record: str, open_: OpenPlaces) -> Answer:
    """The evidence of a record changes while the record itself is open, or lacks it."""
    if open_.evidence(section.section, record):
        return YES
    return no(f"审核人只退回了有问题的内容，「{section.name}」这一项的附件不能修改。确需修改请申请开放其他模块。")


def may_change_files(by: Actor, case: Case, section: str, service: Service, *, needed: Container[str] = ()) -> Answer:
    """The files of a section change while it or they alone are open, and all of them while 「附件管理」 itself is."""
    answer = may_edit_section(by, case, section, needed=needed)
    if answer or (may_fill(by, case) and openness.marked(case).any_evidence(section)):
        return YES
    gathering = (each.section for each in service.sections if each.kind is SectionKind.EVIDENCE)
    return YES if any(may_edit_section(by, case, code) for code in gathering) else answer


def may_attest(by: Actor, case: Case) -> Answer:
    """Only the person concerned can stand by what the unit filled in."""
    if not needs_attestation(case):
        return no(_NOT_ASKED if case.opener == Opener.UNIT else "本人填报的不需要再次确认。")
    if not is_subject(by, case):
        return no("只有申报人本人可以确认。")
    if case.status not in EDITABLE:
        return no("已经上报，不能再确认。")
    return YES


def may_bring_attestation(by: Actor, case: Case) -> Answer:
    """The unit brings the code that the person told, or the paper that the person signed."""
    if not needs_attestation(case):
        return no(_NOT_ASKED if case.opener == Opener.UNIT else "本人填报的不需要再次确认。")
    if not files(by, case):
        return no(f"{_by_unit(case)}办理。")
    return may_fill(by, case)
