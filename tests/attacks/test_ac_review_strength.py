"""AC-01, AC-03, AC-13, AC-14 at the desks: batches, results, exports, claims and openings against the rules."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.test import Client

from bole.audit import queries as ledger
from bole.cases.models import Typist
from bole.definitions.terms import Service, Verdict
from bole.kernel import clock
from bole.kernel.errors import Refused
from bole.organizations.models import Appointment, Unit
from bole.organizations.terms import Role
from bole.review import actions as review
from bole.review import queries
from bole.review.models import DispatchPaper, Export, OpeningRequest, Outcome, Task
from bole.review.terms import Faulty
from bole.web import tasks
from bole.web.pages import exports
from tests.attacks.conftest import Stage
from tests.factories import cases as made
from tests.factories.browsers import at_unit
from tests.factories.grading import completed, desks, grading_in_force
from tests.factories.organizations import give_role
from tests.factories.people import World, as_self, make_world
from tests.review.steps import Play, make_play, recommending

RESULTS = "/ningxia/work/results/"
PASSED = {"state": "passed", "awarded": "C", "document": "8号", "decided_on": "2026-04-18", "note": ""}


@pytest.fixture
def world(db: None) -> World:
    return make_world()


@pytest.fixture
def grading(world: World) -> Iterator[Service]:
    with grading_in_force() as service:
        yield service


@pytest.fixture
def play(world: World, tmp_path: Path) -> Iterator[Play]:
    with recommending(tmp_path / "catalogue") as service:
        yield make_play(world, service)


def found(browser: Client, **typed: str) -> str:
    """What the list shows for these filters."""
    answer = browser.post(RESULTS, typed, follow=True)
    assert answer.status_code == 200
    return answer.content.decode()


def test_a_unit_does_not_learn_that_a_result_is_entered(world: World, grading: Service):
    case = completed(world, grading, world.lin)
    school = at_unit(world.cast.zhou, world.ground.school)
    before = found(school, stage="entered").count(case.number)
    review.enter_outcome(number=case.number, seen=0, typed=PASSED, by=desks(world)[2])

    after = found(school, stage="entered")

    assert after.count(case.number) == before > 0
    assert "已录入，待公布" not in after
    assert case.number in found(at_unit(world.cast.wu, world.ground.province), stage="entered")


def test_results_of_a_service_out_of_the_range_are_not_looked_up_by_number(world: World, grading: Service):
    case = completed(world, grading, world.lin)
    region = desks(world)[2]
    other = grading.model_copy(update={"service": "expert-selection"})

    assert list(queries.chosen_outcomes([case.number], grading, region)) == [case.number]
    assert queries.chosen_outcomes([case.number], other, region) == {}


def test_the_list_of_who_waits_for_a_result_is_written_down(world: World, grading: Service):
    case = completed(world, grading, world.lin)
    keeper = at_unit(world.cast.wu, world.ground.province)

    assert keeper.get(f"{RESULTS}template/").status_code == 200

    entry = ledger.about("list", "results/grading").get()
    assert (entry.account, entry.detail["rows"]) == (world.cast.wu.pk, 1)
    assert Outcome.objects.get(case=case).state == "pending"


@pytest.mark.parametrize("year", ["0001", "0000", "9999", "²²²²", "-001"])
def test_years_that_no_calendar_has_are_no_filter(stage: Stage, year: str):
    browser = stage.browser("county")
    for address in ("/ningxia/work/", "/ningxia/work/search/"):
        assert browser.get(address, {"year": year, "service": "x"}).status_code == 200


def test_what_a_batch_holds_back_is_not_claimed_early(play: Play):
    case = play.submitted()
    review.decide_many(cases=[(case.number, case.revision)], verdict=Verdict.APPROVE, opinion="", by=play.unit)

    for take in (False, True):
        with pytest.raises(Refused, match="之后送达"):
            review.claim(case=case, take=take, by=play.county)

    assert Task.objects.get(case=case, closed_at=None).claimed_by is None


def test_what_an_authority_above_took_back_lies_with_who_passed_it(world: World, tmp_path: Path):
    with recommending(tmp_path / "catalogue", "    dispatch:", "    overseen: true\n    dispatch:") as service:
        play = make_play(world, service)
        case = play.cleared()
        (row,) = review.dispatch_many(cases=[case.number], by=play.region)
        assert row.ok, row.say
        case = made.fresh(case)
        with pytest.raises(Refused, match="只有刚才办理"):
            review.recall(case=case, seen=case.revision, by=play.county)
        review.recall(case=case, seen=case.revision, by=play.region)
        case = made.fresh(case)

        with pytest.raises(Refused, match="只有刚才办理"):
            review.recall(case=case, seen=case.revision, by=play.region)
        assert review.recall(case=case, seen=case.revision, by=play.county).step == "county"
        assert Task.objects.get(case=case, closed_at=None).cleared_at is None


def test_a_name_of_several_lines_does_not_break_the_download(play: Play):
    case = play.cleared(paper=False)
    assert play.add_paper(case, name="a\r\nSet-Cookie: b=1") == [True]
    paper = DispatchPaper.objects.get(task__case=case)
    browser = at_unit(play.world.cast.chen, play.world.ground.xingqing)

    answer = browser.get(f"/ningxia/work/{case.number}/dispatch-papers/{paper.pk}/")

    assert answer.status_code == 200
    assert "b" not in answer.cookies


def test_who_typed_a_case_does_not_open_it_further(play: Play):
    case = play.submitted()
    play.send_back(case, play.unit, Faulty("basic", "有误", field="title"))
    case = made.fresh(case)
    review.ask_opening(case=case, sections=["works"], reason="补充业绩", by=as_self(play.world.lin))
    assert play.unit.account is not None
    Typist.objects.create(case=case, account=play.unit.account)

    with pytest.raises(Refused, match="由您填写，不能由您答复"):
        review.answer_opening(case=case, granted=True, say="", by=play.unit)

    assert OpeningRequest.objects.get(case=case).answered_at is None


def test_a_desk_that_was_closed_from_above_neither_takes_back_nor_opens(play: Play):
    case, county = play.cleared(), Unit.objects.filter(pk=play.county.unit)
    county.update(review_closed_at=clock.now())
    with pytest.raises(Refused, match="审核权限已经关闭"):
        review.recall(case=case, seen=case.revision, by=play.county)
    county.update(review_closed_at=None)
    play.send_back(case, play.county, Faulty("basic", "有误", field="title"))
    case = made.fresh(case)
    review.ask_opening(case=case, sections=["works"], reason="补充业绩", by=as_self(play.world.lin))
    county.update(review_closed_at=clock.now())

    with pytest.raises(Refused, match="审核权限已经关闭"):
        review.answer_opening(case=case, granted=True, say="", by=play.county)


def test_an_export_is_not_fetched_once_the_role_is_gone(stage: Stage, monkeypatch: pytest.MonkeyPatch):
    """Written while the account reviewed; kept in the unit as somebody who edits the portal only."""
    made.approve(made.submitted_case(stage.world.lin, stage.lin), stage.clerk)
    monkeypatch.setattr(exports, "AT_ONCE", 0)
    browser = stage.browser("county")
    browser.post("/ningxia/work/export/?tab=waiting")
    tasks.write_exports()
    address = f"/ningxia/work/exports/{Export.objects.get().pk}/file/"
    assert browser.post(address).status_code == 200

    give_role(stage.world.ground.xingqing, Role.EDITOR, stage.world.cast.chen)
    Appointment.objects.filter(account=stage.world.cast.chen, role=Role.REVIEWER.value).delete()

    answer = browser.post(address)
    assert answer.status_code in (403, 409)
    assert "spreadsheetml" not in answer.headers["Content-Type"]
