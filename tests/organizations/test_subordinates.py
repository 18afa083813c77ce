"""Units that come to be with their administrator, and what is changed of them later."""

from dataclasses import replace
from typing import Any

import pytest

from bole.accounts import queries as accounts
from bole.accounts.models import Account
from bole.kernel.actors import Actor
from bole.kernel.errors import Invalid, Refused
from bole.organizations import actions, queries
from bole.organizations.actions import subordinates
from bole.organizations.models import Appointment, Unit, UnitAccount
from bole.organizations.terms import Role, UnitKind
from tests.factories.organizations import (
    BUREAU_CODE,
    HOSPITAL_CODE,
    SCHOOL_CODE,
    SETUP,
    SITE,
    Ground,
    as_person,
    make_account,
    make_administrator,
    resident_number,
)

NEW_CODE = "91350100M000100Y43"


@pytest.fixture
def above(ground: Ground) -> Actor:
    """The administrator of the county's authority."""
    return make_administrator(ground.xingqing, "区管理", 2)


@pytest.fixture
def form(ground: Ground, above: Actor) -> dict[str, Any]:
    """「新增下级单位」 as typed."""
    return {
        "parent": ground.xingqing.pk,
        "kind": UnitKind.UNIT,
        "name": "兴庆区图书馆",
        "credit_code": NEW_CODE,
        "duties": "公共图书服务",
        "administrator_name": "冯馆员",
        "administrator_number": resident_number(20),
        "administrator_phone": "137 0000 0020",
        "by": above,
    }


def test_unit_account_and_administrator_come_together(ground: Ground, form: dict[str, Any]):
    unit = actions.create_subordinate(**form)
    assert (unit.parent_id, unit.region, unit.duties) == (ground.xingqing.pk, "640104", "公共图书服务")
    held = UnitAccount.objects.select_related("account").get(unit=unit)
    assert (held.holder_name, held.account.login, held.account.phone) == ("冯馆员", NEW_CODE, "13700000020")
    assert not held.account.has_usable_password()  # activated by its holder; nobody typed a password
    assert queries.holders(unit.pk, Role.ADMINISTRATOR) == ()
    (offer,) = queries.invitations_for(login=resident_number(20), name="冯馆员")
    account = make_account("冯馆员", resident_number(20))
    actions.accept_appointment(appointment=offer.id, by=as_person(account))
    assert [holder.name for holder in queries.holders(unit.pk, Role.ADMINISTRATOR)] == ["冯馆员"]


def test_a_unit_without_a_code_gets_the_superiors_and_two_digits(ground: Ground, form: dict[str, Any]):
    codes = []
    for name in ("甲所", "乙所", "丙所"):
        unit = actions.create_subordinate(**{**form, "name": name, "credit_code": ""})
        codes.append(unit.provisional_code)
        assert (unit.credit_code, unit.code) == (None, unit.provisional_code)
        assert UnitAccount.objects.get(unit=unit).account.login == unit.provisional_code
    assert codes == [f"{BUREAU_CODE}01", f"{BUREAU_CODE}02", f"{BUREAU_CODE}03"]
    assert queries.unit_by_code(BUREAU_CODE) == ground.xingqing  # never taken for a real one
    with pytest.raises(Invalid):
        queries.unit_by_code(codes[0])


def test_a_provisional_code_is_not_given_twice(ground: Ground, form: dict[str, Any], above: Actor):
    first = actions.create_subordinate(**{**form, "name": "甲所", "credit_code": ""})
    actions.close_unit(unit=first.pk, reason="撤销", by=above)
    second = actions.create_subordinate(**{**form, "name": "乙所", "credit_code": ""})
    changed = actions.change_unit(unit=second.pk, values={"credit_code": NEW_CODE}, by=SETUP)
    assert (changed.code, changed.provisional_code) == (NEW_CODE, f"{BUREAU_CODE}02")
    third = actions.create_subordinate(**{**form, "name": "丙所", "credit_code": ""})
    assert third.provisional_code == f"{BUREAU_CODE}03"


def test_provisional_codes_end_at_ninety_nine(ground: Ground, form: dict[str, Any]):
    Unit.objects.filter(pk=ground.hospital.pk).update(provisional_code=f"{BUREAU_CODE}98")
    last = actions.create_subordinate(**{**form, "credit_code": ""})
    assert last.provisional_code == f"{BUREAU_CODE}{subordinates.MOST_PROVISIONAL}"
    with pytest.raises(Invalid, match="临时代码已用完（最多 99 个）"):
        actions.create_subordinate(**{**form, "name": "又一所", "credit_code": ""})
    assert not Unit.objects.filter(name="又一所").exists()


