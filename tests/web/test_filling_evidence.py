"""「附件管理」 and the files themselves: adding, order, gaps, who may see them, under which name."""

import re
from pathlib import Path
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from bole.audit import queries as ledger
from bole.cases import actions, queries
from bole.cases.models import Attachment
from bole.cases.terms import EvidenceSlot
from tests.documents.samples import pdf
from tests.factories import cases as made
from tests.factories.browsers import text_of
from tests.web.filling import JSON, PARTIAL, Desk, make_desk, squeezed, words_of

HEIC = (Path(__file__).parents[1] / "documents" / "photograph.heic").read_bytes()


@pytest.fixture
def desk(db: None) -> Desk:
    desk = make_desk()
    desk.add()
    return desk


def slot(desk: Desk) -> EvidenceSlot:
    return next(each for each in queries.form_of(desk.case).slots if each.section == "honors")


def place(desk: Desk, *more: str) -> str:
    return desk.at("evidence", "honors", slot(desk).record, *more)


def upload(name: str = "证书.jpg", data: bytes = b"", kind: str = "image/jpeg") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, data or made.picture(), kind)


def attach(desk: Desk, name: str = "证书.jpg") -> Attachment:
    record = slot(desk).record
    return actions.attach(
        case=desk.case, section="honors", record=record, data=made.picture(len(name)), name=name, by=desk.lin
    )


def names(desk: Desk) -> list[str]:
    return [row.file.name for row in slot(desk).attachments]


def test_every_record_that_wants_papers_has_a_line_with_its_caption(desk: Desk):
    page = desk.own.get(desk.at("evidence"))
    text = squeezed(page)
    assert "1项已完成0项" in text
    assert "荣誉奖项名称:" in text
    assert "国家级-20180901-特等奖,相关证明材料未上传" in text
    assert "第17栏，共17栏" in text
    attach(desk)
    text = squeezed(desk.own.get(desk.at("evidence")))
    assert "需要的附件都已上传" in text
    assert "没有缺的附件" in squeezed(desk.own.get(desk.at("evidence") + "?show=missing"))


def test_answered_lines_are_folded_and_missing_ones_stay_open(desk: Desk):
    attach(desk)
    desk.add("第二项")
    lines = re.findall(r'<details class="slot fold" id="slot-honors-[^>]*>', text_of(desk.own.get(desk.at("evidence"))))
    assert ["open" in line.split() or line.endswith(" open>") for line in lines] == [False, True]


def test_files_are_added_several_at_once_without_a_script(desk: Desk):
    answer = desk.own.post(place(desk, "add"), {"file": [upload("甲.jpg"), upload("乙.jpg")]})
    assert answer.headers["Location"] == f"{desk.at('evidence')}#slot-honors-{slot(desk).record}"
    assert names(desk) == ["甲.jpg", "乙.jpg"]
    answer = desk.own.post(place(desk, "add"), {"file": [upload("丙.jpg")], "back": "section"})
    assert answer.headers["Location"].startswith(desk.section("honors") + "#slot-")


def test_script_gets_the_new_entry_or_the_sentence(desk: Desk):
    answer = desk.own.post(place(desk, "add"), {"file": upload("甲.jpg")}, headers={**PARTIAL, **JSON})
    assert answer.status_code == 200
    assert text_of(answer).strip().startswith('<li class="thumb"')
    answer = desk.own.post(place(desk, "add"), {"file": upload("甲.jpg", b"no")}, headers={**PARTIAL, **JSON})
    assert (answer.status_code, answer.json()["error"]) == (
        422,
        "无法识别这个文件的格式。请上传PDF、JPG、PNG、HEIC格式的文件。",
    )
    assert names(desk) == ["甲.jpg"]


@pytest.mark.parametrize(
    ("file", "said"),
    [
        (None, "请选择要上传的文件。"),
        (("大.pdf", b"%PDF-1.7" + b"0" * (20 * 1024 * 1024 + 1)), "「大.pdf」超过 20 MB。请压缩或分成几个文件后再传。"),
        (("证书.pdf", b"MZ\x90\x00" + b"0" * 100), "您选择的文件是程序，这里不能使用。"),
        (("空.jpg", b" "), "无法识别这个文件的格式。"),
    ],
)
def test_what_cannot_be_taken_is_told_at_its_line(desk: Desk, file: tuple[str, bytes] | None, said: str):
    posted = {"file": upload(*file)} if file else {}
    page = desk.own.post(place(desk, "add"), posted)
    assert page.status_code == 422
    line = re.search(rf'id="slot-honors-{slot(desk).record}".*?</details>', text_of(page), re.DOTALL)
    assert line is not None
    assert said in line[0]
    assert names(desk) == []


