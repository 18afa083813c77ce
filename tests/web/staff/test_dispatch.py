"""「待送审」 by its pages: papers for one, many or all chosen, removed after a question, sent on with a preview."""

import re
from collections.abc import Iterator
from datetime import timedelta
from io import BytesIO

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from bole.audit import queries as ledger
from bole.cases import queries as case_queries
from bole.cases.models import Case
from bole.definitions.terms import Service
from bole.kernel import clock
from bole.review import actions as review
from bole.review import queries as review_queries
from bole.review.models import DispatchPaper, Task
from bole.review.terms import UNDO_MINUTES
from tests.factories import cases as made
from tests.factories.browsers import at_unit
from tests.factories.grading import applicants, at_county, desks, grading_in_force
from tests.factories.people import World, as_self, make_world
from tests.web.staff.seats import page_of, words_of

LIST = "/ningxia/work/"
CLEARED = LIST + "?tab=cleared"
UPLOAD = LIST + "dispatch/papers/"
REMOVE = UPLOAD + "remove/"
SEND = LIST + "dispatch/"
REPORT = "推荐报告/申报函"


@pytest.fixture
def world(db: None) -> World:
    return make_world()


@pytest.fixture
def service(world: World) -> Iterator[Service]:
    with grading_in_force(dispatching=True) as service:
        yield service


def clear(world: World, service: Service, place: int) -> Case:
    case = at_county(world, service, applicants(world)[place])
    return made.approve(case, desks(world)[1])


@pytest.fixture
def cases(world: World, service: Service) -> list[Case]:
    return [clear(world, service, place) for place in range(3)]


@pytest.fixture
def county(world: World) -> Client:
    return at_unit(world.cast.chen, world.ground.xingqing)


def words(cases: list[Case]) -> list[str]:
    return [f"{case.number}:{case.revision}" for case in cases]


def shown(cases: list[Case]) -> str:
    return ",".join(case.number for case in cases)


def report() -> BytesIO:
    file = BytesIO(made.picture())
    file.name = "报告.jpg"
    return file


def upload(county: Client, cases: list[Case]) -> str:
    posted = {"case": words(cases), "shown": shown(cases), "confirm": "1", "name": REPORT, "file": report()}
    return words_of(county.post(UPLOAD, posted))


def test_list_shows_who_still_lacks_papers(cases: list[Case], county: Client):
    page = words_of(county.get(CLEARED))
    assert "待送审 3 件" in page
    assert page.count("未上传") == 3
    for label in ("上传送审附件", "删除", "批量送审"):
        assert label in page
    upload(county, cases[:2])
    page = words_of(county.get(CLEARED))
    assert (page.count("未上传"), page.count(REPORT)) == (1, 2)


def test_list_of_cleared_costs_the_same_with_one_and_with_three_rows(world: World, service: Service, county: Client):
    clear(world, service, 0)
    county.get(CLEARED)
    with CaptureQueriesContext(connection) as one:
        county.get(CLEARED)
    clear(world, service, 1)
    clear(world, service, 2)
    with CaptureQueriesContext(connection) as three:
        county.get(CLEARED)
    assert len(one) == len(three)


def test_one_file_for_all_chosen_and_nothing_typed_is_lost(cases: list[Case], county: Client):
    page = county.post(UPLOAD, {"case": words(cases), "shown": shown(cases)})
    assert "已选 3 件" in words_of(page)
    assert f'<option value="{REPORT}"' in page_of(page)
    wrong = county.post(UPLOAD, {"case": words(cases[:2]), "shown": shown(cases), "confirm": "1", "name": REPORT})
    assert wrong.status_code == 422
    assert "请选择要上传的文件" in words_of(wrong)
    assert "已选 2 件" in words_of(wrong)

    assert "已上传 2 件" in upload(county, cases[:2])
    assert DispatchPaper.objects.filter(name=REPORT).count() == 2
    assert county.post(UPLOAD).status_code == 200  # what was chosen stays chosen
    assert "已选 2 件" in words_of(county.post(UPLOAD))


def test_removal_asks_first(cases: list[Case], county: Client):
    upload(county, cases[:1])
    posted = {"case": words(cases[:1]), "shown": shown(cases[:1])}
    assert "删除后需要重新上传才能送审" in words_of(county.post(REMOVE, posted))
    assert DispatchPaper.objects.filter(removed_at=None).count() == 1
    assert "已删除" in words_of(county.post(REMOVE, {**posted, "confirm": "1"}))
    assert not DispatchPaper.objects.filter(removed_at=None).exists()


def test_preview_says_who_goes_where_and_what_is_missing(cases: list[Case], county: Client):
    upload(county, cases[:2])
    page = county.post(SEND, {"case": words(cases), "shown": shown(cases)})
    said = words_of(page)
    assert "可以送审 2 件，不能送审 1 件" in said
    assert "送往：宁夏回族自治区人力资源和社会保障厅 2 件" in said
    assert f"缺：{REPORT}" in said
    assert "给缺附件的 1 件上传送审附件" in said
    assert page_of(page).count(" checked") == 2
    assert Task.objects.filter(cleared_at__isnull=False, closed_at=None).count() == 3


def test_preview_costs_the_same_with_one_and_with_three_rows(cases: list[Case], county: Client):
    upload(county, cases)
    counted = []
    for some in (cases[:1], cases):
        with CaptureQueriesContext(connection) as asked:
            county.post(SEND, {"case": words(some), "shown": shown(cases)})
        counted.append(len(asked))
    assert counted[0] == counted[1]