def test_a_superior_without_a_code_lends_none(ground: Ground, form: dict[str, Any]):
    with pytest.raises(Invalid, match="上级单位没有统一社会信用代码"):
        actions.create_subordinate(**{**form, "parent": ground.education.pk, "credit_code": ""})


FAULTS: list[tuple[dict[str, Any], str, str]] = [
    ({"name": "所"}, "name", "单位名称应为 2 到 120 个字"),
    ({"name": "兴庆区人民医院"}, "name", "该上级单位下已有同名单位"),
    ({"duties": " "}, "duties", "请填写主要工作职责"),
    ({"credit_code": SCHOOL_CODE.lower()}, "credit_code", "已经登记"),
    ({"credit_code": "126401004000004211"}, "credit_code", "校验位"),
    ({"region": "640202"}, "region", "所属地区应在上级单位所属地区范围内"),
    ({"kind": UnitKind.AUTHORITY}, "region", "应低于上级单位一级"),
    ({"administrator_name": ""}, "administrator_name", "请填写与证件一致的姓名"),
    ({"administrator_number": "12"}, "administrator_number", "身份证号"),
    ({"administrator_phone": "0951"}, "administrator_phone", "手机号码应为 11 位"),
]


@pytest.mark.parametrize(("change", "place", "said"), FAULTS)
def test_what_is_typed_wrong_is_said_and_nothing_is_half_done(
    form: dict[str, Any], change: dict[str, Any], place: str, said: str
):
    before = (Unit.objects.count(), Account.objects.count(), Appointment.objects.count())
    with pytest.raises(Invalid, match=said) as caught:
        actions.create_subordinate(**{**form, **change})
    assert place in [fault.at for fault in caught.value.faults]
    assert (Unit.objects.count(), Account.objects.count(), Appointment.objects.count()) == before


def test_all_faults_come_at_once(form: dict[str, Any]):
    wrong = {"name": "", "duties": "", "administrator_name": "", "administrator_number": "", "administrator_phone": ""}
    with pytest.raises(Invalid) as caught:
        actions.create_subordinate(**{**form, **wrong})
    assert {fault.at for fault in caught.value.faults} == set(wrong)


def test_kinds_below_each_kind(ground: Ground, form: dict[str, Any]):
    head = make_administrator(ground.education, "局管理", 3)
    for kind in (UnitKind.AUTHORITY,):
        with pytest.raises(Invalid, match="主管部门下不能设置人社部门"):
            actions.create_subordinate(**{**form, "parent": ground.education.pk, "kind": kind, "by": head})
    base = actions.create_subordinate(**{**form, "parent": ground.education.pk, "kind": UnitKind.BASE, "by": head})
    assert base.kind == UnitKind.BASE.value


def test_nobody_makes_himself_the_first_administrator(form: dict[str, Any]):
    own = {"administrator_name": "区管理", "administrator_number": resident_number(2)}
    before = Unit.objects.count()
    with pytest.raises(Refused, match="不能把自己"):
        actions.create_subordinate(**{**form, **own})
    assert Unit.objects.count() == before


def test_a_code_that_is_a_log_in_name_already_is_said_at_the_code(form: dict[str, Any]):
    make_account("占用", NEW_CODE)
    before = Unit.objects.count()
    with pytest.raises(Invalid, match="已经用作其他账号的登录名"):
        actions.create_subordinate(**form)
    assert Unit.objects.count() == before


def register(account: Account, **change: Any) -> Unit:
    """The effect of an approved registration."""
    good = {
        "site": SITE, "kind": UnitKind.BASE, "name": "兴庆区教师进修学校", "region": "640104", "credit_code": NEW_CODE,
        "values": {"address": "解放东街 1 号", "leader": "赵校长"}, "details": {"venues": 3},
        "administrator": account.pk, "by": SETUP,
    }  # fmt: skip
    return actions.register_unit(**{**good, **change})


def test_an_approved_registration_is_a_unit_at_work(ground: Ground):
    account = make_account("冯馆员", resident_number(20))
    unit = queries.unit(register(account, parent=ground.education.pk).pk)
    assert (unit.parent_id, unit.leader, unit.details) == (ground.education.pk, "赵校长", {"venues": 3})
    assert [holder.name for holder in queries.holders(unit.pk, Role.ADMINISTRATOR)] == ["冯馆员"]
    assert UnitAccount.objects.get(unit=unit).account.phone == account.phone


