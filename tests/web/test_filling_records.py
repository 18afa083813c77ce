"""One record by its own page and by its dialog: saved, refused with every fault, kept as a draft, deleted."""

import re

import pytest

from bole.cases import actions, queries
from bole.cases.models import Attachment, Draft
from tests.factories import cases as made
from tests.factories.browsers import text_of
from tests.web.filling import JSON, PARTIAL, Desk, make_desk, squeezed, words_of


@pytest.fixture
def desk(db: None) -> Desk:
    return make_desk()


def honor(desk: Desk, **changes: str) -> dict[str, str]:
    """What a browser posts for a valid 荣誉奖项 that begins from an empty section."""
    return {"seen": "0", **made.sample_record(queries.service_of(desk.case).by_code["honors"]), **changes}


def titles(desk: Desk) -> list[str]:
    typed = desk.typed("honors")
    assert isinstance(typed, list)
    return [record["title"] for record in typed]


NEW = ("honors", "records", "new")


def test_record_is_added_and_the_list_says_what_follows(desk: Desk):
    page = desk.own.post(desk.section(*NEW), honor(desk, title="优秀教师"), follow=True)
    text = squeezed(page)
    assert page.redirect_chain == [(desk.section("honors"), 302)]
    assert "已保存这条记录。请在下方上传它的证明材料。" in text
    assert "已录入1条，最多10条" in text
    assert "1优秀教师缺证明材料" in text


def test_dialog_answers_with_the_way_back_to_the_list(desk: Desk):
    page = text_of(desk.own.get(desk.section(*NEW), headers=PARTIAL))
    assert page.strip().startswith("<dialog")
    assert 'name="seen" value="0"' in page
    answer = desk.own.post(desk.section(*NEW), honor(desk), headers=PARTIAL)
    assert (answer.status_code, answer.headers["HX-Redirect"]) == (204, desk.section("honors"))


def test_faults_come_back_with_the_text_and_the_draft_is_kept(desk: Desk):
    answer = desk.own.post(
        desk.section(*NEW), honor(desk, title="", awarded="2018-13", issuer="银川市"), headers=PARTIAL
    )
    assert answer.status_code == 422
    text = text_of(answer)
    assert "有 2 处需要修改" in words_of(answer)
    assert 'href="#f-title"' in text
    assert 'value="银川市"' in text
    assert Draft.objects.get().typed["issuer"] == "银川市"
    again = desk.own.get(desk.section(*NEW))
    assert "这是上次没有保存的内容。" in words_of(again)
    assert "有一条没有保存的内容" in words_of(desk.own.get(desk.section("honors")))
    desk.own.post(desk.section("honors", "records", "new", "drop"))
    assert "没有保存的内容" not in words_of(desk.own.get(desk.section("honors")))


def test_record_keeps_itself_while_typed(desk: Desk):
    place = desk.section("honors", "records", "new", "autosave")
    answer = desk.own.post(place, {"title": "优"}, headers=JSON)
    assert (answer.status_code, answer.json()["kept"]) == (200, True)
    assert desk.own.post(place, {"title": ""}, headers=JSON).json()["kept"] is False
    assert not Draft.objects.exists()


def test_same_record_posted_twice_is_there_once(desk: Desk):
    for _ in range(2):
        assert desk.own.post(desk.section(*NEW), honor(desk)).status_code == 302
    assert len(titles(desk)) == 1


def test_eleventh_paper_is_refused_with_a_sentence(desk: Desk):
    for number in range(10):
        desk.add(f"第{number}项")
    page = desk.own.get(desk.section("honors"))
    assert "已到上限，要新增请先删除一条" in words_of(page)
    assert desk.section(*NEW) not in re.findall(r'hx-get="([^"]+)"', text_of(page))
    refused = desk.own.get(desk.section(*NEW))
    assert refused.status_code == 403
    assert "「荣誉奖项」最多填报10条，已经有10条。要新增请先删除一条。" in words_of(refused)
    answer = desk.own.post(desk.section(*NEW), honor(desk, seen="10", title="第十一项"))
    assert answer.status_code == 422
    assert "「荣誉奖项」最多填报10条，已经有10条。要换成这一条，请先删除一条。" in words_of(answer)
    assert len(titles(desk)) == 10


def test_newer_record_is_shown_beside_the_typed_one(desk: Desk):
    key = desk.add("甲")
    place = desk.section("honors", "records", key)
    desk.own.post(place, honor(desk, seen="1", title="乙"))
    answer = desk.own.post(place, honor(desk, seen="1", title="丙"))
    assert answer.status_code == 409
    assert "您填写的内容在下面，没有丢失。再点一次「保存」，用您填写的内容代替这一条；其他记录不受影响。" in squeezed(
        answer
    )
    assert "荣誉(奖项)名称乙丙" in squeezed(answer)
    assert titles(desk) == ["乙"]
    seen = re.search(r'name="seen" value="(\d+)"', text_of(answer))
    assert seen is not None
    desk.own.post(place, honor(desk, seen=seen[1], title="丙"))
    assert titles(desk) == ["丙"]


