"""「调整办理部门」: open cases follow a corrected region, a new superior or a new unit; nobody begins anew (JL-11)."""

from collections.abc import Callable

import pytest
from django.test import TestCase

from bole.accounts.models import Account
from bole.audit import queries as ledger
from bole.cases.models import Case
from bole.cases.terms import Status
from bole.kernel.actors import Actor, Way
from bole.kernel.errors import Invalid, Moved, Refused
from bole.notices.models import Message
from bole.organizations import actions as organizations
from bole.organizations import events
from bole.organizations.models import Unit
from bole.organizations.terms import Role
from bole.review import actions as review
from bole.review import queries
from bole.review.models import Movement, Task
from bole.review.tasks import offer_rerouting
from tests.factories import cases as made
from tests.factories.administration import manage
from tests.factories.organizations import SETUP, SITE, as_unit, give_role, make_account
from tests.factories.people import World, as_self
from tests.review.affairs import NUMBERS, Affairs


@pytest.fixture
def jinfeng(world: World) -> Account:
    """Who reviews for the other county."""
    account = make_account("金凤审核", NUMBERS[0])
    give_role(world.ground.jinfeng, Role.REVIEWER, account)
    return account


@pytest.fixture
def clerk(world: World) -> Actor:
    return as_unit(world.cast.zhou, world.ground.school)


@pytest.fixture
def at_county(world: World, clerk: Actor) -> Case:
    """Lin's case, confirmed by the school, waiting for 兴庆区."""
    return made.approve(made.submitted_case(world.lin, as_self(world.lin)), clerk)


def correct(world: World, region: str = "640106") -> None:
    """The school's region was wrong; now it is right."""
    Unit.objects.filter(pk=world.ground.school.pk).update(region=region)


def plan(world: World, **more: object) -> list[tuple[str, str, str, bool]]:
    lines = queries.reroute_plan(unit=world.ground.school.pk, **more)  # type: ignore[arg-type]  # the query's own arguments
    return [(line.number, line.before, line.after, line.movable) for line in lines]


def test_case_follows_the_corrected_region_with_everything_in_it(
    world: World, at_county: Case, jinfeng: Account, clerk: Actor
):
    correct(world)
    left = Task.objects.get(case=at_county, closed_at=None)
    before = {answer.section: answer.typed for answer in at_county.answers.all()}
    old, new = world.ground.xingqing, world.ground.jinfeng
    assert plan(world) == [(at_county.number, old.name, new.name, True)]

    with TestCase.captureOnCommitCallbacks(execute=True):
        row = review.reroute(case=at_county, seen=at_county.revision, by=clerk)

    case = made.fresh(at_county)
    assert row is not None
    assert (case.status, case.step, case.seat_unit, case.region) == (Status.IN_REVIEW, "county", new, "640106")
    assert (case.submitted_at, case.round) == (at_county.submitted_at, at_county.round)
    assert {answer.section: answer.typed for answer in case.answers.all()} == before
    assert queries.replay(case).step == "county"
    task = Task.objects.get(case=case, closed_at=None)
    assert (task.unit, task.opened_at, task.due_on) == (new, left.opened_at, left.due_on)
    assert queries.history(case)[0].what == f"调整办理部门：{old.name} → {new.name}"
    assert ledger.about("case", case.number).filter(action="review.case.rerouted").count() == 1
    told = {(note.account, note.title) for note in Message.objects.filter(title__contains="调整")}
    assert told == {
        (jinfeng, "有一份「高层次人才采集」调整到本部门，等待办理"),
        (world.cast.chen, "有一份「高层次人才采集」调整到其他部门"),
        (world.cast.lin, "「高层次人才采集」调整办理部门"),
    }
    assert plan(world) == []
    assert made.fresh(case).movements.count() == 3
    give_role(world.ground.yinchuan, Role.REVIEWER, make_account("市审核", NUMBERS[1]))
    assert made.approve(case, as_unit(jinfeng, new)).step == "city"


def test_nothing_moves_by_looking_at_the_plan(world: World, at_county: Case, jinfeng: Account):
    correct(world)

    plan(world)

    assert made.fresh(at_county).seat_unit == world.ground.xingqing
    assert Movement.objects.filter(case=at_county).count() == 2