def test_a_registration_that_cannot_be_leaves_nothing(ground: Ground, above: Actor):
    account = make_account("冯馆员", resident_number(20))
    busy = Account.objects.get(pk=above.account)
    before = (Unit.objects.count(), UnitAccount.objects.count())
    for who, change, kind, said in (
        (account, {"credit_code": ""}, Invalid, "请填写统一社会信用代码"),
        (account, {"credit_code": HOSPITAL_CODE}, Invalid, "已经登记"),
        (account, {"parent": ground.school.pk}, Refused, "单位下不能设置继续教育基地"),
        (account, {"region": "520000"}, Invalid, "所属地区应在宁夏范围内"),
        (account, {"values": {"industry": "帮会"}}, Invalid, "所属行业不在选项中"),
        (busy, {}, Refused, "您已是银川市兴庆区人力资源和社会保障局的单位管理员"),
        (account, {"by": above}, Refused, "须经审核后生效"),
    ):
        with pytest.raises(kind, match=said):
            register(who, **change)
        assert (Unit.objects.count(), UnitAccount.objects.count()) == before


def test_a_change_that_was_approved(ground: Ground):
    values = {
        "name": "兴庆区第一高级中学", "region": "640106", "credit_code": NEW_CODE, "details": {"level": "自治区级"},
        "leader_phone": "13809510001", "industry": "83",
    }  # fmt: skip
    held = actions.open_unit_account(unit=ground.school.pk, holder_name="某", phone="13900000001", by=SETUP)
    actions.change_unit(unit=ground.school.pk, values=values, by=SETUP)
    unit = queries.unit(ground.school.pk)
    assert (unit.name, unit.region, unit.credit_code, unit.organization_code) == (
        "兴庆区第一高级中学", "640106", NEW_CODE, NEW_CODE[8:17],
    )  # fmt: skip
    assert "xqqdygjzx" in unit.initials.split()
    assert unit.leader_phone == "13809510001"
    found = accounts.account_by_login(NEW_CODE)
    assert found is not None
    assert (found.pk, found.name) == (held.account_id, "兴庆区第一高级中学")
    again = actions.change_unit(unit=ground.school.pk, values=values, by=SETUP)
    assert again.revision == unit.revision


CHANGES: list[tuple[dict[str, Any], str, str]] = [
    ({"credit_code": HOSPITAL_CODE}, "credit_code", "已经登记"),
    ({"credit_code": ""}, "credit_code", "请填写统一社会信用代码"),
    ({"credit_code": "１２６４０１００４"}, "credit_code", "18"),
    ({"region": "640199"}, "region", "行政区划"),
    ({"leader_phone": "1"}, "leader_phone", "手机号应为 11 位"),
    ({"address": "长" * 201}, "address", "最多 200 个字"),
    ({"details": "文字"}, "details", "太长"),
]


@pytest.mark.parametrize(("values", "place", "said"), CHANGES)
def test_a_change_that_cannot_be_is_refused_at_the_place(ground: Ground, values: dict[str, Any], place: str, said: str):
    before = queries.unit(ground.school.pk).revision
    with pytest.raises(Invalid, match=said) as caught:
        actions.change_unit(unit=ground.school.pk, values={"leader": "新校长", **values}, by=SETUP)
    assert [fault.at for fault in caught.value.faults] == [place]
    assert queries.unit(ground.school.pk).revision == before


def test_changes_come_by_cases_only(ground: Ground, above: Actor):
    with pytest.raises(Refused, match="请提交「修改单位信息」申请"):
        actions.change_unit(unit=ground.school.pk, values={"leader": "新校长"}, by=above)
    with pytest.raises(ValueError, match="units have no path"):
        actions.change_unit(unit=ground.school.pk, values={"path": "0000"}, by=SETUP)


def test_a_unit_account_is_opened_once_from_above(ground: Ground, above: Actor):
    opened = {"unit": ground.school.pk, "holder_name": "办公室", "phone": "13900000001"}
    with pytest.raises(Invalid, match="使用人的姓名"):
        actions.open_unit_account(**{**opened, "holder_name": ""}, by=above)
    actions.open_unit_account(**opened, by=above)
    with pytest.raises(Refused, match="已有单位账号"):
        actions.open_unit_account(**opened, by=above)
    with pytest.raises(Refused, match="由上级单位的管理员设置"):
        actions.open_unit_account(**{**opened, "unit": ground.xingqing.pk}, by=above)
    with pytest.raises(Refused, match="还没有统一社会信用代码或临时代码"):
        actions.open_unit_account(**{**opened, "unit": ground.education.pk}, by=above)
    with pytest.raises(Refused):
        actions.open_unit_account(**opened, by=replace(above, account=None))
