"""Decisions on real cases: effect, audit row, refusal, stale, run twice."""

from dataclasses import replace

import pytest

from bole.audit import queries as ledger
from bole.cases import queries as cases
from bole.cases.terms import Status
from bole.definitions.terms import Verdict
from bole.kernel.actors import Actor
from bole.kernel.errors import Absent, Invalid, Moved, Refused
from bole.organizations import actions as organizations
from bole.organizations.models import Appointment
from bole.organizations.terms import Role
from bole.people import queries as people
from bole.review import actions as review
from bole.review import queries
from bole.review.actions import effects
from bole.review.models import Movement
from bole.review.terms import EffectContext, Faulty, MoveKind
from tests.factories import cases as made
from tests.factories.organizations import SETUP, as_unit, give_role, make_account
from tests.factories.people import World, as_self, register


def desks(world: World) -> dict[str, Actor]:
    ground, cast = world.ground, world.cast
    city = make_account("银川审核", "640104199001010077")
    give_role(ground.yinchuan, Role.REVIEWER, city)
    return {
        "unit": as_unit(cast.zhou, ground.school),
        "county": as_unit(cast.chen, ground.xingqing),
        "city": as_unit(city, ground.yinchuan),
        "region": as_unit(cast.wu, ground.province),
    }


def test_case_passes_every_desk_and_the_archive_is_verified(world: World):
    at = desks(world)
    case = made.submitted_case(world.lin, as_self(world.lin))

    for step in ("unit", "county", "city", "region"):
        assert case.step == step
        case = made.approve(case, at[step])

    assert case.status == Status.COMPLETED
    assert queries.replay(case).status is Status.COMPLETED
    work = people.archive(world.lin.pk, "work")
    assert [entry.verified for entry in work] == [True]
    assert work[0].verified_by == "宁夏回族自治区人力资源和社会保障厅"
    actions = list(ledger.about("case", case.number).values_list("action", flat=True))
    assert actions.count("review.case.decided") == 4


def test_unit_directly_under_the_region_goes_straight_to_its_department(world: World):
    at = desks(world)
    institute = world.ground.institute
    organizations.enable_collection(unit=institute.pk, by=SETUP)
    give_role(institute, Role.COLLECTION_ADMINISTRATOR, world.cast.zhou)
    person = register("钱院士", "640104199001010018", unit=institute)
    case = made.submitted_case(person, as_self(person))

    case = made.approve(case, as_unit(world.cast.zhou, institute))

    assert (case.step, case.seat_unit_id) == ("region", world.ground.province.pk)
    assert made.approve(case, at["region"]).status == Status.COMPLETED


def test_return_opens_only_marked_sections_and_tells_why(world: World):
    at = desks(world)
    me = as_self(world.lin)
    case = made.approve(made.submitted_case(world.lin, me), at["unit"])

    case = made.send_back(case, at["county"], "work", opinion="起止年月与证明不一致")

    assert (case.status, case.open_sections) == (Status.RETURNED, ["work"])
    assert queries.history(case)[0].opinion == "起止年月与证明不一致"
    with pytest.raises(Refused, match="这个模块不能修改"):
        made.fill(case, me, only=("education",))
    made.fill(case, me, only=("work",))
    made.prove(case, me)
    case = made.fresh(case)
    review.submit_case(case=case, seen=case.revision, by=me)
    case = made.fresh(case)
    assert (case.status, case.step, case.round) == (Status.IN_REVIEW, "unit", 2)
    assert cases.sections_changed_since(case, 1) == {"work"}


def test_termination_ends_the_case_and_frees_the_person(world: World):
    at = desks(world)
    me = as_self(world.lin)
    case = made.approve(made.submitted_case(world.lin, me), at["unit"])

    case = made.terminate(case, at["county"])

    assert case.status == Status.TERMINATED
    assert made.open_case(world.lin, me).status == Status.DRAFT


def test_second_open_case_of_a_person_is_refused(world: World):
    me = as_self(world.lin)
    made.open_case(world.lin, me)

    with pytest.raises(Refused, match="正在办理，不能重复申报"):
        made.open_case(world.lin, me)


def test_stale_decision_says_who_moved_the_case(world: World):
    at = desks(world)
    case = made.submitted_case(world.lin, as_self(world.lin))
    seen = case.revision
    made.approve(case, at["unit"])

    with pytest.raises(Moved, match="兴庆区第一中学周敏"):
        review.decide(case=case, step="unit", seen=seen, verdict=Verdict.APPROVE, opinion="", by=at["unit"])
    assert made.fresh(case).step == "county"


@pytest.mark.parametrize(
    ("who", "reason"),
    [("county", "在其他单位的办理环节"), ("stranger", "在其他单位的办理环节"), ("self", "在其他单位的办理环节")],
)
def test_nobody_decides_outside_the_own_seat(world: World, who: str, reason: str):
    at = desks(world)
    me = as_self(world.lin)
    case = made.submitted_case(world.lin, me)
    actor = {"county": at["county"], "stranger": as_unit(world.cast.sun, world.ground.hospital), "self": me}[who]

    with pytest.raises(Refused, match=reason):
        review.decide(case=case, step="unit", seen=case.revision, verdict=Verdict.APPROVE, opinion="", by=actor)


def test_nobody_decides_on_their_own_case(world: World):
    desks(world)
    me = as_self(world.lin)
    give_role(world.ground.school, Role.COLLECTION_ADMINISTRATOR, world.cast.lin)
    case = made.submitted_case(world.lin, me)
    at_unit = replace(as_unit(world.cast.lin, world.ground.school), person=world.lin.pk)

    with pytest.raises(Refused, match="不能审核自己的申报"):
        review.decide(case=case, step="unit", seen=case.revision, verdict=Verdict.APPROVE, opinion="", by=at_unit)


