"""Account affairs at the desks of administrators and registrars: one by one and in batches (HA-12)."""

import pytest
from django.test import TestCase

from bole.audit import queries as ledger
from bole.cases.terms import Status
from bole.definitions.terms import Verdict
from bole.kernel.actors import Way
from bole.kernel.errors import Absent, Invalid, Refused
from bole.notices.models import Message
from bole.organizations.models import Unit
from bole.organizations.terms import Role
from bole.review import actions as review
from bole.review import queries
from bole.review.actions import effects
from bole.review.models import Movement, Task
from bole.review.terms import MOST_AT_ONCE, EffectContext
from tests.factories import cases as made
from tests.factories.organizations import as_unit, give_role, make_account
from tests.factories.people import register
from tests.review.affairs import NUMBERS, Affairs, applicants


def test_administrator_passes_who_asks_to_join(affairs: Affairs):
    person = register("申请人", number=NUMBERS[0])
    case = affairs.join(person)
    assert [task.case for task in queries.inbox(affairs.administrator, roles=queries.REGISTRY)] == [case]

    with TestCase.captureOnCommitCallbacks(execute=True):
        case = made.approve(case, affairs.administrator)

    assert case.status == Status.COMPLETED
    row = Movement.objects.get(case=case, step="asked")
    assert (row.unit, row.account_name) == (affairs.school, "校管理员")
    assert Message.objects.filter(account=person.account_id, title="「绑定推荐单位」审核通过").exists()


def test_registrar_of_the_unit_decides_as_well_and_nobody_else_does(affairs: Affairs):
    cast, ground = affairs.world.cast, affairs.world.ground
    case = affairs.join(register("申请人", number=NUMBERS[0]))

    for stranger in (as_unit(cast.zhou, ground.school), as_unit(cast.chen, ground.xingqing), affairs.at_department):
        with pytest.raises(Refused):
            made.approve(case, stranger)
    assert made.approve(case, affairs.at_school).status == Status.COMPLETED


def test_administrators_do_no_business(affairs: Affairs):
    """GZ-01: whoever manages accounts decides on accounts only."""
    assert queries.inbox(affairs.administrator, roles=queries.BUSINESS).count() == 0
    assert affairs.administrator.way is Way.ADMINISTRATOR


def test_unit_asks_its_superior_and_is_told_the_answer(affairs: Affairs):
    case = affairs.change()
    assert (case.step, case.seat_unit_id, case.person) == ("superior", affairs.world.ground.education.pk, None)

    with TestCase.captureOnCommitCallbacks(execute=True):
        case = made.approve(case, affairs.at_department)

    assert case.status == Status.COMPLETED
    told = Message.objects.filter(title="「修改单位信息」审核通过").values_list("account", flat=True)
    assert set(told) == {affairs.registrar.pk, affairs.head.pk}


def test_who_asked_for_the_unit_does_not_decide_above(affairs: Affairs):
    """The same eyes in two seats are one pair (AC-17)."""
    give_role(affairs.world.ground.education, Role.REGISTRAR, affairs.registrar)
    case = affairs.change()

    with pytest.raises(Refused, match=r"由您填写|由您发起"):
        made.approve(case, as_unit(affairs.registrar, affairs.world.ground.education))


def test_unit_without_a_superior_is_told_to_tie_itself_first(affairs: Affairs):
    Unit.objects.filter(pk=affairs.school.pk).update(parent=None)

    with pytest.raises(Refused, match=r"还没有上级单位.*请先绑定上级单位"):
        affairs.change()


def test_desk_named_in_an_answer_decides(affairs: Affairs):
    hospital = affairs.world.ground.hospital
    taker = make_account("医院账户审核", NUMBERS[0])
    with pytest.raises(Refused, match="还没有设置办理「调入单位审核」的人员"):
        affairs.send(affairs.world.lin, str(hospital.pk))

    give_role(hospital, Role.REGISTRAR, taker)
    case = made.fresh(affairs.world.lin.cases.get())
    review.submit_case(case=case, seen=case.revision, by=affairs.at_school)
    case = made.fresh(case)

    assert case.seat_unit == hospital
    assert made.approve(case, as_unit(taker, hospital)).status == Status.COMPLETED


def test_effects_know_who_opened_and_act_in_the_platforms_name(affairs: Affairs, monkeypatch: pytest.MonkeyPatch):
    seen: list[EffectContext] = []
    service = affairs.services["joining"]
    on = service.on.model_copy(update={"completed": ("tests.note",)})
    monkeypatch.setitem(effects._effects, "tests.note", seen.append)
    case = affairs.join(register("申请人", number=NUMBERS[0]))
    monkeypatch.setattr("bole.cases.queries.service_of", lambda case: service.model_copy(update={"on": on}))

    made.approve(case, affairs.administrator)

    (context,) = seen
    assert context.opened_by == case.opened_by
    assert context.values["asking"]["note"] == "请审核"
    behalf = context.on_behalf
    assert (behalf.way, behalf.account, behalf.name, behalf.unit) == (Way.SYSTEM, affairs.head.pk, "校管理员", None)


