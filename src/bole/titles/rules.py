"""Who keeps the catalogue of titles: the keepers of the authority that the site belongs to. Everybody reads it."""

from bole.kernel.actors import Actor, Way
from bole.kernel.answers import YES, Answer, no
from bole.organizations import queries as organizations
from bole.organizations.terms import ROLE_NAMES, Role, UnitKind

_NO = f"资格目录由本级人社部门的「{ROLE_NAMES[Role.TITLE_KEEPER]}」维护。需要办理的，请联系本部门的单位管理员授权。"


def may_keep(actor: Actor, site: str) -> Answer:
    """Whether the actor adds to the site's catalogue, changes, retires, imports and exports it."""
    if actor.way is Way.SYSTEM:
        return YES
    if actor.way is not Way.UNIT or actor.account is None or actor.unit is None:
        return no("您没有以单位身份登录，不能维护资格目录。请退出后选择「单位」方式登录。")
    unit = organizations.seat_of(actor, actor.unit, Role.TITLE_KEEPER)  # held inside an act (G16)
    if unit is None or unit.kind != UnitKind.AUTHORITY.value or unit.site != site:
        return no(_NO)
    return YES if unit.region == organizations.site(site).region else no(_NO)