def test_record_deleted_elsewhere_is_offered_as_a_new_one(desk: Desk):
    key = desk.add("甲")
    place = desk.section("honors", "records", key)
    actions.keep_draft(case=desk.case, section="honors", record=key, typed={"title": "改"}, by=desk.lin)
    Draft.objects.update(record=key)
    actions.remove_record(case=desk.case, section="honors", record=key, seen=1, by=desk.lin)
    assert desk.own.get(place).status_code == 404  # nothing of it is left
    answer = desk.own.post(place, honor(desk, seen="1", title="改"))
    assert answer.status_code == 422
    assert "这条记录已在别处删除。点「保存」，把下面的内容作为新记录保存。" in words_of(answer)
    assert 'name="gone" value="1"' in text_of(answer)
    assert 'name="gone" value="1"' in text_of(desk.own.get(place))  # the draft keeps it within reach
    desk.own.post(place, honor(desk, seen="2", title="改", gone="1"))
    assert titles(desk) == ["改"]
    assert not Draft.objects.exists()


def test_parent_is_followed_without_a_script(desk: Desk):
    place = desk.section("titles", "records", "new")
    assert "选择后刷新" in text_of(desk.own.get(place))
    series = re.search(r'<option value="([^"]+)">中小学教师<', text_of(desk.own.get(place)))
    assert series is not None
    page = desk.own.post(place, {"seen": "0", "series": series[1], "refresh": "1"})
    assert page.status_code == 200
    assert re.search(r'<select[^>]*name="level".*?副高级.*?</select>', text_of(page), re.DOTALL)
    assert "需要修改" not in words_of(page)
    assert desk.typed("titles") == []
    page = desk.own.post(desk.section("talent_projects", "records", "new"), {"seen": "0", "project": "其他"})
    note = re.search(r'data-field="project_note"[^>]*', text_of(page))
    assert note is not None
    assert "hidden" not in note[0]
    assert "请填写人才工程备注" in words_of(page)


def test_deleting_asks_first_and_takes_the_papers_along(desk: Desk):
    key = desk.add("甲")
    actions.attach(case=desk.case, section="honors", record=key, data=made.picture(), name="证书.jpg", by=desk.lin)
    place = desk.section("honors", "records", key, "remove")
    for page in (desk.own.get(place), desk.own.get(place, headers=PARTIAL)):
        assert "删除后不能恢复。 它的 1 个附件" in words_of(page)
    assert titles(desk) == ["甲"]
    stale = desk.own.post(place, {"seen": "0"})
    assert stale.status_code == 409
    assert "这个栏目刚从别处改过，请核对后再删除。" in words_of(stale)
    page = desk.own.post(place, {"seen": "1", "files": "delete"}, follow=True)
    assert "已删除这条记录。" in words_of(page)
    assert titles(desk) == []
    assert not Attachment.objects.exists()
    assert desk.own.post(place, {"seen": "2"}).status_code == 404


def test_unsaved_record_is_told_before_handing_in(desk: Desk):
    actions.keep_draft(case=desk.case, section="honors", record="", typed={"title": "甲"}, by=desk.lin)
    for place in (desk.at(), desk.at("preview")):
        page = desk.own.get(place)
        assert "「荣誉奖项」有一条没有保存的内容" in words_of(page)
        assert desk.section(*NEW) in text_of(page)


@pytest.mark.parametrize("record", ["zzzzzzzz", "NEW", "a-b"])
def test_forged_records_are_not_found(desk: Desk, record: str):
    desk.add()
    assert desk.own.get(desk.section("honors", "records", record)).status_code == 404
    assert desk.own.get(desk.section("honors", "records", record, "remove")).status_code == 404
    assert desk.own.post(desk.section("honors", "records", record, "remove"), {"seen": "1"}).status_code == 404


def test_stranger_neither_reads_nor_writes_a_record(desk: Desk):
    key = desk.add()
    for client in (desk.other, desk.stranger, desk.unit):
        assert client.get(desk.section("honors", "records", key)).status_code == 404
        assert client.post(desk.section(*NEW), honor(desk)).status_code == 404
    assert len(titles(desk)) == 1


def test_a_deleted_records_files_are_asked_about_kept_and_hung_elsewhere(desk: Desk):
    first, second = desk.add(), desk.add("第二项")
    place = {"case": desk.case, "section": "honors", "record": first, "by": desk.lin}
    row = actions.attach(**place, data=made.picture(), name="证书.jpg")
    remove = desk.section("honors", "records", first, "remove")
    asked = squeezed(desk.own.get(remove))
    assert "它的1个附件" in asked
    assert "留在「未归属材料」，以后可以移到其他项" in asked

    said = desk.own.post(remove, {"seen": str(desk.version("honors")), "files": "keep"}, follow=True)
    assert "它的1个附件在附件栏目的「未归属材料」里。" in squeezed(said)
    page = desk.own.get(desk.at("evidence"))
    assert "未归属材料1个" in squeezed(page)
    assert "原属「荣誉奖项」" in squeezed(page)
    assert "另有1个「未归属材料」，不会随申报上报。" in squeezed(desk.own.get(desk.at("preview")))

    act = desk.at("attachments", str(row.pk), "act")
    answer = desk.own.post(act, {"act": "place", "to": f"honors/{second}"})
    assert answer.headers["Location"] == f"{desk.at('evidence')}#slot-honors-{second}"
    assert "未归属材料" not in squeezed(desk.own.get(desk.at("evidence")))
    assert desk.own.post(act, {"act": "place", "to": "honors/nobody"}).status_code == 404
