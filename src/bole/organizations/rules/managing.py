"""Who may manage accounts and units: the table of terms.acts asked for an actor and a unit, and what goes with it."""

from collections.abc import Callable, Collection
from functools import cache

from bole.kernel.actors import Actor, Way
from bole.kernel.answers import YES, Answer, no
from bole.organizations.models import Appointment, BusinessRole, Unit
from bole.organizations.portals import site
from bole.organizations.rules.business import may_appoint
from bole.organizations.rules.positions import Position, position
from bole.organizations.terms import (
    ACT_NAMES,
    ACTS,
    CAPACITY_NAMES,
    NOT_FOR_DEPUTIES,
    OPERATORS,
    ROLE_KINDS,
    ROLE_NAMES,
    UNIT_KIND_NAMES,
    Act,
    Reach,
    Role,
    UnitKind,
)

_CLOSED = "该单位已停用，不能再办理。需要恢复的，请联系上级人社部门。"


def may_act(actor: Actor, act: Act, unit: Unit | None = None) -> Answer:
    """Whether the actor may carry out the act on the unit (GZ-01 … GZ-05); without a unit, on the own one.

    The platform may all. A closed unit can be looked at and nothing else.
    """
    asks = actor.way is not Way.SYSTEM and actor.way is not Way.PERSON and actor.way in ACTS[act]
    return may_act_from(position(actor) if asks else None, actor, act, unit)


def may_act_from(held: Position | None, actor: Actor, act: Act, unit: Unit | None = None) -> Answer:
    """The same for who has asked for the position already."""
    if actor.way is Way.SYSTEM:
        return YES
    reach = ACTS[act].get(actor.way)
    if reach is None:
        return no(_others(act, actor.way))
    if actor.way is Way.PERSON:
        return YES if actor.account else no("请先登录。")
    if held is None:
        return no("您在当前单位的身份已经失效，不能继续办理。请在「切换身份」中重新选择，或联系单位管理员。")
    return _answer(held, actor, act, unit or held.unit, reach, held.is_over)


def acts_on(actor: Actor, unit: Unit) -> frozenset[Act]:
    """All that the actor may carry out on the unit, asked at once: what a page offers."""
    return acts_from(position(actor), actor, unit)


def acts_from(held: Position | None, actor: Actor, unit: Unit) -> frozenset[Act]:
    """The same for who has asked for the position already."""
    if actor.way is Way.SYSTEM:
        return frozenset(ACTS)
    if actor.way is Way.PERSON or held is None:
        return frozenset()
    over = cache(held.is_over)  # may ask for the unit's topmost superior: once for all acts
    return frozenset(
        act
        for act, kinds in ACTS.items()
        if actor.way in kinds and _answer(held, actor, act, unit, kinds[actor.way], over)
    )


def _answer(
    held: Position, actor: Actor, act: Act, there: Unit, reach: Reach, is_over: Callable[[Unit], bool]
) -> Answer:
    wanted = OPERATORS.get(act)
    if actor.way is Way.UNIT and wanted and not wanted & held.roles:
        named = "」或「".join(ROLE_NAMES[role] for role in Role if role in wanted)
        return no(f"「{ACT_NAMES[act]}」需要「{named}」权限，请联系本单位管理员授权。")
    if act in NOT_FOR_DEPUTIES and actor.way is Way.ADMINISTRATOR and Role.ADMINISTRATOR not in held.roles:
        return no(f"「{ACT_NAMES[act]}」由单位管理员本人办理，副管理员不能代办。请联系单位管理员。")
    if there.pk == held.unit.pk:
        reached = reach.own
    elif act is Act.SEE_TREE:
        reached = reach.below and held.sees_unit(there)
    else:
        reached = reach.below and (held.is_authority or not reach.overseeing) and is_over(there)
    if not reached:
        return no(_elsewhere(act, own=reach.own, below=reach.below, at_home=there.pk == held.unit.pk))
    if there.closed_on is not None and act is not Act.SEE_TREE:
        return no(_CLOSED)
    return YES


def _others(act: Act, way: Way) -> str:
    """The sentence for a kind of account that may not do this at all: who does it instead."""
    can = "或".join(CAPACITY_NAMES[other] for other in ACTS[act])
    if Way.PERSON in ACTS[act]:
        return f"「{ACT_NAMES[act]}」由本人办理，请切换到「个人」身份。"
    return f"「{ACT_NAMES[act]}」由{can}办理，「{CAPACITY_NAMES[way]}」身份不能办理。请切换身份，或联系本单位管理员。"


def _elsewhere(act: Act, *, own: bool, below: bool, at_home: bool) -> str:
    """The sentence for a unit that is out of reach: whose it is."""
    name = ACT_NAMES[act]
    if at_home:
        return f"「{name}」不能对本单位办理，请联系上级单位的管理员。"
    if not below:
        return f"「{name}」只能在本单位办理，请由该单位的管理员办理。"
    where = "本单位和下级单位" if own else "下级单位"
    return f"「{name}」只能对{where}办理。该单位不是您的下级单位，请由它的上级单位办理。"


def may_grant(actor: Actor, unit: Unit, role: Role | BusinessRole, services: Collection[str] = ()) -> Answer:
    """Whether the actor may grant the role in the unit for this range of business; no services means all of them.

    Administrators are named by the unit account, deputies by either, operators' roles by an administrator within his
    own range (GZ-01, GZ-04). A business role must be in use, kept for this unit or above it, and fit its kind (GZ-07).
    """
    act = {Role.ADMINISTRATOR: Act.NAME_ADMINISTRATOR, Role.DEPUTY: Act.NAME_DEPUTY}.get(_plain(role), Act.GRANT)
    allowed = may_act(actor, act, unit)
    if not allowed:
        return allowed
    fit = _fits(unit, role)
    if not fit or actor.way is Way.SYSTEM or act is not Act.GRANT:
        return fit
    return _within(position(actor), role, services)