def test_of_several_files_the_sentence_names_the_bad_one_and_the_good_ones_stay(desk: Desk):
    page = desk.own.post(place(desk, "add"), {"file": [upload("甲.jpg"), upload("乙.jpg", b"no")]})
    assert "「乙.jpg」：无法识别这个文件的格式。" in words_of(page)
    assert names(desk) == ["甲.jpg"]


def test_photograph_of_a_phone_is_taken(desk: Desk):
    desk.own.post(place(desk, "add"), {"file": upload("IMG_0001.HEIC", HEIC, "image/heic")})
    row = slot(desk).attachments[0]
    answer = desk.own.get(desk.at("attachments", str(row.pk)))
    assert answer.headers["Content-Type"] == "image/jpeg"
    assert answer.headers["Content-Disposition"] == 'inline; filename="IMG_0001.jpg"'


def test_file_comes_under_its_own_name_and_is_kept_nowhere(desk: Desk):
    row = attach(desk, "学位证书（扫描）.jpg")
    answer = desk.own.get(desk.at("attachments", str(row.pk)))
    assert answer.content.startswith(b"\xff\xd8\xff")
    assert answer.headers["Content-Disposition"] == (
        "inline; filename*=utf-8''%E5%AD%A6%E4%BD%8D%E8%AF%81%E4%B9%A6%EF%BC%88%E6%89%AB%E6%8F%8F%EF%BC%89.jpg"
    )
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    saved = desk.own.get(desk.at("attachments", str(row.pk)) + "?download")
    assert saved.headers["Content-Disposition"].startswith("attachment;")
    for address in ("thumb", "pages/1"):
        picture = desk.own.get(desk.at("attachments", str(row.pk), address))
        assert (picture.headers["Content-Type"], picture.headers["Cache-Control"]) == (
            "image/jpeg",
            "private, no-store",
        )
    assert desk.own.get(desk.at("attachments", str(row.pk), "pages/2")).status_code == 404


def test_pdf_is_saved_and_never_opened_beside_the_pages(desk: Desk):
    desk.own.post(place(desk, "add"), {"file": upload("证书.PDF", pdf(), "application/pdf")})
    row = slot(desk).attachments[0]
    answer = desk.own.get(desk.at("attachments", str(row.pk)))
    assert answer.headers["Content-Disposition"] == "attachment; filename*=utf-8''%E8%AF%81%E4%B9%A6.PDF"
    assert desk.own.get(desk.at("attachments", str(row.pk), "pages/1") + "?w=1").headers["Content-Type"] == "image/jpeg"


def test_file_is_for_those_who_may_see_the_case_and_looks_are_recorded(desk: Desk):
    row = attach(desk)
    file = desk.at("attachments", str(row.pk))
    for client in (desk.other, desk.unit, desk.stranger):
        assert client.get(file).status_code == 404
        assert client.get(file + "thumb/").status_code == 404
        assert client.post(place(desk, "add"), {"file": upload()}).status_code == 404
        assert client.post(file + "act/", {"act": "delete"}).status_code == 404
    theirs = made.open_case(desk.world.sun, made.Actor(way=desk.lin.way, account=desk.world.sun.account_id, name="孙晓",
                                                       person=desk.world.sun.pk, site="ningxia"))  # fmt: skip
    assert desk.other.get(f"/ningxia/cases/{theirs.number}/attachments/{row.pk}/").status_code == 404

    made.fill(desk.case, desk.lin)
    made.prove(desk.case, desk.lin)
    made.review.submit_case(case=desk.fresh(), seen=desk.case.revision, by=desk.lin)
    seen = ledger.about("case", desk.case.number).filter(action="cases.attachment.viewed")
    assert desk.own.get(file).status_code == 200
    assert seen.count() == 0
    assert desk.unit.get(file).status_code == 200
    assert seen.count() == 1


def test_order_is_kept_by_the_script_and_by_the_buttons(desk: Desk):
    first, second = attach(desk, "甲.jpg"), attach(desk, "乙二.jpg")
    order = desk.at("evidence", "order")
    assert desk.own.post(order, {"order": [str(second.pk), str(first.pk)]}, headers=JSON).status_code == 200
    assert names(desk) == ["乙二.jpg", "甲.jpg"]
    for wrong in ([str(first.pk)], [str(uuid4())], ["x"], []):
        assert desk.own.post(order, {"order": wrong}, headers=JSON).status_code == 404
    act = desk.at("attachments", str(first.pk), "act")
    desk.own.post(act, {"act": "forward"})
    assert names(desk) == ["甲.jpg", "乙二.jpg"]
    desk.own.post(act, {"act": "back"})
    assert names(desk) == ["乙二.jpg", "甲.jpg"]
    assert desk.own.post(act, {"act": "burn"}).status_code == 404


