"""The unit's home, 「单位信息」 and 「立即申报」."""

from io import BytesIO

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from python_calamine import CalamineWorkbook

from bole.audit import queries as ledger
from bole.cases.models import Case
from bole.cases.terms import Status
from bole.definitions.terms import Verdict
from bole.organizations import actions as organizations
from bole.organizations import queries as units
from bole.organizations.terms import Role
from bole.review import actions as review
from bole.review.terms import Faulty
from tests.factories import cases as made
from tests.factories.organizations import SETUP, SPARE_NUMBERS, UNKNOWN_NUMBER, give_role
from tests.factories.people import as_self, register, roster_person
from tests.web.staff.seats import Staff, as_person, at_unit, page_of, words_of

HOME = "/ningxia/unit/"
PROFILE = "/ningxia/unit/profile/"
NEW = "/ningxia/unit/new/"
LIST_QUERIES = 18


def profile(staff: Staff, **changed: str) -> dict[str, str]:
    """What the form of the school posts when nothing is changed."""
    unit = units.unit(staff.world.ground.school.pk)
    return {
        "seen": str(unit.revision), "address": unit.address, "leader": unit.leader, "leader_phone": "13800000001",
        "unit_type": unit.unit_type, "affiliation": unit.affiliation, "economic_type": unit.economic_type,
        "industry": "教育", "administrative_superior": "兴庆区教育局", "industry_superior": "兴庆区教育局",
        "region": unit.region, **changed,
    }  # fmt: skip


def submitted(staff: Staff, name: str = "林致远", number: str = "") -> Case:
    person = register(name, number=number, unit=staff.world.ground.school) if number else staff.world.lin
    return made.submitted_case(person, as_self(person))


def test_first_visit_asks_who_the_unit_is(staff: Staff):
    hospital = staff.hospital

    assert hospital.get(HOME).headers["Location"] == PROFILE
    words = words_of(hospital.get(PROFILE))
    for label in (
        "单位名称", "组织机构代码", "单位地址", "负责人", "负责人手机号", "单位类型", "隶属关系", "经济类型",
        "所属行业", "行政主管", "行业主管", "所属地区", "保存", "重置",
    ):  # fmt: skip
        assert label in words
    assert "0人待审核" in words


def test_unit_describes_itself_and_superiors_are_found_by_their_name(staff: Staff):
    done = staff.clerk.post(PROFILE, profile(staff, address="解放西街2号", industry="卫生"), follow=True)

    assert "单位信息已保存" in words_of(done)
    unit = units.unit(staff.world.ground.school.pk)
    assert (unit.address, unit.industry) == ("解放西街2号", "84")
    assert unit.administrative_superior_id == staff.world.ground.education.pk


def test_faults_are_told_at_once_and_nothing_typed_is_lost(staff: Staff):
    typed = profile(staff, leader_phone="12345", leader="新校长", administrative_superior="银川", region="")
    page = staff.clerk.post(PROFILE, typed)

    words = words_of(page)
    assert page.status_code == 422
    assert "负责人手机号应为 11 位手机号码" in words
    assert "行政主管：请从下面的搜索结果中选择" in words
    assert "请选择所属地区" in words
    assert 'value="新校长"' in page_of(page)
    assert "银川市人力资源和社会保障局" in words


def test_without_script_a_superior_is_looked_up_and_picked(staff: Staff):
    looked = staff.clerk.post(PROFILE, profile(staff, industry_superior="yinchuan", look="industry_superior"))
    assert looked.status_code == 200
    assert "银川市人力资源和社会保障局" in words_of(looked)

    picked = str(staff.world.ground.yinchuan.pk)
    staff.clerk.post(PROFILE, profile(staff, industry_superior="yinchuan", industry_superior_pick=picked))
    assert units.unit(staff.world.ground.school.pk).industry_superior_id == staff.world.ground.yinchuan.pk


def test_stale_form_is_told_and_keeps_what_was_typed(staff: Staff):
    late = profile(staff, address="旧页面填的地址")
    staff.clerk.post(PROFILE, profile(staff, address="先保存的地址"))

    page = staff.clerk.post(PROFILE, late)

    assert page.status_code == 409
    assert "旧页面填的地址" in page_of(page)
    assert units.unit(staff.world.ground.school.pk).address == "先保存的地址"


