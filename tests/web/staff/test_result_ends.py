"""「登记失效」: asked for and told at its fields, and where the end of a result is seen by whom."""

import re
from collections.abc import Iterator
from datetime import timedelta
from io import BytesIO

import pytest
import time_machine
from django.db import OperationalError
from django.test import Client
from psycopg.errors import LockNotAvailable
from python_calamine import CalamineWorkbook

from bole.cases.models import Case
from bole.definitions.terms import Service
from bole.kernel.clock import now
from bole.organizations.terms import Role
from bole.portal.models import Article
from bole.review import actions
from bole.review.models import Outcome
from tests.factories.browsers import as_person, at_unit
from tests.factories.grading import completed, grading_in_force
from tests.factories.organizations import give_role
from tests.factories.people import World, make_world
from tests.web.staff.seats import page_of, words_of
from tests.web.staff.test_results import RESULTS, award, proclaim

pytestmark = pytest.mark.both_databases

ENDS = ", publicity: 5, ends: {objected: 公示未通过, revoked: 称号取消}"
WHY = "提供虚假业绩材料，经核实属实。"
TYPED = {"seen": "2", "end": "revoked", "reason": WHY}


@pytest.fixture
def world(db: None) -> World:
    return make_world()


@pytest.fixture
def service(world: World) -> Iterator[Service]:
    with grading_in_force(ends=ENDS) as service:
        yield service


@pytest.fixture
def case(world: World, service: Service) -> Case:
    case = completed(world, service, world.lin)
    award(world, case)
    proclaim(world, case)
    return case


@pytest.fixture
def keeper(world: World) -> Client:
    return at_unit(world.cast.wu, world.ground.province)


@pytest.fixture
def school(world: World) -> Client:
    return at_unit(world.cast.zhou, world.ground.school)


def test_it_is_asked_told_at_its_fields_and_done_once(case: Case, keeper: Client):
    address = f"{RESULTS}{case.number}/end/"
    assert f'href="{address}"' in page_of(keeper.get(f"{RESULTS}{case.number}/"))
    page = keeper.get(address)
    assert '<option value="">请选择</option>' in page_of(page)
    assert "登记林致远的结果失效？" in words_of(page)
    assert re.findall(r'<option value="(\w+)"[^>]*>([^<]+)', page_of(page)) == [
        ("objected", "公示未通过"), ("revoked", "称号取消"),
    ]  # fmt: skip
    answer = keeper.post(address, {**TYPED, "end": "", "reason": ""})
    assert answer.status_code == 422
    assert "请选择失效情形：公示未通过、称号取消。" in words_of(answer)
    answer = keeper.post(address, {**TYPED, "reason": ""})
    assert (answer.status_code, "请写明失效的原因和依据" in words_of(answer)) == (422, True)
    assert 'value="revoked" selected' in page_of(answer)
    assert keeper.post(address, {**TYPED, "seen": "1"}).status_code == 409
    assert Outcome.objects.get(case=case).state == "passed"

    answer = keeper.post(address, TYPED)
    words = words_of(keeper.get(answer.headers["Location"]))
    assert "林致远的结果已登记失效" in words
    assert "1件称号取消" in words
    page = page_of(keeper.get(f"{RESULTS}{case.number}/"))
    assert f'href="{address}"' not in page
    assert "失效：称号取消" in page
    assert '<option value="">请选择</option>' in page  # what it shall be again is not said beforehand
    assert keeper.get(address).status_code == 403
    again = keeper.post(address, {**TYPED, "seen": "3"})
    assert (again.status_code, "已经登记的" in words_of(again)) == (403, True)


def test_the_proof_of_who_one_is_is_asked_before_and_nothing_is_done_without(case: Case, keeper: Client):
    address = f"{RESULTS}{case.number}/end/"
    with time_machine.travel(now() + timedelta(minutes=11), tick=False):
        assert keeper.get(address)["Location"].startswith("/ningxia/assure/?next=")
        assert keeper.post(address, TYPED).status_code in (302, 403)
    assert Outcome.objects.get(case=case).state == "passed"


