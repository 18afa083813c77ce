"""「评审结果」: entered, imported, published by who keeps them; seen, filtered and exported by the units concerned."""

import re
from collections.abc import Iterator
from io import BytesIO

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from python_calamine import CalamineWorkbook

from bole.audit import queries as ledger
from bole.cases.models import Case
from bole.definitions.terms import Service
from bole.documents import actions as documents
from bole.documents import queries as stored
from bole.documents.terms import Column
from bole.organizations.terms import Role
from bole.portal.models import Article
from bole.review import actions
from bole.review.models import Export, Outcome
from bole.web.tasks import write_exports
from tests.factories.browsers import as_person, at_unit
from tests.factories.grading import applicants, completed, desks, grading_in_force
from tests.factories.organizations import give_role
from tests.factories.people import World, make_world
from tests.web.staff.seats import page_of, words_of

pytestmark = pytest.mark.both_databases

RESULTS = "/ningxia/work/results/"
LIST_QUERIES = 9
PASSED = {"state": "passed", "awarded": "C", "document": "8号", "decided_on": "2026-04-18", "note": ""}


@pytest.fixture
def world(db: None) -> World:
    return make_world()


@pytest.fixture
def service(world: World) -> Iterator[Service]:
    with grading_in_force() as service:
        yield service


@pytest.fixture
def cases(world: World, service: Service) -> list[Case]:
    return [completed(world, service, person) for person in applicants(world)]


@pytest.fixture
def keeper(world: World) -> Client:
    return at_unit(world.cast.wu, world.ground.province)


@pytest.fixture
def school(world: World) -> Client:
    return at_unit(world.cast.zhou, world.ground.school)


def award(world: World, case: Case, **changes: str) -> None:
    actions.enter_outcome(number=case.number, seen=0, typed={**PASSED, **changes}, by=desks(world)[2])


def proclaim(world: World, *cases: Case) -> None:
    rows = actions.publish_outcomes(chosen=[(case.number, 1) for case in cases], by=desks(world)[2])
    assert all(row.ok for row in rows)


def test_unit_finds_its_results_once_they_are_published(world: World, cases: list[Case], school: Client):
    award(world, cases[0])
    award(world, cases[1], state="failed", awarded="")
    words = words_of(school.get(RESULTS))
    assert "3件办结3件未认定0件通过0件未通过" in words
    assert "待公布" not in words
    proclaim(world, cases[0], cases[1])

    words = words_of(school.get(RESULTS))
    assert "3件办结1件未认定1件通过1件未通过" in words
    for label in ("姓名", "证件号码", "推荐单位", "申请评定级别", "评定状态", "评审后评定级别", "导出 3 件"):
        assert label in words
    found = school.post(RESULTS, {"state": "passed"}).headers["Location"]
    words = words_of(school.get(found))
    assert ("林致远" in words, "艾学礼" in words, "导出 1 件" in words) == (True, False, True)


@pytest.mark.parametrize(
    ("name", "text", "found"),
    [
        ("name", "lzy", True), ("name", "马", False), ("number", "640104199001010050", True),
        ("unit", "第一中学", True), ("unit", "医院", False), ("awarded", "C", True), ("awarded", "A", False),
        ("state", "failed", False), ("year", "1999", False),
    ],
)  # fmt: skip
def test_each_filter_narrows(world: World, cases: list[Case], school: Client, name: str, text: str, found: bool):
    award(world, cases[0])
    proclaim(world, cases[0])
    page = school.get(school.post(RESULTS, {name: text}).headers["Location"])
    assert ("林致远6401" in words_of(page)) is found
    assert "去掉条件" in page_of(page)


def test_export_has_what_the_list_has_and_is_written_down(world: World, cases: list[Case], school: Client):
    award(world, cases[0])
    award(world, cases[1])
    proclaim(world, cases[0])
    page = page_of(school.get(school.post(RESULTS, {"state": "passed"}).headers["Location"]))
    (address,) = re.findall(r'action="([^"]*export/[^"]*)"', page)
    rows = CalamineWorkbook.from_filelike(BytesIO(school.post(address).content)).get_sheet_by_index(0).to_python()

    assert len(rows) == 2
    told = dict(zip(rows[0], rows[1], strict=True))
    assert (told["姓名"], told["证件号码"], told["推荐单位"]) == ("林致远", "6401**********0050", "兴庆区第一中学")
    assert (told["评定状态"], told["文号"], told["评定日期"]) == ("通过", "8号", "2026-04-18")
    assert "review.list.exported" in [entry.action for entry in ledger.about("list", "results/grading")]


