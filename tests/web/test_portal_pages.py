"""Public pages of the portal: labels, order, query counts, refusals (NX-01, NX-19)."""

import io
import re
from datetime import timedelta

import pikepdf
import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from bole.kernel.clock import china, today
from bole.organizations import queries as organizations
from bole.portal import actions
from bole.portal.terms import ArticleKind
from tests.factories.browsers import text_of
from tests.factories.organizations import SETUP, SITE
from tests.factories.portal import draft, publish

pytestmark = pytest.mark.django_db


def labels(page: str, selector: str) -> list[str]:
    """The words of the links inside an element found by its opening."""
    inside = page[page.index(selector) :]
    inside = inside[: inside.index("</nav>")]
    return [re.sub(r"<[^>]+>", "", link).strip() for link in re.findall(r"<a\b[^>]*>(.*?)</a>", inside, re.DOTALL)]


def test_the_root_lists_every_site(client: Client):
    page = text_of(client.get("/"))
    for site in organizations.sites():
        assert f'href="/{site.code}/"' in page
        assert site.name in page


def test_the_home_page_has_the_labels_of_the_manual(client: Client):
    page = text_of(client.get("/ningxia/"))
    assert "<h1>网上服务大厅</h1>" in page
    assert labels(page, '<nav class="nav"') == ["首页", "通知公告", "政策法规", "投诉举报", "文件下载"]
    for label in ("证件号码", "密码", "验证码"):
        assert f">{label}</label>" in page
    for word in ("两周内免登录", ">忘记密码</a>", ">登录</button>", ">立即注册</a>", "网上投诉", "网上举报", "手册"):
        assert word in page
    assert "热线 12333" in page


def test_the_personal_way_is_chosen_at_first(client: Client):
    page = text_of(client.get("/ningxia/"))
    assert '<input type="radio" name="way" value="person" checked>' in page
    assert '<input type="radio" name="way" value="unit">' in page


def test_home_shows_the_six_newest_with_dates_and_more(client: Client):
    for number in range(8):
        publish(f"公告{number}", days_ago=number)
    publish("办法一", kind=ArticleKind.POLICY)
    draft("草稿一")
    page = text_of(client.get("/ningxia/"))
    assert re.findall(r"公告\d", page) == [f"公告{number}" for number in range(6)]
    assert f">{today().isoformat()}</time>" in page
    assert "草稿一" not in page
    assert page.count(">更多<") == 3


@pytest.mark.parametrize("rows", [1, 3])
def test_a_list_asks_as_often_for_one_row_as_for_three(
    client: Client, rows: int, django_assert_num_queries: DjangoAssertNumQueries
):
    for number in range(rows):
        publish(f"公告{number}")
    with django_assert_num_queries(2):  # count, rows
        assert client.get("/ningxia/announcements/").status_code == 200


@pytest.mark.parametrize("rows", [1, 3])
def test_home_asks_as_often_for_one_row_as_for_three(
    client: Client, rows: int, django_assert_num_queries: DjangoAssertNumQueries
):
    for number in range(rows):
        publish(f"公告{number}")
        publish(f"办法{number}", kind=ArticleKind.POLICY)
    # announcements, policies, files, services, captcha (1), session of the form token (4: look, savepoints, insert)
    with django_assert_num_queries(9):
        assert client.get("/ningxia/").status_code == 200


def test_a_long_list_is_paged_newest_first(client: Client):
    for number in range(21):
        publish(f"第{number:02}篇", days_ago=number)
    page = text_of(client.get("/ningxia/announcements/?page=2"))
    assert re.findall(r"第\d\d篇", page) == ["第20篇"]
    assert '共 <b class="num">21</b> 条，每页 20 条' in page


@pytest.mark.parametrize("number", ["0", "-1", "abc", "9999999999", "²"])
def test_a_page_number_that_is_none_is_no_failure(client: Client, number: str):
    publish("唯一")
    response = client.get("/ningxia/announcements/", {"page": number})
    assert response.status_code == 200
    assert "唯一" in text_of(response)


def test_an_article_shows_paragraphs_and_links_and_no_markup(client: Client):
    body = "第一段<script>alert(1)</script>\n见 https://example.org/a?b=1&c=2 。"
    article = draft("注意", body=body)
    actions.publish_article(site=SITE, id=article.pk, seen=1, by=SETUP)
    page = text_of(client.get(f"/ningxia/articles/{article.pk}/"))
    assert "<p>第一段&lt;script&gt;alert(1)&lt;/script&gt;</p>" in page
    assert '<a href="https://example.org/a?b=1&amp;c=2" rel="noopener noreferrer nofollow">' in page
    assert "alert(1)</script>" not in page


def test_a_draft_is_answered_like_an_article_that_never_was(client: Client):
    hidden = client.get(f"/ningxia/articles/{draft().pk}/")
    never = client.get("/ningxia/articles/00000000-0000-0000-0000-000000000000/")
    assert (hidden.status_code, never.status_code) == (404, 404)
    assert hidden.content == never.content
    assert "这篇文章不存在，或已经撤下。" in text_of(hidden)


def test_an_unknown_site_is_a_404_that_says_what_to_do(client: Client):
    response = client.get("/atlantis/")
    assert response.status_code == 404
    assert "没有这个办事大厅，请从首页重新进入。" in text_of(response)


def test_search_keeps_its_words_in_the_pager(client: Client):
    for number in range(21):
        publish(f"人才{number}")
    page = text_of(client.get("/ningxia/search/", {"q": "人才"}))
    assert "?q=%E4%BA%BA%E6%89%8D&amp;page=2" in page


def test_downloads_list_size_and_date_and_the_manual_opens(client: Client):
    assert client.get("/ningxia/manual/").headers["Location"] == "/ningxia/downloads/"
    pdf = b"%PDF-1.4\n"
    added = actions.add_download(site=SITE, title="操作手册", data=one_page(), name="a.pdf", manual=True, by=SETUP)
    page = text_of(client.get("/ningxia/downloads/"))
    assert "操作手册" in page
    assert f"PDF，{added.size} B　{china(added.added_at).date().isoformat()}" in page
    assert client.get("/ningxia/manual/").headers["Location"] == f"/ningxia/downloads/{added.pk}/"
    file = client.get(f"/ningxia/downloads/{added.pk}/")
    assert file.content.startswith(pdf[:5])
    assert file.headers["Content-Disposition"].startswith("attachment; filename*=UTF-8''%E6%93%8D")
    assert file.headers["Content-Security-Policy"] == "sandbox; default-src 'none'"


def test_a_removed_file_is_gone(client: Client):
    added = actions.add_download(site=SITE, title="申请书样式", data=one_page(), name="a.pdf", manual=False, by=SETUP)
    actions.remove_download(site=SITE, id=added.pk, by=SETUP)
    assert client.get(f"/ningxia/downloads/{added.pk}/").status_code == 404
    assert "申请书样式" not in text_of(client.get("/ningxia/downloads/"))


def one_page() -> bytes:
    """A PDF of one empty page."""
    document, out = pikepdf.new(), io.BytesIO()
    document.add_blank_page()
    document.save(out)
    return out.getvalue()


def test_new_marks_what_is_of_the_last_week(client: Client):
    publish("今天的")
    publish("上周的", days_ago=8)
    page = text_of(client.get("/ningxia/announcements/"))
    assert page.count('<span class="new">新</span>') == 1
    assert (today() - timedelta(days=8)).isoformat() in page
