"""深圳, from an empty site to a person allowed to file: units register themselves, checked against the insurance
register, and invite their people, who set the password themselves (SZ-01 … SZ-03)."""

import re

import pytest

from bole.documents import actions as documents
from bole.documents.terms import Column
from bole.organizations import queries as organizations
from bole.organizations.models import Unit
from bole.people import actions as people
from bole.people import queries
from tests.factories.organizations import PASSWORD, SETUP
from tests.journeys.offices import fresh_code, fresh_number, fresh_phone
from tests.journeys.visitor import CAPTCHA, CODE, Visitor, texts_to

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("site")]
SITE = "shenzhen"


def test_a_checked_unit_invites_a_person_who_sets_the_password():
    keeper, keeper_phone, computer = fresh_number(), fresh_phone(), "600123456"
    code = fresh_code("440304", "91")
    columns = ("机构代码", "单位社保号", "单位名称", "所属地区", "姓名", "身份证号", "社保电脑号")
    line = [code[8:17], "600001", "深圳市测试科技有限公司", "440304", "马管理", keeper, computer]
    people.import_insurance(documents.write_sheet([Column(name) for name in columns], [line]), site=SITE, by=SETUP)
    typed = {
        "organization_code": code[8:17], "insurance_number": "600001", "name": "马管理", "number": keeper,
        "email": "ma@example.org", "user_name": "Manager01", "password": PASSWORD, "again": PASSWORD,
        "telephone": "0755-88123456", "phone": keeper_phone, "code": CODE,
    }  # fmt: skip

    visitor = Visitor(SITE).go("").follow("用人单位注册入口")
    visitor.press("获取验证码", **typed, computer_number="600999999")
    visitor.press("保存", **typed, computer_number="600999999", expect=422)
    assert not Unit.objects.filter(site=SITE).exists()
    visitor.press("保存", **typed, computer_number=computer)
    unit = Unit.objects.get(site=SITE)
    assert unit.name == "深圳市测试科技有限公司"

    admin = Visitor(SITE).log_in("Manager01", way="unit")
    admin.reads("深圳市测试科技有限公司")
    # The unit can work at once: its administrator names who does its business, and its account names administrators.
    clerk = fresh_number()
    people.install_person(
        site=SITE, kind="resident", number=clerk, name="李经办", phone=fresh_phone(), password=PASSWORD, by=SETUP
    )
    admin.go("staff/new/").press(
        "发出邀请",
        name="李经办",
        number=clerk,
        roles=[admin.value("roles", "采集管理员"), admin.value("roles", "审核员")],
    )
    waiting = Visitor(SITE).log_in(clerk)
    waiting.press("接受").press("接受")
    Visitor(SITE).log_in(clerk, way="unit").go("work/").reads("业务审核")
    account = Visitor(SITE).go("activate/").press("下一步", login=code[8:17], captcha=CAPTCHA)
    account.press("激活", code=CODE, password=PASSWORD, again=PASSWORD).reads("账号已激活")
    account.log_in(code[8:17], way="unit").go("unit-account/").reads("马管理")

    number, phone = fresh_number(), fresh_phone()
    admin.go("people/new/").press("保存", number=number, name="林致远", phone=phone, alias="linzhiyuan")
    assert queries.person_by_identity("resident", number) is None
    invitation = re.findall(r"邀请码 (\w+)", texts_to(phone)[-1])[0]

    Visitor(SITE).go("register/").reads("由所在单位新增")
    lin = Visitor(SITE).go("invitation/")
    lin.press("下一步", number=number, name="林致远", invitation="wrongcode1", expect=422)
    lin.press("下一步", number=number, name="林致远", invitation=invitation)
    lin.press("获取验证码")
    lin.press("激活", phone_code=CODE, password=PASSWORD, again=PASSWORD)
    lin.log_in("linzhiyuan")
    person = queries.person_by_identity("resident", number)
    assert person is not None
    assert queries.current_unit(person.pk) == unit
    admin.go("people/").reads("林致远", "LINZHIYUAN")
    lin.go("my/profile/").press("保存", ethnic_group="01")
    lin.go("services/person-change/").reads("人员信息修改", "未提交")
    assert organizations.unit(unit.pk).parent_id is None
