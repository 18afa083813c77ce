"""What is said of scans: bad ones, files used twice, pages of long files; turned, kept with a reason (C9, C10)."""

from io import BytesIO
from random import Random

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from PIL import Image

from bole.audit import queries as ledger
from bole.cases import actions, queries
from bole.cases.models import Attachment
from bole.documents import images
from bole.documents import queries as documents
from bole.review import actions as review
from tests.documents import pages
from tests.documents.samples import pdf
from tests.factories import cases as made
from tests.factories.people import as_self
from tests.web.filling import JSON, PARTIAL, Desk, make_desk, squeezed, text_of

GOOD = pages.jpeg(pages.letter(Random(1)))
BLURRED = pages.jpeg(pages.blurred(pages.letter(Random(2)), 4))


@pytest.fixture
def desk(db: None) -> Desk:
    desk = make_desk()
    desk.add()
    return desk


def record(desk: Desk) -> str:
    return next(slot.record for slot in queries.form_of(desk.case).slots if slot.section == "honors")


def attach(desk: Desk, data: bytes, name: str = "证书.jpg") -> Attachment:
    place = {"section": "honors", "record": record(desk), "by": desk.lin}
    return actions.attach(case=desk.case, **place, data=data, name=name)


def act(desk: Desk, row: Attachment, **posted: str):
    return desk.own.post(desk.at("attachments", str(row.pk), "act"), posted)


def test_a_blurred_scan_warns_at_its_file_and_is_kept_with_a_reason(desk: Desk):
    upload = SimpleUploadedFile("糊.jpg", BLURRED, "image/jpeg")
    entry = desk.own.post(
        desk.at("evidence", "honors", record(desk), "add"), {"file": upload}, headers={**PARTIAL, **JSON}
    )
    assert "可能模糊，看不清字" in text_of(entry)
    row = Attachment.objects.get()
    page = squeezed(desk.own.get(desk.at("evidence")))
    assert "可能模糊，看不清字" in page
    assert "1个请检查" in page  # at the line itself, which is folded once it has a file
    change = desk.at("attachments", str(row.pk), "change") + "?act=check"
    assert "这一页可能模糊，看不清字。" in squeezed(desk.own.get(change))

    long = act(desk, row, act="answer", reason="长" * 201)
    assert long.status_code == 422
    assert "说明最多200个字符" in squeezed(long)
    act(desk, row, act="answer", reason="原件字迹已淡")

    page = squeezed(desk.own.get(desk.at("evidence")))
    assert "已说明" in page
    assert "请检查" not in page
    last = ledger.about("case", desk.case.number).filter(action="cases.attachment.answered").get()
    assert last.detail["flaws"] == "blurred"
    clean = attach(desk, GOOD)
    assert act(desk, clean, act="answer", reason="无").status_code == 403


def test_a_quarter_turn_turns_pictures_and_leaves_the_file_as_it_came(desk: Desk):
    row = attach(desk, GOOD)
    before = documents.content(row.file)
    answer = desk.own.post(desk.at("attachments", str(row.pk), "act"), {"act": "turn"}, headers=JSON)
    assert answer.json() == {"turn": 90, "said": ""}
    with Image.open(BytesIO(desk.own.get(desk.at("attachments", str(row.pk), "thumb")).content)) as picture:
        assert picture.width > picture.height
    with Image.open(
        BytesIO(desk.own.get(desk.at("attachments", str(row.pk), "pages", "1") + "?w=1").content)
    ) as picture:
        assert picture.width > picture.height
    row = Attachment.objects.select_related("file").get()
    assert documents.content(row.file) == before
    for _ in range(3):  # without a script: led back to the line
        answer = act(desk, row, act="turn")
    assert answer.headers["Location"].endswith(f"#slot-honors-{record(desk)}")
    assert Attachment.objects.get().turn == 0


def test_a_page_upside_down_warns_until_it_is_turned_upright(desk: Desk):
    row = attach(desk, pages.jpeg(images.turned(pages.letter(Random(3)), 180)))
    assert row.file.flaws == [["upside-down", 1]]
    change = desk.at("attachments", str(row.pk), "change") + "?act=check"
    asked = squeezed(desk.own.get(change))
    assert "这一页可能上下颠倒。" in asked
    assert "转正" in asked

    quarter = desk.own.post(desk.at("attachments", str(row.pk), "act"), {"act": "turn"}, headers=JSON)
    assert quarter.json() == {"turn": 90, "said": "这一页可能横放，字头朝左"}
    act(desk, row, act="upright")
    assert Attachment.objects.get().turn == 180
    act(desk, row, act="upright")  # twice does no harm
    assert Attachment.objects.get().turn == 180
    assert "可能上下颠倒" not in squeezed(desk.own.get(desk.at("evidence")))
    assert "没有需要处理的提示" in squeezed(desk.own.get(change))
    assert act(desk, row, act="answer", reason="原件如此").status_code == 403

    quarter = desk.own.post(desk.at("attachments", str(row.pk), "act"), {"act": "turn"}, headers=JSON)
    assert quarter.json()["said"] == "这一页可能横放，字头朝右"
    act(desk, row, act="answer", reason="原件横着装订")
    assert "已说明" in squeezed(desk.own.get(desk.at("evidence")))
    last = ledger.about("case", desk.case.number).filter(action="cases.attachment.answered").get()
    assert last.detail["flaws"] == "head-right"