def test_list_costs_the_same_with_one_and_with_three_rows(
    world: World, service: Service, keeper: Client, school: Client
):
    persons = applicants(world)
    counted = []
    for some in (persons[:1], persons[1:]):
        for person in some:
            completed(world, service, person)
        for browser in (keeper, school):
            browser.get(RESULTS)
            with CaptureQueriesContext(connection) as asked:
                browser.get(RESULTS)
            counted.append(len(asked))
    assert counted == [LIST_QUERIES, LIST_QUERIES + 2] * 2  # two more for who stands below the unit


def test_one_result_is_entered_then_corrected_with_a_reason(world: World, cases: list[Case], keeper: Client):
    address = f"{RESULTS}{cases[0].number}/"
    assert "录入结果" in words_of(keeper.get(address))
    answer = keeper.post(address, {**PASSED, "seen": "0", "awarded": "", "document": "九号"})
    assert answer.status_code == 422
    assert "请填写评定级别" in words_of(answer)
    assert 'value="九号"' in page_of(answer)
    answer = keeper.post(address, {**PASSED, "seen": "0"})
    assert "待公布" in words_of(keeper.get(answer.headers["Location"]))
    assert keeper.post(address, {**PASSED, "seen": "0"}).status_code == 409

    proclaim(world, cases[0])
    page = words_of(keeper.get(address))
    assert "更正原因" in page
    assert "公布：通过" in page
    answer = keeper.post(address, {**PASSED, "seen": "2", "awarded": "D", "reason": ""})
    assert "请写明原因" in words_of(answer)
    assert keeper.post(address, {**PASSED, "seen": "2", "awarded": "D", "reason": "笔误"}).status_code == 302
    assert Outcome.objects.get(case=cases[0]).awarded == "D"


def workbook(*rows: tuple[str, ...]) -> BytesIO:
    head = ("受理编号", "姓名", "评定状态", "评定级别", "文号", "评定日期")
    file = BytesIO(documents.write_sheet([Column(name) for name in head], rows))
    file.name = "results.xlsx"
    return file


def test_workbook_is_shown_before_it_is_taken(cases: list[Case], keeper: Client):
    template = keeper.get(RESULTS + "template/")
    rows = CalamineWorkbook.from_filelike(BytesIO(template.content)).get_sheet_by_index(0).to_python()
    assert {row[0] for row in rows[1:]} == {case.number for case in cases}
    answer = keeper.post(RESULTS + "import/", {"file": BytesIO(b"no workbook")})
    assert answer.status_code == 422

    good = (cases[0].number, "林致远", "通过", "C", "8号", "2026-04-18")
    page = keeper.post(RESULTS + "import/", {"file": workbook(good, (cases[1].number, "某某", "通过", "C", "", ""))})
    assert "共 2 行，可以录入 1 行，不能录入 1 行" in words_of(page)
    assert not Outcome.objects.exclude(revision=0).exists()
    (kept,) = re.findall(r'name="kept" value="([^"]+)"', page_of(page))
    assert keeper.post(RESULTS + "import/", {"confirm": "1", "kept": kept[:-4]}).status_code == 422
    done = keeper.post(RESULTS + "import/", {"confirm": "1", "kept": kept})
    assert "已录入 1 件" in words_of(done)
    assert Outcome.objects.get(case=cases[0]).awarded == "C"