def test_what_a_desk_has_begun_stays_there(world: World, at_county: Case, jinfeng: Account, clerk: Actor):
    correct(world)
    review.begin(case=at_county, by=as_unit(world.cast.chen, world.ground.xingqing))

    (line,) = queries.reroute_plan(unit=world.ground.school.pk)

    assert not line.movable
    assert "已经开始办理，由该部门办完" in line.say
    with pytest.raises(Refused, match="已经开始办理，由该部门办完"):
        review.reroute(case=at_county, seen=at_county.revision, by=clerk)


def test_case_at_the_units_own_desk_stays_and_goes_to_the_right_county_afterwards(
    world: World, jinfeng: Account, clerk: Actor
):
    case = made.submitted_case(world.lin, as_self(world.lin))
    review.begin(case=case, by=clerk)
    correct(world)
    school = world.ground.school.name
    assert plan(world) == [(case.number, school, school, True)]

    review.reroute(case=case, seen=case.revision, by=clerk)

    assert Task.objects.get(case=case, closed_at=None).begun_name == "周敏"
    assert made.approve(case, clerk).seat_unit == world.ground.jinfeng


def test_empty_desk_keeps_the_case_where_it_is(world: World, at_county: Case, clerk: Actor):
    correct(world)

    (line,) = queries.reroute_plan(unit=world.ground.school.pk)

    assert not line.movable
    assert "还没有设置办理「县（区）人社部门审核」的人员" in line.say
    with pytest.raises(Refused, match="不能调整"):
        review.reroute(case=at_county, seen=at_county.revision, by=clerk)
    assert made.fresh(at_county).region == "640104"


def test_draft_needs_nothing_when_a_region_is_corrected(world: World):
    made.open_case(world.lin, as_self(world.lin))
    correct(world)

    assert plan(world) == []


def test_withdrawal_after_a_rerouting_as_before(world: World, jinfeng: Account, clerk: Actor):
    me = as_self(world.lin)
    case = made.submitted_case(world.lin, me)
    correct(world)
    review.reroute(case=case, seen=case.revision, by=clerk)
    case = made.fresh(case)

    review.withdraw_case(case=case, seen=case.revision, by=me)

    case = made.fresh(case)
    assert case.status == Status.DRAFT
    review.submit_case(case=case, seen=case.revision, by=me)
    assert made.fresh(case).step == "unit"


def test_returned_case_keeps_its_open_sections(world: World, at_county: Case, clerk: Actor):
    case = made.send_back(at_county, as_unit(world.cast.chen, world.ground.xingqing), "work")
    by = platform(clerk)

    review.reroute(case=case, seen=case.revision, to=world.ground.hospital.pk, by=by)

    case = made.fresh(case)
    assert (case.status, case.open_sections, case.unit) == (Status.RETURNED, ["work"], world.ground.hospital)
    assert queries.history(case)[0].what == "调整办理部门：兴庆区第一中学 → 兴庆区人民医院"
    assert queries.history(case)[1].opinion == "请补充证明材料"


def platform(by: Actor) -> Actor:
    """The platform carrying out a decision of this actor."""
    return Actor(way=Way.SYSTEM, account=by.account, name=by.name, site=SITE)


def test_draft_and_waiting_case_follow_the_person_to_another_unit(world: World, clerk: Actor):
    case = made.submitted_case(world.lin, as_self(world.lin))
    hospital = world.ground.hospital
    lines = queries.reroute_plan(person=world.lin.pk, to=hospital.pk)
    assert [(line.before, line.after, line.movable) for line in lines] == [("兴庆区第一中学", "兴庆区人民医院", True)]

    review.reroute(case=case, seen=case.revision, to=hospital.pk, by=platform(clerk))

    case = made.fresh(case)
    assert (case.unit, case.seat_unit, case.step) == (hospital, hospital, "unit")
    assert made.approve(case, as_unit(world.cast.sun, hospital)).step == "county"


def test_no_unit_sends_its_cases_to_another_by_itself(world: World, at_county: Case, clerk: Actor):
    with pytest.raises(Refused, match="请办理「人员调转」"):
        review.reroute(case=at_county, seen=at_county.revision, to=world.ground.hospital.pk, by=clerk)


