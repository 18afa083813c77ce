"""Marks on sections, records and fields; what the result follows from; the draft of a decision; late faults."""

import pytest

from bole.cases import queries as cases
from bole.cases.models import Case
from bole.cases.terms import Status
from bole.organizations.terms import Role
from bole.review import actions as review
from bole.review import queries
from bole.review.models import DecisionDraft, Movement
from bole.review.terms import Faulty
from tests.factories import cases as made
from tests.factories.organizations import as_unit, give_role, make_account
from tests.factories.people import as_self
from tests.web.filling import JSON
from tests.web.staff.seats import Staff, page_of, words_of


def address(case: Case, *more: str) -> str:
    return "/".join(["/ningxia/work", case.number, *more]) + "/"


def decision(case: Case, verdict: str, **more: object) -> dict[str, object]:
    return {"seen": case.revision, "step": case.step, "verdict": verdict, "opinion": "请修改", **more}


def record_of(case: Case, section: str = "work") -> str:
    typed = cases.typed_answers(case)[section]
    assert isinstance(typed, list)
    return str(typed[0]["id"])


@pytest.fixture
def at_county(staff: Staff) -> Case:
    return made.approve(made.submitted_case(staff.world.lin, as_self(staff.world.lin)), staff.zhou)


def test_marked_records_and_fields_are_all_that_opens(staff: Staff, at_county: Case):
    record = record_of(at_county)
    marks = {"at": ["basic.phone", f"work[{record}].employer"], f"say-work[{record}].employer": "单位写全称"}

    staff.county.post(address(at_county), decision(at_county, "send_back", faulty=["basic", "work"], **marks))

    case = made.fresh(at_county)
    assert case.status == Status.RETURNED
    assert case.open_sections == ["basic.phone", f"work[{record}].employer"]
    assert case.faults[1] == {"section": "work", "record": record, "field": "employer", "say": "单位写全称"}


def test_section_marked_as_a_whole_opens_whole_beside_its_marks(staff: Staff, at_county: Case):
    record = record_of(at_county)
    marks = {"at": [f"work[{record}]"], "mark-work": "是", "say-work": "请按证明重填"}
    staff.county.post(address(at_county), decision(at_county, "send_back", **marks))
    assert "work" in made.fresh(at_county).open_sections


def test_marks_come_back_as_they_were_when_something_is_missing(staff: Staff, at_county: Case):
    record = record_of(at_county)
    marks = {"at": [f"work[{record}].employer"], f"say-work[{record}].employer": "单位写全称", "resume": "1"}
    page = staff.county.post(address(at_county), {**decision(at_county, "send_back", **marks), "opinion": ""})

    html = page_of(page)
    assert page.status_code == 422
    assert f'value="work[{record}].employer" id="at-work[{record}].employer" data-at checked' in html
    assert "单位写全称" in html
    assert 'name="resume" value="1" checked' in html
    assert 'name="mark-work" value="部分" checked' in html


def test_result_follows_from_the_marks_and_is_pressed_once_more(staff: Staff, at_county: Case):
    page = staff.county.post(address(at_county), decision(at_county, "", at=["basic.phone"]))
    assert page.status_code == 422
    assert "已按您的标记选好「退回修改」" in words_of(page)
    assert 'value="send_back" id="v-back" data-verdict="退回修改" required checked' in page_of(page)

    right = {f"mark-{section.section}": "否" for section in made.published().sections}
    page = staff.county.post(address(at_county), decision(at_county, "", **right))
    assert "已按您的标记选好「审核通过」" in words_of(page)
    assert made.fresh(at_county).step == "county"


def test_approval_against_the_marks_says_why_not(staff: Staff, at_county: Case):
    page = staff.county.post(address(at_county), decision(at_county, "approve", at=["basic.phone"]))
    assert page.status_code == 403
    assert "已标出 1 处有误，不能选「审核通过」：请选「退回修改」，或取消标记。" in words_of(page)


def test_part_without_a_mark_is_asked_about(staff: Staff, at_county: Case):
    page = staff.county.post(address(at_county), decision(at_county, "send_back", **{"mark-work": "部分"}))
    assert page.status_code == 422
    assert "「工作经历」选了「部分」，请在其中标出有误的记录或栏目" in words_of(page)


def test_resubmission_comes_straight_back_where_the_reviewer_said(staff: Staff, at_county: Case):
    staff.county.post(address(at_county), decision(at_county, "send_back", faulty=["supplement"], resume="1"))
    case = made.fresh(at_county)
    review.submit_case(case=case, seen=case.revision, by=as_self(staff.world.lin))
    assert made.fresh(case).step == "county"


