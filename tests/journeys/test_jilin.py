"""吉林, from an empty site to a person allowed to file: accounts made in advance are activated, ties are asked for
and passed by the unit (JL-01 … JL-04)."""

import pytest

from bole.organizations import actions as organizations
from bole.organizations import queries
from bole.organizations.models import Unit
from bole.organizations.terms import UnitKind
from bole.people import queries as people
from tests.factories.organizations import PASSWORD, SETUP
from tests.journeys.offices import fresh_code, fresh_number, fresh_phone
from tests.journeys.visitor import CAPTCHA, CODE, Visitor

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("site")]
SITE = "jilin"


def unit_in_advance(name: str, kind: UnitKind = UnitKind.UNIT) -> tuple[Unit, str]:
    """A unit of the register with its account made in advance; the phone on file."""
    phone = fresh_phone()
    unit = organizations.create_unit(
        site=SITE, kind=kind, name=name, region="220102", credit_code=fresh_code("220102"), by=SETUP
    )
    organizations.open_unit_account(unit=unit.pk, holder_name="单位联系人", phone=phone, by=SETUP)
    return unit, phone


def activate(unit: Unit) -> Visitor:
    """「账号激活」, then the log-in of the unit account with its second factor."""
    visitor = Visitor(SITE).go("").follow("账号激活")
    visitor.press("下一步", login=unit.credit_code, captcha=CAPTCHA)
    visitor.press("激活", code=CODE, password=PASSWORD, again=PASSWORD).reads("账号已激活")
    return visitor.log_in(unit.credit_code or "", way="unit")


def administrator_of(unit: Unit, name: str) -> Visitor:
    """The unit account names its administrator, who registers, accepts and logs in."""
    number = fresh_number()
    account = activate(unit)
    account.go("unit-account/administrator/").press("设置", number=number, name=name)
    account.go("account-review/", expect=403)
    Visitor(SITE).register(number, name, fresh_phone()).log_in(number).reads(unit.name).press("接受")
    return Visitor(SITE).log_in(number, way="unit")


def test_activated_units_pass_and_end_bindings():
    hospital, _ = unit_in_advance("长春市第一医院")
    college, _ = unit_in_advance("长春市职业学院")
    bureau, _ = unit_in_advance("长春市卫健委", UnitKind.DEPARTMENT)
    first, second = administrator_of(hospital, "医院管理员"), administrator_of(college, "学院管理员")
    above = administrator_of(bureau, "卫健管理员")

    first.go("superior/").press("查询", code=bureau.credit_code).reads("未绑定")
    first.go("unit/start/superior-binding/")
    first.go(f"{first.address}sections/target/").press("保存", unit=str(hospital.pk), expect=422).reads(
        "请选择其他单位"
    )
    first.press("保存", unit="长春市卫健委")
    tie = first.hand_in()
    above.go("account-review/").reads("审核单位绑定上级单位").decide(tie, "审核通过")
    assert queries.unit(hospital.pk).parent_id == bureau.pk

    number = fresh_number()
    lin = Visitor(SITE).register(number, "林致远", fresh_phone()).log_in(number)
    asked = lin.ask("unit-binding", "长春市第一医院")
    first.decide(asked, "资格不符，终止审核", "不是本单位人员")
    lin.go(f"cases/{asked}/").reads("资格不符，终止审核")
    person = people.person_by_identity("resident", number)
    assert person is not None
    assert people.current_unit(person.pk) is None

    lin.go("services/unit-binding/?again").press("查找", q="职业学院")
    again = lin.press("确认选择", unit=str(college.pk)).hand_in()
    second.decide(again, "审核通过", "同意")
    assert people.current_unit(person.pk) == college
    lin.go("my/profile/").press("保存", ethnic_group="01")
    lin.go("services/person-change/").reads("人员信息修改", "未提交")

    first.go("superior/unbind/").reads("长春市卫健委").press("解除绑定")
    assert queries.unit(hospital.pk).parent_id is None
    above.go("messages/").reads("长春市第一医院不再归口到长春市卫健委")
