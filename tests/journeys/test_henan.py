"""河南, from an empty site to a person allowed to file: units register and are passed up the chain, persons wait for
their unit, people are transferred with what they have in hand (HA-01, HA-02, HA-07, HA-12, HA-13)."""

import pytest

from bole.cases.models import Case
from bole.organizations import actions as organizations
from bole.organizations.models import Unit
from bole.organizations.terms import Role, UnitKind
from bole.people import actions as people
from bole.people import queries
from tests.factories.organizations import PASSWORD, SETUP
from tests.journeys.offices import fresh_code, fresh_number, fresh_phone
from tests.journeys.visitor import CODE, Visitor, picture, texts_to

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("site")]
SITE = "henan"
COUNTY = "410902"


def authority() -> tuple[Unit, Visitor]:
    """What the installation brings: an authority with its administrator, logged in."""
    unit = organizations.create_unit(
        site=SITE, kind=UnitKind.AUTHORITY, name="华龙区人社局", region=COUNTY, credit_code=fresh_code(COUNTY, "11"),
        by=SETUP,
    )  # fmt: skip
    number = fresh_number()
    person = people.install_person(
        site=SITE, kind="resident", number=number, name="人社管理员", phone=fresh_phone(), password=PASSWORD, by=SETUP
    )
    assert person.account_id is not None
    organizations.install_holder(unit=unit.pk, role=Role.ADMINISTRATOR, account=person.account_id, by=SETUP)
    return unit, Visitor(SITE).log_in(number, way="unit")


def register_unit(kind: str, label: str, above: str, name: str, desk: Visitor, **own: str) -> Visitor:
    """「注册」 of a unit: the applicant's account, the form with the scan, approval above; the new administrator."""
    number = fresh_number()
    visitor = Visitor(SITE).register(number, f"{label}管理员", fresh_phone(), founder=True).log_in(number)
    visitor.go(f"register/unit/unit-registration-{kind}/")
    visitor.press("查找", q=above)
    visitor.press("确认选择", unit=visitor.value("unit", above))
    case = visitor.address
    visitor.go(f"{case}sections/organization/").press(
        "保存", name=name, credit_code=fresh_code(COUNTY), region=COUNTY, telephone="0393-4412345", **own
    )
    if kind == "base":
        visitor.go(f"{case}sections/venues/records/new/").press(
            "保存", place="报告厅", address="人民路1号", seats="200"
        )
        visitor.go(f"{case}sections/teachers/records/new/").press("保存", name="王讲师", major="教育学", full_time="1")
    visitor.go(f"{case}evidence/").press("上传", file=picture())
    asked = visitor.hand_in()
    Visitor(SITE).log_in(number, way="unit", expect=403)
    desk.go("account-review/").reads(f"审核{label}", name)
    desk.decide(asked, "通过", "信息属实")
    return Visitor(SITE).log_in(number, way="unit")


def register_person(name: str, unit: str) -> tuple[str, str]:
    """「注册」 of a technician: by region and unit; nobody logs in before the unit has decided. Number and phone."""
    number, phone = fresh_number(), fresh_phone()
    visitor = Visitor(SITE).go("register/")
    visitor.press("下一步", kind="resident", number=number, name=name, agreed="1")
    visitor.press("获取验证码", phone=phone).press("下一步", code=CODE, email="lin@example.org")
    visitor.press("查找", unit_region=COUNTY, employer=unit, ethnic_group="01")
    visitor.press("下一步", unit=visitor.value("unit", unit), school="郑州大学", major="临床医学")
    visitor.press("注册", password=PASSWORD, again=PASSWORD).reads("注册信息已经提交审核，请耐心等待")
    Visitor(SITE).log_in(number, expect=403).reads("此账号还未被审核")
    return number, phone


def test_units_and_persons_register_and_are_passed_and_people_are_transferred():
    _, bureau = authority()
    unit = {"nature": "20", "rank": "3"}
    department = register_unit("department", "主管部门", "华龙区人社局", "华龙区教育局", bureau, **unit)
    register_unit("base", "继续教育基地", "华龙区人社局", "华龙区培训中心", bureau, industry="83", base_level="4")
    school = register_unit("employer", "用人单位", "华龙区教育局", "华龙区第一中学", department, **unit, industry="83")
    hospital = register_unit("employer", "用人单位", "华龙区人社局", "华龙区医院", bureau, **unit, industry="84")
    branch = register_unit("lower", "下级单位", "华龙区第一中学", "第一中学分校", school, **unit, industry="83")
    branch.reads("第一中学分校")
    assert Unit.objects.get(name="第一中学分校").parent == Unit.objects.get(name="华龙区第一中学")

    number, phone = register_person("林致远", "华龙区第一中学")
    school.go("account-review/").reads("审核注册人员", "林致远")
    waiting = Case.objects.get(service="person-registration").number
    school.decide(waiting, "通过")
    assert "您的注册已通过单位审核" in texts_to(phone)[-1]
    lin = Visitor(SITE).log_in(number)
    lin.go("services/person-change/").reads("人员信息修改", "未提交")
    change = lin.ask("person-change", "", "change", title="副主任医师")

    other, phone = register_person("孙晓", "华龙区第一中学")
    refused = Case.objects.get(service="person-registration", status="in_review").number
    school.decide(refused, "驳回", "不是本校人员")
    Visitor(SITE).log_in(other, expect=403)
    assert "您的注册未通过华龙区第一中学审核" in texts_to(phone)[-1]

    school.go("unit/start/transfer/").press("查找", q="林致远")
    school.press("确认", person=school.value("person", "林致远"))
    school.go(f"{school.address}sections/target/").press("保存", unit="华龙区医院", reason="工作调动")
    moved = school.hand_in()
    hospital.go("account-review/").reads("人员调入", "林致远").decide(moved, "确认调转")
    person = queries.person_by_identity("resident", number)
    assert person is not None
    assert queries.current_unit(person.pk) == Unit.objects.get(name="华龙区医院")
    assert Case.objects.get(number=change).unit == Unit.objects.get(name="华龙区医院")
    school.go(f"work/{change}/").reads("不能作出审核决定")
    hospital.decide(change, "审核通过")
    person.refresh_from_db()
    assert person.title == "副主任医师"