def test_sending_is_told_row_by_row_leaves_the_rest_chosen_and_can_be_taken_back(cases: list[Case], county: Client):
    upload(county, cases[:2])
    county.post(SEND, {"case": words(cases), "shown": shown(cases)})
    posted = {"case": words(cases[:1]), "shown": shown(cases[:1]), "confirm": "1"}
    page = county.post(SEND, posted)
    said = words_of(page)
    assert "已送审 1 件" in said
    assert "接着办理余下的 2 件" in said
    assert made.fresh(cases[0]).step == "region"
    assert "可以送审 1 件，不能送审 1 件" in words_of(county.post(SEND))

    again = words_of(county.post(SEND, posted))  # the browser sent it twice
    assert "已经送审，没有重复办理" in again
    (run,) = re.findall(r'name="run" value="([^"]+)"', page_of(page))
    assert "已撤销办理 1 件" in words_of(county.post(LIST + "batch/next/", {"run": run, "undo": "1"}))
    assert made.fresh(cases[0]).step == "county"


def test_sending_without_the_paper_or_by_another_is_refused(world: World, cases: list[Case], county: Client):
    posted = {"case": words(cases[:1]), "shown": shown(cases[:1]), "confirm": "1"}
    assert f"还缺送审附件「{REPORT}」" in words_of(county.post(SEND, posted))
    region = at_unit(world.cast.wu, world.ground.province)
    assert "已送审 0 件，没有办理 1 件" in words_of(region.post(SEND, posted))
    clerk = at_unit(world.cast.zhou, world.ground.school)
    assert clerk.post(SEND, posted).status_code == 403
    assert county.post(SEND).status_code == 422
    assert made.fresh(cases[0]).step == "county"


def test_next_desk_reads_the_paper_and_the_look_is_written_down(world: World, cases: list[Case], county: Client):
    upload(county, cases[:1])
    paper = DispatchPaper.objects.get()
    address = f"{LIST}{cases[0].number}/dispatch-papers/{paper.pk}/"
    assert at_unit(world.cast.wu, world.ground.province).get(address).status_code == 404  # it has not come there
    file = county.get(address)
    assert file.headers["Content-Type"] == "image/jpeg"
    assert "attachment" in file.headers["Content-Disposition"]
    assert county.get(address + "?page=1").headers["Content-Type"] == "image/jpeg"
    assert county.get(address + "?page=2").status_code == 404
    assert "推荐报告/申报函" in words_of(county.get(f"{LIST}{cases[0].number}/"))
    seen = [entry.action for entry in ledger.about("case", cases[0].number)]
    assert "cases.attachment.viewed" in seen


def test_papers_are_for_the_desks_above_and_not_for_the_employer(world: World, cases: list[Case], county: Client):
    case, (clerk, chen, wu) = cases[0], desks(world)
    upload(county, [case])
    paper = DispatchPaper.objects.get()
    service = case_queries.service_of(case)
    page = f"{LIST}{case.number}/"
    address = f"{page}dispatch-papers/{paper.pk}/"
    review.dispatch(case=made.fresh(case), seen=made.fresh(case).revision, by=chen)
    case = made.fresh(case)

    assert [review_queries.papers_seen(case, service, by) for by in (chen, wu)] == [(paper,), (paper,)]
    region = at_unit(world.cast.wu, world.ground.province)
    assert "推荐报告/申报函" in words_of(region.get(page))
    assert region.get(address).status_code == 200
    employer = at_unit(world.cast.zhou, world.ground.school)
    assert "推荐报告/申报函" not in words_of(employer.get(page))
    assert employer.get(address).status_code == 404
    for by in (clerk, as_self(world.lin)):
        assert review_queries.papers_seen(case, service, by) == ()

    opened = tuple(
        step.model_copy(update={"dispatch": step.dispatch.model_copy(update={"disclosed": True})})
        if step.dispatch is not None
        else step
        for step in service.route.steps
    )
    told = service.model_copy(update={"route": service.route.model_copy(update={"steps": opened})})
    assert review_queries.papers_seen(case, told, clerk) == (paper,)


def test_the_review_page_takes_back_what_was_cleared_or_sent_a_moment_ago(
    cases: list[Case], county: Client, world: World
):
    case = cases[0]
    page, recall = f"{LIST}{case.number}/", f"{LIST}{case.number}/recall/"
    assert "也可以收回重新审核" in words_of(county.get(page))
    done = county.post(recall, {"seen": str(case.revision)}, follow=True)
    assert "已收回林致远的申报，重新由「县（区）审核」办理。" in words_of(done)
    assert "收回</button>" not in page_of(done)

    case = made.approve(made.fresh(case), desks(world)[1])
    review.add_paper(cases=[case.number], name=REPORT, data=made.picture(), file_name="报告.jpg", by=desks(world)[1])
    review.dispatch_many(cases=[case.number], by=desks(world)[1])
    case = made.fresh(case)
    assert "前可以收回：下一环节还看不到。" in words_of(county.get(page))
    stale = county.post(recall, {"seen": str(case.revision - 1)})
    assert (stale.status_code, "您的操作没有生效" in words_of(stale)) == (409, True)
    assert "已收回林致远的申报" in words_of(county.post(recall, {"seen": str(case.revision)}, follow=True))

    review.dispatch_many(cases=[case.number], by=desks(world)[1])
    with time_machine.travel(clock.now() + timedelta(minutes=UNDO_MINUTES)):
        assert "收回</button>" not in page_of(county.get(page))
        late = county.post(recall, {"seen": str(made.fresh(case).revision)})
        assert (late.status_code, "下一个环节已经收到，不能收回" in words_of(late)) == (403, True)
