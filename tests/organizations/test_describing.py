"""「开通网上采集功能」, 「单位信息」 and the two searches."""

from typing import Any

import pytest

from bole.audit import queries as ledger
from bole.kernel.errors import Absent, Invalid, Moved, Refused
from bole.organizations import actions, queries
from bole.organizations.models import Unit
from tests.factories.organizations import SCHOOL_CODE, Cast, Ground, as_person, as_unit


@pytest.fixture
def values(ground: Ground) -> dict[str, str]:
    """「单位信息」 as the form sends it."""
    return {
        "address": "银川市兴庆区 解放东街 1 号",
        "leader": "赵校长",
        "leader_phone": "１３８0951 0001",
        "unit_type": "20",
        "affiliation": "50",
        "economic_type": "110",
        "industry": "83",
        "administrative_superior": str(ground.education.pk),
        "industry_superior": str(ground.education.pk),
        "region": "640104",
    }


def save(ground: Ground, cast: Cast, values: dict[str, str], seen: int = 1) -> Unit:
    return actions.describe_unit(unit=ground.school.pk, values=values, seen=seen, by=as_unit(cast.zhou, ground.school))


def described(ground: Ground) -> int:
    return ledger.about("unit", str(ground.school.pk)).filter(action="organizations.unit.described").count()


def test_the_first_visit(ground: Ground, cast: Cast, values: dict[str, str]):
    row = save(ground, cast, values)
    stored = queries.unit(row.pk)
    assert (stored.address, stored.leader, stored.leader_phone) == (
        "银川市兴庆区 解放东街 1 号",
        "赵校长",
        "13809510001",
    )
    assert (stored.administrative_superior, stored.industry_superior) == (ground.education, ground.education)
    assert (stored.revision, stored.described_by) == (2, cast.zhou.pk)
    assert described(ground) == 1


def test_the_phone_is_not_readable_in_the_table(ground: Ground, cast: Cast, values: dict[str, str]):
    save(ground, cast, values)
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT leader_phone FROM organizations_unit WHERE leader_phone IS NOT NULL")
        (sealed,) = cursor.fetchone()
    assert b"13809510001" not in bytes(sealed)


def test_saving_the_same_twice_is_saving_once(ground: Ground, cast: Cast, values: dict[str, str]):
    first = save(ground, cast, values)
    second = save(ground, cast, values)
    assert (first.revision, second.revision, described(ground)) == (2, 2, 1)


def test_a_stale_form_is_answered_with_who_and_when(ground: Ground, cast: Cast, values: dict[str, str]):
    save(ground, cast, values)
    with pytest.raises(Moved, match=r"单位信息已由周敏于\d+月\d+日 \d\d:\d\d修改"):
        save(ground, cast, {**values, "leader": "钱校长"}, seen=1)
    assert queries.unit(ground.school.pk).leader == "赵校长"
    assert save(ground, cast, {**values, "leader": "钱校长"}, seen=2).leader == "钱校长"


FAULTS: dict[str, list[tuple[Any, str]]] = {
    "address": [("", "请填写单位地址"), ("长" * 201, "单位地址最多 200 个字，现在有 201 个字")],
    "leader": [(" ", "请填写负责人")],
    "leader_phone": [("0951-5099123", "负责人手机号应为 11 位手机号码"), ("", "负责人手机号应为 11 位手机号码")],
    "unit_type": [("", "请选择单位类型"), ("99", "单位类型不在选项中，请重新选择")],
    "affiliation": [("", "请选择隶属关系")],
    "economic_type": [("", "请选择经济类型")],
    "industry": [("", "请选择所属行业"), ("P", "所属行业不在选项中，请重新选择")],
    "administrative_superior": [("", "请输入关键字，选择行政主管"), ("教育局", "请从搜索结果中选择行政主管")],
    "industry_superior": [("00000000-0000-0000-0000-000000000000", "没有找到这个行业主管单位，请重新搜索选择")],
    "region": [("", "请选择所属地区"), ("610104", "所属地区应在宁夏范围内")],
}


@pytest.mark.parametrize(("place", "typed", "said"), [(at, *case) for at, cases in FAULTS.items() for case in cases])
def test_a_fault_is_said_at_its_place(
    ground: Ground, cast: Cast, values: dict[str, str], place: str, typed: str, said: str
):
    with pytest.raises(Invalid) as caught:
        save(ground, cast, {**values, place: typed})
    assert [(fault.at, fault.say) for fault in caught.value.faults] == [(place, said)]
    assert described(ground) == 0


