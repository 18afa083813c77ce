"""The applicant's side of a return: all faults at once, only what was marked opens, and more can be asked for."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from bole.cases import queries as cases
from bole.cases.models import Case
from bole.definitions.terms import Verdict
from bole.review import actions as review
from bole.review import queries
from bole.review.terms import Faulty
from tests.factories import cases as made
from tests.factories.browsers import as_person, at_unit
from tests.factories.organizations import as_unit
from tests.factories.people import World, as_self, make_world
from tests.web.filling import JSON
from tests.web.staff.seats import page_of, words_of

Return = Callable[..., Case]


@pytest.fixture
def world(db: None) -> World:
    return make_world()


@pytest.fixture
def lin(world: World) -> Client:
    return as_person(world.lin)


@pytest.fixture
def county(world: World) -> Client:
    return at_unit(world.cast.chen, world.ground.xingqing)


@pytest.fixture
def returned(world: World) -> Return:
    """The county returns Lin's case with these places marked; "work" stands for its first record's key."""
    clerk, county = as_unit(world.cast.zhou, world.ground.school), as_unit(world.cast.chen, world.ground.xingqing)
    case = made.approve(made.submitted_case(world.lin, as_self(world.lin)), clerk)
    key = record_in(case, "work")["id"]

    def send_back(*faulty: Faulty, resume: bool = False) -> Case:
        places = tuple(Faulty(one.section, one.say, key if one.record else "", one.field) for one in faulty)
        review.decide(
            case=case, step=case.step, seen=case.revision, verdict=Verdict.SEND_BACK, opinion="请按标出的问题修改",
            faulty=places, resume=resume, by=county,
        )  # fmt: skip
        return made.fresh(case)

    return send_back


FIELD = Faulty("work", "校名写全称", "first", "employer")


def record_in(case: Case, section: str) -> dict[str, Any]:
    typed = cases.typed_answers(case)[section]
    assert isinstance(typed, list)
    return typed[0]


def address(case: Case, *more: str) -> str:
    return "/".join(["/ningxia/cases", case.number, *more]) + "/"


def test_every_fault_is_told_at_once_with_its_place_and_a_link(lin: Client, returned: Return):
    case = returned(Faulty("supplement", "请写近五年的工作"), Faulty("basic", "电话已停机", field="phone"), FIELD)
    key = record_in(case, "work")["id"]

    for page in (lin.get(address(case)), lin.get(address(case, "sections", "education"))):
        words, html = words_of(page), page_of(page)
        assert "补充信息：请写近五年的工作" in words
        assert "基本信息联系电话：电话已停机" in words.replace(" ", "")
        assert "工作单位：校名写全称" in words.replace(" ", "")
        assert "只有列出的 3 处可以修改" in words
        assert f'href="{address(case, "sections", "basic")}#f-phone"' in html
        assert f'href="{address(case, "sections", "work", "records", key)}#f-employer"' in html


def test_single_section_opens_only_the_marked_field(lin: Client, returned: Return):
    case = returned(Faulty("basic", "电话已停机", field="phone"))
    page = page_of(lin.get(address(case, "sections", "basic")))
    assert 'name="phone"' in page
    assert 'name="email"' not in page  # shown, with a lock
    assert "带锁的内容不能修改" in page

    typed = cases.typed_answers(case)["basic"]
    seen = cases.form_of(case).sections["basic"].version
    forged = {"phone": "13900000001", "email": "forged@example.cn", "seen": seen}
    saved = lin.post(address(case, "sections", "basic", "autosave"), forged, headers=JSON)

    assert saved.status_code == 200
    assert cases.typed_answers(case)["basic"] == {**typed, "phone": "13900000001"}


def test_record_opens_only_where_it_was_marked(lin: Client, returned: Return):
    case = returned(FIELD)
    record = record_in(case, "work")
    listed = page_of(lin.get(address(case, "sections", "work")))
    assert "修改<" in listed
    assert ">新增<" not in listed
    assert "删除<" not in listed

    page = page_of(lin.get(address(case, "sections", "work", "records", record["id"])))
    assert 'name="employer"' in page
    assert 'name="duty"' not in page

    seen = cases.form_of(case).sections["work"].version
    form = {"employer": "兴庆区第一中学", "duty": "校长", "seen": seen}
    assert lin.post(address(case, "sections", "work", "records", record["id"]), form).status_code == 302
    assert record_in(case, "work") == {**record, "employer": "兴庆区第一中学"}


def test_what_was_not_marked_is_read_only_and_refused(lin: Client, returned: Return):
    case = returned(FIELD)
    work, education = record_in(case, "work")["id"], record_in(case, "education")["id"]

    closed = lin.get(address(case, "sections", "basic"))
    assert 'name="phone"' not in page_of(closed)
    assert "申请开放其他模块" in words_of(closed)
    assert lin.get(address(case, "sections", "work", "records", "new")).status_code == 403
    assert lin.post(address(case, "sections", "work", "records", work, "remove"), {"seen": 1}).status_code == 403
    assert lin.get(address(case, "sections", "education", "records", education)).status_code == 403
    assert lin.post(address(case, "sections", "basic"), {"phone": "13900000001", "seen": 1}).status_code == 403
    files = page_of(lin.get(address(case, "evidence")))
    assert "data-upload" not in files  # a marked field leaves the evidence as it was


def test_evidence_of_a_marked_record_can_be_changed(lin: Client, returned: Return):
    case = returned(Faulty("education"))
    assert page_of(lin.get(address(case, "evidence"))).count("data-upload") >= 1


def test_desk_that_the_case_comes_back_to_is_told(lin: Client, returned: Return):
    case = returned(Faulty("supplement"), resume=True)
    assert "直接送回「县（区）人社部门审核」" in words_of(lin.get(address(case)))


def test_more_is_asked_for_and_the_desk_opens_it(lin: Client, county: Client, returned: Return):
    case = returned(FIELD)
    typed = {"section": ["education"], "reason": "学历证书换发，需要一并更新"}
    assert "education" not in made.fresh(case).open_sections

    assert lin.post(address(case, "opening"), typed).status_code == 302
    waiting = words_of(lin.get(address(case, "opening")))
    assert "等待银川市兴庆区人力资源和社会保障局答复" in waiting

    desk, asking = f"/ningxia/work/{case.number}/", "/ningxia/work/?tab=asking"
    listed = words_of(county.get("/ningxia/work/"))
    assert "申请开放1" in listed
    listed = words_of(county.get(asking))
    assert (made.fresh(case).person.name in listed, "答复" in listed) == (True, True)
    shown = words_of(county.get(desk))
    assert "申请再开放：学习经历" in shown
    assert "学历证书换发，需要一并更新" in shown
    assert county.post(desk + "opening/", {"answer": "grant", "say": ""}).status_code == 302

    assert "没有等待答复的申请" in words_of(county.get(asking))
    assert "申请开放" not in words_of(county.get("/ningxia/work/"))
    assert "education" in made.fresh(case).open_sections
    assert "已同意开放" in words_of(lin.get(address(case, "opening")))
    assert ">新增<" in page_of(lin.get(address(case, "sections", "education")))


def test_refusal_of_more_needs_a_sentence_and_keeps_it_closed(lin: Client, county: Client, returned: Return):
    case = returned(FIELD)
    lin.post(address(case, "opening"), {"section": ["education"], "reason": "想改"})
    desk = f"/ningxia/work/{case.number}/opening/"

    bare = county.post(desk, {"answer": "refuse", "say": ""})
    assert bare.status_code == 422
    assert "不同意开放时请写明原因" in words_of(bare)
    assert county.post(desk, {"answer": "refuse", "say": "学历已核验，不需要修改"}).status_code == 302

    assert "答复不开放：学历已核验，不需要修改" in words_of(lin.get(address(case, "opening")))
    assert "education" not in made.fresh(case).open_sections


@pytest.mark.parametrize(
    ("typed", "say"),
    [
        ({"reason": "想改"}, "请勾选需要开放的模块"),
        ({"section": ["education"], "reason": " "}, "请写明为什么需要修改"),
        ({"section": ["secrets"], "reason": "想改"}, "请勾选需要开放的模块"),
    ],
)
def test_incomplete_request_comes_back_as_typed(lin: Client, returned: Return, typed: dict[str, Any], say: str):
    case = returned(FIELD)
    page = lin.post(address(case, "opening"), typed)
    assert page.status_code == 422
    assert say in words_of(page)
    assert typed["reason"].strip() in page_of(page)
    assert queries.opening_of(case) is None


def test_others_do_not_ask_and_nothing_is_asked_under_review(world: World, lin: Client, returned: Return):
    case = returned(FIELD)
    clerk = at_unit(world.cast.zhou, world.ground.school)
    assert clerk.post(address(case, "opening"), {"section": ["education"], "reason": "想改"}).status_code == 302
    assert queries.opening_of(case) is None
    review.submit_case(case=case, seen=case.revision, by=as_self(world.lin))
    assert lin.get(address(case, "opening")).headers["Location"] == address(case)
