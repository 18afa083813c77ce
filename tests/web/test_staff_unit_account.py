"""「单位账号」, 「上级主管部门」, imports: the rest of account management."""

from io import BytesIO

import pytest

from bole.documents import actions as documents
from bole.documents import queries as sheets
from bole.documents.terms import Column
from bole.organizations import actions
from bole.organizations import queries as organizations
from bole.organizations.models import Appointment, Unit
from bole.organizations.terms import Role
from tests.factories import cases as made
from tests.factories.administration import Managers, accept, make_managers, manage, page, unit_account
from tests.factories.organizations import BUREAU_CODE, HOSPITAL_CODE, SCHOOL_CODE

SUN = {"name": "孙晓", "number": "640104199001010034"}


@pytest.fixture
def managers(db: None) -> Managers:
    return make_managers()


def test_the_unit_account_names_the_administrator_and_nothing_else(managers: Managers):
    school = managers.ground.school
    _, client = unit_account(school)
    html = page(client.get("/ningxia/unit-account/"))
    client.post("/ningxia/unit-account/administrator/", SUN)
    waiting = page(client.get("/ningxia/unit-account/"))
    accept(managers.cast.sun, school)
    after = page(client.get("/ningxia/unit-account/"))

    assert "校管理员" in html
    assert "变更单位管理员" in html
    assert "待本人接受" in waiting
    assert organizations.holds(managers.cast.sun.pk, school.pk, Role.ADMINISTRATOR)
    assert not organizations.holds(managers.bursar.pk, school.pk, Role.ADMINISTRATOR)
    assert "校**员" in after[after.index("历任管理员") :]
    for address in ("staff/", "roles/", "departments/", "unit/", "superior/", "staff/administrators/"):
        assert client.get(f"/ningxia/{address}").status_code == 403, address


def test_an_authority_has_several_administrators_each_for_a_range_of_business(managers: Managers):
    county = managers.ground.xingqing
    made.published()
    _, client = unit_account(county)
    asked = page(client.get("/ningxia/unit-account/administrator/"))
    client.post("/ningxia/unit-account/administrator/", {**SUN, "services": [made.SERVICE]})
    accept(managers.cast.sun, county)
    html = page(client.get("/ningxia/unit-account/"))

    assert "新增单位管理员" in asked
    assert organizations.holds(managers.keeper.pk, county.pk, Role.ADMINISTRATOR)
    assert Appointment.objects.get(unit=county, account=managers.cast.sun).services == [made.SERVICE]
    assert "全部业务" in html
    assert "孙晓" in html


def test_the_unit_account_withdraws_an_offer(managers: Managers):
    _, client = unit_account(managers.ground.school)
    client.post("/ningxia/unit-account/deputy/", SUN)
    offer = Appointment.objects.waiting().get(unit=managers.ground.school)
    client.post(f"/ningxia/staff/grants/{offer.pk}/end/", {"reason": "填错"})
    offer.refresh_from_db()

    assert offer.ended_at is not None


def test_a_faulty_name_stays_on_the_page(managers: Managers):
    _, client = unit_account(managers.ground.school)
    answer = client.post("/ningxia/unit-account/administrator/", {"name": "孙晓", "number": "12"})

    assert answer.status_code == 422
    assert 'value="孙晓"' in page(answer)


def test_administrators_and_operators_have_no_unit_account_page(managers: Managers):
    assert managers.school.get("/ningxia/unit-account/").status_code == 403
    assert managers.operator.get("/ningxia/unit-account/").status_code == 403


def test_a_unit_without_an_account_is_given_one_from_above(managers: Managers):
    school = managers.ground.school
    before = page(managers.county.get(f"/ningxia/organizations/{school.pk}/"))
    managers.county.post(
        f"/ningxia/organizations/{school.pk}/account/", {"holder_name": "持有人", "phone": "13800000000"}
    )
    after = page(managers.county.get(f"/ningxia/organizations/{school.pk}/"))

    assert "设置单位账号" in before
    assert "设置单位账号" not in after


def test_the_desk_reminds_of_the_region_and_shows_the_superior(managers: Managers):
    html = page(managers.school.get("/ningxia/desk/"))

    assert "所属行政区划决定本单位业务送到哪里审核" in html
    assert managers.ground.education.name in html
    assert "解除绑定" in html