def _plain(role: Role | BusinessRole) -> Role:
    return role if isinstance(role, Role) else Role.REVIEWER  # any operator's role: granted in the same way


def _fits(unit: Unit, role: Role | BusinessRole) -> Answer:
    kind = UnitKind(unit.kind)
    if unit.closed_on is not None:
        return no("该单位已停用，不能再设置人员。")
    if isinstance(role, Role):
        if kind not in ROLE_KINDS[role]:
            return no(f"{UNIT_KIND_NAMES[kind]}不能设置「{ROLE_NAMES[role]}」。")
        if role is Role.COLLECTION_ADMINISTRATOR and unit.collection_enabled_at is None:
            return no("该单位还没有开通网上采集功能，请联系所属地区人社部门开通。")
        return YES
    if role.disabled_at is not None:
        return no(f"业务角色「{role.name}」已停用，请选择其他角色。")
    if not can_be_granted_in(role, unit):
        return no(f"业务角色「{role.name}」不供该单位使用，请选择其他角色。")
    if not any(kind in ROLE_KINDS[Role(name)] for name in role.functions):
        return no(f"业务角色「{role.name}」的模块不适用于{UNIT_KIND_NAMES[kind]}，请选择其他角色。")
    return YES


def can_be_granted_in(role: BusinessRole, unit: Unit) -> bool:
    """Whether the role is kept by the unit itself, by one above it, or by the province for the whole site."""
    keeper = role.keeper
    return role.site == unit.site and (is_province(keeper) or unit.path.startswith(keeper.path))


def is_province(unit: Unit) -> bool:
    """Whether this is the authority of the whole site's ground."""
    return unit.kind == UnitKind.AUTHORITY.value and unit.region == site(unit.site).region


def _within(held: Position | None, role: Role | BusinessRole, services: Collection[str]) -> Answer:
    """An administrator for a range of business grants no further than it."""
    if held is None or held.scope is None:
        return YES
    limits = [set(each) for each in (services, role.services if isinstance(role, BusinessRole) else ()) if each]
    granted = set.intersection(*limits) if limits else None
    if granted is None or not granted <= held.scope:
        return no("您只管理部分业务范围，不能授予范围以外的权限。请在您的业务范围内选择，或由负责该业务的管理员办理。")
    return YES


def may_end_appointment(actor: Actor, appointment: Appointment) -> Answer:
    """Who may grant a role may end it, and withdraw its offer; a holder may lay it down, an administrator only when
    somebody else administers."""
    if actor.way is Way.SYSTEM:
        return YES
    role = appointment.plain_role
    if actor.account is not None and actor.account == appointment.account_id:
        if role is Role.ADMINISTRATOR and not _others_administer(appointment):
            return no("单位必须有一名管理员。请先用「移交管理员」移交，对方接受后您的管理员身份自动解除。")
        return YES
    if role is Role.ADMINISTRATOR:
        return _may_end_administrator(actor, appointment)
    if role is Role.COLLECTION_ADMINISTRATOR and actor.way is Way.UNIT:
        return may_appoint(actor, appointment.unit, role)
    act = Act.NAME_DEPUTY if role is Role.DEPUTY else Act.GRANT
    allowed = may_act(actor, act, appointment.unit)
    if not allowed or act is not Act.GRANT:
        return allowed
    return _within(position(actor), appointment.business_role or role or Role.REVIEWER, appointment.services)


def _others_administer(appointment: Appointment) -> bool:
    others = Appointment.objects.live().filter(unit_id=appointment.unit_id, role=Role.ADMINISTRATOR.value)
    return others.exclude(pk=appointment.pk).exists()


def _may_end_administrator(actor: Actor, appointment: Appointment) -> Answer:
    """An offer is withdrawn by whom could have made it; who administers is removed from above or replaced."""
    if appointment.accepted_at is None:
        asked = [Act.NAME_ADMINISTRATOR, Act.APPOINT_IN_EMERGENCY]
        if appointment.replaces_id and appointment.appointed_by == actor.account:
            asked.append(Act.HAND_OVER)
        answers = [may_act(actor, act, appointment.unit) for act in asked]
        return next((answer for answer in answers if answer), answers[0])
    above = may_act(actor, Act.REMOVE_ADMINISTRATOR, appointment.unit)
    if above:
        return above
    return no("单位管理员不能这样解除。请由本人移交、由单位账号变更，或由上级单位管理员移除。")


def may_keep_role(actor: Actor, unit: Unit) -> Answer:
    """Business roles are kept by authorities: the province's for all, others' for their own ground (GZ-07)."""
    allowed = may_act(actor, Act.KEEP_ROLES, unit)
    if allowed and unit.kind != UnitKind.AUTHORITY.value:
        return no("业务角色由省级统一制定，各级人社部门可以细化；本单位只能授权。有意见的，请向上级人社部门反映。")
    return allowed


def may_keep_range(actor: Actor, *ranges: Collection[str]) -> Answer:
    """An administrator for a range of business keeps business roles inside it only; no services means all of them."""
    held = position(actor)
    if actor.way is Way.SYSTEM or held is None or held.scope is None:
        return YES
    if all(each and set(each) <= held.scope for each in ranges):
        return YES
    return no("您只管理部分业务范围，不能维护范围以外的业务角色。请在您的业务范围内选择，或由负责该业务的管理员办理。")