def test_old_fault_returned_again_asks_for_a_reason_and_keeps_the_marks(staff: Staff, at_county: Case):
    staff.county.post(address(at_county), decision(at_county, "send_back", faulty=["supplement"], resume="1"))
    case = made.fresh(at_county)
    review.submit_case(case=case, seen=case.revision, by=as_self(staff.world.lin))
    case = made.fresh(case)
    assert "再次退回的原因" not in words_of(staff.county.get(address(case)))

    again = decision(case, "send_back", at=["basic.phone"], **{"say-basic.phone": "号码已停机"})
    page = staff.county.post(address(case), again)
    assert page.status_code == 422
    assert "再次退回的原因" in words_of(page)
    assert "号码已停机" in page_of(page)
    assert made.fresh(case).status == Status.IN_REVIEW

    staff.county.post(address(case), {**again, "late_reason": "上次遗漏"})
    row = Movement.objects.filter(case=case).order_by("-revision")[0]
    assert (row.late, row.late_reason) == (1, "上次遗漏")


def test_draft_is_kept_while_typing_and_restored_for_its_typist_alone(staff: Staff, at_county: Case):
    typed = decision(at_county, "send_back", at=["basic.phone"], **{"say-basic.phone": "号码已停机"})
    kept = staff.county.post(address(at_county, "draft"), {**typed, "opinion": "写到一半"}, headers=JSON)
    assert kept.status_code == 200

    page = staff.county.get(address(at_county))
    assert "没有提交的审核内容" in words_of(page)
    assert "写到一半" in page_of(page)
    assert "号码已停机" in page_of(page)
    assert 'value="basic.phone" id="at-basic.phone" data-at checked' in page_of(page)
    assert queries.draft_of(at_county, as_unit(staff.ding, staff.world.ground.yinchuan)) is None

    staff.county.post(address(at_county, "draft"), {"drop": "1"})
    assert "写到一半" not in page_of(staff.county.get(address(at_county)))


def test_draft_of_a_case_that_moved_is_shown_and_not_applied(staff: Staff, at_county: Case):
    typed = decision(at_county, "send_back", at=["basic.phone"], **{"say-basic.phone": "号码已停机"})
    staff.county.post(address(at_county, "draft"), {**typed, "opinion": "写到一半"}, headers=JSON)
    case = made.approve(at_county, staff.chen)  # decided in another window: that drops the draft
    assert not DecisionDraft.objects.filter(case=case).exists()

    staff.county.post(address(case, "draft"), {**typed, "opinion": "写到一半"}, headers=JSON)  # the first window again
    page = staff.county.get(address(case))
    words = words_of(page)
    assert "这份申报现在不由您办理，内容留在这里供您查看" in words
    assert "写到一半" in words
    assert "联系电话：号码已停机" in words
    assert 'name="at"' not in page_of(page)


def test_changed_records_and_new_files_are_marked_for_who_decided_before(staff: Staff, at_county: Case):
    me = as_self(staff.world.lin)
    case = made.send_back(at_county, staff.chen, "honors")
    record = made.sample_record(made.published().by_code["honors"])
    seen = cases.form_of(case).sections["honors"].version
    made.actions.save_record(case=case, section="honors", record="", typed=record, seen=seen, by=me)
    made.prove(made.fresh(case), me)
    case = made.fresh(case)
    review.submit_case(case=case, seen=case.revision, by=me)
    case = made.approve(case, staff.zhou)

    html = page_of(staff.county.get(address(case)))
    assert html.count('<span class="tag tag--qing">新增</span>') == 1
    assert "上次审核后新传" in html
    assert html.count('<span class="tag tag--qing">有修改</span>') == 1  # in the rail, for the section


def test_history_tells_working_days_and_what_comes_next(staff: Staff, at_county: Case):
    words = words_of(staff.county.get(address(at_county)))
    history = words[words.index("审核进度") :]
    assert "市人社部门审核" in history
    assert "一般 10 个工作日" in history or "个工作日" in history
    assert "用时 0 个工作日" in history
    assert "收到，已 0 个工作日" in history


def test_marks_of_a_return_are_named_to_the_next_reader(staff: Staff, at_county: Case):
    record = record_of(at_county)
    review.decide(
        case=at_county, step="county", seen=at_county.revision, verdict=made.Verdict.SEND_BACK, opinion="请修改",
        faulty=(Faulty("work", "单位写全称", record, "employer"),), resume=True, by=staff.chen,
    )  # fmt: skip
    case = made.fresh(at_county)
    review.submit_case(case=case, seen=case.revision, by=as_self(staff.world.lin))
    words = words_of(staff.county.get(address(made.fresh(case))))
    assert "上次退回：" in words
    assert "工作单位：单位写全称" in words


def test_case_that_a_colleague_claimed_can_be_taken_over_from_the_page(staff: Staff, at_county: Case):
    second = make_account("段审核", "640104199001010018")
    give_role(staff.world.ground.xingqing, Role.REVIEWER, second)
    review.claim(case=at_county, by=as_unit(second, staff.world.ground.xingqing))

    page = staff.county.get(address(at_county))
    assert "这份申报已由段审核领取" in words_of(page)
    assert 'id="decide"' not in page_of(page)

    done = staff.county.post(address(at_county, "claim"), {"take": "1", "back": "case"})
    assert done.headers["Location"] == address(at_county)
    assert 'id="decide"' in page_of(staff.county.get(address(at_county)))