@pytest.mark.parametrize(
    ("code", "told"),
    [
        (HOSPITAL_CODE, "未绑定"),
        (BUREAU_CODE, "未绑定"),
        (SCHOOL_CODE, "不能绑定自己"),
        ("12640100400000999", "代码"),
        ("", "请填写社会统一信用代码"),
    ],
)
def test_a_superior_is_looked_up_by_its_code(managers: Managers, code: str, told: str):
    assert told in page(managers.school.get("/ningxia/superior/", {"code": code, "ask": "1"}))


def test_unbinding_shows_what_hangs_on_it_and_does_that(managers: Managers):
    school = managers.ground.school
    asked = page(managers.school.get("/ningxia/superior/unbind/"))
    seen = asked.split('name="seen" value="')[1].split('"')[0]
    moved = managers.school.post("/ningxia/superior/unbind/", {"seen": "nonsense"})
    school.refresh_from_db()
    assert school.parent_id is not None
    assert moved.status_code == 409
    managers.school.post("/ningxia/superior/unbind/", {"seen": seen})
    school.refresh_from_db()

    assert "没有在办的业务受影响" in asked
    assert school.parent_id is None
    assert "还没有绑定上级主管部门" in page(managers.school.get("/ningxia/desk/"))


def workbook(header: list[str], *rows: list[str]) -> BytesIO:
    file = BytesIO(documents.write_sheet([Column(name) for name in header], rows))
    file.name = "units.xlsx"
    return file


def test_units_are_imported_row_by_row(managers: Managers):
    header = ["单位名称", "所属行政区划", "上级单位", "主要工作职责", "管理员姓名", "身份证号", "电话号码"]
    who = ["义务教育", "孙晓", SUN["number"], "13800000000"]
    file = workbook(
        header,
        ["兴庆区第二中学", "兴庆区", BUREAU_CODE, *who],
        ["大武口区中学", "640202", "", *who],
    )
    html = page(managers.county.post("/ningxia/organizations/import/", {"file": file}))
    kept = html.split('name="kept" value="')[1].split('"')[0]
    returned = managers.county.post("/ningxia/staff/import/failures/", {"kept": kept})
    rows = list(sheets.read_rows(returned.content, header=("单位名称",), optional=tuple(header)))

    assert Unit.objects.get(name="兴庆区第二中学").parent_id == managers.ground.xingqing.pk
    assert not Unit.objects.filter(name="大武口区中学").exists()
    assert [row.values["单位名称"] for row in rows] == ["大武口区中学"]
    again = page(
        managers.county.post(
            "/ningxia/organizations/import/", {"file": workbook(header, ["兴庆区第二中学", "兴庆区", "", *who])}
        )
    )
    assert '没有变化 <b class="num">1</b> 行' in again
    assert managers.school.post("/ningxia/staff/import/failures/", {"kept": kept}).status_code == 404


@pytest.mark.parametrize("address", ["organizations/import/", "staff/import/"])
def test_a_file_that_is_none_is_told_at_the_file(managers: Managers, address: str):
    none = managers.county.post(f"/ningxia/{address}", {})
    broken = BytesIO(b"nonsense")
    broken.name = "x.xlsx"
    wrong = managers.county.post(f"/ningxia/{address}", {"file": broken})

    assert (none.status_code, wrong.status_code) == (422, 422)
    assert "请选择要导入的 xlsx 文件" in page(none)
    assert 'aria-invalid="true"' in page(wrong)


@pytest.mark.parametrize("address", ["organizations/import/template/", "staff/import/template/"])
def test_a_template_opens(managers: Managers, address: str):
    answer = managers.county.get(f"/ningxia/{address}")

    assert answer.status_code == 200
    assert list(sheets.read_rows(answer.content, header=(), optional=())) == []


def test_operators_are_imported_from_the_template(managers: Managers):
    values = {"姓名": "孙晓", "证件号码": SUN["number"], "角色": "审核员"}
    file = workbook(list(values), list(values.values()))
    html = page(managers.school.post("/ningxia/staff/import/", {"file": file}))

    assert '新增 <b class="num">1</b> 行' in html
    assert Appointment.objects.waiting().filter(unit=managers.ground.school).exists()


def test_an_administrator_with_a_role_in_another_unit_stays_there(managers: Managers):
    """Somebody who administers already cannot take a second unit."""
    actions.hand_over(
        number=managers.keeper.login, name=managers.keeper.name, by=manage(managers.bursar, managers.ground.school)
    )

    with pytest.raises(Exception, match="管理员"):
        accept(managers.keeper, managers.ground.school)
