"""The tree as its page shows it: some siblings at a time, searched, opened at a hit; each in few queries."""

from collections.abc import Callable

import pytest

from bole.kernel.actors import Actor
from bole.kernel.errors import Absent, Refused
from bole.organizations import actions, queries
from bole.organizations.models import Unit
from bole.organizations.terms import Role, TreePage, UnitKind
from tests.factories.organizations import (
    HOSPITAL_CODE,
    SCHOOL_CODE,
    SETUP,
    Ground,
    as_person,
    as_unit,
    as_unit_account,
    give_role,
    make_account,
    make_administrator,
    make_unit,
    resident_number,
)

Counted = Callable[[int], object]


@pytest.fixture
def above(ground: Ground) -> Actor:
    """The administrator of the county's authority."""
    return make_administrator(ground.xingqing, "区管理", 2)


def names(page: TreePage) -> list[str]:
    return [node.name for node in page.nodes]


def test_the_tree_begins_with_the_own_unit_and_what_hangs_under_nobody(
    ground: Ground, above: Actor, django_assert_num_queries: Counted
):
    make_unit("兴庆区新设机构", "640104")
    stray = make_unit("兴庆区寄挂机构", "640104", ground.shizuishan)
    make_unit("金凤区新设机构", "640106")
    with django_assert_num_queries(3):
        page = queries.roots(by=above)
    assert names(page)[0] == ground.xingqing.name
    assert set(names(page)[1:]) == {"兴庆区新设机构", stray.name}
    assert page.nodes[0].children == 2
    head = make_administrator(ground.education, "局管理", 3)
    assert names(queries.roots(by=head)) == ["兴庆区教育局"]
    province = make_administrator(ground.province, "厅管理", 4)
    assert set(names(queries.roots(by=province))) == {ground.province.name, "兴庆区新设机构", "金凤区新设机构"}


def test_siblings_come_some_at_a_time(ground: Ground, above: Actor, django_assert_num_queries: Counted):
    for number in range(5):
        make_unit(f"第{number}小学", "640104", ground.education)
    seen: list[str] = []
    after = ""
    for expected in (2, 2, 2):
        with django_assert_num_queries(3):
            page = queries.children(ground.education.pk, by=above, after=after, limit=2)
        assert len(page.nodes) == expected
        seen, after = seen + names(page), page.after
    assert after == ""
    assert seen == ["兴庆区第一中学", *(f"第{number}小学" for number in range(5))]


def test_closed_units_leave_the_tree(ground: Ground, above: Actor):
    actions.close_unit(unit=ground.school.pk, reason="撤销", by=above)
    assert queries.children(ground.education.pk, by=above).nodes == ()
    assert queries.tree_at(ground.education.pk, by=above).chain[-1].children == 0
    assert queries.search_units("第一中学", by=above) == ()
    assert queries.tree_at(ground.school.pk, by=above).chain[-1].name == "兴庆区第一中学"  # but can be looked up


def test_a_hit_opens_the_tree_at_its_place(ground: Ground, above: Actor, django_assert_num_queries: Counted):
    with django_assert_num_queries(4):
        (hit,) = queries.search_units("第一中学", by=above)
    assert hit.superiors == tuple(
        unit.name for unit in (ground.province, ground.yinchuan, ground.xingqing, ground.education)
    )
    with django_assert_num_queries(3):
        line = queries.ancestors(hit.node.id, by=above)
    assert [node.name for node in line] == [ground.xingqing.name, "兴庆区教育局"]


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("兴庆区第一中学", ["兴庆区第一中学"]),
        ("第一中学", ["兴庆区第一中学"]),
        ("xqqdyzx", ["兴庆区第一中学"]),
        ("dyzx", ["兴庆区第一中学"]),
        ("XingQingQuJiaoYuJu", ["兴庆区教育局"]),
        (SCHOOL_CODE[:16], ["兴庆区第一中学"]),
        (f" {HOSPITAL_CODE.lower()} ", ["兴庆区人民医院"]),
        ("不存在", []),
        ("  ", []),
        ("大武口", []),  # not on the county's ground
        ("%", []),
        ("_", []),
    ],
)
def test_searching(ground: Ground, above: Actor, typed: str, found: list[str]):
    assert [hit.node.name for hit in queries.search_units(typed, by=above)] == found


def test_what_begins_with_the_words_comes_first_and_no_more_than_asked(ground: Ground, above: Actor):
    for name in ("城关教育中心", "教育研究室"):
        make_unit(name, "640104", ground.xingqing)
    assert [hit.node.name for hit in queries.search_units("教育", by=above)] == [
        "教育研究室",
        "兴庆区教育局",
        "城关教育中心",
    ]
    assert [hit.node.name for hit in queries.search_units("教育", by=above, limit=2)] == ["教育研究室", "兴庆区教育局"]


def test_a_provisional_code_is_marked_and_found(ground: Ground, above: Actor):
    unit = actions.create_subordinate(
        parent=ground.xingqing.pk,
        kind=UnitKind.UNIT,
        name="兴庆区图书馆",
        duties="图书服务",
        administrator_name="冯馆员",
        administrator_number=resident_number(20),
        administrator_phone="13700000020",
        by=above,
    )
    (hit,) = queries.search_units(unit.code, by=above)
    assert (hit.node.code, hit.node.provisional) == (unit.provisional_code, True)
    assert not queries.tree_at(ground.school.pk, by=above).chain[-1].provisional


def test_what_nobody_may_see_is_absent(ground: Ground, above: Actor):
    person = make_account("路人", resident_number(6))
    give_role(ground.hospital, Role.REVIEWER, person)
    asked = [
        (as_person(person), ground.hospital),
        (as_unit(person, ground.hospital), ground.school),
        (as_unit(person, ground.school), ground.school),
        (above, ground.dawukou),
    ]
    for by, unit in asked:
        for look in (queries.children, queries.tree_at, queries.ancestors):
            with pytest.raises((Absent, Refused)):  # refused as a whole where somebody stands nowhere
                look(unit.pk, by=by)
        assert unit.name not in [hit.node.name for hit in queries.search_units(unit.name, by=by)]
    assert queries.roots(by=as_person(person)) == TreePage(())


def test_a_unit_account_sees_its_own_unit_alone(ground: Ground):
    by = as_unit_account(ground.xingqing)
    assert names(queries.roots(by=by)) == [ground.xingqing.name]
    assert queries.children(ground.xingqing.pk, by=by).nodes == ()
    with pytest.raises(Absent):
        queries.tree_at(ground.school.pk, by=by).chain[-1]
    assert queries.managing_unit(by) == ground.xingqing
    assert queries.managing_unit(SETUP) is None
    assert Unit.objects.filter(parent=ground.xingqing).exists()
