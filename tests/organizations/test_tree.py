"""The tree: births, moves, refusals."""

import pytest

from bole.audit import queries as ledger
from bole.kernel.errors import Absent, Invalid, Refused
from bole.organizations import actions, queries
from bole.organizations.actions.tree import segment
from bole.organizations.models import DEPTH, Unit
from bole.organizations.terms import Level, UnitKind
from tests.factories.organizations import SCHOOL_CODE, SETUP, SITE, Cast, Ground, as_unit, make_unit


def test_segments_are_of_one_width_and_keep_their_order():
    numbers = [0, 1, 35, 36, 36**4 - 1]
    assert [segment(number) for number in numbers] == ["0000", "0001", "000z", "0010", "zzzz"]
    with pytest.raises(Refused):
        segment(36**4)


def test_a_child_lies_under_its_parent(ground: Ground):
    assert ground.xingqing.path == ground.yinchuan.path + "0001"
    assert ground.jinfeng.path == ground.yinchuan.path + "0002"
    assert ground.school.depth == 5
    assert list(queries.units_below(ground.xingqing).values_list("name", flat=True)) == [
        "银川市兴庆区人力资源和社会保障局",
        "兴庆区教育局",
        "兴庆区第一中学",
        "兴庆区人民医院",
    ]


def test_a_unit_knows_its_codes_and_spelling(ground: Ground):
    assert (ground.school.credit_code, ground.school.organization_code) == (SCHOOL_CODE, SCHOOL_CODE[8:17])
    assert "xqqdyzx" in ground.school.initials.split()
    assert ledger.about("unit", str(ground.school.pk)).get().action == "organizations.unit.created"


@pytest.mark.parametrize(
    ("changes", "place"),
    [
        ({"name": " "}, "name"),
        ({"region": "610104"}, "region"),
        ({"region": "640199"}, "region"),
        ({"credit_code": "126401004000004211"}, "credit_code"),
        ({"credit_code": SCHOOL_CODE.lower()}, "credit_code"),
        ({"organization_code": "123"}, "organization_code"),
        ({"kind": UnitKind.AUTHORITY}, "region"),
    ],
)
def test_a_faulty_unit_is_refused_at_the_place(ground: Ground, changes: dict[str, object], place: str):
    good = {"site": SITE, "kind": UnitKind.UNIT, "name": "兴庆区第二中学", "region": "640104", "by": SETUP}
    before = Unit.objects.count()
    with pytest.raises(Invalid) as caught:
        actions.create_unit(**{**good, **changes})
    assert [fault.at for fault in caught.value.faults] == [place]
    assert Unit.objects.count() == before
    actions.create_unit(**good)
    assert Unit.objects.count() == before + 1


def test_who_may_create_units(ground: Ground, cast: Cast):
    """An authority's 经办员 on its own ground; nobody else, nowhere else."""

    def create(actor: object, region: str) -> Unit:
        return actions.create_unit(site=SITE, kind=UnitKind.UNIT, name="新单位", region=region, parent=None, by=actor)

    assert create(as_unit(cast.ma, ground.xingqing), "640104").region == "640104"
    for actor, region in [
        (as_unit(cast.ma, ground.xingqing), "640106"),
        (as_unit(cast.he, ground.shizuishan), "640104"),
        (as_unit(cast.chen, ground.xingqing), "640104"),
        (as_unit(cast.zhou, ground.school), "640104"),
    ]:
        with pytest.raises(Refused):
            create(actor, region)


def test_a_parent_of_another_site_or_unknown_is_refused(ground: Ground):
    foreign = actions.create_unit(site="guizhou", kind=UnitKind.AUTHORITY, name="贵州省厅", region="520000", by=SETUP)
    for parent in (foreign.pk, Unit().pk):
        with pytest.raises(Invalid) as caught:
            actions.create_unit(site=SITE, kind=UnitKind.UNIT, name="新单位", region="640104", parent=parent, by=SETUP)
        assert [fault.at for fault in caught.value.faults] == ["parent"]