def test_search_while_typing_leaves_out_the_own_unit(staff: Staff):
    found = staff.clerk.get(PROFILE + "superiors/", {"q": "xq"}, headers={"Accept": "application/json"}).json()

    names = [entry["name"] for entry in found["entries"]]
    assert "兴庆区教育局" in names
    assert "兴庆区第一中学" not in names
    assert staff.county.get(PROFILE + "superiors/", {"q": "xq"}).status_code == 403


def test_route_follows_the_region_that_is_being_chosen(staff: Staff):
    county = words_of(staff.clerk.get(PROFILE + "route/", {"region": "640202"}))
    assert "石嘴山市大武口区人力资源和社会保障局" in county
    direct = words_of(staff.clerk.get(PROFILE + "route/", {"region": "640000"}))
    assert "自治区人社厅审核" in direct
    assert "县（区）人社部门审核" not in direct
    assert "人力资源" not in words_of(staff.clerk.get(PROFILE + "route/", {"region": "110101"}))


def test_home_counts_and_lists_by_state(staff: Staff):
    case = submitted(staff)
    made.open_case(register("马学礼", number=SPARE_NUMBERS[1], unit=staff.world.ground.school), staff.zhou)

    words = words_of(staff.clerk.get(HOME))
    assert "0人待审核0人审核不通过0人审核通过" in words
    for tab, count in (("未上报", 1), ("待单位确认", 1), ("待审核", 0), ("审核不通过", 0), ("审核通过", 0)):
        assert f"{tab}{count}" in words
    assert "林致远6401**********0050" in words
    assert "马学礼" not in words
    assert "马学礼" in words_of(staff.clerk.get(HOME, {"tab": "unsent"}))

    made.send_back(made.approve(case, staff.zhou), staff.chen, "work", opinion="培训证明缺公章")
    failed = words_of(staff.clerk.get(HOME, {"tab": "failed"}))
    assert "0人待审核1人审核不通过" in failed
    assert "培训证明缺公章" in failed


@pytest.mark.parametrize("who", ["林致远", "lzy", "linzhiyuan", "640104199001010050", "CJ"])
def test_search_finds_by_name_pinyin_and_number_and_keeps_them_out_of_the_address(staff: Staff, who: str):
    case = submitted(staff)
    submitted(staff, "马学礼", SPARE_NUMBERS[1])
    word = case.number if who == "CJ" else who

    answer = staff.clerk.post(HOME, {"who": word})

    assert answer.status_code == 302
    assert word not in answer.headers["Location"]
    words = words_of(staff.clerk.get(answer.headers["Location"]))
    assert "林致远" in words
    assert "马学礼" not in words
    assert "640104199001010050" not in words


def test_filters_of_another_account_or_changed_ones_are_none(staff: Staff):
    submitted(staff)
    address = staff.clerk.post(HOME, {"who": "马学礼"}).headers["Location"]
    assert "没有符合条件的人" in words_of(staff.clerk.get(address))

    second = at_unit(staff.ding, staff.world.ground.school)
    give_role(staff.world.ground.school, Role.COLLECTION_ADMINISTRATOR, staff.ding)
    assert "林致远" in words_of(second.get(address))
    assert "林致远" in words_of(staff.clerk.get(address[:-3] + "xyz"))


def test_category_narrows_the_list(staff: Staff):
    submitted(staff)
    for code, expected in (("3", True), ("4", False)):
        address = staff.clerk.post(HOME, {"category": code}).headers["Location"]
        assert ("林致远" in words_of(staff.clerk.get(address))) is expected


def test_list_costs_the_same_with_one_and_with_three_rows(staff: Staff):
    submitted(staff)
    browser = staff.clerk
    browser.get(HOME)
    with CaptureQueriesContext(connection) as one:
        browser.get(HOME)
    for name, number in zip(("马学礼", "王建国"), SPARE_NUMBERS[1:3], strict=True):
        submitted(staff, name, number)
    with CaptureQueriesContext(connection) as three:
        page = browser.get(HOME)

    assert "待单位确认 3 人" in words_of(page)
    assert (len(one), len(three)) == (LIST_QUERIES, LIST_QUERIES)