def test_a_file_is_turned_upright_as_a_whole_only_where_most_of_its_pages_lie_so(desk: Desk):
    dice, out = Random(4), BytesIO()
    leaves = [images.turned(pages.letter(dice), turn) for turn in (0, 180, 0)]
    leaves[0].save(out, "PDF", save_all=True, append_images=leaves[1:], resolution=150)
    row = attach(desk, out.getvalue(), "三页.pdf")
    change = desk.at("attachments", str(row.pk), "change") + "?act=check"
    page = squeezed(desk.own.get(change))
    assert "第2页可能上下颠倒。" in page
    assert "转正" not in page
    act(desk, row, act="upright")
    assert Attachment.objects.get().turn == 0


def test_the_same_file_is_noticed_within_the_case_and_in_another_of_ones_own(desk: Desk):
    attach(desk, GOOD, "甲.jpg")
    again = attach(desk, GOOD, "乙.jpg")
    alike = attach(desk, pages.jpeg(pages.letter(Random(1)), 55), "丙.jpg")
    page = squeezed(desk.own.get(desk.at("evidence")))
    assert page.count("可能重复") == 2
    change = desk.at("attachments", str(again.pk), "change") + "?act=check"
    assert "这份文件在本次申报中已经上传过：「甲.jpg」。" in squeezed(desk.own.get(change))
    change = desk.at("attachments", str(alike.pk), "change") + "?act=check"
    assert "与本次申报的「甲.jpg」版面相近，请看是不是传了两次。" in squeezed(desk.own.get(change))

    review.cancel_case(case=desk.fresh(), seen=desk.case.revision, by=desk.lin)
    old = desk.case.number
    desk.case = made.open_case(desk.world.lin, desk.lin)
    desk.add()
    twin = attach(desk, GOOD, "丁.jpg")
    change = desk.at("attachments", str(twin.pk), "change") + "?act=check"
    assert f"这份文件在您的另一件申报（{old}）中用过。" in squeezed(desk.own.get(change))


def test_what_others_uploaded_is_not_told_to_an_applicant(desk: Desk):
    attach(desk, GOOD)
    sun = as_self(desk.world.sun)
    other = made.open_case(desk.world.sun, sun)
    typed = made.sample_record(queries.service_of(other).by_code["honors"])
    _, key = actions.save_record(case=other, section="honors", record="", typed=typed, seen=0, by=sun)
    actions.attach(case=other, section="honors", record=key, data=GOOD, name="同.jpg", by=sun)
    assert "可能重复" not in squeezed(desk.own.get(desk.at("evidence")))


def test_a_file_of_two_hundred_pages_shows_a_few_at_a_time(desk: Desk):
    row = attach(desk, pdf(200), "长.pdf")
    leaves = desk.at("attachments", str(row.pk), "leaves")
    assert "200页，查看全部" in squeezed(desk.own.get(desk.at("evidence")))
    first, last = text_of(desk.own.get(leaves)), text_of(desk.own.get(leaves + "?page=9"))
    assert first.count('loading="lazy"') == 24
    assert "后 24 页" in first
    assert last.count('loading="lazy"') == 8
    assert desk.own.get(desk.at("attachments", str(row.pk), "pages", "200")).headers["Content-Type"] == "image/jpeg"


def test_thirty_files_cost_the_queries_of_one_and_many_files_do_not_weigh_the_page_down(desk: Desk):
    def cost() -> tuple[int, str]:
        with CaptureQueriesContext(connection) as sent:
            page = desk.own.get(desk.at("evidence"))
        return len(sent), text_of(page)

    row = attach(desk, GOOD)
    cost()
    one, _ = cost()
    Attachment.objects.bulk_create(copies(row, 17))
    desk.add("第二项")
    more = [slot.record for slot in queries.form_of(desk.case).slots if slot.section == "honors"]
    Attachment.objects.bulk_create(copies(row, 12, record=more[1]))
    thirty, light = cost()
    assert (one, thirty) == (one, one)
    assert light.count('class="thumb"') == 30
    for number in range(8):
        desk.add(f"第{number + 3}项")
    rest = [slot.record for slot in queries.form_of(desk.case).slots if slot.section == "honors"][2:]
    for each in rest:
        Attachment.objects.bulk_create(copies(row, 20, record=each))
    many, heavy = cost()
    assert many == one
    assert heavy.count('class="thumb"') == 0
    assert len(heavy.encode()) < 120_000
    part = desk.own.get(desk.at("evidence", "honors", rest[0]), headers=PARTIAL)
    assert text_of(part).count('class="thumb"') == 20
    assert desk.own.get(desk.at("evidence", "honors", rest[0])).status_code == 200
    assert desk.own.get(desk.at("evidence", "honors", "nobody")).status_code == 404


def copies(row: Attachment, number: int, record: str = "") -> list[Attachment]:
    """The same file hung so many times; only the page's own work is counted."""
    return [
        Attachment(
            case=row.case, section="honors", record=record or row.record, purpose=row.purpose, file=row.file,
            position=at + 2, round=row.round, added_at=row.added_at, added_by=row.added_by,
        )
        for at in range(number)
    ]  # fmt: skip