def test_the_proof_is_asked_for_the_way_back_too(case: Case, keeper: Client):
    address = f"{RESULTS}{case.number}/"
    keeper.post(f"{address}end/", TYPED)
    typed = {"seen": "3", "state": "passed", "awarded": "C", "decided_on": "2026-04-18", "reason": "行政复议撤销"}
    with time_machine.travel(now() + timedelta(minutes=11), tick=False):
        assert keeper.get(address)["Location"].startswith("/ningxia/assure/?next=")
        keeper.post(address, typed)
    assert Outcome.objects.get(case=case).state == "revoked"
    keeper.post(address, typed)
    assert Outcome.objects.get(case=case).state == "passed"


def test_what_was_typed_stays_where_the_act_gave_way_to_others(
    case: Case, keeper: Client, monkeypatch: pytest.MonkeyPatch
):
    def wait(**_: object) -> None:
        raise OperationalError("canceling statement due to lock timeout") from LockNotAvailable()

    monkeypatch.setattr(actions, "end_outcome", wait)
    answer = keeper.post(f"{RESULTS}{case.number}/end/", TYPED)
    assert answer.status_code == 503
    assert "什么也没有改变。请过几秒再办理一次" in words_of(answer)
    assert WHY in page_of(answer)
    assert 'value="revoked" selected' in page_of(answer)


def test_others_are_kept_out(world: World, case: Case, school: Client):
    address = f"{RESULTS}{case.number}/end/"
    county = at_unit(world.cast.chen, world.ground.xingqing)
    for browser in (school, county, at_unit(world.cast.sun, world.ground.hospital)):
        assert browser.get(address).status_code == 404
        assert browser.post(address, TYPED).status_code == 404
    assert as_person(world.lin).post(address, TYPED).status_code in (403, 404)
    assert Outcome.objects.get(case=case).state == "passed"


def test_unit_applicant_and_workbook_show_what_became_of_it(world: World, case: Case, keeper: Client, school: Client):
    keeper.post(f"{RESULTS}{case.number}/end/", TYPED)
    words = words_of(school.get(RESULTS))
    assert "1件办结0件未认定0件通过0件未通过0件公示未通过1件称号取消" in words
    found = school.post(RESULTS, {"state": "revoked"}).headers["Location"]
    page = page_of(school.get(found))
    assert "评定状态为「称号取消」" in page
    assert "林致远6401" in words_of(school.get(found))
    (address,) = re.findall(r'action="([^"]*export/[^"]*)"', page)
    rows = CalamineWorkbook.from_filelike(BytesIO(school.post(address).content)).get_sheet_by_index(0).to_python()
    assert [dict(zip(rows[0], row, strict=True))["评定状态"] for row in rows[1:]] == ["称号取消"]
    assert "林致远6401" not in words_of(school.get(school.post(RESULTS, {"state": "passed"}).headers["Location"]))

    lin = as_person(world.lin)
    words = words_of(lin.get(f"/ningxia/cases/{case.number}/"))
    assert "称号取消" in words
    assert f"原因：{WHY}" in words
    assert f"称号取消{WHY}" in words_of(lin.get("/ningxia/my/cases/")).replace(" ", "")


def test_the_announcement_says_for_how_long_it_is_public(world: World, service: Service, keeper: Client):
    give_role(world.ground.province, Role.EDITOR, world.cast.wu)
    case = completed(world, service, world.lin)
    award(world, case)
    page = page_of(keeper.post(RESULTS + "publish/", {"case": [f"{case.number}:1"], "confirm": "1"}))
    (kept,) = re.findall(r'name="kept" value="([^"]+)"', page)
    keeper.post(RESULTS + "announce/", {"kept": kept})
    assert "现予公示，公示期5个工作日。" in Article.objects.get().body
