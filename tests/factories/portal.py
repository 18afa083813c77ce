"""Articles and complaints, made through the room's actions."""

from datetime import date, timedelta

from bole.kernel.actors import Actor, Way
from bole.kernel.clock import now
from bole.portal import actions
from bole.portal.models import Article
from bole.portal.terms import ArticleKind, ComplaintKind, Receipt
from tests.factories.organizations import SETUP, SITE

VISITOR = Actor(way=Way.PERSON, site=SITE, address="192.0.2.7")


def draft(title: str = "采集通知", kind: ArticleKind = ArticleKind.ANNOUNCEMENT, **given: object) -> Article:
    """An article that nobody but editors sees."""
    values: dict[str, object] = {
        "body": "各单位：\n请按时填报。",
        "source": "",
        "until": None,
        "top": False,
        "by": SETUP,
    }
    return actions.write_article(site=SITE, kind=kind, title=title, **{**values, **given})  # type: ignore[arg-type]  # the action's own arguments


def publish(
    title: str = "采集通知", days_ago: int = 0, kind: ArticleKind = ArticleKind.ANNOUNCEMENT, until: date | None = None
) -> Article:
    """An article before the public since so many days."""
    article = draft(title, kind)
    actions.publish_article(site=SITE, id=article.pk, seen=1, by=SETUP)
    Article.objects.filter(pk=article.pk).update(published_at=now() - timedelta(days=days_ago), until=until)
    return Article.objects.get(pk=article.pk)


def complain(kind: ComplaintKind = ComplaintKind.COMPLAINT, by: Actor = VISITOR, **given: str) -> Receipt:
    """A complaint by name, or whatever `given` says."""
    values = {
        "subject": "办理时限" if kind is ComplaintKind.COMPLAINT else "弄虚作假",
        "about": "",
        "text": "材料交了两个月没有答复。",
        "name": "李青",
        "phone": "13800000009",
    }
    return actions.file_complaint(site=SITE, kind=kind, by=by, **{**values, **given})
