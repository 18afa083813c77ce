"""Marks on pages of files: put with or without a script, drawn for both sides, and what becomes of them."""

import pytest
from django.test import Client

from bole.cases import actions as cases
from bole.cases import queries as case_queries
from bole.cases.models import Attachment, Case
from bole.cases.terms import Status
from bole.review import actions as review
from bole.review import queries
from bole.review.terms import Faulty
from tests.factories import cases as made
from tests.factories.people import as_self
from tests.web.filling import JSON
from tests.web.staff.seats import Staff, as_person, page_of, words_of
from tests.web.staff.test_review_marks import address, at_county, decision

__all__ = ["at_county"]
BOX = "0.1,0.2,0.3,0.1"


def file_of(case: Case, section: str = "education") -> Attachment:
    row = case_queries.attachments_of(case).filter(section=section).first()
    assert row is not None
    return row


def spot(row: Attachment, box: str = BOX) -> str:
    return f"{row.section}[{row.record}]@{row.pk}/1" + (f"/{box}" if box else "")


def paper(case: Case, row: Attachment, *more: str) -> str:
    return address(case, "papers", str(row.pk), *more)


def own(case: Case, *more: str) -> str:
    return "/".join([f"/ningxia/cases/{case.number}", *more]) + "/"


@pytest.fixture
def lin(staff: Staff) -> Client:
    return as_person(staff.world.lin)


def returned(staff: Staff, case: Case, *spots: str, say: str = "公章看不清") -> Case:
    marks = {"spot": spots, **{f"say-{each}": say for each in spots}}
    assert staff.county.post(address(case), decision(case, "send_back", **marks)).status_code == 302
    return made.fresh(case)


def test_a_spot_is_marked_drawn_and_told_to_the_applicant_at_its_file(staff: Staff, lin: Client, at_county: Case):
    row = file_of(at_county)
    case = returned(staff, at_county, spot(row))
    assert case.status == Status.RETURNED
    assert case.open_sections == [f"education[{row.record}].@files"]
    assert case.faults == [
        {"section": "education", "record": row.record, "field": "", "say": "公章看不清",
         "file": str(row.pk), "page": 1, "box": [0.1, 0.2, 0.3, 0.1]}
    ]  # fmt: skip

    told = own(case, "attachments", str(row.pk), "marks")
    assert f'href="{told}"' in page_of(lin.get(own(case)))
    assert "附件第 1 页：公章看不清" in words_of(lin.get(own(case)))
    line = page_of(lin.get(own(case, "evidence")))
    assert f'data-told="{row.pk}" data-page="1" data-box="{BOX}" data-say="公章看不清"' in line
    assert line.count("thumb is-marked") == 1
    assert "标出的附件可以更换" in words_of(lin.get(own(case, "sections", "education")))

    page = page_of(lin.get(told))
    assert '<rect class="spots__b" x="10.00%" y="20.00%" width="30.00%" height="10.00%"/>' in page
    assert "替换这个附件" in page
    cases.turn_attachment(case=case, attachment=row.pk, by=as_self(staff.world.lin))
    turned = page_of(lin.get(told))
    assert '<rect class="spots__b" x="70.00%" y="10.00%" width="10.00%" height="30.00%"/>' in turned
    assert lin.get(told + "?page=2").status_code == 404


def test_a_replaced_file_says_so_on_both_sides_and_keeps_its_mark(staff: Staff, lin: Client, at_county: Case):
    row = file_of(at_county)
    case = returned(staff, at_county, spot(row), spot(row, ""))
    before = words_of(staff.county.get(address(case)))
    assert before.count("退回：附件「") == 2
    cases.replace_attachment(
        case=case, attachment=row.pk, data=made.picture(), name="清晰.jpg", by=as_self(staff.world.lin)
    )
    assert "已替换" in words_of(lin.get(own(case, "evidence")))
    assert "替换这个附件" not in page_of(lin.get(own(case, "attachments", str(row.pk), "marks")))
    assert "已替换" not in words_of(staff.county.get(address(case)))  # not handed in yet

    review.submit_case(case=case, seen=case.revision, by=as_self(staff.world.lin))
    case = made.approve(made.fresh(case), staff.zhou)
    words = words_of(staff.county.get(address(case)))
    assert words.count("上次退回：附件「") == 2
    assert words.count("公章看不清 已替换") == 2
    old = page_of(staff.county.get(paper(case, row)))
    assert "已替换或删除的附件" in old
    assert '<rect class="spots__b is-before" x="10.00%"' in old
    assert "spots__b--page is-before" in old
    assert 'name="say"' not in old  # what is gone takes no new marks
    led = lin.get(own(case, "attachments", str(row.pk), "marks"))
    assert led.status_code == 302