def test_batch_decides_each_by_itself_and_tells_each(affairs: Affairs):
    one, two, three = [affairs.join(person) for person in applicants()]
    foreign = affairs.change()
    moved = two.revision
    made.send_back(two, affairs.at_school, "asking")
    chosen = [(case.number, case.revision) for case in (one, three, foreign)]

    results = review.decide_many(
        cases=[*chosen, (two.number, moved), (one.number, one.revision), ("BD2026-0101-99999", 1)],
        verdict=Verdict.APPROVE, opinion="", by=affairs.administrator,
    )  # fmt: skip

    told = [(row.number, row.ok, row.name) for row in results]
    assert told[:2] == [(one.number, True, "申请人甲"), (three.number, True, "申请人丙")]
    assert [row.ok for row in results[2:]] == [False, False, False, False]
    assert [made.fresh(case).status for case in (one, two, three)] == ["completed", "returned", "completed"]
    assert "在其他单位的办理环节" in results[2].say
    assert "没有找到" in results[5].say
    assert "已由兴庆区第一中学校账户审核" in results[3].say
    assert "勾选了两次" in results[4].say
    assert Movement.objects.filter(case=one).count() == 2


def test_batch_sends_back_the_whole_form_with_one_opinion(affairs: Affairs):
    cases = [affairs.join(person) for person in applicants()]
    chosen = [(case.number, case.revision) for case in cases]

    with pytest.raises(Invalid, match="请写明审核意见"):
        review.decide_many(cases=chosen, verdict=Verdict.SEND_BACK, opinion=" ", by=affairs.at_school)
    review.decide_many(cases=chosen, verdict=Verdict.SEND_BACK, opinion="请补充说明", by=affairs.at_school)

    assert {made.fresh(case).status for case in cases} == {"returned"}
    assert queries.history(cases[0])[0].opinion == "请补充说明"


def test_a_verdict_that_the_step_does_not_have_is_told_and_written_down(affairs: Affairs):
    case = affairs.join(applicants()[0])

    (row,) = review.decide_many(
        cases=[(case.number, case.revision)], verdict=Verdict.TERMINATE, opinion="不符", by=affairs.at_school
    )

    assert not row.ok
    assert "不能作出" in row.say
    assert ledger.about("case", case.number).filter(outcome="refused").count() == 1


def test_an_empty_and_an_endless_batch_are_refused(affairs: Affairs):
    by = affairs.at_school
    with pytest.raises(Invalid, match="请先勾选"):
        review.decide_many(cases=[], verdict=Verdict.APPROVE, opinion="", by=by)
    with pytest.raises(Invalid, match="一次最多办理200件"):
        review.decide_many(cases=[("BD", 1)] * (MOST_AT_ONCE + 1), verdict=Verdict.APPROVE, opinion="", by=by)


def test_one_that_breaks_stops_no_other(affairs: Affairs, monkeypatch: pytest.MonkeyPatch):
    one, two, three = [affairs.join(person) for person in applicants()]
    whole = effects.run_effects

    def breaking(**given: object) -> None:
        if given["case"] == two:
            raise RuntimeError("disk full")
        whole(**given)  # type: ignore[arg-type]  # the action's own arguments, one of them wrong

    monkeypatch.setattr("bole.review.actions.deciding.run_effects", breaking)
    results = review.decide_many(
        cases=[(case.number, case.revision) for case in (one, two, three)],
        verdict=Verdict.APPROVE, opinion="", by=affairs.at_school,
    )  # fmt: skip

    assert [row.ok for row in results] == [True, False, True]
    assert "没有办理" in results[1].say
    assert (made.fresh(two).status, made.fresh(two).step) == (Status.IN_REVIEW, "asked")


def test_decided_affairs_stand_in_the_list_of_who_decided_and_are_never_removed(affairs: Affairs):
    case = made.approve(affairs.join(applicants()[0]), affairs.administrator)
    (task,) = queries.done_tasks(affairs.administrator, roles=queries.REGISTRY)

    assert (task.case, task.decided_unit) == (case, affairs.school)
    for row in Movement.objects.filter(case=case):
        with pytest.raises(TypeError):
            row.delete()
    with pytest.raises(TypeError):
        Movement.objects.filter(case=case).delete()
    with pytest.raises(TypeError):
        task.delete()
    with pytest.raises(TypeError):
        Task.objects.filter(case=case).delete()


def test_foreign_affairs_are_not_there(affairs: Affairs):
    case = affairs.join(applicants()[0])
    cast, ground = affairs.world.cast, affairs.world.ground

    for stranger in (as_unit(cast.chen, ground.xingqing), as_unit(cast.sun, ground.hospital), affairs.at_department):
        with pytest.raises(Absent):
            queries.case_visible(case.number, stranger)
