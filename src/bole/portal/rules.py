"""Who may do what in the portal room. The public reads what is published; editors of the site's authority write."""

from datetime import date

from django.db.models import Q, QuerySet

from bole.kernel.actors import Actor, Way
from bole.kernel.answers import YES, Answer, no
from bole.kernel.clock import now, today
from bole.organizations import queries as organizations
from bole.organizations.terms import ROLE_NAMES, Role, UnitKind
from bole.portal.models import Article
from bole.portal.terms import ArticleState

_NO = f"门户内容由本级人社部门的「{ROLE_NAMES[Role.EDITOR]}」维护。需要办理的，请联系系统管理员授权。"


def may_edit(actor: Actor, site: str) -> Answer:
    """Whether the actor writes for this portal: an editor in the authority that the portal belongs to."""
    if actor.way is Way.SYSTEM:
        return YES
    if actor.way is not Way.UNIT or actor.account is None or actor.unit is None:
        return no("您没有以单位身份登录，不能维护门户内容。请退出后选择「单位」方式登录。")
    for capacity in organizations.capacities(actor.account):
        own = capacity.unit == actor.unit and Role.EDITOR in capacity.roles and capacity.kind is UnitKind.AUTHORITY
        if own and capacity.site == site and capacity.region == organizations.site(site).region:
            return YES
    return no(_NO)


def readable(site: str, on: date | None = None) -> QuerySet[Article]:
    """What everybody may read of a portal: published, begun, and not past its last day."""
    open_end = Q(until=None) | Q(until__gte=on or today())
    return Article.objects.filter(open_end, site=site, state=ArticleState.PUBLISHED.value, published_at__lte=now())
