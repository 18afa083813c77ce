"""What an administrator does to lower units: create, suspend, close, see to their administrators."""

import pytest

from bole.accounts.models import Account
from bole.audit.models import Entry
from bole.organizations import queries as organizations
from bole.organizations.models import Appointment, Unit
from bole.organizations.terms import Role
from tests.factories.administration import Managers, accept, make_managers, page
from tests.factories.organizations import UNKNOWN_NUMBER

NEW = {
    "kind": "unit",
    "region": "640104",
    "name": "兴庆区第九小学",
    "credit_code": "",
    "uncoded": "1",
    "duties": "义务教育",
    "administrator_name": "孙晓",
    "administrator_number": "640104199001010034",
    "administrator_phone": "13800000000",
}


@pytest.fixture
def managers(db: None) -> Managers:
    return make_managers()


def address(unit: Unit, act: str) -> str:
    return f"/ningxia/organizations/{unit.pk}/{act}/"


def test_a_unit_is_created_with_its_account_and_its_first_administrator(managers: Managers):
    parent = managers.ground.xingqing
    shown = managers.county.get(address(parent, "new"))
    answer = managers.county.post(address(parent, "new"), NEW, follow=True)

    made = Unit.objects.get(name="兴庆区第九小学")
    assert f"{parent.credit_code}＋两位流水号" in page(shown)
    assert made.parent_id == parent.pk
    assert made.provisional_code == f"{parent.credit_code}01"
    assert Account.objects.filter(unit_account__unit=made).exists()
    assert "已新增兴庆区第九小学" in page(answer)
    assert made.provisional_code in page(answer)
    assert "孙*" in page(answer)
    assert "待本人接受" in page(answer)


def test_the_first_administrator_takes_over_and_sees_the_own_unit(managers: Managers):
    managers.county.post(address(managers.ground.xingqing, "new"), NEW)
    made = Unit.objects.get(name="兴庆区第九小学")

    accept(managers.cast.sun, made)

    assert organizations.holds(managers.cast.sun.pk, made.pk, Role.ADMINISTRATOR)


@pytest.mark.parametrize(
    ("changed", "fault"),
    [
        ({"name": ""}, "单位名称"),
        ({"uncoded": ""}, "请填写统一社会信用代码"),
        ({"uncoded": "", "credit_code": "126401004000004210"}, "代码"),
        ({"credit_code": "126401004000004210"}, "请清空代码"),
        ({"administrator_number": "123"}, "身份证号"),
        ({"administrator_phone": "1"}, "手机"),
        ({"kind": "nonsense"}, "单位类别"),
        ({"region": "640200"}, "地区"),
        ({"duties": ""}, "主要工作职责"),
    ],
)
def test_what_was_typed_stays_when_it_is_refused(managers: Managers, changed: dict[str, str], fault: str):
    before = Unit.objects.count()
    answer = managers.county.post(address(managers.ground.xingqing, "new"), {**NEW, **changed})

    html = page(answer)
    assert answer.status_code == 422
    assert fault in html[html.index("处需要修改") :]
    assert 'value="13800000000"' in html or "administrator_phone" in changed
    assert "义务教育" in html or "duties" in changed
    assert Unit.objects.count() == before


def test_the_right_to_review_is_closed_and_given_back(managers: Managers):
    school = managers.ground.school
    asked = managers.county.get(address(school, "review"))
    blank = managers.county.post(address(school, "review"), {"reason": " "})
    managers.county.post(address(school, "review"), {"reason": "违规审核"})
    school.refresh_from_db()
    closed = school.review_closed_at
    managers.county.post(address(school, "review"), {})
    school.refresh_from_db()

    assert "关闭兴庆区第一中学的审核权限？" in page(asked)
    assert blank.status_code == 422
    assert closed is not None
    assert school.review_closed_at is None


def test_a_unit_is_closed_only_under_its_name(managers: Managers):
    hospital = managers.ground.hospital
    wrong = managers.county.post(address(hospital, "close"), {"confirmed": "别的", "reason": "撤并"})
    hospital.refresh_from_db()
    assert (wrong.status_code, hospital.closed_on) == (422, None)
    assert 'value="撤并"' in page(wrong)

    managers.county.post(address(hospital, "close"), {"confirmed": hospital.name, "reason": "撤并"})
    hospital.refresh_from_db()
    assert hospital.closed_on is not None


def test_a_superior_of_others_is_not_closed_and_says_why(managers: Managers):
    education = managers.ground.education
    answer = managers.county.post(address(education, "close"), {"confirmed": education.name, "reason": "撤并"})
    education.refresh_from_db()

    assert answer.status_code == 403
    assert "下级单位" in page(answer)
    assert education.closed_on is None


def test_the_administrator_below_is_removed(managers: Managers):
    school = managers.ground.school
    held = Appointment.objects.get(unit=school, role=Role.ADMINISTRATOR.value)
    asked = page(managers.county.get(address(school, "remove")))
    blank = managers.county.post(address(school, "remove"), {"appointment": str(held.pk)})
    managers.county.post(address(school, "remove"), {"appointment": str(held.pk), "reason": "调离"})
    held.refresh_from_db()

    assert "校**员" in asked
    assert blank.status_code == 422
    assert held.ended_at is not None


def test_an_emergency_appointment_is_on_record_with_its_reason(managers: Managers):
    school = managers.ground.school
    managers.county.post(
        address(school, "emergency"), {"name": "孙晓", "number": "640104199001010034", "reason": "管理员失联"}
    )
    offer = Appointment.objects.waiting().get(unit=school)
    accept(managers.cast.sun, school)

    assert (offer.emergency, offer.reason) == (True, "管理员失联")
    assert not organizations.holds(managers.bursar.pk, school.pk, Role.ADMINISTRATOR)
    assert organizations.holds(managers.cast.sun.pk, school.pk, Role.ADMINISTRATOR)
    assert UNKNOWN_NUMBER not in str(list(Entry.objects.values_list("detail", flat=True)))


def test_grave_acts_ask_who_it_is_first(managers: Managers):
    client = managers.county
    session = client.session
    session["proved_at"] = 0
    session.save()

    for act in ("emergency", "remove", "close"):
        answer = client.get(address(managers.ground.school, act))
        assert answer.status_code == 302, act
        assert "/assure/" in answer["Location"]


def test_a_form_sent_too_late_is_refused_and_kept(managers: Managers):
    client, school = managers.county, managers.ground.school
    session = client.session
    session["proved_at"] = 0
    session.save()

    answer = client.post(
        address(school, "emergency"), {"name": "孙晓", "number": "640104199001010034", "reason": "管理员失联"}
    )

    assert answer.status_code == 403
    assert 'value="管理员失联"' in page(answer)
    assert "验证身份" in page(answer)


def test_own_and_foreign_units_are_out_of_reach(managers: Managers):
    own = managers.county.get(address(managers.ground.xingqing, "close"))
    above = managers.school.get(address(managers.ground.xingqing, "close"))

    assert own.status_code == 403
    assert above.status_code == 404
