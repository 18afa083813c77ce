"""Who may see and do what with persons. Every answer is read from the database at the moment of the act."""

from uuid import UUID

from django.db.models import QuerySet

from bole.kernel.actors import Actor, Way
from bole.kernel.answers import YES, Answer, no
from bole.organizations import queries as organizations
from bole.organizations.models import Unit
from bole.organizations.terms import PersonsCome, Role, TiesCome
from bole.people.models import Person, Tie
from bole.people.terms import NOT_TIED_SENTENCE

NOBODY = UUID(int=0)
_NOT_YOURS = "您只能办理本人的档案。"


def collects_for_unit(actor: Actor) -> Answer:
    """Whether the actor is 采集管理员 of the unit acted for, and the unit is open for collection."""
    if actor.way is not Way.UNIT or actor.account is None or actor.unit is None:
        return no("请退出后选择「单位」方式登录，再办理单位业务。")
    if not organizations.holds(actor.account, actor.unit, Role.COLLECTION_ADMINISTRATOR):
        return no("您不是当前单位的采集管理员，不能办理这项业务。请联系所属地区人社部门授权。")
    if organizations.unit(actor.unit).collection_enabled_at is None:
        return no("本单位还没有开通网上采集功能，请联系所属地区人社部门。")
    return YES


def may_open_for(actor: Actor, person: Person | None) -> Answer:
    """「立即申报」: only for persons tied to the unit; None (unknown) and foreign persons get the same answer."""
    able = collects_for_unit(actor)
    if not able or actor.unit is None:
        return able
    # The query runs for an unknown person as well: equal work, equal time.
    key = person.pk if person else NOBODY
    tied = Tie.objects.filter(person_id=key, unit_id=actor.unit, until_on=None).exists()
    return YES if tied else no(NOT_TIED_SENTENCE)


def may_see_person(actor: Actor, person: Person) -> Answer:
    """The person's own record, or one of the unit's tied persons. Reviewers see cases, not the archive."""
    own = actor.account is not None and person.account_id == actor.account
    return YES if own or actor.way is Way.SYSTEM else may_open_for(actor, person)


def may_tie(actor: Actor, person: UUID, unit: Unit) -> Answer:
    """A person chooses the own unit where the site leaves the choice; elsewhere a case or an invitation does it.

    Rosters and approved cases are written by the installation (JL-03, HA-13).
    """
    if actor.way is Way.SYSTEM:
        return YES
    if not is_own(actor, person):
        return no("所在单位只能由本人变更，或由人社部门导入名册。")
    if organizations.site(unit.site).ties is TiesCome.CASE:
        return no(tie_guidance(unit.site, tied=Tie.objects.filter(person_id=person, until_on=None).exists()))
    return YES


def tie_guidance(site: str, *, tied: bool) -> str:
    """What to do on a site where nobody chooses the own unit: the service to use, by name."""
    if tied:
        return (
            "所在单位不能自行修改。调到其他单位的，请由现在的单位办理「人员调转」，或由该单位解除后再申请加入新单位。"
        )
    if organizations.site(site).persons is PersonsCome.INVITED:
        return "所在单位不能自行选择。请联系所在单位的管理员，在「申报人员」中新增您，您接受后生效。"
    return "所在单位须经单位审核。请在「服务目录」中办理「个人绑定推荐单位」，单位审核通过后生效。"


def may_end_tie(actor: Actor, tie: Tie) -> Answer:
    """The person leaves, or the unit strikes off a leaver: its 采集管理员, or who keeps its people."""
    if actor.way is Way.SYSTEM or is_own(actor, tie.person_id):
        return YES
    if may_invite(actor, tie.unit_id):
        return YES
    able = collects_for_unit(actor)
    if not able:
        return able
    return YES if tie.unit_id == actor.unit else no(NOT_TIED_SENTENCE)


def may_invite(actor: Actor, unit: UUID | None) -> Answer:
    """「申报人员」 of a unit are kept by its administrators and by operators with 账户审核员 (SZ-03)."""
    if actor.way is Way.SYSTEM or organizations.sits(actor, unit, Role.REGISTRAR):
        return YES
    return no("「申报人员」由本单位管理员或账户审核员维护。需要办理的，请联系单位管理员授权。")


def may_decide_coming(actor: Actor) -> Answer:
    """Admissions, refusals and transfers are effects of decided cases, never plain edits."""
    return YES if actor.way is Way.SYSTEM else no("这一步须经单位审核，不能直接办理。")


def may_enter_decided(actor: Actor) -> Answer:
    """What a decision makes true of a person is entered by the platform on behalf of who decided, never by hand."""
    return YES if actor.way is Way.SYSTEM else no("这条记录由办理结果产生，不能直接录入或撤销。")


def may_import_persons(actor: Actor) -> Answer:
    """Rosters are imported by the 经办员 of an authority, never by the unit that would gain from them (AC-29)."""
    return organizations.may_authorize(actor)


def may_give_back(actor: Actor, person: Person) -> Answer:
    """What was entered goes into the archive by the person, or by the unit that filled it in for a tied person."""
    return may_see_person(actor, person)


def may_correct(actor: Actor, person: UUID) -> Answer:
    """Own data are corrected by the person alone (ALL-09)."""
    return YES if actor.way is Way.SYSTEM or is_own(actor, person) else no(_NOT_YOURS)


def may_verify(actor: Actor, person: UUID) -> Answer:
    """A reviewer verifies for the own authority, and never the own archive (ALL-12)."""
    if is_own(actor, person):
        return no("不能核验本人的档案，请由其他审核人员办理。")
    if actor.way is not Way.UNIT or actor.account is None or actor.unit is None:
        return no("请以审核部门身份登录后办理。")
    if not organizations.holds(actor.account, actor.unit, Role.REVIEWER):
        return no("您在当前部门没有「审核员」权限，不能核验档案。")
    return YES


def persons_visible_to(actor: Actor) -> QuerySet[Person]:
    """The persons an actor may see: oneself; a unit's 采集管理员 those tied to it now."""
    if actor.way is Way.SYSTEM:
        return Person.objects.all()
    if actor.way is Way.PERSON:
        return Person.objects.filter(account_id=actor.account) if actor.account else Person.objects.none()
    if not collects_for_unit(actor) or actor.unit is None:
        return Person.objects.none()
    return Person.objects.filter(pk__in=Tie.objects.filter(unit_id=actor.unit, until_on=None).values("person_id"))


def is_own(actor: Actor, person: UUID) -> bool:
    """Whether the person is the actor."""
    return actor.account is not None and Person.objects.filter(pk=person, account_id=actor.account).exists()
