"""What operators of authorities and units may do: 「采集授权」, 「单位信息」; and which units anybody sees."""

from bole.kernel.actors import Actor, Way
from bole.kernel.answers import YES, Answer, no
from bole.organizations.models import Unit, UnitQuerySet
from bole.organizations.rules.positions import Position, position
from bole.organizations.terms import ROLE_KINDS, ROLE_NAMES, UNIT_KIND_NAMES, Role, UnitKind, covers

_NO_CAPACITY = "您没有以单位身份登录，不能办理这项业务。请退出后选择「单位」方式登录。"
_NOT_COVERED = "该单位的所属地区不在您所在部门的管辖范围内，请由该地区的人社部门办理。"


def _holder(actor: Actor, role: Role) -> tuple[Unit | None, Answer]:
    """The unit in which the actor holds `role`, or the refusal that says what is missing."""
    if actor.way is not Way.UNIT:
        return None, no(_NO_CAPACITY)
    held = position(actor)
    if held is None or role not in held.roles:
        return None, no(
            f"您在当前单位没有「{ROLE_NAMES[role]}」权限，不能办理这项业务。需要办理的，请联系上级人社部门授权。"
        )
    return held.unit, YES


def _authority_over(actor: Actor, unit: Unit) -> Answer:
    """Whether the actor is 经办员 of an authority of the unit's site whose region covers the unit's."""
    authority, answer = _holder(actor, Role.AUTHORIZER)
    if authority is None:
        return answer
    if authority.site != unit.site or not covers(authority.region, unit.region):
        return no(_NOT_COVERED)
    return YES


def may_authorize(actor: Actor) -> Answer:
    """Whether the actor may open 「采集授权」 at all."""
    return YES if actor.way is Way.SYSTEM else _holder(actor, Role.AUTHORIZER)[1]


def may_enable_collection(actor: Actor, unit: Unit) -> Answer:
    """「开通网上采集功能」: the 经办员 of an authority whose region covers the unit (NX-18)."""
    if unit.closed_on is not None:
        return no("该单位已停用，不能开通网上采集功能。")
    if unit.kind == UnitKind.AUTHORITY.value:
        return no("人社部门负责审核，不需要开通网上采集功能。")
    return YES if actor.way is Way.SYSTEM else _authority_over(actor, unit)


def may_appoint(actor: Actor, unit: Unit, role: Role) -> Answer:
    """「设置采集管理员」: the same authority; all other roles come from the installation itself in this version.

    The role must fit the kind of unit, and the unit must have been opened for collection first.
    """
    if unit.closed_on is not None:
        return no("该单位已停用，不能再设置人员。")
    if UnitKind(unit.kind) not in ROLE_KINDS[role]:
        return no(f"{UNIT_KIND_NAMES[UnitKind(unit.kind)]}不能设置「{ROLE_NAMES[role]}」。")
    if role is Role.COLLECTION_ADMINISTRATOR and unit.collection_enabled_at is None:
        return no("该单位还没有开通网上采集功能，请先点击「开通网上采集功能」。")
    if actor.way is Way.SYSTEM:
        return YES
    if role is not Role.COLLECTION_ADMINISTRATOR:
        return no(f"「{ROLE_NAMES[role]}」由系统管理员设置，请联系系统管理员。")
    return _authority_over(actor, unit)


def may_describe_unit(actor: Actor, unit: Unit) -> Answer:
    """「单位信息」 is kept by the unit's own 采集管理员 (NX-13)."""
    if actor.way is Way.SYSTEM:
        return YES
    held, answer = _holder(actor, Role.COLLECTION_ADMINISTRATOR)
    if held is None:
        return answer
    if held.id != unit.id:
        return no("您只能维护本单位的单位信息。")
    if held.collection_enabled_at is None:
        return no("本单位还没有开通网上采集功能，请联系所属地区人社部门。")
    return YES


def may_create_unit(actor: Actor, *, site: str, region: str) -> Answer:
    """Units are created from above: by the installation, or by the 经办员 of an authority on its own ground (AC-15)."""
    if actor.way is Way.SYSTEM:
        return YES
    authority, answer = _holder(actor, Role.AUTHORIZER)
    if authority is None:
        return answer
    if authority.site != site or not covers(authority.region, region):
        return no("所属地区不在您所在部门的管辖范围内。")
    return YES


def may_move_unit(actor: Actor) -> Answer:
    """A change of superior is the effect of a case that both superiors passed, never a plain edit (AC-15)."""
    return YES if actor.way is Way.SYSTEM else no("变更上级单位须经原上级和新上级审核，请提交「主管部门更改」申请。")


def may_enter_unit_way(account_has_roles: bool, waiting: bool) -> Answer:
    """The 「单位」 log-in: told only after a right password, with what to do next (NX-02)."""
    if account_has_roles:
        return YES
    if waiting:
        return no("您有待接受的单位授权。请选择「个人」方式登录，接受后即可选择「单位」方式登录。")
    return no("您还没有单位管理权限。请先由当地人社部门开通单位的网上采集功能，并将您设置为采集管理员。")


def units_visible_to(actor: Actor) -> UnitQuerySet:
    """The units an actor may see: an authority its ground and its subtree, others their subtree, a unit account its
    own unit, persons none."""
    if actor.way is Way.SYSTEM:
        return Unit.objects.all()
    return units_seen_from(position(actor), actor)


def units_seen_from(held: Position | None, actor: Actor) -> UnitQuerySet:
    """The same for who has asked for the position already."""
    if held is None:
        return Unit.objects.none()
    return Unit.objects.filter(pk=held.unit.pk) if actor.way is Way.UNIT_ACCOUNT else held.sees()


def sees_unit_from(held: Position | None, actor: Actor, unit: Unit) -> bool:
    """Whether the unit is among those, without a query."""
    if held is None:
        return False
    return unit.pk == held.unit.pk if actor.way is Way.UNIT_ACCOUNT else held.sees_unit(unit)
