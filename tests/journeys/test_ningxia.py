"""宁夏, from an empty site to a person allowed to file: units are authorised by an authority's operator (NX-18)."""

import pytest

from bole.organizations import actions as organizations
from bole.organizations.terms import Role, UnitKind
from bole.people import actions as people
from tests.factories.organizations import PASSWORD, SETUP
from tests.journeys.offices import fresh_code, fresh_number, fresh_phone
from tests.journeys.visitor import Visitor

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("site")]
SITE = "ningxia"


def test_an_operator_opens_a_unit_whose_clerk_and_people_then_come():
    authority = organizations.create_unit(
        site=SITE, kind=UnitKind.AUTHORITY, name="兴庆区人社局", region="640104", by=SETUP
    )
    school = organizations.create_unit(
        site=SITE, kind=UnitKind.UNIT, name="兴庆区第九中学", region="640104", parent=authority.pk,
        credit_code=fresh_code("640104"), by=SETUP,
    )  # fmt: skip
    operator, clerk, person = fresh_number(), fresh_number(), fresh_number()
    ma = people.install_person(
        site=SITE, kind="resident", number=operator, name="马经办", phone=fresh_phone(), password=PASSWORD, by=SETUP
    )
    assert ma.account_id is not None
    organizations.install_holder(unit=authority.pk, role=Role.AUTHORIZER, account=ma.account_id, by=SETUP)

    Visitor(SITE).register(clerk, "周敏", fresh_phone())
    office = Visitor(SITE).log_in(operator, way="unit").go("authority/")
    office.press("查询", credit_code=school.credit_code)
    office.press("开通网上采集功能")
    office.go(f"authority/units/{school.pk}/").press("查询", number=clerk, name="周敏")
    office.press("设置单位采集管理员", chosen="1")
    office.reads("待本人接受")

    desk = Visitor(SITE).log_in(clerk)
    desk.reads("兴庆区第九中学").press("接受")

    Visitor(SITE).register(person, "林致远", fresh_phone())
    lin = Visitor(SITE).log_in(person)
    lin.go("my/services/").reads("高层次人才采集")
    lin.go("services/talent-collection/").reads("请先补全民族和所在单位")
    lin.go("my/profile/").press("查找", employer="兴庆区第九中学")
    lin.press("保存", ethnic_group="01", employer_pick=str(school.pk))
    lin.go("services/talent-collection/").reads("高层次人才采集", "未上报")