def test_file_is_replaced_and_deleted_after_a_question(desk: Desk):
    row = attach(desk, "甲.jpg")
    change, act = desk.at("attachments", str(row.pk), "change"), desk.at("attachments", str(row.pk), "act")
    assert "删除这个附件？" in words_of(desk.own.get(change + "?act=delete"))
    assert text_of(desk.own.get(change + "?act=replace", headers=PARTIAL)).strip().startswith("<dialog")
    bad = desk.own.post(act, {"act": "replace", "file": upload("乙.jpg", b"no")})
    assert bad.status_code == 422
    assert "无法识别这个文件的格式。" in words_of(bad)
    assert "请选择要上传的文件。" in words_of(desk.own.post(act, {"act": "replace"}))
    page = desk.own.post(act, {"act": "replace", "file": upload("乙.jpg")}, follow=True)
    assert "已替换「甲.jpg」。" in words_of(page)
    assert names(desk) == ["乙.jpg"]
    assert desk.own.get(change).status_code == 404
    row = slot(desk).attachments[0]
    answer = desk.own.post(desk.at("attachments", str(row.pk), "act"), {"act": "delete"}, headers=PARTIAL)
    assert (answer.status_code, answer.headers["HX-Refresh"]) == (204, "true")
    assert "已删除「乙.jpg」。" in words_of(desk.own.get(desk.at("evidence")))


def test_reason_with_its_explanation_answers_a_missing_paper(desk: Desk):
    page = desk.own.post(place(desk, "gap"), {"reason": ""})
    assert page.status_code == 422
    assert "请写明没有证明材料的原因。" in words_of(page)
    page = desk.own.post(place(desk, "gap"), {"reason": "长" * 201})
    assert "原因最多200个字符，现在是201个。" in words_of(page)
    assert "长" * 201 in text_of(page)

    page = desk.own.post(place(desk, "gap"), {"reason": "证书遗失", "file": upload("说明.jpg", b"no")})
    assert page.status_code == 422
    assert slot(desk).gap_reason == "证书遗失"  # the reason is kept although the file was not
    assert not slot(desk).answered
    desk.own.post(place(desk, "explain"), {"file": upload("说明.jpg")})
    assert slot(desk).answered
    assert "没有证明材料：证书遗失" in words_of(desk.own.get(desk.at("evidence")))
    desk.own.post(place(desk, "gap"), {"act": "withdraw"})
    assert slot(desk).gap_reason is None


def test_lines_of_a_section_stand_below_its_records_too(desk: Desk):
    attach(desk, "甲.jpg")
    page = desk.own.get(desk.section("honors"))
    assert "证明材料" in words_of(page)
    assert "甲.jpg" in text_of(page)
    assert "证明材料" not in words_of(desk.own.get(desk.section("family")))


@pytest.mark.parametrize(
    ("section", "record"), [("honors", "zzzz"), ("nothing", "a"), ("attachments", "-"), ("work", "a")]
)
def test_forged_lines_are_not_found(desk: Desk, section: str, record: str):
    for what in ("add", "explain", "gap"):
        answer = desk.own.post(desk.at("evidence", section, record, what), {"file": upload(), "reason": "甲"})
        assert answer.status_code == 404, what
    assert not Attachment.objects.exists()


def test_under_review_nothing_changes(desk: Desk):
    row = attach(desk)
    made.fill(desk.case, desk.lin)
    made.prove(desk.case, desk.lin)
    made.review.submit_case(case=desk.fresh(), seen=desk.case.revision, by=desk.lin)
    count = Attachment.objects.count()
    for address, posted in (
        (place(desk, "add"), {"file": upload()}),
        (place(desk, "gap"), {"reason": "甲"}),
        (desk.at("attachments", str(row.pk), "act"), {"act": "delete"}),
        (desk.at("evidence", "order"), {"order": [str(row.pk)]}),
    ):
        answer = desk.own.post(address, posted, headers=JSON)
        assert answer.status_code == 403
        assert answer.json()["error"] == "已经上报，正在审核，不能修改。单位尚未开始审核时可以撤回。"
    assert Attachment.objects.count() == count
    page = text_of(desk.own.get(desk.at("evidence")))
    assert "data-upload" not in page
    assert "data-move" not in page