def test_publication_is_looked_over_and_told_row_by_row(
    world: World, cases: list[Case], keeper: Client, school: Client
):
    award(world, cases[0])
    award(world, cases[1], state="failed", awarded="")
    page = keeper.post(RESULTS + "publish/", {"all": "1"})
    assert "2 件可以公布：通过 1 件，未通过 1 件" in words_of(page)
    assert not Outcome.objects.exclude(published_at=None).exists()
    chosen = [f"{cases[0].number}:1", f"{cases[2].number}:0", "FJ1:0"]
    page = words_of(keeper.post(RESULTS + "publish/", {"case": chosen}))
    assert ("1 件可以公布" in page, "还没有录入结果" in page, "没有这份结果" in page) == (True, True, True)
    done = words_of(keeper.post(RESULTS + "publish/", {"case": chosen, "confirm": "1"}))
    assert "已公布 1 件，没有办理 2 件" in done
    assert keeper.post(RESULTS + "publish/").status_code == 422
    assert "1件通过" in words_of(school.get(RESULTS))


def test_others_are_kept_out(world: World, cases: list[Case], school: Client, keeper: Client):
    address = f"{RESULTS}{cases[0].number}/"
    for page in ("import/", "template/"):
        assert school.get(RESULTS + page).status_code == 403
    assert school.post(RESULTS + "publish/", {"all": "1"}).status_code == 403
    county = at_unit(world.cast.chen, world.ground.xingqing)  # the same role at another level
    assert [county.get(RESULTS + page).status_code for page in ("import/", "template/")] == [403, 403]
    assert school.get(address).status_code == 404
    assert at_unit(world.cast.ma, world.ground.xingqing).get(RESULTS).status_code == 403
    reviewer = world.ground.province.appointments.filter(account=world.cast.wu, role="reviewer")
    assert keeper.get(address).status_code == 200
    reviewer.update(services=["something-else"])  # the same desk, another range of business
    assert keeper.get(address).status_code == 404
    assert keeper.post(address, {"seen": "0", "state": "passed"}).status_code == 404
    hospital = at_unit(world.cast.sun, world.ground.hospital)
    assert "还没有办结的申报" in words_of(hospital.get(RESULTS))


def test_long_export_is_written_in_the_background_as_it_is_shown(
    world: World, cases: list[Case], school: Client, monkeypatch: pytest.MonkeyPatch
):
    award(world, cases[0])
    award(world, cases[1])
    proclaim(world, cases[0])
    monkeypatch.setattr("bole.web.pages.exports.AT_ONCE", 1)
    answer = school.post(RESULTS + "export/")
    assert answer.headers["Location"].endswith("/work/exports/")
    write_exports()
    file = Export.objects.get(list="results").file
    assert file is not None
    rows = CalamineWorkbook.from_filelike(BytesIO(stored.content(file))).get_sheet_by_index(0).to_python()
    state = rows[0].index("评定状态")
    assert sorted(row[state] for row in rows[1:]) == ["未认定", "未认定", "通过"]


def test_applicant_reads_the_result_once_it_is_published(world: World, cases: list[Case]):
    lin = as_person(world.lin)
    award(world, cases[0])
    words = words_of(lin.get(f"/ningxia/cases/{cases[0].number}/"))
    assert "等待评定" in words
    assert "8号" not in words
    proclaim(world, cases[0])
    words = words_of(lin.get(f"/ningxia/cases/{cases[0].number}/"))
    assert ("评定结果" in words, "通过" in words, "8号" in words) == (True, True, True)


def test_editor_drafts_the_announcement_of_what_was_published(world: World, cases: list[Case], keeper: Client):
    give_role(world.ground.province, Role.EDITOR, world.cast.wu)
    award(world, cases[0])
    award(world, cases[1], state="failed", awarded="")
    page = page_of(keeper.post(RESULTS + "publish/", {"case": [f"{case.number}:1" for case in cases], "confirm": "1"}))
    (kept,) = re.findall(r'name="kept" value="([^"]+)"', page)
    keeper.post(RESULTS + "announce/", {"kept": kept})
    article = Article.objects.get()
    assert (article.state, article.title[4:]) == ("draft", "年人才分级评定结果公示")
    assert "1. 林*远　兴庆区第一中学" in article.body
    assert "林致远" not in article.body
    assert "艾" not in article.body
    assert keeper.post(RESULTS + "announce/", {"kept": "x"}).status_code == 403
