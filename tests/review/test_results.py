"""Results of completed cases: who enters, imports, publishes and corrects them, and who learns of them when."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from bole.audit import queries as ledger
from bole.cases.models import Case
from bole.definitions.terms import Service
from bole.documents import actions as documents
from bole.documents.terms import Column
from bole.kernel import clock
from bole.kernel.actors import Actor
from bole.kernel.errors import Absent, Invalid, Moved, Refused
from bole.notices.models import Message
from bole.organizations import queries as organizations
from bole.organizations.terms import Role
from bole.review import actions, queries
from bole.review.actions import results
from bole.review.actions.effects import bind_effect
from bole.review.models import EffectRun, Outcome
from bole.review.terms import EffectContext, Result
from tests.factories.grading import applicants, at_county, completed, desks, grading_in_force
from tests.factories.organizations import as_unit, give_role
from tests.factories.people import World, make_world

given: list[tuple[str, str]] = []


def give_grade(context: EffectContext) -> None:
    outcome = Outcome.objects.get(case=context.case)
    given.append((outcome.state, outcome.awarded))


bind_effect("tests.give_grade", give_grade)


@pytest.fixture
def world(db: None) -> World:
    given.clear()
    return make_world()


@pytest.fixture
def service(world: World) -> Iterator[Service]:
    with grading_in_force(extra="on: {awarded: [tests.give_grade]}\n") as service:
        yield service


@pytest.fixture
def region(world: World) -> Actor:
    return desks(world)[2]


@pytest.fixture
def case(world: World, service: Service) -> Case:
    return completed(world, service, world.lin)


PASSED = {"state": "通过", "awarded": "C", "document": "宁人社发〔2026〕8号", "decided_on": "2026-04-18"}


def outcome_of(case: Case) -> Outcome:
    return Outcome.objects.select_related("case__person").get(case=case)


def enter(case: Case, by: Actor, **changes: str) -> Outcome:
    seen = outcome_of(case).revision
    return actions.enter_outcome(number=case.number, seen=seen, typed={**PASSED, **changes}, by=by)


def publish(case: Case, by: Actor) -> None:
    (row,) = actions.publish_outcomes(chosen=[(case.number, outcome_of(case).revision)], by=by)
    assert row.ok, row.say


def test_only_a_completed_case_waits_for_a_result(world: World, service: Service, region: Actor):
    going = at_county(world, service, applicants(world)[1])
    assert not Outcome.objects.filter(case=going).exists()
    case = completed(world, service, world.lin)

    outcome = outcome_of(case)
    assert (outcome.keeper_id, outcome.unit_id) == (region.unit, world.ground.school.pk)
    assert (outcome.state, outcome.year) == (Result.PENDING.value, clock.today().year)
    assert queries.applied_name(service, outcome.applied)


def test_case_that_nobody_would_give_a_result_is_not_completed(world: World, service: Service):
    keeper = world.ground.province
    case = at_county(world, service, world.lin)
    type(keeper).objects.filter(pk=keeper.pk).update(kind="department")
    with pytest.raises(Refused, match="没有录入评定结果的部门"):
        results.begin_outcome(case, service)
    assert not Outcome.objects.exists()


WRONG = [
    ({"state": ""}, "state", "评定状态请填写未认定、通过、未通过之一"),
    ({"awarded": ""}, "awarded", "评定状态为「通过」的，请填写评定级别"),
    ({"awarded": "Z"}, "awarded", "没有评定级别「Z」，请从列出的级别中选择"),
    ({"state": "未通过"}, "awarded", "评定状态为「未通过」的，不填写评定级别"),
    ({"decided_on": ""}, "decided_on", "请填写评定日期"),
    ({"decided_on": "2026-02-30"}, "decided_on", "评定日期请写作 2026-04-18 这样的日期"),
    ({"decided_on": f"{clock.today() + timedelta(days=2)}"}, "decided_on", "评定日期不能晚于今天"),
    ({"document": "字" * 101}, "document", "文号最多100个字符，现在是101个"),
]


@pytest.mark.parametrize(("changes", "at", "say"), WRONG)
def test_wrong_entry_is_told_at_its_place(case: Case, region: Actor, changes: dict[str, str], at: str, say: str):
    with pytest.raises(Invalid) as wrong:
        enter(case, region, **changes)
    assert (at, say) in [(fault.at, fault.say) for fault in wrong.value.faults]
    assert outcome_of(case).revision == 0


def test_entry_is_not_known_to_the_unit_before_it_is_published(
    world: World, service: Service, case: Case, region: Actor
):
    school = desks(world)[0]
    held = organizations.capacities(world.cast.zhou.pk)[0]
    enter(case, region)

    rows = queries.outcomes(school, held, service)
    assert [(row.shown, row.graded) for row in rows] == [("pending", "")]
    assert queries.outcome_counts(rows, world.ground.school.pk)["passed"] == 0
    assert queries.published_outcome(case) is None
    publish(case, region)
    rows = queries.outcomes(school, held, service)
    assert [(row.shown, row.graded) for row in rows] == [("passed", "C")]
    assert queries.outcome_counts(rows, world.ground.school.pk)["passed"] == 1
    assert queries.published_outcome(case) == outcome_of(case)


def test_publishing_runs_the_effects_tells_those_concerned_and_cannot_be_repeated(
    world: World, case: Case, region: Actor, django_capture_on_commit_callbacks
):
    enter(case, region)
    with django_capture_on_commit_callbacks(execute=True):
        publish(case, region)
    assert given == [("passed", "C")]
    told = Message.objects.filter(title="「人才分级评定」评定结果已公布")
    assert {message.account_id for message in told} == {world.lin.account_id, world.cast.zhou.pk}
    assert "评审后评定级别" in told.get(account_id=world.lin.account_id).body

    (row,) = actions.publish_outcomes(chosen=[(case.number, 0)], by=region)
    assert (row.ok, row.say) == (True, "已经公布，不用再次公布。")
    assert given == [("passed", "C")]
    with pytest.raises(Refused, match="已经公布，只能更正"):
        enter(case, region)
    words = [entry.action for entry in ledger.about("case", case.number) if "outcome" in entry.action]
    assert sorted(words) == ["review.outcome.entered", "review.outcome.published"]


def test_publication_tells_each_row_and_stops_for_none(world: World, service: Service, region: Actor):
    first, second, third = [completed(world, service, person) for person in applicants(world)]
    enter(first, region)
    enter(second, region, state="未通过", awarded="")
    rows = actions.publish_outcomes(
        chosen=[(first.number, 0), (second.number, 1), (third.number, 0), ("FJ0", 0)], by=region
    )
    assert [row.ok for row in rows] == [False, True, False, False]
    assert "已由别人录入或公布" in rows[0].say
    assert rows[1].say == "已公布：未通过。"
    assert "还没有录入评定结果" in rows[2].say
    assert "没有这份结果" in rows[3].say
    assert given == []
    with pytest.raises(Invalid, match="请先勾选要公布的结果"):
        actions.publish_outcomes(chosen=[], by=region)


def test_failing_effect_takes_the_publication_back(case: Case, region: Actor, monkeypatch: pytest.MonkeyPatch):
    enter(case, region)
    monkeypatch.setattr("tests.review.test_results.given", None)
    (row,) = actions.publish_outcomes(chosen=[(case.number, 1)], by=region)
    assert (row.ok, row.say[:9]) == (False, "系统出了问题，这一")
    assert outcome_of(case).published_at is None
    assert not EffectRun.objects.filter(effect="tests.give_grade").exists()


def test_correction_needs_a_reason_tells_and_is_kept(
    world: World, case: Case, region: Actor, django_capture_on_commit_callbacks
):
    def correct(reason: str, **changes: str) -> Outcome:
        seen = outcome_of(case).revision
        typed = {**PASSED, **changes}
        return actions.correct_outcome(number=case.number, seen=seen, typed=typed, reason=reason, by=region)

    enter(case, region)
    with pytest.raises(Refused, match="还没有公布，直接修改即可"):
        correct("笔误", awarded="D")
    publish(case, region)
    with pytest.raises(Invalid, match="请写明原因"):
        correct(" ", awarded="D")
    with pytest.raises(Invalid, match="不能改回「未认定」"):
        correct("笔误", state="未认定", awarded="")
    with pytest.raises(Invalid, match="没有需要更正的内容"):
        correct("笔误")
    with django_capture_on_commit_callbacks(execute=True):
        correct("会议纪要笔误", awarded="D")
        correct("复核未通过", state="未通过", awarded="")

    assert given == [("passed", "C"), ("passed", "D"), ("failed", "")]
    reasons = [change.reason for change in queries.outcome_changes(outcome_of(case))]
    assert reasons == ["复核未通过", "会议纪要笔误", None, None]
    assert Message.objects.filter(title__contains="结果已更正", account_id=world.lin.account_id).count() == 2
    assert "笔误" not in str([entry.detail for entry in ledger.about("case", case.number)])


def test_who_may_not(world: World, case: Case, region: Actor):
    school, county, _ = desks(world)
    for stranger in (school, county):
        with pytest.raises(Absent):
            enter(case, stranger)
    give_role(world.ground.province, Role.EDITOR, world.cast.chen)
    with pytest.raises(Refused, match="由公布结果的部门录入和公布"):
        enter(case, as_unit(world.cast.chen, world.ground.province))
    assert world.lin.account is not None
    give_role(world.ground.province, Role.REVIEWER, world.lin.account)
    own = as_unit(world.lin.account, world.ground.province)
    with pytest.raises(Refused, match="不能录入或公布自己的评审结果"):
        enter(case, own)
    with pytest.raises(Moved):
        actions.enter_outcome(number=case.number, seen=7, typed=PASSED, by=region)


HEAD = ("受理编号", "姓名", "评定状态", "评定级别", "文号", "评定日期")


def workbook(*rows: tuple[str, ...]) -> bytes:
    return documents.write_sheet([Column(name) for name in HEAD], rows)


def test_workbook_is_read_over_taken_row_by_row_and_can_be_taken_again(world: World, service: Service, region: Actor):
    first, second, third = [completed(world, service, person) for person in applicants(world)]
    data = workbook(
        (first.number, "林致远", "通过", "C", "8号", "2026/4/18"),
        (second.number, "林致远", "通过", "C", "8号", "2026-04-18"),
        (third.number, "白云飞", "未通过", "", "8号", "2026年4月18日"),
        (third.number, "白云飞", "通过", "A", "8号", "2026-04-18"),
        ("FJ-1", "某某", "通过", "A", "8号", "2026-04-18"),
    )

    lines = queries.read_outcomes(data, service=service, most=10, by=region)
    assert not Outcome.objects.exclude(state="pending").exists()
    assert [line.ok for line in lines] == [True, False, True, False, False]
    assert [line.say for line in lines[1:]] == [
        "姓名与受理编号不符，该编号的申报人是「艾学礼」", "录入", "这个受理编号在表格里出现了不止一次",
        "没有这份办结的申报，或不由本单位公布结果，请核对受理编号",
    ]  # fmt: skip
    enter(third, region)
    rows = actions.import_outcomes(lines=lines, service="grading", by=region)
    assert [row.ok for row in rows] == [True, False, False, False, False]
    assert "已由别人录入" in rows[2].say
    entered = [
        ledger.about("case", number).filter(action="review.outcome.entered") for number in (second.number, "FJ-1")
    ]
    assert [[entry.outcome for entry in each] for each in entered] == [["refused"], ["refused"]]
    assert outcome_of(first).decided_on == outcome_of(third).decided_on

    again = queries.read_outcomes(data, service=service, most=10, by=region)
    assert [line.changes for line in again] == [False, False, True, False, False]
    assert [row.say for row in actions.import_outcomes(lines=again[:1], service="grading", by=region)] == [
        "与已录入的相同，没有变化。"
    ]
    with pytest.raises(Invalid, match="一次最多导入1行"):
        queries.read_outcomes(data, service=service, most=1, by=region)


def test_reading_a_workbook_costs_the_same_for_one_and_three_rows(world: World, service: Service, region: Actor):
    cases = [completed(world, service, person) for person in applicants(world)]
    rows = [(case.number, queries.name_of(case), "未通过", "", "", "2026-04-18") for case in cases]
    counted = []
    for many in (rows[:1], rows):
        with CaptureQueriesContext(connection) as asked:
            lines = queries.read_outcomes(workbook(*many), service=service, most=10, by=region)
        assert all(line.ok for line in lines)
        counted.append(len(asked))
    assert counted == [2, 2]


def test_ways_of_seeing(world: World, service: Service, case: Case, region: Actor):
    def seen(account_of: Actor) -> list[str]:
        assert account_of.account is not None
        held = organizations.capacities(account_of.account)[0]
        return [row.case.number for row in queries.outcomes(account_of, held, service)]

    school, county, _ = desks(world)
    assert seen(school) == seen(county) == seen(region) == [case.number]
    assert seen(as_unit(world.cast.sun, world.ground.hospital)) == []
    assert seen(as_unit(world.cast.ma, world.ground.xingqing)) == []