def test_role_that_ended_is_refused_at_the_next_act(world: World):
    at = desks(world)
    case = made.submitted_case(world.lin, as_self(world.lin))
    for appointment in Appointment.objects.filter(account=world.cast.zhou):
        organizations.end_appointment(appointment=appointment.pk, reason="离职", by=SETUP)

    with pytest.raises(Refused, match="没有这个环节的审核权限"):
        review.decide(case=case, step="unit", seen=case.revision, verdict=Verdict.APPROVE, opinion="", by=at["unit"])


@pytest.mark.parametrize(
    ("verdict", "opinion", "faulty", "error", "reason"),
    [
        (Verdict.SEND_BACK, "", (Faulty("work"),), Invalid, "请写明审核意见"),
        (Verdict.SEND_BACK, "请修改", (), Invalid, "至少勾选一个有问题的模块"),
        (Verdict.APPROVE, "", (Faulty("work"),), Refused, "已标出有误的模块，不能审核通过"),
        (Verdict.SEND_BACK, "请修改", (Faulty("forged"),), Refused, "不在这份表里"),
        (Verdict.TERMINATE, "不符合", (), Refused, "不能作出「资格不符，终止审核」的决定"),
        (Verdict.SEND_BACK, "长" * 501, (Faulty("work"),), Invalid, "最多500个字符"),
    ],
)
def test_faulty_decisions_change_nothing(world: World, verdict, opinion, faulty, error, reason):
    at = desks(world)
    case = made.submitted_case(world.lin, as_self(world.lin))

    with pytest.raises(error, match=reason):
        review.decide(
            case=case, step="unit", seen=case.revision, verdict=verdict, opinion=opinion, faulty=faulty, by=at["unit"]
        )
    assert made.fresh(case).revision == case.revision


def test_case_never_comes_to_an_empty_desk(world: World):
    case = made.submitted_case(world.lin, as_self(world.lin))
    case = made.approve(case, as_unit(world.cast.zhou, world.ground.school))

    with pytest.raises(Refused, match="还没有设置办理「市人社部门审核」的人员"):
        made.approve(case, as_unit(world.cast.chen, world.ground.xingqing))
    assert made.fresh(case).step == "county"


def test_withdrawal_until_the_unit_has_begun(world: World):
    desks(world)
    me = as_self(world.lin)
    case = made.submitted_case(world.lin, me)
    review.withdraw_case(case=case, seen=case.revision, by=me)
    case = made.fresh(case)
    assert case.status == Status.DRAFT
    review.submit_case(case=case, seen=case.revision, by=me)
    case = made.fresh(case)

    review.begin(case=case, by=as_unit(world.cast.zhou, world.ground.school))

    with pytest.raises(Refused, match="单位已开始审核，不能撤回"):
        review.withdraw_case(case=case, seen=case.revision, by=me)


def test_incomplete_case_lists_everything_missing_at_its_place(world: World):
    me = as_self(world.lin)
    case = made.open_case(world.lin, me)

    with pytest.raises(Invalid) as refused:
        review.submit_case(case=case, seen=case.revision, by=me)

    places = {fault.at for fault in refused.value.faults}
    assert {"basic.phone", "work.", "education.", "family."} <= places
    assert made.fresh(case).status == Status.DRAFT


def test_foreign_unit_finds_no_such_case(world: World):
    case = made.submitted_case(world.lin, as_self(world.lin))

    with pytest.raises(Absent):
        queries.case_visible(case.number, as_unit(world.cast.sun, world.ground.hospital))
    with pytest.raises(Absent):
        queries.case_visible("CJ2026-0101-99999", as_unit(world.cast.sun, world.ground.hospital))
    assert queries.case_visible(case.number, as_unit(world.cast.zhou, world.ground.school)) == case


def test_failing_effect_takes_the_decision_back(world: World, monkeypatch: pytest.MonkeyPatch):
    at = desks(world)
    case = made.submitted_case(world.lin, as_self(world.lin))
    for step in ("unit", "county", "city"):
        case = made.approve(case, at[step])

    def failing(context: EffectContext) -> None:
        raise Refused("档案库暂时不能写入，请稍后再办理。")

    monkeypatch.setitem(effects._effects, "people.verify_archive", failing)
    with pytest.raises(Refused, match="档案库暂时不能写入"):
        made.approve(case, at["region"])

    assert (made.fresh(case).status, made.fresh(case).step) == (Status.IN_REVIEW, "region")
    assert queries.moves_of(case)[-1].kind is MoveKind.PASSED
    assert queries.moves_of(case)[-1].step == "city"


def test_movements_are_never_changed_or_deleted(world: World):
    case = made.submitted_case(world.lin, as_self(world.lin))
    row = Movement.objects.get(case=case)

    row.opinion = "改写"
    with pytest.raises(TypeError):
        row.save()
    with pytest.raises(TypeError):
        row.delete()


def test_unit_that_also_reviews_sees_both_its_own_and_what_lay_at_its_desk(world: World):
    at = desks(world)
    case = made.approve(made.submitted_case(world.lin, as_self(world.lin)), at["unit"])
    department = world.ground.school
    give_role(department, Role.COLLECTION_ADMINISTRATOR, world.cast.chen)

    seen = set(queries.visible_cases(as_unit(world.cast.chen, department)).values_list("number", flat=True))

    assert seen == {case.number}
    assert queries.visible_cases(at["county"]).count() == 1
