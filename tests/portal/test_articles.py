"""Who may write for the portal, and what the public reads of it."""

from datetime import timedelta

import pytest

from bole.audit import queries as audit
from bole.kernel.clock import today
from bole.kernel.errors import Absent, Fault, Invalid, Moved, Refused
from bole.portal import actions, queries
from bole.portal.terms import ArticleKind, ArticleState
from tests.factories.organizations import SETUP, SITE
from tests.factories.portal import draft, publish
from tests.portal.conftest import Press

FIELDS = {"kind": ArticleKind.POLICY, "title": "办法", "body": "第一条。", "source": "", "until": None, "top": False}


def titles(kind=ArticleKind.ANNOUNCEMENT):
    return [row.title for row in queries.published(SITE, kind).rows]


def test_an_editor_of_the_sites_authority_writes_and_publishes(press: Press):
    article = actions.write_article(site=SITE, by=press.editor, **FIELDS)
    assert titles(ArticleKind.POLICY) == []
    actions.publish_article(site=SITE, id=article.pk, seen=1, by=press.editor)
    assert titles(ArticleKind.POLICY) == ["办法"]
    done = [entry.action for entry in audit.about("article", str(article.pk))]
    assert sorted(done) == ["portal.article.published", "portal.article.written"]


def test_an_editor_of_another_authority_is_refused_with_the_way_out(press: Press):
    with pytest.raises(Refused) as refusal:
        actions.write_article(site=SITE, by=press.outsider, **FIELDS)
    assert refusal.value.sentence == "门户内容由本级人社部门的「门户编辑」维护。需要办理的，请联系系统管理员授权。"
    with pytest.raises(Refused):
        queries.articles_to_edit(SITE, by=press.outsider)


def test_lists_show_the_newest_first_and_those_on_top_before_them(press: Press):
    publish("旧", 9)
    publish("新", 1)
    actions.publish_article(site=SITE, id=draft("置顶", top=True).pk, seen=1, by=SETUP)
    assert titles() == ["置顶", "新", "旧"]


@pytest.mark.usefixtures("press")
def test_an_article_past_its_last_day_is_not_read_any_more():
    last, gone = publish("今天截止", until=today()), publish("昨天截止", until=today() - timedelta(days=1))
    assert titles() == ["今天截止"]
    assert queries.article(SITE, last.pk).title == "今天截止"
    with pytest.raises(Absent):
        queries.article(SITE, gone.pk)


def test_a_draft_and_a_withdrawn_article_are_absent_for_the_public(press: Press):
    article = draft()
    with pytest.raises(Absent):
        queries.article(SITE, article.pk)
    actions.publish_article(site=SITE, id=article.pk, seen=1, by=press.editor)
    assert queries.article(SITE, article.pk).title == "采集通知"
    actions.withdraw_article(site=SITE, id=article.pk, seen=2, by=press.editor)
    with pytest.raises(Absent):
        queries.article(SITE, article.pk)
    assert queries.article_to_edit(SITE, article.pk, by=press.editor).state == ArticleState.WITHDRAWN


def test_an_article_of_one_site_is_not_found_on_another(press: Press):
    article = publish()
    with pytest.raises(Absent):
        queries.article("jilin", article.pk)
    with pytest.raises(Absent):
        actions.withdraw_article(site="jilin", id=article.pk, seen=2, by=SETUP)


def test_a_change_on_top_of_an_outdated_version_is_stopped(press: Press):
    article = draft()
    actions.revise_article(site=SITE, id=article.pk, seen=1, by=press.editor, **FIELDS)
    with pytest.raises(Moved) as moved:
        actions.revise_article(site=SITE, id=article.pk, seen=1, by=press.editor, **{**FIELDS, "title": "另一个"})
    assert moved.value.sentence.startswith("吴海燕在")
    assert queries.article_to_edit(SITE, article.pk, by=press.editor).title == "办法"


def test_every_fault_of_an_article_is_named_at_its_place(press: Press):
    wrong = {**FIELDS, "title": " ", "body": "", "until": today() - timedelta(days=1)}
    with pytest.raises(Invalid) as invalid:
        actions.write_article(site=SITE, by=press.editor, **wrong)
    assert invalid.value.faults == (
        Fault("title", "请填写标题"),
        Fault("body", "请填写正文"),
        Fault("until", "截止日期早于今天，请改为今天或以后的日期，或留空"),
    )


@pytest.mark.usefixtures("press")
def test_search_finds_titles_that_hold_every_word():
    publish("高层次人才采集通知", 2)
    publish("高层次人才公示", 1)
    assert [row.title for row in queries.search(SITE, "人才 采集").rows] == ["高层次人才采集通知"]
    assert queries.search(SITE, "  ").total == 0


@pytest.mark.usefixtures("press")
def test_a_page_beyond_the_last_is_the_last():
    for number in range(5):
        publish(f"第{number}篇", number)
    page = queries.published(SITE, ArticleKind.ANNOUNCEMENT, number=99, size=2)
    assert (page.number, page.pages, page.total, [row.title for row in page.rows]) == (3, 3, 5, ["第4篇"])
