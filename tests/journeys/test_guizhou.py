"""贵州, from an empty site to a person allowed to file: accounts come down the tree, ties are 归口 (GZ-01 … GZ-07)."""

import pytest

from bole.organizations import actions as organizations
from bole.organizations.models import Unit
from bole.organizations.terms import Role, UnitKind
from bole.people import actions as people
from tests.factories.organizations import PASSWORD, SETUP
from tests.journeys.offices import fresh_code, fresh_number, fresh_phone
from tests.journeys.visitor import Visitor

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("site")]
SITE = "guizhou"


def first_administrator() -> tuple[Unit, str]:
    """What the installation brings: the province's authority with one administrator; the number."""
    province = organizations.create_unit(
        site=SITE, kind=UnitKind.AUTHORITY, name="贵州省人社厅", region="520000",
        credit_code=fresh_code("520000", "11"), by=SETUP,
    )  # fmt: skip
    number = fresh_number()
    person = people.install_person(
        site=SITE, kind="resident", number=number, name="省管理员", phone=fresh_phone(), password=PASSWORD, by=SETUP
    )
    assert person.account_id is not None
    organizations.install_holder(unit=province.pk, role=Role.ADMINISTRATOR, account=person.account_id, by=SETUP)
    return province, number


def create_below(office: Visitor, above: Unit, kind: str, name: str, who: str, code: str) -> tuple[Unit, str]:
    """「新增下级单位」 with its first administrator, who registers and accepts."""
    number, phone = fresh_number(), fresh_phone()
    office.go(f"organizations/{above.pk}/new/")
    uncoded = {} if code else {"uncoded": "1"}
    office.press(
        "新增下级单位", kind=kind, name=name, credit_code=code, duties="单位人事管理", administrator_name=who,
        administrator_number=number, administrator_phone=phone, **uncoded,
    )  # fmt: skip
    unit = Unit.objects.get(name=name)
    Visitor(SITE).register(number, who, phone)
    Visitor(SITE).log_in(number).reads(name, "单位管理员").press("接受")
    return unit, number


def test_accounts_come_down_the_tree_and_each_kind_does_its_own():
    province, number = first_administrator()
    top = Visitor(SITE).log_in(number, way="unit")
    education, education_number = create_below(
        top, province, "department", "贵州省教育厅", "教育管理员", fresh_code("520000", "11")
    )
    office = Visitor(SITE).log_in(education_number, way="unit")
    school, school_number = create_below(office, education, "unit", "实验小学", "学校管理员", "")
    assert (school.credit_code, school.provisional_code) == (None, f"{education.credit_code}01")

    health, health_number = create_below(
        top, province, "department", "贵州省卫健委", "卫健管理员", fresh_code("520000", "11")
    )
    top.go("roles/new/").press("保存", name="职称子系统-审核", functions=top.value("functions", "业务审核"))

    admin = Visitor(SITE).log_in(school_number, way="unit")
    operator = fresh_number()
    admin.go("staff/new/").press(
        "发出邀请", name="李经办", number=operator, roles=admin.value("roles", "职称子系统-审核")
    )
    Visitor(SITE).register(operator, "李经办", fresh_phone())
    Visitor(SITE).log_in(operator).reads("职称子系统-审核").press("接受")
    clerk = Visitor(SITE).log_in(operator, way="unit")
    clerk.go("work/").reads("业务审核")
    admin.go("work/", expect=403)
    clerk.go("staff/", expect=403)

    admin.go("superior/").press("查询", code=health.credit_code).reads("未绑定")
    admin.go("unit/start/superior-binding/")
    case = admin.address
    admin.go(f"{case}sections/target/").press("保存", unit="贵州省卫健委")
    admin.go(f"{case}preview/").reads("原值：贵州省教育厅", "新值：贵州省卫健委")
    number = admin.hand_in()
    admin.go(f"work/{number}/").reads("不能作出审核决定")
    office.go("account-review/").reads("审核单位归口", "实验小学")
    office.decide(number, "通过")
    target = Visitor(SITE).log_in(health_number, way="unit")
    target.decide(number, "通过", "同意归口")
    school.refresh_from_db()
    assert school.parent_id == health.pk
    admin.go("superior/").reads("贵州省卫健委", "已绑定")

    person = fresh_number()
    lin = Visitor(SITE).register(person, "林致远", fresh_phone()).log_in(person)
    lin.go("services/person-change/").reads("请先补全")
    asked = lin.ask("unit-binding", "实验小学")
    admin.go("account-review/").reads("审核个人绑定推荐单位", "林致远").decide(asked, "审核通过")
    lin.go("my/profile/").press("保存", ethnic_group="01")
    lin.go("services/person-change/").reads("人员信息修改", "未提交")
