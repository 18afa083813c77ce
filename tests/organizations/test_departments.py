"""「管理内设部门」."""

from collections.abc import Callable
from uuid import uuid4

import pytest

from bole.kernel.actors import Actor
from bole.kernel.errors import Absent, Invalid, Refused
from bole.organizations import actions, queries
from bole.organizations.actions import departments
from bole.organizations.models import Department
from tests.factories.organizations import Ground, make_administrator


@pytest.fixture
def head(ground: Ground) -> Actor:
    return make_administrator(ground.school, "赵管理", 1)


@pytest.fixture
def tree(ground: Ground, head: Actor) -> dict[str, Department]:
    """教务处 with 高中部 and 初中部, beside 总务处."""
    made: dict[str, Department] = {}
    for name, above, position in (
        ("总务处", "", 2),
        ("教务处", "", 1),
        ("高中部", "教务处", 0),
        ("初中部", "教务处", 0),
    ):
        made[name] = actions.keep_department(
            unit=ground.school.pk, name=name, parent=made[above].pk if above else None, position=position, by=head
        )
    return made


def shown(ground: Ground) -> list[tuple[str, int]]:
    return [(row.name, row.depth) for row in queries.departments_of(ground.school.pk)]


def test_the_tree_in_its_order_in_one_query(
    ground: Ground, tree: dict[str, Department], django_assert_num_queries: Callable[[int], object]
):
    with django_assert_num_queries(1):
        assert shown(ground) == [("教务处", 1), ("初中部", 2), ("高中部", 2), ("总务处", 1)]


def test_editing_and_moving(ground: Ground, head: Actor, tree: dict[str, Department]):
    actions.keep_department(unit=ground.school.pk, department=tree["总务处"].pk, name="后勤处", position=0, by=head)
    actions.move_department(department=tree["高中部"].pk, parent=tree["总务处"].pk, by=head)
    actions.move_department(department=tree["高中部"].pk, parent=tree["总务处"].pk, by=head)
    assert shown(ground) == [("后勤处", 1), ("高中部", 2), ("教务处", 1), ("初中部", 2)]
    actions.move_department(department=tree["高中部"].pk, parent=None, by=head)
    assert ("高中部", 1) in shown(ground)


def test_a_name_stands_once_among_siblings(ground: Ground, head: Actor, tree: dict[str, Department]):
    for act in (
        lambda: actions.keep_department(unit=ground.school.pk, name="教务处", by=head),
        lambda: actions.keep_department(unit=ground.school.pk, name="高中部", parent=tree["教务处"].pk, by=head),
        lambda: actions.keep_department(unit=ground.school.pk, department=tree["初中部"].pk, name="高中部", by=head),
    ):
        with pytest.raises(Invalid, match="同一级已有这个名称的部门"):
            act()
    assert actions.keep_department(unit=ground.school.pk, name="高中部", by=head)  # elsewhere it may stand


def test_no_department_comes_under_itself(head: Actor, tree: dict[str, Department]):
    for target in ("教务处", "高中部"):
        with pytest.raises(Refused, match="不能把部门移到它自己或它的下级部门"):
            actions.move_department(department=tree["教务处"].pk, parent=tree[target].pk, by=head)


def test_disabling_takes_those_below_along(ground: Ground, head: Actor, tree: dict[str, Department]):
    actions.disable_department(department=tree["教务处"].pk, by=head)
    actions.disable_department(department=tree["教务处"].pk, by=head)
    assert [row.name for row in queries.departments_of(ground.school.pk, disabled=False)] == ["总务处"]
    assert [row.name for row in queries.departments_of(ground.school.pk) if row.disabled] == [
        "教务处",
        "初中部",
        "高中部",
    ]
    with pytest.raises(Refused, match="请先恢复上级部门"):
        actions.enable_department(department=tree["高中部"].pk, by=head)
    with pytest.raises(Invalid, match="上级部门不存在或已停用"):
        actions.keep_department(unit=ground.school.pk, name="新部", parent=tree["教务处"].pk, by=head)
    actions.enable_department(department=tree["教务处"].pk, by=head)
    actions.enable_department(department=tree["高中部"].pk, by=head)
    assert not Department.objects.get(pk=tree["高中部"].pk).disabled_at


def test_what_is_typed_wrong_is_said_at_its_place(ground: Ground, head: Actor, tree: dict[str, Department]):
    for values, place in (
        ({"name": " "}, "name"),
        ({"name": "长" * 61}, "name"),
        ({"name": "新部", "position": -1}, "position"),
        ({"name": "新部", "parent": uuid4()}, "parent"),
    ):
        with pytest.raises(Invalid) as caught:
            actions.keep_department(unit=ground.school.pk, by=head, **values)
        assert [fault.at for fault in caught.value.faults] == [place]


def test_eight_levels(ground: Ground, head: Actor):
    above = None
    for level in range(departments.DEPTH):
        above = actions.keep_department(
            unit=ground.school.pk, name=f"{level + 1} 级", parent=above.pk if above else None, by=head
        )
    assert above is not None
    with pytest.raises(Invalid, match="最多 8 级"):
        actions.keep_department(unit=ground.school.pk, name="9 级", parent=above.pk, by=head)
    top = actions.keep_department(unit=ground.school.pk, name="另一处", by=head)
    actions.keep_department(unit=ground.school.pk, name="下级", parent=top.pk, by=head)
    with pytest.raises(Invalid, match="最多 8 级"):
        actions.move_department(department=top.pk, parent=above.parent_id, by=head)


def test_departments_of_another_unit_are_out_of_reach(ground: Ground, tree: dict[str, Department]):
    stranger = make_administrator(ground.hospital, "院管理", 4)
    for act in (
        lambda: actions.move_department(department=tree["高中部"].pk, parent=None, by=stranger),
        lambda: actions.disable_department(department=tree["高中部"].pk, by=stranger),
    ):
        with pytest.raises(Refused, match="只能在本单位办理"):
            act()
    with pytest.raises(Absent):
        actions.keep_department(unit=ground.hospital.pk, department=tree["高中部"].pk, name="改名", by=stranger)
    with pytest.raises(Absent):
        actions.disable_department(department=uuid4(), by=stranger)
