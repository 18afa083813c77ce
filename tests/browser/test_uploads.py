"""Evidence: several files at once, their order, what is refused and why, missing papers answered by a reason."""

from dataclasses import dataclass
from pathlib import Path
from random import Random

import pytest
from playwright.sync_api import Locator, Page, expect
from pytest_django.live_server_helper import LiveServer

from bole.cases import actions, queries
from bole.cases.models import Attachment, Case
from bole.cases.terms import EvidenceSlot
from bole.documents import images
from tests.browser.filling import dialog, enter
from tests.documents import pages
from tests.documents.samples import giant_png
from tests.factories import cases as made
from tests.factories.people import as_self, make_world

pytestmark = [pytest.mark.browser, pytest.mark.one_database, pytest.mark.django_db(transaction=True)]
HEIC = (Path(__file__).parents[1] / "documents" / "photograph.heic").read_bytes()


@dataclass
class Desk:
    """Lin's window at the evidence of one record."""

    page: Page
    case: Case
    key: str

    @property
    def line(self) -> Locator:
        return self.page.locator(f"#slot-honors-{self.key}")

    @property
    def head(self) -> Locator:
        return self.line.locator("summary").first

    @property
    def zone(self) -> Locator:
        return self.line.locator("input[data-upload]").first

    def slot(self) -> EvidenceSlot:
        return next(each for each in queries.form_of(self.case).slots if each.record == self.key)

    def names(self) -> list[str]:
        return [row.file.name for row in self.slot().attachments]


@pytest.fixture
def desk(page: Page, live_server: LiveServer) -> Desk:
    world = make_world()
    made.published()
    lin = as_self(world.lin)
    case = made.open_case(world.lin, lin)
    typed = made.sample_record(queries.service_of(case).by_code["honors"])
    _, key = actions.save_record(case=case, section="honors", record="", typed=typed, seen=0, by=lin)
    enter(page, live_server.url, world.lin)
    page.set_default_timeout(20_000)
    page.goto(f"{live_server.url}/ningxia/cases/{case.number}/evidence/")
    return Desk(page, case, key)


def picture(name: str, shade: int = 90) -> dict[str, object]:
    return {"name": name, "mimeType": "image/jpeg", "buffer": made.picture(shade, (600, 800))}


def send(desk: Desk, *files: dict[str, object]) -> None:
    desk.zone.set_input_files(list(files))


def test_several_files_at_once_and_their_order(desk: Desk):
    page = desk.page
    expect(page.get_by_text("1 项已完成 0 项")).to_be_visible()
    expect(desk.head).to_contain_text("未上传")
    send(desk, picture("甲.jpg"), picture("乙.jpg", 120), picture("丙.jpg", 150))
    expect(desk.line.locator("li.thumb")).to_have_count(3)
    expect(desk.head).to_contain_text("3 个")
    expect(page.get_by_text("需要的附件都已上传")).to_be_visible()
    expect(desk.line.get_by_text("没有证书？说明情况")).to_have_count(0)

    page.reload()
    expect(desk.line).not_to_have_attribute("open", "")
    desk.head.click()
    assert desk.names() == ["甲.jpg", "乙.jpg", "丙.jpg"]
    first = "甲.jpg"
    expect(page.get_by_role("button", name=f"前移：{first}")).to_be_disabled()
    with page.expect_response(lambda answer: "/order/" in answer.url):
        page.get_by_role("button", name=f"后移：{first}").click()
    expect(desk.line.locator("li.thumb .thumb__n").nth(1)).to_have_text("2")
    assert desk.names()[1] == first
    page.reload()
    expect(desk.line.locator("li.thumb .thumb__c > span").nth(1)).to_have_text(first)


def test_file_is_looked_at_replaced_and_deleted(desk: Desk):
    page = desk.page
    send(desk, picture("甲.jpg"))
    expect(desk.line.locator("li.thumb")).to_have_count(1)
    page.get_by_role("link", name="查看：甲.jpg").click()
    expect(page.get_by_role("dialog", name="查看附件")).to_contain_text("第 1 页，共 1 页")
    page.keyboard.press("Escape")
    page.get_by_role("link", name="替换：甲.jpg").click()
    broken = {"name": "乙.jpg", "mimeType": "image/jpeg", "buffer": b"\xff\xd8\xff\xe0 no"}
    dialog(page).get_by_label("新的文件").set_input_files([broken])
    dialog(page).get_by_role("button", name="替换", exact=True).click()
    expect(dialog(page).get_by_role("alert")).to_contain_text("图片不完整或已损坏，无法打开。")
    dialog(page).get_by_label("新的文件").set_input_files([picture("乙.jpg")])
    dialog(page).get_by_role("button", name="替换", exact=True).click()
    expect(page.get_by_text("已替换「甲.jpg」。")).to_be_visible()
    assert desk.names() == ["乙.jpg"]
    desk.head.click()
    page.get_by_role("link", name="删除：乙.jpg").click()
    expect(dialog(page)).to_contain_text("删除后不能恢复。")
    dialog(page).get_by_role("button", name="删除", exact=True).click()
    expect(page.get_by_text("已删除「乙.jpg」。")).to_be_visible()
    assert not Attachment.objects.exists()


