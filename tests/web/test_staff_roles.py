"""「业务角色管理」 and 「管理内设部门」."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from bole.organizations import actions
from bole.organizations import queries as organizations
from bole.organizations.models import Appointment, BusinessRole, Department
from bole.organizations.terms import Role
from tests.factories.administration import Managers, accept, make_managers, manage, page

SUN = {"name": "孙晓", "number": "640104199001010034"}


@pytest.fixture
def managers(db: None) -> Managers:
    return make_managers()


@pytest.fixture
def role(managers: Managers) -> BusinessRole:
    """A role of the province: 职称子系统-审核."""
    return actions.keep_role(
        unit=managers.ground.province.pk,
        name="职称子系统-审核",
        functions=[Role.REVIEWER],
        by=manage(managers.head, managers.ground.province),
    )


def test_the_province_names_a_role_with_its_modules(managers: Managers):
    managers.region.post(
        "/ningxia/roles/new/", {"name": "职称子系统-审核", "note": "单位内部核验", "functions": ["reviewer"]}
    )
    made = BusinessRole.objects.get()
    html = page(managers.region.get(f"/ningxia/roles/{made.pk}/"))

    assert made.functions == ["reviewer"]
    assert "省级角色" in html
    assert "业务审核" in html
    assert '门户管理<span class="vh">（未授权）' in html


@pytest.mark.parametrize(
    ("typed", "fault"),
    [
        ({"name": "", "functions": ["reviewer"]}, "请填写角色名称"),
        ({"name": "甲"}, "请至少选择一个权限模块"),
        ({"name": "甲", "functions": ["administrator"]}, "请至少选择一个权限模块"),
        ({"name": "职称子系统-审核", "functions": ["reviewer"]}, "名称"),
    ],
)
def test_a_faulty_role_is_told_and_kept(managers: Managers, role: BusinessRole, typed: dict[str, object], fault: str):
    answer = managers.region.post("/ningxia/roles/new/", {"note": "说明文字", **typed})

    assert answer.status_code == 422
    assert fault in page(answer)
    assert 'value="说明文字"' in page(answer)
    assert BusinessRole.objects.count() == 1


def test_a_role_changed_by_another_is_not_overwritten(managers: Managers, role: BusinessRole):
    form = {"name": "新名称", "functions": ["reviewer"], "seen": str(role.revision)}
    managers.region.post(f"/ningxia/roles/{role.pk}/edit/", form)
    stale = managers.region.post(f"/ningxia/roles/{role.pk}/edit/", {**form, "name": "另一个名称"})
    role.refresh_from_db()

    assert stale.status_code == 409
    assert 'value="另一个名称"' in page(stale)
    assert role.name == "新名称"


def test_a_unit_grants_the_provinces_role_and_keeps_none(managers: Managers, role: BusinessRole):
    html = page(managers.school.get(f"/ningxia/roles/{role.pk}/"))

    assert "由省厅维护，不可修改" in html
    assert "新增角色" not in html
    assert managers.school.get(f"/ningxia/roles/{role.pk}/edit/").status_code == 403
    assert managers.school.post("/ningxia/roles/new/", {"name": "甲", "functions": ["reviewer"]}).status_code == 403


def test_own_users_hold_the_role_at_once_and_others_are_invited(managers: Managers, role: BusinessRole):
    school, zhou = managers.ground.school, managers.cast.zhou
    nobody = managers.school.post(f"/ningxia/roles/{role.pk}/grant/", {})
    answer = managers.school.post(f"/ningxia/roles/{role.pk}/grant/", {"people": [str(zhou.pk)], **SUN}, follow=True)

    assert nobody.status_code == 422
    assert "已授予周敏「职称子系统-审核」" in page(answer)
    assert organizations.holds(zhou.pk, school.pk, Role.REVIEWER)
    accept(managers.cast.sun, school)
    assert organizations.holds(managers.cast.sun.pk, school.pk, Role.REVIEWER)
    html = page(managers.school.get(f"/ningxia/roles/{role.pk}/"))
    assert "周敏" in html
    assert "收回" in html


def test_half_of_a_grant_is_none(managers: Managers, role: BusinessRole):
    answer = managers.school.post(
        f"/ningxia/roles/{role.pk}/grant/",
        {"people": [str(managers.cast.zhou.pk)], "name": "孙晓", "number": "12"},
    )

    assert answer.status_code == 422
    assert not Appointment.objects.filter(business_role=role).exists()


def test_a_role_is_taken_out_of_use_and_put_back(managers: Managers, role: BusinessRole):
    managers.school.post(f"/ningxia/roles/{role.pk}/grant/", {"people": [str(managers.cast.zhou.pk)]})
    asked = page(managers.region.get(f"/ningxia/roles/{role.pk}/switch/"))
    managers.region.post(f"/ningxia/roles/{role.pk}/switch/")
    off = organizations.holds(managers.cast.zhou.pk, managers.ground.school.pk, Role.REVIEWER)
    managers.region.post(f"/ningxia/roles/{role.pk}/switch/")

    assert "停用「职称子系统-审核」？" in asked
    assert not off
    assert organizations.holds(managers.cast.zhou.pk, managers.ground.school.pk, Role.REVIEWER)


def test_an_authority_keeps_finer_roles_of_its_own(managers: Managers, role: BusinessRole):
    managers.county.post("/ningxia/roles/new/", {"name": "专技科-初审", "functions": ["reviewer"]})
    fine = BusinessRole.objects.get(name="专技科-初审")
    county = page(managers.county.get(f"/ningxia/roles/{fine.pk}/"))
    region = managers.region.get(f"/ningxia/roles/{fine.pk}/")

    assert "本级角色" in county
    assert "省级角色" in county
    assert region.status_code == 404


def test_three_users_of_a_role_cost_what_one_costs(managers: Managers, role: BusinessRole):
    client, head = managers.school, manage(managers.bursar, managers.ground.school)

    def cost() -> int:
        with CaptureQueriesContext(connection) as sent:
            assert client.get(f"/ningxia/roles/{role.pk}/").status_code == 200
        return len(sent)

    def take(name: str, number: str) -> None:
        actions.offer_role(unit=managers.ground.school.pk, business_role=role.pk, number=number, name=name, by=head)

    take("孙晓", SUN["number"])
    cost()
    one = cost()
    take("马经办", "640104199001010085")
    take("何经办", "640104199001010026")
    three = cost()

    assert (one, three) == (15, 15)


def test_departments_form_a_tree(managers: Managers):
    school = managers.school
    empty = page(school.get("/ningxia/departments/"))
    school.post("/ningxia/departments/new/", {"name": "教务处", "parent": ""})
    office = Department.objects.get(name="教务处")
    school.post("/ningxia/departments/new/", {"name": "学籍科", "parent": str(office.pk)})
    html = page(school.get("/ningxia/departments/"))

    assert "还没有内设部门" in empty
    assert Department.objects.get(name="学籍科").parent_id == office.pk
    assert html.index("教务处") < html.index("学籍科")
    assert "上级部门：教务处" in html


def test_departments_are_renamed_moved_and_disabled(managers: Managers):
    school = managers.school
    for name in ("教务处", "总务处"):
        school.post("/ningxia/departments/new/", {"name": name})
    first, second = Department.objects.order_by("made_at")
    school.post(f"/ningxia/departments/{first.pk}/", {"name": "教学处", "position": "2"})
    school.post(f"/ningxia/departments/{first.pk}/move/", {"parent": str(second.pk)})
    loop = school.post(f"/ningxia/departments/{second.pk}/move/", {"parent": str(first.pk)})
    asked = page(school.get(f"/ningxia/departments/{second.pk}/disable/"))
    school.post(f"/ningxia/departments/{second.pk}/disable/")
    first.refresh_from_db()
    second.refresh_from_db()

    assert (first.name, first.parent_id) == ("教学处", second.pk)
    assert loop.status_code in (403, 422)
    assert "连同 1 个下级部门一并禁用" in asked
    assert second.disabled_at is not None
    school.post(f"/ningxia/departments/{second.pk}/enable/")
    second.refresh_from_db()
    assert second.disabled_at is None


@pytest.mark.parametrize("typed", [{"name": ""}, {"name": "甲" * 61}, {"name": "教务处"}])
def test_a_faulty_department_is_told(managers: Managers, typed: dict[str, str]):
    managers.school.post("/ningxia/departments/new/", {"name": "教务处"})
    answer = managers.school.post("/ningxia/departments/new/", typed)

    assert answer.status_code == 422
    assert "处需要修改" in page(answer)
    assert Department.objects.count() == 1


def test_departments_of_other_units_are_not_found(managers: Managers):
    managers.county.post("/ningxia/departments/new/", {"name": "专技科"})
    foreign = Department.objects.get()

    for act in ("", "move/", "disable/"):
        assert managers.school.get(f"/ningxia/departments/{foreign.pk}/{act}").status_code == 404


def test_three_departments_cost_what_one_costs(managers: Managers):
    client = managers.school

    def cost() -> int:
        with CaptureQueriesContext(connection) as sent:
            assert client.get("/ningxia/departments/").status_code == 200
        return len(sent)

    client.post("/ningxia/departments/new/", {"name": "一处"})
    cost()
    one = cost()
    client.post("/ningxia/departments/new/", {"name": "二处"})
    client.post("/ningxia/departments/new/", {"name": "三处"})
    cost()
    three = cost()

    assert (one, three) == (7, 7)
