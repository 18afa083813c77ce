"""「采集授权」: query, 「开通网上采集功能」, 「设置采集管理员」."""

import pytest

from bole.organizations import queries
from bole.organizations.models import Appointment, Unit
from bole.organizations.terms import Role
from tests.factories.organizations import NUMBERS, SPARE_NUMBERS, UNKNOWN_NUMBER
from tests.web.staff.seats import Staff, as_person, page_of, words_of

PLACE = "/ningxia/authority/"


def unit_address(unit: Unit) -> str:
    return f"{PLACE}units/{unit.pk}/"


def person(number: str, name: str, **more: str) -> dict[str, str]:
    return {"kind": "resident", "number": number, "name": name, **more}


def test_query_finds_a_unit_by_its_code(staff: Staff):
    hospital = staff.world.ground.hospital
    page = words_of(staff.operator.get(PLACE, {"credit_code": hospital.credit_code}))

    assert "经办用户管理平台" in page
    assert "单位编号单位名称" in page
    assert "兴庆区人民医院" in page


@pytest.mark.parametrize(
    ("typed", "status", "say"),
    [
        ({"ask": "1"}, 422, "请至少填写单位医保编号、组织机构代码、社会统一信用代码中的一项"),
        ({"credit_code": "12640100"}, 422, ""),
        ({"insurance_number": "999"}, 200, "没有找到单位"),
    ],
)
def test_query_says_what_is_wrong_and_keeps_it(staff: Staff, typed: dict[str, str], status: int, say: str):
    page = staff.operator.get(PLACE, typed)

    assert page.status_code == status
    assert say in words_of(page)
    for text in typed.values():
        assert text == "1" or f'value="{text}"' in page_of(page)


def test_unit_on_other_ground_is_not_found(staff: Staff):
    bureau = staff.world.ground.dawukou
    assert staff.operator.get(unit_address(bureau)).status_code == 404
    assert staff.operator.post(PLACE + "enable/", {"unit": str(bureau.pk)}).status_code == 404


def test_collection_is_opened_once_and_told(staff: Staff):
    unit = staff.world.ground.education
    first = staff.operator.post(PLACE + "enable/", {"unit": str(unit.pk)}, follow=True)
    opened = queries.unit(unit.pk).collection_enabled_at
    second = staff.operator.post(PLACE + "enable/", {"unit": str(unit.pk)}, follow=True)

    assert "开通成功" in words_of(first)
    assert "此前已经开通" in words_of(second)
    assert opened is not None
    assert queries.unit(unit.pk).collection_enabled_at == opened


def test_a_unit_must_be_chosen(staff: Staff):
    for place in ("enable/", "choose/"):
        page = staff.operator.post(PLACE + place)
        assert page.status_code == 403
        assert "请先在查询结果中选择单位" in words_of(page)


def test_chosen_unit_leads_to_its_page(staff: Staff):
    unit = staff.world.ground.school
    answer = staff.operator.post(PLACE + "choose/", {"unit": str(unit.pk)})
    assert answer.headers["Location"] == unit_address(unit)


def test_unit_that_is_not_open_is_opened_from_its_own_page(staff: Staff):
    unit = staff.world.ground.education
    page = staff.operator.get(unit_address(unit))
    assert "该单位还没有开通网上采集功能" in words_of(page)

    answer = staff.operator.post(PLACE + "enable/", {"unit": str(unit.pk), "back": "appointment"})
    assert answer.headers["Location"] == unit_address(unit)


def test_query_of_a_person_says_nothing_about_being_registered(staff: Staff):
    place = unit_address(staff.world.ground.school)
    known = words_of(staff.operator.post(place, person(NUMBERS["林致远"], "林致远", ask="1")))
    unknown = words_of(staff.operator.post(place, person(UNKNOWN_NUMBER, "林致远", ask="1")))

    assert "林*远6401**********0050" in known
    assert known.replace("6401**********0050", "") == unknown.replace("1101**********002X", "")
    assert not Appointment.objects.filter(accepted_at=None).exists()


def test_appointment_is_offered_and_told(staff: Staff):
    school = staff.world.ground.school
    done = staff.operator.post(unit_address(school), person(NUMBERS["林致远"], "林致远", appoint="1"), follow=True)

    assert "设置成功" in words_of(done)
    assert "林*远 6401**********0050 待本人接受" in words_of(done).replace("0050待", "0050 待")
    found = queries.invitations_for(login=NUMBERS["林致远"], name="林致远")
    assert [(offer.unit, offer.role) for offer in found] == [(school.pk, Role.COLLECTION_ADMINISTRATOR)]


def test_pressed_twice_one_offer_waits(staff: Staff):
    place = unit_address(staff.world.ground.school)
    for _ in range(2):
        assert staff.operator.post(place, person(NUMBERS["林致远"], "林致远", appoint="1")).status_code == 302
    assert Appointment.objects.filter(accepted_at=None, ended_at=None).count() == 1


def test_bad_number_and_missing_name_are_told_together(staff: Staff):
    page = staff.operator.post(unit_address(staff.world.ground.school), person("6401", "", appoint="1"))

    assert page.status_code == 422
    assert "请填写与证件一致的姓名" in words_of(page)
    assert 'value="6401"' in page_of(page)
    assert not Appointment.objects.filter(accepted_at=None).exists()


def test_unknown_kind_of_document_is_a_fault_and_no_failure(staff: Staff):
    page = staff.operator.post(unit_address(staff.world.ground.school), person(SPARE_NUMBERS[0], "某人", kind="moon"))
    assert page.status_code == 422


def test_nobody_appoints_oneself(staff: Staff):
    page = staff.operator.post(
        unit_address(staff.world.ground.school), person(NUMBERS["马经办"], "马经办", appoint="1")
    )
    assert page.status_code == 403
    assert "不能把自己设置为采集管理员" in words_of(page)


def test_role_is_ended_with_a_reason_only(staff: Staff):
    school = staff.world.ground.school
    held = Appointment.objects.get(unit=school)
    place = f"{unit_address(school)}{held.pk}/end/"

    assert staff.operator.post(place, {"reason": " "}).status_code == 422
    assert "授权已解除" in words_of(staff.operator.post(place, {"reason": "调离"}, follow=True))
    assert not queries.holds(staff.world.cast.zhou.pk, school.pk, Role.COLLECTION_ADMINISTRATOR)


def test_appointment_of_another_unit_is_not_ended_here(staff: Staff):
    other = Appointment.objects.get(unit=staff.world.ground.hospital)
    place = f"{unit_address(staff.world.ground.school)}{other.pk}/end/"
    assert staff.operator.post(place, {"reason": "调离"}).status_code == 404


def test_only_operators_authorize(staff: Staff):
    for browser in (staff.clerk, staff.county, as_person(staff.world.lin)):
        assert browser.get(PLACE).status_code == 403
        assert browser.get(unit_address(staff.world.ground.school)).status_code == 403
