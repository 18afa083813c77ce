"""「门户管理」 in the browser."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from bole.organizations.terms import Role
from bole.portal.models import Article, Complaint, Download
from tests.factories.browsers import at_unit, text_of
from tests.factories.organizations import give_role, make_account, make_ground
from tests.factories.portal import complain, draft, publish
from tests.web.test_portal_pages import one_page

pytestmark = pytest.mark.django_db
TYPED = {"kind": "policy", "title": "采集办法", "body": "第一条。", "source": "", "until": "", "seen": "0"}


@pytest.fixture
def editor() -> Client:
    ground, wu = make_ground(), make_account("吴海燕")
    give_role(ground.province, Role.EDITOR, wu)
    return at_unit(wu, ground.province)


@pytest.fixture
def outsider() -> Client:
    ground, chen = make_ground(), make_account("陈国栋")
    give_role(ground.xingqing, Role.REVIEWER, chen)
    return at_unit(chen, ground.xingqing)


def test_from_draft_to_the_public_and_back(editor: Client, client: Client):
    written = editor.post("/ningxia/portal/new/", TYPED)
    article = Article.objects.get()
    assert written.headers["Location"] == f"/ningxia/portal/{article.pk}/preview/"
    preview = text_of(editor.get(written.headers["Location"]))
    assert "草稿已保存。预览无误后发布。" in preview
    assert "草稿已保存。" not in text_of(editor.get(written.headers["Location"]))
    assert client.get(f"/ningxia/articles/{article.pk}/").status_code == 404
    editor.post(f"/ningxia/portal/{article.pk}/publish/", {"seen": "1"})
    assert "采集办法" in text_of(client.get("/ningxia/"))
    editor.post(f"/ningxia/portal/{article.pk}/withdraw/", {"seen": "2"})
    assert "采集办法" not in text_of(client.get("/ningxia/"))


def test_wrong_entries_come_back_with_what_was_typed(editor: Client):
    response = editor.post("/ningxia/portal/new/", {**TYPED, "title": "", "body": "留下我", "until": ""})
    page = text_of(response)
    assert response.status_code == 422
    assert "请填写标题" in page
    assert "留下我</textarea>" in page
    assert editor.post("/ningxia/portal/new/", {**TYPED, "until": "31.12.2027"}).status_code == 422
    assert Article.objects.count() == 0


def test_an_outdated_page_is_told_who_changed_it(editor: Client):
    article = draft()
    address = f"/ningxia/portal/{article.pk}/"
    assert editor.post(address, {**TYPED, "seen": "1"}).status_code == 302
    late = editor.post(address, {**TYPED, "seen": "1", "title": "晚到的"})
    assert late.status_code == 409
    assert "吴海燕在" in text_of(late)
    assert Article.objects.get().title == "采集办法"


@pytest.mark.parametrize("page", ["portal/", "portal/new/", "portal/downloads/", "portal/complaints/"])
def test_without_the_role_every_page_is_refused(outsider: Client, page: str):
    response = outsider.get(f"/ningxia/{page}")
    assert response.status_code == 403
    assert "门户内容由本级人社部门的「门户编辑」维护。" in text_of(response)


def test_publishing_without_the_role_is_refused(outsider: Client):
    article = draft()
    assert outsider.post(f"/ningxia/portal/{article.pk}/publish/", {"seen": "1"}).status_code == 403
    assert Article.objects.get().state == "draft"


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_asks_as_often_for_one_row_as_for_three(
    editor: Client, rows: int, django_assert_num_queries: DjangoAssertNumQueries
):
    for number in range(rows):
        publish(f"公告{number}")
    editor.get("/ningxia/portal/")
    # session, account, roles at the door, roles for the permission, count, rows, unread messages
    with django_assert_num_queries(7):
        assert editor.get("/ningxia/portal/").status_code == 200


def test_a_file_is_put_up_and_taken_away(editor: Client, client: Client):
    file = SimpleUploadedFile("手册.pdf", one_page(), "application/pdf")
    assert editor.post("/ningxia/portal/downloads/", {"title": "手册", "file": file, "manual": "1"}).status_code == 302
    added = Download.objects.get()
    assert client.get("/ningxia/manual/").headers["Location"] == f"/ningxia/downloads/{added.pk}/"
    editor.post(f"/ningxia/portal/downloads/{added.pk}/remove/")
    assert client.get(f"/ningxia/downloads/{added.pk}/").status_code == 404


def test_a_file_that_is_none_is_told_so(editor: Client):
    assert "请选择要上传的文件" in text_of(editor.post("/ningxia/portal/downloads/", {"title": "手册"}))
    fake = SimpleUploadedFile("手册.pdf", b"<script>alert(1)</script>", "application/pdf")
    response = editor.post("/ningxia/portal/downloads/", {"title": "手册", "file": fake})
    assert response.status_code == 422
    assert Download.objects.count() == 0


def test_a_complaint_is_read_and_answered(editor: Client, client: Client):
    receipt = complain(about="某单位")
    complaint = Complaint.objects.get()
    address = f"/ningxia/portal/complaints/{complaint.pk}/"
    assert "待答复" in text_of(editor.get("/ningxia/portal/complaints/"))
    page = text_of(editor.get(address))
    for fact in ("材料交了两个月没有答复。", "李青", "13800000009", "某单位"):
        assert fact in page
    assert editor.post(address, {"answer": "", "seen": "1"}).status_code == 422
    assert editor.post(address, {"answer": "已办结。", "seen": "1"}).status_code == 302
    shown = text_of(client.post("/ningxia/complaints/answer/", {"reference": receipt.reference}))
    assert "<p>已办结。</p>" in shown
    assert "已办结" in shown