def test_a_move_takes_the_subtree_along(ground: Ground):
    before = ground.education.path
    actions.move_unit(unit=ground.education.pk, parent=ground.jinfeng.pk, by=SETUP)
    education, school = queries.unit(ground.education.pk), queries.unit(ground.school.pk)
    assert (education.path, education.parent_id) == (ground.jinfeng.path + "0001", ground.jinfeng.pk)
    assert school.path == education.path + "0001"
    assert not Unit.objects.below(before).exists()
    entry = ledger.about("unit", str(ground.education.pk)).first()
    assert entry is not None
    assert (entry.action, entry.detail["from"], entry.detail["to"]) == (
        "organizations.unit.moved",
        before,
        education.path,
    )


def test_a_left_path_is_never_given_again(ground: Ground):
    left = ground.hospital.path
    actions.move_unit(unit=ground.hospital.pk, parent=ground.province.pk, by=SETUP)
    assert make_unit("兴庆区第三中学", "640104", ground.xingqing).path > left


def test_a_move_done_twice_is_done_once(ground: Ground):
    first = actions.move_unit(unit=ground.school.pk, parent=ground.xingqing.pk, by=SETUP)
    second = actions.move_unit(unit=ground.school.pk, parent=ground.xingqing.pk, by=SETUP)
    assert first.path == second.path
    assert ledger.about("unit", str(ground.school.pk)).filter(action="organizations.unit.moved").count() == 1


def test_a_unit_can_become_a_root(ground: Ground):
    moved = actions.move_unit(unit=ground.education.pk, parent=None, by=SETUP)
    assert (moved.depth, moved.parent_id) == (1, None)
    assert queries.unit(ground.school.pk).path == moved.path + "0001"


def test_no_unit_comes_under_itself(ground: Ground):
    for target in (ground.yinchuan, ground.school):
        with pytest.raises(Refused, match="不能把单位归口到它自己或它的下级单位"):
            actions.move_unit(unit=ground.yinchuan.pk, parent=target.pk, by=SETUP)
    assert queries.unit(ground.yinchuan.pk).path == ground.yinchuan.path


def test_the_tree_has_a_greatest_depth(ground: Ground):
    deepest = ground.school
    while deepest.depth < DEPTH:
        deepest = make_unit(f"第{deepest.depth}层", "640104", deepest)
    with pytest.raises(Invalid, match="16 层"):
        make_unit("多一层", "640104", deepest)
    with pytest.raises(Refused, match="16 层"):
        actions.move_unit(unit=ground.school.pk, parent=make_unit("新学区", "640104", ground.education).pk, by=SETUP)


def test_only_the_installation_moves_units(ground: Ground, cast: Cast):
    with pytest.raises(Refused, match="主管部门更改"):
        actions.move_unit(unit=ground.school.pk, parent=ground.xingqing.pk, by=as_unit(cast.ma, ground.xingqing))


def test_the_authority_of_each_level(ground: Ground):
    found = [queries.authority_for(SITE, ground.school.region, level) for level in Level]
    assert found == [ground.province, ground.yinchuan, ground.xingqing]
    assert [queries.authority_for(SITE, ground.institute.region, level) for level in Level] == [
        ground.province,
        None,
        None,
    ]
    assert queries.authority_for("guizhou", "640104", Level.COUNTY) is None


def test_an_unknown_unit_is_absent(db: None):
    with pytest.raises(Absent):
        queries.unit(Unit().pk)


@pytest.mark.postgres
def test_paths_are_compared_byte_by_byte(db: None):
    """With the collation of the database, "~" would not sort after every path below (PostgreSQL)."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT collation_name FROM information_schema.columns"
            " WHERE table_name = 'organizations_unit' AND column_name = 'path'"
        )
        assert cursor.fetchone() == ("C",)
