"""「调整办理部门」: shown first, moved only on confirmation, told row by row; the applicant does nothing (JL-11)."""

import pytest

from bole.cases.models import Case
from bole.organizations.models import Unit
from bole.organizations.terms import Role
from bole.review import actions as review
from tests.factories import cases as made
from tests.factories.browsers import as_administrator
from tests.factories.organizations import SPARE_NUMBERS, give_role, make_account
from tests.factories.people import as_self
from tests.web.staff.seats import Staff, as_person, page_of, words_of

PLAN = "/ningxia/unit/reroute/"
PROFILE = "/ningxia/unit/profile/"


@pytest.fixture
def at_county(staff: Staff) -> Case:
    """Lin's case at 兴庆区; somebody reviews at 金凤区 as well."""
    give_role(staff.world.ground.jinfeng, Role.REVIEWER, make_account("金凤审核", SPARE_NUMBERS[1]))
    return made.approve(made.submitted_case(staff.world.lin, as_self(staff.world.lin)), staff.zhou)


def correct(staff: Staff) -> None:
    Unit.objects.filter(pk=staff.world.ground.school.pk).update(region="640106")


def chosen(case: Case) -> str:
    return f"{case.number}:{case.revision}"


def test_correcting_the_region_leads_to_the_plan(staff: Staff, at_county: Case):
    unit = Unit.objects.get(pk=staff.world.ground.school.pk)
    education = staff.world.ground.education.name
    typed = {
        "address": unit.address, "leader": unit.leader, "leader_phone": "13800000001", "unit_type": unit.unit_type,
        "affiliation": unit.affiliation, "economic_type": unit.economic_type, "industry": unit.industry,
        "region": "640106", "administrative_superior": education, "industry_superior": education,
        "seen": unit.revision,
    }  # fmt: skip

    saved = staff.clerk.post(PROFILE, typed)

    assert saved.headers["Location"] == PLAN
    assert made.fresh(at_county).seat_unit == staff.world.ground.xingqing


def test_plan_shows_desks_before_and_after_and_moves_nothing(staff: Staff, at_county: Case):
    correct(staff)
    page = staff.clerk.get(PLAN)

    words = words_of(page)
    for said in ("林致远", at_county.number, "银川市兴庆区人力资源和社会保障局", "银川市金凤区人力资源和社会保障局",
                 "可以调整 1 件", "填写的内容、意见和日期不变"):  # fmt: skip
        assert said in words
    assert chosen(at_county) in page_of(page)
    assert made.fresh(at_county).seat_unit == staff.world.ground.xingqing


def test_confirmed_lines_move_and_are_told(staff: Staff, at_county: Case):
    correct(staff)

    done = staff.clerk.post(PLAN, {"case": [chosen(at_county)], "confirm": "1"})

    assert "已从「银川市兴庆区人力资源和社会保障局」调整到「银川市金凤区人力资源和社会保障局」" in words_of(done)
    assert made.fresh(at_county).seat_unit == staff.world.ground.jinfeng
    assert "没有需要调整的申报" in words_of(staff.clerk.get(PLAN))
    again = staff.clerk.post(PLAN, {"case": [chosen(at_county)], "confirm": "1"})
    assert "没有办理 1 件" in words_of(again)
    history = words_of(as_person(staff.world.lin).get(f"/ningxia/cases/{at_county.number}/"))
    assert "调整办理部门：银川市兴庆区人力资源和社会保障局 → 银川市金凤区人力资源和社会保障局" in history


def test_begun_line_cannot_be_ticked_nor_forged(staff: Staff, at_county: Case):
    correct(staff)
    review.begin(case=at_county, by=staff.chen)

    page = staff.clerk.get(PLAN)
    assert "已经开始办理，由该部门办完" in words_of(page)
    assert 'name="case"' not in page_of(page)
    forged = staff.clerk.post(PLAN, {"case": [chosen(at_county)], "confirm": "1"})
    assert "已经开始办理" in words_of(forged)
    assert made.fresh(at_county).seat_unit == staff.world.ground.xingqing


def test_nothing_ticked_says_so(staff: Staff, at_county: Case):
    correct(staff)
    page = staff.clerk.post(PLAN, {"confirm": "1"})

    assert page.status_code == 422
    assert "请先勾选要调整的申报" in words_of(page)


def test_only_who_administers_the_unit_comes_in(staff: Staff, at_county: Case):
    head = make_account("校管理员", SPARE_NUMBERS[2])
    give_role(staff.world.ground.school, Role.ADMINISTRATOR, head)
    correct(staff)

    assert as_administrator(head, staff.world.ground.school).get(PLAN).status_code == 200
    for browser in (staff.county, staff.operator, as_person(staff.world.lin)):
        assert browser.get(PLAN).status_code == 403
    assert "没有需要调整的申报" in words_of(staff.hospital.get(PLAN))


def test_person_may_still_take_back_what_nobody_began(staff: Staff):
    me = as_self(staff.world.lin)
    case = made.submitted_case(staff.world.lin, me)
    correct(staff)
    review.reroute(case=case, seen=case.revision, by=staff.zhou)

    assert f"/ningxia/cases/{case.number}/withdraw/" in page_of(
        as_person(staff.world.lin).get(f"/ningxia/cases/{case.number}/")
    )