def test_without_a_script_a_page_is_marked_with_its_reason_and_decided_with_the_rest(staff: Staff, at_county: Case):
    row = file_of(at_county)
    typed = decision(at_county, "send_back", **{"say-basic.phone": "号码已停机"}, at=["basic.phone"])
    staff.county.post(address(at_county, "draft"), typed, headers=JSON)
    form = page_of(staff.county.get(paper(at_county, row)))
    assert 'name="page" type="number" min="1" max="1"' in form

    bare = staff.county.post(paper(at_county, row, "mark"), {"page": "7", "say": "公章看不清"})
    assert bare.status_code == 422
    assert "这个附件共 1 页" in words_of(bare)
    assert 'value="公章看不清"' in page_of(bare)
    bare = staff.county.post(paper(at_county, row, "mark"), {"page": "1", "say": " "})
    assert "请写明要改什么" in words_of(bare)

    done = staff.county.post(paper(at_county, row, "mark"), {"page": "1", "say": "公章看不清"})
    assert done.headers["Location"] == paper(at_county, row)
    shown = staff.county.get(paper(at_county, row))
    assert "第 1 页 公章看不清" in words_of(shown)
    assert "spots__b--page" in page_of(shown)
    page = page_of(staff.county.get(address(at_county)))
    assert f'value="{spot(row, "")}" id="at-{spot(row, "")}" data-at data-spot="{row.pk}"' in page
    assert "号码已停机" in page  # what was typed before is still there
    assert 'name="mark-education" value="部分" checked' in page

    staff.county.post(paper(at_county, row, "mark"), {"page": "1", "drop": spot(row, "")})
    assert "公章看不清" not in page_of(staff.county.get(address(at_county)))
    staff.county.post(paper(at_county, row, "mark"), {"page": "1", "say": "起止年月不符", "field": "start"})
    draft = queries.draft_of(at_county, staff.chen)
    assert draft is not None
    (text,) = draft.typed["spots"]
    assert text == f"education[{row.record}].start@{row.pk}/1"
    case = returned(staff, at_county, text, say="起止年月不符")
    assert case.open_sections == [f"education[{row.record}].start"]


def test_marks_come_back_as_they_were_when_something_is_missing(staff: Staff, at_county: Case):
    row = file_of(at_county)
    marks = {"spot": [spot(row)], f"say-{spot(row)}": "公章看不清"}
    page = staff.county.post(address(at_county), {**decision(at_county, "send_back", **marks), "opinion": ""})
    html = page_of(page)
    assert page.status_code == 422
    assert f'data-spot="{row.pk}" data-page="1" data-box="{BOX}" checked' in html
    assert "公章看不清" in html
    assert "第 1 页　圈出处" in html


@pytest.mark.parametrize("forged", ["education@x/1", "nothing[a]@{file}/1", "education[zz]@{file}/1/{box}", "@/"])
def test_forged_marks_are_refused(staff: Staff, at_county: Case, forged: str):
    text = forged.format(file=file_of(at_county).pk, box=BOX)
    page = staff.county.post(address(at_county), decision(at_county, "send_back", spot=[text]))
    assert page.status_code == 403
    assert made.fresh(at_county).status == Status.IN_REVIEW


def test_whose_turn_it_is_not_marks_nothing(staff: Staff, at_county: Case):
    row = file_of(at_county)
    answer = staff.clerk.post(paper(at_county, row, "mark"), {"page": "1", "say": "公章看不清"})
    assert answer.status_code == 403
    assert 'name="say"' not in page_of(staff.clerk.get(paper(at_county, row)))
    assert queries.draft_of(at_county, staff.zhou) is None


def test_a_draft_that_does_not_fit_any_more_is_not_written_over(staff: Staff, at_county: Case):
    row = file_of(at_county)
    typed = {**decision(at_county, "send_back"), "opinion": "写到一半"}
    staff.county.post(address(at_county, "draft"), typed, headers=JSON)
    case = made.fresh(at_county)
    review.decide(
        case=case, step="county", seen=case.revision, verdict=made.Verdict.SEND_BACK, opinion="请改",
        faulty=(Faulty("basic"),), resume=True, by=staff.chen,
    )  # fmt: skip
    staff.county.post(address(case, "draft"), typed, headers=JSON)  # the first window again
    case = made.fresh(case)
    review.submit_case(case=case, seen=case.revision, by=as_self(staff.world.lin))

    answer = staff.county.post(paper(case, row, "mark"), {"page": "1", "say": "公章看不清"})
    assert answer.status_code == 403
    assert "请先回到审核页查看" in words_of(answer)
    draft = queries.draft_of(case, staff.chen)
    assert draft is not None
    assert draft.typed["opinion"] == "写到一半"
