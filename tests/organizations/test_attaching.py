"""归口, 停用, 关闭审核权限."""

from uuid import uuid4

import pytest
from pytest_django import DjangoCaptureOnCommitCallbacks

from bole.accounts.models import Account
from bole.kernel import clock
from bole.kernel.actors import Actor
from bole.kernel.errors import Absent, Invalid, Refused
from bole.notices.models import Message
from bole.organizations import actions, queries
from bole.organizations.models import Appointment, Unit, UnitAccount
from bole.organizations.terms import Role, UnitKind
from tests.factories.organizations import SETUP, Ground, as_unit, make_administrator, make_unit


@pytest.fixture
def above(ground: Ground) -> Actor:
    return make_administrator(ground.xingqing, "区管理", 2)


def test_both_superiors_are_told(
    ground: Ground, above: Actor, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
):
    other = make_administrator(ground.education, "局管理", 3)
    deputy = make_administrator(ground.xingqing, "区副管理", 4)
    with django_capture_on_commit_callbacks(execute=True):
        actions.attach_unit(unit=ground.school.pk, parent=ground.xingqing.pk, by=SETUP)
        actions.attach_unit(unit=ground.school.pk, parent=ground.xingqing.pk, by=SETUP)  # twice is once
    assert queries.unit(ground.school.pk).parent_id == ground.xingqing.pk
    for each in (above, deputy):
        assert list(Message.objects.filter(account=each.account).values_list("title", flat=True)) == [
            "兴庆区第一中学已归口到银川市兴庆区人力资源和社会保障局"
        ]
    assert list(Message.objects.filter(account=other.account).values_list("title", flat=True)) == [
        "兴庆区第一中学不再归口到兴庆区教育局"
    ]


def test_unbinding_makes_a_root(ground: Ground):
    assert actions.attach_unit(unit=ground.education.pk, parent=None, by=SETUP).parent_id is None
    assert queries.unit(ground.school.pk).depth == 2


def test_ties_that_cannot_be(ground: Ground, above: Actor):
    foreign = actions.create_unit(site="guizhou", kind=UnitKind.AUTHORITY, name="贵州省厅", region="520000", by=SETUP)
    closed = make_unit("旧局", "640104", kind=UnitKind.DEPARTMENT)
    Unit.objects.filter(pk=closed.pk).update(closed_on=clock.today())
    tries = [
        (ground.education, ground.education, SETUP, "不能把单位归口到它自己"),
        (ground.yinchuan, ground.xingqing, SETUP, "不能把单位归口到它自己或它的下级单位"),
        (ground.school, foreign, SETUP, "不属于本办事大厅"),
        (ground.school, closed, SETUP, "已停用"),
        (closed, ground.xingqing, SETUP, "该单位已停用，不能再变更上级单位"),
        (ground.education, ground.school, SETUP, "单位不能作为主管部门的上级单位"),
        (ground.jinfeng, ground.education, SETUP, "主管部门不能作为人社部门的上级单位"),
        (ground.school, ground.xingqing, above, "请提交「主管部门更改」申请"),
    ]
    for unit, parent, by, said in tries:
        before = queries.unit(unit.pk).path
        with pytest.raises(Refused, match=said):
            actions.attach_unit(unit=unit.pk, parent=parent.pk, by=by)
        assert queries.unit(unit.pk).path == before
    with pytest.raises(Absent):
        actions.attach_unit(unit=ground.school.pk, parent=uuid4(), by=SETUP)


def test_closing_ends_everything_that_the_unit_gave(ground: Ground, above: Actor):
    head = make_administrator(ground.school, "赵管理", 1)
    held = actions.open_unit_account(unit=ground.school.pk, holder_name="赵管理", phone="13900000001", by=SETUP)
    offer = actions.hand_over(number="640104199001010077", name="钱继任", by=head)
    actions.close_unit(unit=ground.school.pk, reason="合并", by=above)
    again = actions.close_unit(unit=ground.school.pk, reason="合并", by=above)
    assert (again.closed_on, again.closed_reason) == (clock.today(), "合并")
    assert not Appointment.objects.current().filter(unit=ground.school).exists()
    assert Appointment.objects.get(pk=offer.id).end_reason == "单位停用"
    assert not Account.objects.get(pk=held.account_id).is_active
    assert UnitAccount.objects.filter(pk=held.pk).exists()  # what it did stays on record
    assert queries.capacities(head.who) == ()


def test_a_unit_with_units_below_is_not_closed(ground: Ground, above: Actor):
    with pytest.raises(Refused, match="兴庆区教育局还有 1 个下级单位，请先为它们更换上级单位或停用它们"):
        actions.close_unit(unit=ground.education.pk, reason="合并", by=above)
    actions.close_unit(unit=ground.school.pk, reason="合并", by=above)
    actions.close_unit(unit=ground.education.pk, reason="合并", by=above)
    with pytest.raises(Invalid, match="请填写停用原因"):
        actions.close_unit(unit=ground.hospital.pk, reason=" ", by=above)
    with pytest.raises(Absent):
        actions.close_unit(unit=uuid4(), reason="合并", by=above)


def test_suspending_and_resuming_review(ground: Ground, above: Actor):
    with pytest.raises(Invalid, match="请填写关闭审核权限的原因"):
        actions.suspend_review(unit=ground.school.pk, reason="", by=above)
    first = actions.suspend_review(unit=ground.school.pk, reason="整改", by=above)
    second = actions.suspend_review(unit=ground.school.pk, reason="又一次", by=above)
    assert (first.review_closed_at, second.review_closed_reason) == (second.review_closed_at, "整改")
    assert queries.tree_at(ground.school.pk, by=above).chain[-1].review_closed
    actions.resume_review(unit=ground.school.pk, by=above)
    assert actions.resume_review(unit=ground.school.pk, by=above).review_closed_at is None


def test_an_operator_below_is_not_asked(ground: Ground, above: Actor):
    from tests.factories.organizations import give_role, make_account, resident_number

    clerk = make_account("李经办", resident_number(5))
    give_role(ground.xingqing, Role.REVIEWER, clerk)
    for act in (
        lambda: actions.suspend_review(unit=ground.school.pk, reason="整改", by=as_unit(clerk, ground.xingqing)),
        lambda: actions.close_unit(unit=ground.school.pk, reason="合并", by=as_unit(clerk, ground.xingqing)),
    ):
        with pytest.raises(Refused, match="由单位管理员办理"):
            act()
