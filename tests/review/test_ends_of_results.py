"""Ends of published results: who may end what, what is kept of it, who learns of it, and what leads back."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from django.db import IntegrityError, transaction

from bole.audit import queries as ledger
from bole.cases.models import Case
from bole.definitions.terms import Service
from bole.kernel.actors import Actor
from bole.kernel.errors import Absent, Invalid, Moved, Refused, Unproved
from bole.notices.models import Message
from bole.organizations import queries as organizations
from bole.organizations.terms import Role
from bole.review import actions, queries
from bole.review.actions.effects import bind_effect
from bole.review.models import Outcome, OutcomeChange
from bole.review.terms import EffectContext, Result
from tests.factories.grading import completed, desks, grading_in_force
from tests.factories.organizations import as_unit, give_role
from tests.factories.people import World, make_world

ENDS = ", publicity: 5, ends: {objected: 公示未通过, revoked: 称号取消}"
PASSED = {"state": "通过", "awarded": "C", "document": "宁人社发〔2026〕8号", "decided_on": "2026-04-18"}
WHY = "提供虚假业绩材料，经核实属实。"

given: list[str] = []


def note_end(context: EffectContext) -> None:
    assert context.result is not None
    given.append(context.result.state)


bind_effect("tests.note_end", note_end)


@pytest.fixture
def world(db: None) -> World:
    given.clear()
    return make_world()


@pytest.fixture
def service(world: World) -> Iterator[Service]:
    with grading_in_force(extra="on: {awarded: [tests.note_end]}\n", ends=ENDS) as service:
        yield service


@pytest.fixture
def region(world: World) -> Actor:
    return desks(world)[2]


@pytest.fixture
def case(world: World, service: Service) -> Case:
    return completed(world, service, world.lin)


def outcome_of(case: Case) -> Outcome:
    return Outcome.objects.get(case=case)


def award(case: Case, by: Actor, **changes: str) -> None:
    done = actions.enter_outcome(number=case.number, seen=0, typed={**PASSED, **changes}, by=by)
    (row,) = actions.publish_outcomes(chosen=[(case.number, done.revision)], by=by)
    assert row.ok, row.say


def end(case: Case, by: Actor, end: str = "revoked", reason: str = WHY) -> Outcome:
    return actions.end_outcome(
        number=case.number, seen=outcome_of(case).revision, end=end, reason=reason, by=by
    )  # fmt: skip


@pytest.mark.parametrize(("code", "word"), [("objected", "公示未通过"), ("revoked", "称号取消")])
def test_a_published_pass_ends_with_its_reason_and_those_concerned_are_told(
    world: World, service: Service, case: Case, region: Actor, code: str, word: str, django_capture_on_commit_callbacks
):
    award(case, region)
    with django_capture_on_commit_callbacks(execute=True):
        end(case, region, code, f"  {WHY} ")

    outcome = outcome_of(case)
    assert (outcome.state, outcome.awarded, outcome.document) == (code, "C", PASSED["document"])
    assert (outcome.ended_by, outcome.end_reason, outcome.revision) == (region.account, WHY, 3)
    assert outcome.ended_at is not None
    change = queries.outcome_changes(outcome)[0]
    assert (change.state, change.reason, change.account_name, change.published) == (code, WHY, region.name, True)
    assert given == ["passed", code]
    assert queries.ended_outcome(case, service) == outcome

    (entry,) = ledger.about("case", case.number).filter(action="review.outcome.ended")
    assert (entry.detail["before"], entry.detail["state"]) == ("passed", code)
    assert WHY not in str(entry.detail)
    (told,) = Message.objects.filter(account_id=world.lin.account_id, title__contains="已失效")
    assert told.title == f"「人才分级评定」评定结果已失效：{word}"
    assert "不再有效" in told.body
    assert WHY not in told.title + told.body
    (clerk,) = Message.objects.filter(account_id=world.cast.zhou.pk, title__contains="已失效")
    assert "兴庆区第一中学" in clerk.body


def test_only_a_published_pass_ends_and_only_once(case: Case, region: Actor):
    with pytest.raises(Refused, match="还没有公布"):
        end(case, region)
    award(case, region, state="未通过", awarded="")
    with pytest.raises(Refused, match="只有公布为「通过」的结果才能登记失效"):
        end(case, region)
    actions.correct_outcome(number=case.number, seen=2, typed=PASSED, reason="复查", by=region)
    end(case, region)
    with pytest.raises(Refused, match="已经登记的，有误时请更正"):
        end(case, region, "objected")
    assert [change.state for change in queries.outcome_changes(outcome_of(case))][:2] == ["revoked", "passed"]


@pytest.mark.parametrize(
    ("typed", "at", "say"),
    [
        ({"reason": " \n"}, "reason", "请写明失效的原因和依据，申报人看得到。"),
        ({"reason": "字" * 501}, "reason", "失效原因最多500个字符，现在是501个。"),
        ({"end": ""}, "end", "请选择失效情形：公示未通过、称号取消。"),
        ({"end": "failed"}, "end", "请选择失效情形：公示未通过、称号取消。"),
    ],
)
def test_what_is_missing_is_told_at_its_field(case: Case, region: Actor, typed: dict[str, str], at: str, say: str):
    award(case, region)
    with pytest.raises(Invalid) as wrong:
        end(case, region, **typed)
    assert [(fault.at, fault.say) for fault in wrong.value.faults] == [(at, say)]
    assert (outcome_of(case).state, given) == ("passed", ["passed"])


def test_who_may_not(world: World, case: Case, region: Actor):
    award(case, region)
    school, county, _ = desks(world)
    for stranger in (school, county):
        with pytest.raises(Absent):
            end(case, stranger)
    give_role(world.ground.province, Role.EDITOR, world.cast.chen)
    with pytest.raises(Refused, match="由公布结果的部门录入和公布"):
        end(case, as_unit(world.cast.chen, world.ground.province))
    assert world.lin.account is not None
    give_role(world.ground.province, Role.REVIEWER, world.lin.account)
    with pytest.raises(Refused, match="不能录入或公布自己的评审结果"):
        end(case, as_unit(world.lin.account, world.ground.province))
    with pytest.raises(Unproved):
        end(case, replace(region, fresh=False))
    with pytest.raises(Moved):
        actions.end_outcome(number=case.number, seen=1, end="revoked", reason=WHY, by=region)
    assert outcome_of(case).state == "passed"


def test_a_failing_effect_takes_the_end_back(case: Case, region: Actor, monkeypatch: pytest.MonkeyPatch):
    award(case, region)
    monkeypatch.setattr("tests.review.test_ends_of_results.given", None)
    with pytest.raises(AttributeError), transaction.atomic():
        end(case, region)
    assert (outcome_of(case).state, outcome_of(case).ended_at) == ("passed", None)
    assert OutcomeChange.objects.filter(outcome__case=case).count() == 2
    assert not ledger.about("case", case.number).filter(action="review.outcome.ended").exists()


def test_on_re_examination_it_is_put_right_and_can_end_again(service: Service, case: Case, region: Actor):
    award(case, region)
    end(case, region)
    with pytest.raises(Unproved):
        actions.correct_outcome(
            number=case.number, seen=3, typed=PASSED, reason="行政复议撤销原决定", by=replace(region, fresh=False)
        )
    back = actions.correct_outcome(number=case.number, seen=3, typed=PASSED, reason="行政复议撤销原决定", by=region)
    assert (back.state, back.ended_at, back.ended_by, back.end_reason) == ("passed", None, None, None)
    assert queries.ended_outcome(case, service) is None
    end(case, region, "objected")
    assert given == ["passed", "revoked", "passed", "objected"]


def test_lists_and_filters_know_the_ends(world: World, service: Service, case: Case, region: Actor):
    school = desks(world)[0]
    held = organizations.capacities(world.cast.zhou.pk)[0]
    award(case, region)
    end(case, region)
    rows = queries.outcomes(school, held, service)
    assert [(row.shown, row.graded) for row in rows] == [("revoked", "C")]
    counts = queries.outcome_counts(rows, world.ground.school.pk)
    assert (counts["passed"], counts["revoked"], counts["objected"]) == (0, 1, 0)
    assert [queries.state_word(service, each) for each in queries.states_of(service)] == [
        "未认定", "通过", "未通过", "公示未通过", "称号取消",
    ]  # fmt: skip


def test_an_end_is_not_entered_as_a_result(case: Case, region: Actor):
    for word in ("revoked", "称号取消", "资格撤销"):
        with pytest.raises(Invalid, match="请填写未认定、通过、未通过之一"):
            actions.enter_outcome(number=case.number, seen=0, typed={**PASSED, "state": word}, by=region)


def test_the_database_keeps_an_end_whole(case: Case, region: Actor):
    award(case, region)
    for broken in ({"state": Result.REVOKED.value}, {"end_reason": WHY}):
        row = outcome_of(case)
        for name, value in broken.items():
            setattr(row, name, value)
        with pytest.raises(IntegrityError), transaction.atomic():
            row.save()


def test_a_service_that_names_no_end_has_none(world: World):
    with grading_in_force() as plain:
        case, region = completed(world, plain, world.lin), desks(world)[2]
        award(case, region)
        with pytest.raises(Refused, match="没有规定结果失效的情形。结果有误的，请更正"):
            end(case, region)
        assert queries.states_of(plain) == (Result.PENDING, Result.PASSED, Result.FAILED)