def test_all_faults_at_once(ground: Ground, cast: Cast):
    with pytest.raises(Invalid) as caught:
        save(ground, cast, {})
    assert [fault.at for fault in caught.value.faults] == list(FAULTS)


def test_a_unit_is_not_its_own_superior(ground: Ground, cast: Cast, values: dict[str, str]):
    with pytest.raises(Invalid, match="行政主管不能是本单位"):
        save(ground, cast, {**values, "administrative_superior": str(ground.school.pk)})


def test_only_the_units_own_administrator_describes_it(ground: Ground, cast: Cast, values: dict[str, str]):
    for actor in (as_unit(cast.sun, ground.hospital), as_unit(cast.ma, ground.xingqing), as_person(cast.zhou)):
        with pytest.raises(Refused):
            actions.describe_unit(unit=ground.school.pk, values=values, seen=1, by=actor)
    save(ground, cast, values)


def test_enabling(ground: Ground, cast: Cast):
    ma = as_unit(cast.ma, ground.xingqing)
    first = actions.enable_collection(unit=ground.education.pk, by=ma)
    second = actions.enable_collection(unit=ground.education.pk, by=ma)
    assert first.collection_enabled_at == second.collection_enabled_at
    written = ledger.about("unit", str(ground.education.pk)).filter(action="organizations.collection.enabled")
    assert [entry.account for entry in written] == [cast.ma.pk]


def test_enabling_is_refused_with_the_reason(ground: Ground, cast: Cast):
    he = as_unit(cast.he, ground.shizuishan)
    with pytest.raises(Refused, match="不在您所在部门的管辖范围内"):
        actions.enable_collection(unit=ground.education.pk, by=he)
    with pytest.raises(Refused, match="人社部门负责审核"):
        actions.enable_collection(unit=ground.dawukou.pk, by=he)
    with pytest.raises(Absent):
        actions.enable_collection(unit=cast.lin.pk, by=he)
    assert queries.unit(ground.education.pk).collection_enabled_at is None


@pytest.mark.parametrize("typed", ["教育局", "jiaoyuju", "JYJ", "xqqjy", " 兴庆区教育局 "])
def test_superiors_are_found_by_name_and_spelling(ground: Ground, cast: Cast, typed: str):
    found = queries.search_superiors(typed, by=as_unit(cast.zhou, ground.school))
    assert [choice.name for choice in found] == ["兴庆区教育局"]
    assert found[0].region == "宁夏回族自治区银川市兴庆区"


def test_superiors_are_found_by_code_but_not_the_unit_itself(ground: Ground, cast: Cast):
    assert queries.search_superiors(SCHOOL_CODE, by=as_unit(cast.zhou, ground.school)) == ()
    found = queries.search_superiors(SCHOOL_CODE[:12], by=as_unit(cast.sun, ground.hospital))
    assert ground.school.pk in {choice.id for choice in found}
    assert queries.search_superiors(" ", by=as_unit(cast.sun, ground.hospital)) == ()
    assert queries.search_superiors("教育局", by=as_person(cast.lin)) == ()


def test_units_for_authorization_match_exactly_and_on_the_ground(ground: Ground, cast: Cast):
    Unit.objects.filter(pk=ground.school.pk).update(insurance_number="NX640104001")
    ma, he = as_unit(cast.ma, ground.xingqing), as_unit(cast.he, ground.shizuishan)

    def names(**numbers: str) -> list[str]:
        return [unit.name for unit in queries.find_units_for_authorization(**numbers, by=ma)]

    assert names(credit_code=SCHOOL_CODE.lower()) == ["兴庆区第一中学"]
    assert names(organization_code=f"{SCHOOL_CODE[8:16]}-{SCHOOL_CODE[16]}") == ["兴庆区第一中学"]
    assert names(insurance_number="NX640104001") == ["兴庆区第一中学"]
    assert names(insurance_number="NX64010400") == []
    assert names(insurance_number="NX640104001", credit_code="12640100400000376Y") == []
    assert queries.find_units_for_authorization(credit_code=SCHOOL_CODE, by=he) == ()
    with pytest.raises(Invalid, match="至少填写"):
        names(insurance_number=" ")
    with pytest.raises(Refused):
        queries.find_units_for_authorization(credit_code=SCHOOL_CODE, by=as_unit(cast.zhou, ground.school))


def test_a_unit_by_its_code_as_typed(ground: Ground):
    assert queries.unit_by_code("１26401004000004210 ") == ground.school