def test_new_superior_takes_what_waited_at_the_old_one(affairs: Affairs):
    case = affairs.change()
    lines = queries.reroute_plan(unit=affairs.school.pk, superior=affairs.world.ground.xingqing.pk)
    assert [(line.before, line.after, line.movable) for line in lines] == [
        ("兴庆区教育局", "银川市兴庆区人力资源和社会保障局", True)
    ]
    organizations.move_unit(unit=affairs.school.pk, parent=affairs.world.ground.xingqing.pk, by=SETUP)

    review.reroute(case=case, seen=case.revision, by=affairs.administrator)

    assert made.approve(case, affairs.at_county).status == Status.COMPLETED


@pytest.mark.parametrize("who", ["clerk", "administrator"])
def test_those_who_administer_the_unit_confirm(world: World, at_county: Case, jinfeng: Account, clerk: Actor, who: str):
    head = make_account("校管理员", NUMBERS[1])
    give_role(world.ground.school, Role.ADMINISTRATOR, head)
    by = {"clerk": clerk, "administrator": manage(head, world.ground.school)}[who]
    correct(world)

    (row,) = review.reroute_many(cases=[(at_county.number, at_county.revision)], unit=world.ground.school.pk, by=by)

    assert row.ok
    assert row.say == "已从「银川市兴庆区人力资源和社会保障局」调整到「银川市金凤区人力资源和社会保障局」。"


OTHERS: dict[str, Callable[[World], Actor]] = {
    "the person": lambda world: as_self(world.lin),
    "the county": lambda world: as_unit(world.cast.chen, world.ground.xingqing),
    "another unit": lambda world: as_unit(world.cast.sun, world.ground.hospital),
    "somebody without a role": lambda world: as_unit(world.cast.ma, world.ground.school),
}


@pytest.mark.parametrize("who", OTHERS)
def test_others_reroute_nothing(world: World, at_county: Case, jinfeng: Account, who: str):
    correct(world)
    by = OTHERS[who](world)

    with pytest.raises(Refused, match="单位管理员或采集管理员"):
        review.reroute(case=at_county, seen=at_county.revision, by=by)
    with pytest.raises(Refused, match="单位管理员或采集管理员"):
        review.reroute_many(cases=[(at_county.number, at_county.revision)], unit=world.ground.school.pk, by=by)


def test_each_row_is_told_by_itself(world: World, at_county: Case, jinfeng: Account, clerk: Actor):
    correct(world)
    unit = world.ground.school.pk
    foreign = made.submitted_case(world.sun, as_self(world.sun))

    stale, strange, unknown = review.reroute_many(
        cases=[(at_county.number, at_county.revision - 1), (foreign.number, foreign.revision), ("CJ1", 1)],
        unit=unit,
        by=clerk,
    )
    assert "您的操作没有生效" in stale.say
    assert strange.say == unknown.say == "本单位没有这份申报，没有调整。"
    assert [row.ok for row in (stale, strange, unknown)] == [False, False, False]
    with pytest.raises(Invalid, match="请先勾选"):
        review.reroute_many(cases=[], unit=unit, by=clerk)
    again = [(at_county.number, at_county.revision)]
    assert review.reroute_many(cases=again, unit=unit, by=clerk)[0].ok
    assert not review.reroute_many(cases=again, unit=unit, by=clerk)[0].ok


def test_stale_plan_moves_nothing_and_closed_cases_stay(world: World, at_county: Case, jinfeng: Account, clerk: Actor):
    correct(world)
    with pytest.raises(Moved):
        review.reroute(case=at_county, seen=at_county.revision - 1, by=clerk)
    case = made.terminate(at_county, as_unit(world.cast.chen, world.ground.xingqing))

    assert plan(world) == []
    with pytest.raises(Refused, match="已经办结"):
        review.reroute(case=case, seen=case.revision, by=clerk)


def test_a_corrected_region_is_offered_to_those_who_may_confirm(world: World, at_county: Case, jinfeng: Account):
    correct(world)

    offer_rerouting(events.RegionCorrected(world.ground.school.pk, "640104", "640106"))

    note = Message.objects.get(title="所属地区已更正，可以调整办理部门")
    assert note.account == world.cast.zhou
    assert "有 1 件" in note.body
