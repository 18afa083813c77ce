"""「用户管理」 and 「管理单位管理员」: invitations, grants, their end, leavers, hand-over."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from bole.kernel import clock
from bole.organizations import queries as organizations
from bole.organizations.models import Appointment
from bole.organizations.terms import Role
from tests.factories.administration import Managers, accept, make_managers, page, unit_account
from tests.factories.organizations import UNKNOWN_NUMBER, give_role

SUN = {"name": "孙晓", "number": "640104199001010034"}


@pytest.fixture
def managers(db: None) -> Managers:
    return make_managers()


def held(managers: Managers, role: Role = Role.COLLECTION_ADMINISTRATOR) -> Appointment:
    return Appointment.objects.current().get(unit=managers.ground.school, role=role.value)


def test_the_list_shows_users_and_offers(managers: Managers):
    managers.school.post("/ningxia/staff/new/", {**SUN, "roles": ["reviewer"]})
    html = page(managers.school.get("/ningxia/staff/"))

    assert "周敏" in html
    assert "管理员账号" in html
    assert "采集管理员" in html
    assert "待本人接受" in html
    assert SUN["number"] not in html


def test_somebody_is_invited_with_several_roles_at_once(managers: Managers):
    answer = managers.school.post("/ningxia/staff/new/", {**SUN, "roles": ["reviewer", "registrar"]}, follow=True)

    offers = Appointment.objects.waiting().filter(unit=managers.ground.school)
    assert {offer.role for offer in offers} == {"reviewer", "registrar"}
    assert "由本人登录后接受" in page(answer)


def test_the_answer_is_the_same_for_registered_and_unknown_numbers(managers: Managers):
    known = page(managers.school.post("/ningxia/staff/new/", {**SUN, "roles": ["reviewer"]}, follow=True))
    unknown = page(
        managers.school.post(
            "/ningxia/staff/new/", {"name": "孙晓", "number": UNKNOWN_NUMBER, "roles": ["reviewer"]}, follow=True
        )
    )

    assert "已向 孙* 6401**********0034 发出「审核员」邀请" in known
    assert "已向 孙* 1101**********002X 发出「审核员」邀请" in unknown


def test_a_range_of_business_and_days_go_with_the_role(managers: Managers):
    until = clock.today() + timedelta(days=30)
    managers.school.post("/ningxia/staff/new/", {**SUN, "roles": ["reviewer"], "until_on": until.isoformat()})

    assert Appointment.objects.waiting().get(unit=managers.ground.school).until_on == until


@pytest.mark.parametrize(
    ("typed", "fault"),
    [
        ({}, "请至少选择一个业务角色"),
        ({"roles": ["nonsense"]}, "请重新选择"),
        ({"roles": ["administrator"]}, "请重新选择"),
        ({"roles": ["reviewer"], "number": "12"}, "证件"),
        ({"roles": ["reviewer"], "until_on": "soon"}, "截止日期应写成"),
        ({"roles": ["reviewer"], "services": ["nonsense"]}, "业务"),
        ({"roles": ["reviewer"], "since_on": "2030-02-02", "until_on": "2030-02-01"}, "截止日期不能早于"),
    ],
)
def test_what_was_typed_stays_when_it_is_refused(managers: Managers, typed: dict[str, object], fault: str):
    answer = managers.school.post("/ningxia/staff/new/", {**SUN, **typed})

    html = page(answer)
    assert answer.status_code == 422
    assert fault in html
    assert 'value="孙晓"' in html
    assert not Appointment.objects.waiting().exists()


def test_a_user_gets_a_further_role_at_once(managers: Managers):
    zhou, school = managers.cast.zhou, managers.ground.school
    shown = page(managers.school.get(f"/ningxia/staff/users/{zhou.pk}/"))
    managers.school.post(f"/ningxia/staff/users/{zhou.pk}/", {"roles": ["reviewer"]})

    assert "采集管理员" in shown
    assert organizations.holds(zhou.pk, school.pk, Role.REVIEWER)


def test_users_of_other_units_are_not_found(managers: Managers):
    assert managers.school.get(f"/ningxia/staff/users/{managers.cast.sun.pk}/").status_code == 404
    foreign = Appointment.objects.get(unit=managers.ground.hospital, account=managers.cast.sun)
    assert managers.school.get(f"/ningxia/staff/grants/{foreign.pk}/end/").status_code == 404


def test_a_role_ends_with_its_reason_after_a_question(managers: Managers):
    role = held(managers)
    asked = page(managers.school.get(f"/ningxia/staff/grants/{role.pk}/end/"))
    blank = managers.school.post(f"/ningxia/staff/grants/{role.pk}/end/", {"reason": ""})
    managers.school.post(f"/ningxia/staff/grants/{role.pk}/end/", {"reason": "换岗"})
    role.refresh_from_db()

    assert "解除周敏的「采集管理员」？" in asked
    assert blank.status_code == 422
    assert role.end_reason == "换岗"


def test_an_old_offer_is_made_again(managers: Managers):
    managers.school.post("/ningxia/staff/new/", {**SUN, "roles": ["reviewer"]})
    old = clock.now() - timedelta(days=40)
    Appointment.objects.waiting().filter(unit=managers.ground.school).update(appointed_at=old)
    offer = Appointment.objects.waiting().get(unit=managers.ground.school)
    html = page(managers.school.get("/ningxia/staff/"))
    managers.school.post(f"/ningxia/staff/grants/{offer.pk}/again/")

    fresh = Appointment.objects.waiting().get(unit=managers.ground.school)
    assert "邀请已过期" in html
    assert "再次邀请" in html
    assert fresh.appointed_at > old
    assert accept(managers.cast.sun, managers.ground.school).role == "reviewer"


def test_leavers_are_chosen_looked_over_and_cleaned_up(managers: Managers):
    zhou = managers.cast.zhou
    listed = page(managers.school.get("/ningxia/staff/clean/"))
    nobody = managers.school.post("/ningxia/staff/clean/", {"do": "preview"})
    preview = page(managers.school.post("/ningxia/staff/clean/", {"do": "preview", "people": [str(zhou.pk)]}))
    blank = managers.school.post("/ningxia/staff/clean/", {"do": "clean", "people": [str(zhou.pk)]})
    done = page(
        managers.school.post("/ningxia/staff/clean/", {"do": "clean", "people": [str(zhou.pk)], "reason": "离职"})
    )

    assert "周敏" in listed
    assert "校管理员" not in listed[listed.index("<table") :]
    assert nobody.status_code == 422
    assert "解除 1 人在本单位的全部权限？" in preview
    assert blank.status_code == 422
    assert "已清理" in done
    assert not Appointment.objects.live().filter(account=zhou, unit=managers.ground.school).exists()


def test_a_reset_shows_no_secret(managers: Managers):
    zhou, school = managers.cast.zhou, managers.ground.school
    address = f"/ningxia/organizations/{school.pk}/users/{zhou.pk}/reset/"
    asked = page(managers.school.get(address))

    assert "重置周敏的密码？" in asked
    assert 'type="password"' not in asked
    assert managers.county.get(address).status_code == 404


def test_a_name_is_looked_up_by_form_and_stands_in_no_address(managers: Managers):
    html = page(managers.school.post("/ningxia/staff/", {"q": "周"}))
    none = page(managers.school.post("/ningxia/staff/", {"q": "没有"}))

    assert "周敏" in html
    assert "没有找到这个用户" in none


def test_an_operator_manages_nobody(managers: Managers):
    assert managers.operator.get("/ningxia/staff/").status_code == 403


def test_three_users_cost_what_one_costs(managers: Managers):
    client = managers.school

    def cost() -> int:
        with CaptureQueriesContext(connection) as sent:
            assert client.get("/ningxia/staff/").status_code == 200
        return len(sent)

    cost()
    one = cost()
    give_role(managers.ground.school, Role.REVIEWER, managers.cast.he)
    give_role(managers.ground.school, Role.REVIEWER, managers.cast.ma)
    three = cost()

    assert (one, three) == (7, 7)


@pytest.mark.parametrize(
    ("address", "queries"), [("staff/administrators/", 11), ("staff/clean/", 7), ("unit-account/", 8)]
)
def test_three_administrators_cost_what_one_costs(managers: Managers, address: str, queries: int):
    county = managers.ground.xingqing
    client = unit_account(county)[1] if address == "unit-account/" else managers.county

    def cost() -> int:
        with CaptureQueriesContext(connection) as sent:
            assert client.get(f"/ningxia/{address}").status_code == 200
        return len(sent)

    give_role(county, Role.DEPUTY, managers.cast.sun)
    cost()
    one = cost()
    give_role(county, Role.DEPUTY, managers.cast.zhou)
    give_role(county, Role.DEPUTY, managers.cast.he)
    three = cost()

    assert (one, three) == (queries, queries)


def test_three_ways_lead_to_an_invitation(managers: Managers):
    school = managers.ground.school
    html = page(managers.school.get("/ningxia/staff/administrators/"))
    for label in ("选择成为管理员", "注册成为管理员", "添加成为管理员", "设为超级管理员"):
        assert label in html

    chosen = managers.school.post(
        "/ningxia/staff/administrators/", {"way": "choose", "role": "deputy", "account": str(managers.cast.zhou.pk)}
    )
    assert chosen.status_code == 302
    assert Appointment.objects.waiting().get(unit=school).invitee.startswith("周*")
    accept(managers.cast.zhou, school)
    assert organizations.holds(managers.cast.zhou.pk, school.pk, Role.DEPUTY)

    managers.school.post("/ningxia/staff/administrators/", {"way": "add", "role": "deputy", **SUN})
    assert Appointment.objects.waiting().get(unit=school).role == "deputy"


def test_an_incomplete_invitation_keeps_what_was_typed(managers: Managers):
    answer = managers.school.post(
        "/ningxia/staff/administrators/", {"way": "register", "role": "deputy", "name": "孙晓", "number": ""}
    )

    assert answer.status_code == 422
    assert "请填写身份证号" in page(answer)
    assert 'value="孙晓"' in page(answer)


def test_the_administration_is_handed_over_once_accepted(managers: Managers):
    school = managers.ground.school
    asked = page(managers.school.get("/ningxia/staff/administrators/hand-over/"))
    managers.school.post("/ningxia/staff/administrators/hand-over/", SUN)
    before = organizations.holds(managers.bursar.pk, school.pk, Role.ADMINISTRATOR)
    accept(managers.cast.sun, school)

    assert "同一时刻您的管理员权限终止" in asked
    assert before
    assert not organizations.holds(managers.bursar.pk, school.pk, Role.ADMINISTRATOR)
    assert organizations.holds(managers.cast.sun.pk, school.pk, Role.ADMINISTRATOR)