def test_a_page_upside_down_is_turned_upright_from_its_warning(desk: Desk):
    page, upside_down = desk.page, images.turned(pages.letter(Random(3)), 180)
    send(desk, {"name": "倒.jpg", "mimeType": "image/jpeg", "buffer": pages.jpeg(upside_down)})
    said = desk.line.locator("li.thumb [data-said]")
    expect(said).to_have_text("这一页可能上下颠倒")
    turn = page.get_by_role("button", name="向右旋转：倒.jpg")
    turn.click()
    expect(said).to_have_text("这一页可能横放，字头朝左")
    turn.click()
    expect(said).to_be_hidden()
    turn.click()
    expect(said).to_have_text("这一页可能横放，字头朝右")
    said.click()
    dialog(page).get_by_role("button", name="转正", exact=True).click()
    expect(page.get_by_text("已转正「倒.jpg」。")).to_be_visible()
    expect(page.locator("[data-said]")).to_have_count(0)
    assert desk.slot().attachments[0].turn == 180


def test_photograph_of_a_phone_is_taken(desk: Desk):
    send(desk, {"name": "IMG_0001.HEIC", "mimeType": "image/heic", "buffer": HEIC})
    expect(desk.line.locator("li.thumb")).to_have_count(1)
    assert desk.slot().attachments[0].file.media_type == "image/jpeg"


def test_what_cannot_be_taken_is_told_before_anything_is_sent_and_the_rest_goes_up(desk: Desk, tmp_path: Path):
    files = {
        "大.pdf": b"%PDF-1.7" + b"0" * (21 * 1024 * 1024),
        "证书.pdf": b"MZ\x90\x00" + b"0" * 200,
        "空.jpg": b"",
        "巨.png": giant_png(20_000, 20_000),
        "小.jpg": made.picture(90, (500, 700)),
        "好.jpg": made.picture(120, (600, 800)),
        "手机.heic": HEIC,
    }
    for name, content in files.items():
        (tmp_path / name).write_bytes(content)
    sent: list[str] = []
    desk.page.on("request", lambda asked: sent.append(asked.url) if asked.url.endswith("/add/") else None)
    desk.zone.set_input_files([tmp_path / name for name in files])

    expect(desk.line.locator("li.thumb")).to_have_count(2)
    assert desk.names() == ["好.jpg", "手机.heic"]
    said = [
        "文件 22 MB，超过 20 MB，请压缩或拆分后再传。",
        "这个文件不是图片，也不是PDF，这里不能使用。请上传PDF、JPG、PNG、HEIC格式的文件。",
        "文件是空的。请检查后重新选择。",
        "图片有40,000万像素，超过6,000万像素的上限。请缩小尺寸后再传。",
        "图片只有 500×700 像素，打印后可能看不清。",
    ]
    for place, words in enumerate(said):
        expect(desk.line.locator(".upl").nth(place)).to_contain_text(words)
    assert len(sent) == 2

    desk.line.get_by_role("button", name="仍然上传").click()
    expect(desk.line.locator("li.thumb")).to_have_count(3)
    expect(desk.line.locator("li.thumb").last).to_contain_text("像素太少，打印后可能看不清")
    for left in range(4, 0, -1):
        expect(desk.line.locator(".upl")).to_have_count(left)
        desk.line.get_by_role("button", name="知道了").first.click()
    expect(desk.line.locator(".upl")).to_have_count(0)

    desk.page.get_by_role("link", name="替换：小.jpg").click()
    dialog(desk.page).get_by_label("新的文件").set_input_files(tmp_path / "证书.pdf")
    expect(dialog(desk.page).get_by_role("alert")).to_contain_text("这个文件不是图片，也不是PDF")
    dialog(desk.page).get_by_role("button", name="替换", exact=True).click()
    expect(dialog(desk.page)).to_be_visible()  # not sent
    dialog(desk.page).get_by_label("新的文件").set_input_files(tmp_path / "好.jpg")
    dialog(desk.page).get_by_role("button", name="替换", exact=True).click()
    expect(desk.page.get_by_text("已替换「小.jpg」。")).to_be_visible()


def test_upload_after_a_lost_network_can_be_tried_again(desk: Desk):
    desk.page.context.set_offline(True)
    send(desk, picture("甲.jpg"))
    expect(desk.line).to_contain_text("网络中断，没有传完。")
    desk.page.context.set_offline(False)
    desk.line.get_by_role("button", name="重试").click()
    expect(desk.line.locator("li.thumb")).to_have_count(1)


def test_reason_that_was_not_sent_is_still_there(desk: Desk):
    desk.line.get_by_text("没有证书？说明情况").click()
    desk.line.get_by_label("没有证明材料的原因").fill("证书在搬家时遗失")
    desk.page.reload()
    expect(desk.line.get_by_label("没有证明材料的原因")).to_have_value("证书在搬家时遗失")
    expect(desk.line.get_by_label("没有证明材料的原因")).to_be_visible()


def test_missing_papers_are_answered_by_a_reason_and_a_signed_explanation(desk: Desk):
    page = desk.page
    desk.line.get_by_text("没有证书？说明情况").click()
    desk.line.get_by_label("没有证明材料的原因").fill("证书在搬家时遗失")
    expect(desk.line).to_contain_text("还可输入 192 字")
    desk.line.get_by_label("签名的说明", exact=False).last.set_input_files(picture("说明.jpg"))
    desk.line.get_by_role("button", name="用说明代替").click()
    expect(page.get_by_text("需要的附件都已上传")).to_be_visible()
    assert desk.slot().gap_reason == "证书在搬家时遗失"
    expect(desk.line).to_have_attribute("open", "")  # the address leads back to the line
    desk.line.get_by_role("button", name="找到材料了，取消说明").click()
    expect(desk.head).to_contain_text("未上传")
    assert not Attachment.objects.exists()