def test_export_is_masked_and_written_down(staff: Staff):
    case = submitted(staff)
    file = staff.clerk.post(HOME + "export/")

    rows = CalamineWorkbook.from_filelike(BytesIO(file.content)).get_sheet_by_index(0).to_python()
    assert rows[1][:3] == [case.number, "林致远", "6401**********0050"]
    entry = ledger.about("list", "unit/confirming").get()
    assert (entry.action, entry.detail["rows"]) == ("review.list.exported", 1)
    assert staff.clerk.get(HOME + "export/").status_code == 405


def test_tied_person_is_opened_for_and_a_second_press_finds_the_same_case(staff: Staff):
    roster_person("马学礼", SPARE_NUMBERS[1], staff.world.ground.school)
    typed = {"kind": "resident", "number": SPARE_NUMBERS[1]}

    first, second = staff.clerk.post(NEW, typed), staff.clerk.post(NEW, typed)

    case = Case.objects.get()
    assert (case.opener, case.status) == ("unit", Status.DRAFT)
    assert first.headers["Location"] == second.headers["Location"] == f"/ningxia/cases/{case.number}/"


def test_unknown_and_untied_numbers_get_one_and_the_same_answer(staff: Staff):
    answers = [
        staff.clerk.post(NEW, {"kind": "resident", "number": number})
        for number in (UNKNOWN_NUMBER, "640104199001010034")  # nobody; Sun of the hospital
    ]
    told = [words_of(answer).split("不能申报", 1)[1].split("证件类型", 1)[0] for answer in answers]

    assert [answer.status_code for answer in answers] == [403, 403]
    assert told[0] == told[1]
    assert "该证件号码没有登记在本单位" in told[0]
    assert not Case.objects.exists()


def test_impossible_number_is_told_at_its_field(staff: Staff):
    page = staff.clerk.post(NEW, {"kind": "resident", "number": "640104199001010051"})

    assert page.status_code == 422
    assert 'value="640104199001010051"' in page_of(page)
    assert not Case.objects.exists()


def test_own_declaration_under_way_is_opened_to_read(staff: Staff):
    case = submitted(staff)
    answer = staff.clerk.post(NEW, {"kind": "resident", "number": "640104199001010050"})
    assert answer.headers["Location"] == f"/ningxia/work/{case.number}/"


def test_other_ways_and_roles_stay_out(staff: Staff):
    for browser in (as_person(staff.world.lin), staff.county, staff.operator):
        assert [browser.get(place).status_code for place in (HOME, PROFILE, NEW)] == [403, 403, 403]


def test_ended_appointment_closes_the_pages(staff: Staff):
    browser = staff.clerk
    appointment = staff.world.cast.zhou.appointments.get()
    organizations.end_appointment(appointment=appointment.pk, reason="调离", by=SETUP)

    assert browser.get(HOME).status_code == 403


def test_withdrawn_case_leaves_the_list(staff: Staff):
    case = submitted(staff)
    review.withdraw_case(case=case, seen=case.revision, by=as_self(staff.world.lin))
    assert "没有待单位确认的申报" in words_of(staff.clerk.get(HOME))


def test_what_the_unit_returned_and_is_asked_to_open_further_stands_on_its_home(staff: Staff):
    case, me = submitted(staff), as_self(staff.world.lin)
    review.decide(
        case=case, step=case.step, seen=case.revision, verdict=Verdict.SEND_BACK, opinion="请修改",
        faulty=(Faulty("basic"),), by=staff.zhou,
    )  # fmt: skip
    assert "等待答复" not in words_of(staff.clerk.get(HOME))
    review.ask_opening(case=made.fresh(case), sections=["education"], reason="漏报", by=me)

    page = page_of(staff.clerk.get(HOME))
    assert "申请开放其他模块，等待答复" in page
    assert f'href="/ningxia/work/{case.number}/">答复' in page
    assert "等待答复" not in words_of(staff.hospital.get(HOME, follow=True))
    review.answer_opening(case=made.fresh(case), granted=True, say="", by=staff.zhou)
    assert "等待答复" not in words_of(staff.clerk.get(HOME))
