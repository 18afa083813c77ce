"""Services about units and services of a chosen unit, in the pages: opened, filled, handed in, taken back, refused."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from bole.cases import queries
from bole.cases.models import Case
from bole.cases.terms import Status
from bole.definitions.terms import Service
from bole.kernel.actors import Actor
from bole.organizations.models import Unit
from bole.organizations.terms import Role
from bole.review import queries as desks
from tests.factories import cases as made
from tests.factories import services
from tests.factories.browsers import as_administrator, as_person, at_unit, text_of
from tests.factories.organizations import NUMBERS, UNKNOWN_NUMBER, as_unit, give_role
from tests.factories.people import World, make_world
from tests.web.filling import squeezed, words_of

START = "/ningxia/unit/start/"


@dataclass(frozen=True)
class Affairs:
    """Chen is registrar of the school, Ma of the department above, Wu of the hospital; Zhou collects at the school."""

    world: World
    services: dict[str, Service]
    school: Client
    registrar: Actor
    above: Actor
    hospital: Actor
    clerk: Client
    foreign: Client
    lin: Client


@pytest.fixture
def affairs(db: None, tmp_path: Path) -> Iterator[Affairs]:
    with services.in_force(tmp_path) as published:
        world = make_world()
        cast, ground = world.cast, world.ground
        give_role(ground.school, Role.REGISTRAR, cast.chen)
        give_role(ground.education, Role.REGISTRAR, cast.ma)
        give_role(ground.hospital, Role.REGISTRAR, cast.wu)
        yield Affairs(
            world, published, at_unit(cast.chen, ground.school), as_unit(cast.chen, ground.school),
            as_unit(cast.ma, ground.education), as_unit(cast.wu, ground.hospital), at_unit(cast.zhou, ground.school),
            at_unit(cast.wu, ground.hospital), as_person(world.lin),
        )  # fmt: skip


def at(case: Case, *parts: str) -> str:
    return "/".join([f"/ningxia/cases/{case.number}", *parts]) + "/"


def opened(client: Client) -> Case:
    """The unit's own case, opened from the page."""
    answer = client.get(START + "unit-facts/")
    case = Case.objects.get()
    assert answer.headers["Location"] == at(case)
    return case


def save(client: Client, case: Case, section: str, **typed: str):
    seen = queries.form_of(made.fresh(case)).sections[section].version
    return client.post(at(case, "sections", section), {"seen": str(seen), **typed})


def test_the_page_lists_what_the_capacity_opens(affairs: Affairs):
    text = squeezed(affairs.school.get(START))
    assert "法人基础业务人员调转办理：人员调转修改单位信息办理：修改单位信息" in text
    assert "绑定推荐单位" not in text
    assert "没有办理中的业务" in text
    assert "修改单位信息" not in words_of(affairs.clerk.get(START))
    assert affairs.lin.get(START).status_code == 403


def test_opening_twice_leads_to_the_same_case(affairs: Affairs):
    case = opened(affairs.school)
    assert affairs.school.get(START + "unit-facts/").headers["Location"] == at(case)
    assert Case.objects.count() == 1
    text = squeezed(affairs.school.get(START))
    assert f"修改单位信息{case.number}" in text
    assert "办理对象" in text


def test_a_page_fetched_in_advance_opens_nothing(affairs: Affairs):
    answer = affairs.school.get(START + "unit-facts/", headers={"sec-purpose": "prefetch"})
    assert answer.headers["Location"] == START
    assert not Case.objects.exists()


def test_who_does_not_file_it_is_told_whom_to_ask(affairs: Affairs):
    answer = affairs.clerk.get(START + "unit-facts/")
    assert answer.status_code == 403
    assert "「修改单位信息」由账户审核员办理，您在当前单位没有这个权限。" in words_of(answer)
    assert affairs.school.get(START + "joining/").status_code == 404
    assert not Case.objects.exists()


def test_filled_previewed_and_handed_in(affairs: Affairs):
    client, case = affairs.school, opened(affairs.school)
    text = words_of(client.get(at(case)))
    assert "单位信息修改表" in text
    assert "信息采集表" not in text
    assert "返回单位业务" in text
    assert f"兴庆区第一中学 受理编号 {case.number}" in text

    page = client.get(at(case, "sections", "facts"))
    assert 'value="兴庆区第一中学"' in text_of(page)
    assert "原值：兴庆区第一中学" in squeezed(page)
    answer = client.post(
        at(case, "sections", "facts", "autosave"), {"seen": "1", "name": "兴庆区实验中学"},
        headers={"accept": "application/json"},
    )  # fmt: skip
    assert answer.status_code == 200, answer.content
    assert save(client, case, "facts", name="兴庆区实验中学", reason="更名").status_code == 302

    page = client.get(at(case, "preview"))
    assert "原值：兴庆区第一中学→，新值：兴庆区实验中学" in squeezed(page)
    assert "<del" in text_of(page)
    assert "本人确认" not in words_of(page)
    assert "上报后送 兴庆区教育局" in words_of(page)
    answer = client.post(at(case, "submit"), {"seen": "0"}, follow=True)
    assert "上报成功" in words_of(answer)
    assert made.fresh(case).status == Status.IN_REVIEW
    assert "待审核兴庆区教育局" in squeezed(client.get(START))


def test_a_form_that_changes_nothing_is_not_taken(affairs: Affairs):
    client, case = affairs.school, opened(affairs.school)
    save(client, case, "facts", name="兴庆区第一中学", reason="核对")
    page = client.get(at(case, "preview"))
    assert "没有任何修改。请改动需要修改的内容后再上报" in words_of(page)
    assert "确认无误上报" not in words_of(page)
    assert client.post(at(case, "submit"), {"seen": "0"}).status_code == 422


def test_papers_are_hung_and_the_case_taken_back_and_ended(affairs: Affairs):
    client, case = affairs.school, opened(affairs.school)
    save(client, case, "facts", name="兴庆区实验中学", reason="更名")
    file = SimpleUploadedFile("批复.jpg", made.picture(), "image/jpeg")
    assert client.post(at(case, "evidence", "facts", "-", "add"), {"file": file}).status_code == 302
    client.post(at(case, "submit"), {"seen": "0"})
    assert "撤回" in words_of(client.get(at(case)))
    client.post(at(case, "withdraw"), {"seen": "1"})
    assert made.fresh(case).status == Status.DRAFT
    client.post(at(case, "cancel"), {"seen": "2", "number": case.number})
    assert made.fresh(case).status == Status.CANCELLED
    assert f"修改单位信息{case.number}" in squeezed(client.get(START + "?tab=closed"))


def test_after_the_end_the_page_still_tells_what_stood(affairs: Affairs):
    client, case = affairs.school, opened(affairs.school)
    save(client, case, "facts", name="兴庆区实验中学", reason="更名")
    client.post(at(case, "submit"), {"seen": "0"})
    made.approve(case, affairs.above)
    Unit.objects.filter(pk=case.unit_id).update(name="兴庆区实验中学")
    assert "原值：兴庆区第一中学→，新值：兴庆区实验中学" in squeezed(client.get(at(case, "preview")))
    assert "再次办理" in words_of(client.get(at(case)))
    client.get(START + "unit-facts/?again")
    assert Case.objects.count() == 2


def test_the_reviewer_reads_both(affairs: Affairs):
    client, case = affairs.school, opened(affairs.school)
    save(client, case, "facts", name="兴庆区实验中学", reason="更名")
    client.post(at(case, "submit"), {"seen": "0"})
    world = affairs.world
    page = at_unit(world.cast.ma, world.ground.education).get(f"/ningxia/work/{case.number}/")
    assert page.status_code == 200
    assert "原值：兴庆区第一中学→，新值：兴庆区实验中学" in squeezed(page)
    assert "兴庆区第一中学" in words_of(page).split("原值")[0]


def test_lists_cost_the_same_with_one_and_with_three_rows(affairs: Affairs):
    case = opened(affairs.school)

    def cost() -> int:
        with CaptureQueriesContext(connection) as sent:
            assert affairs.school.get(START).status_code == 200
        return len(sent)

    cost()
    one = cost()
    for name in ("sending",):
        affairs.school.post(START + f"{name}/", {"person": str(affairs.world.lin.pk), "pick": "1"})
    affairs.school.post(at(case, "cancel"), {"seen": "0", "number": case.number})
    affairs.school.get(START + "unit-facts/")
    assert Case.objects.count() == 3
    cost()
    assert (one, cost()) == (9, 9)


@pytest.mark.parametrize("who", ["clerk", "foreign", "lin"])
def test_others_do_not_see_it(affairs: Affairs, who: str):
    case = opened(affairs.school)
    client = getattr(affairs, who)
    for parts in ((), ("preview",), ("sections", "facts"), ("evidence",)):
        assert client.get(at(case, *parts)).status_code == 404


def test_the_way_of_an_administrator_fills_what_it_files(db: None, tmp_path: Path):
    with services.in_force(tmp_path, unit_facts=("filed_by: registrar", "filed_by: administrator")):
        world = make_world()
        give_role(world.ground.school, Role.ADMINISTRATOR, world.cast.chen)
        give_role(world.ground.education, Role.REGISTRAR, world.cast.ma)
        client = as_administrator(world.cast.chen, world.ground.school)
        case = opened(client)
        assert save(client, case, "facts", name="兴庆区实验中学", reason="更名").status_code == 302
        assert client.post(at(case, "submit"), {"seen": "0"}, follow=True).status_code == 200
        assert made.fresh(case).status == Status.IN_REVIEW


# --- the unit is chosen

JOIN = "/ningxia/services/joining/"


def test_the_unit_is_searched_and_chosen_first(affairs: Affairs):
    page = affairs.lin.get(JOIN)
    assert "先查找并选择单位，再填写申报表。" in words_of(page)
    for words in ("人民医院", "xqqrmyy", "12640100400000376Y"):
        page = affairs.lin.get(JOIN, {"q": words})
        assert "兴庆区人民医院" in words_of(page), words
        assert "兴庆区教育局" not in words_of(page)
    assert "没有找到含「天上」的单位" in words_of(affairs.lin.get(JOIN, {"q": "天上"}))
    assert not Case.objects.exists()

    hospital = affairs.world.ground.hospital
    answer = affairs.lin.post(JOIN, {"unit": str(hospital.pk), "q": "医院"})
    case = Case.objects.get()
    assert (answer.headers["Location"], case.unit_id) == (at(case), hospital.pk)
    assert affairs.lin.get(JOIN).headers["Location"] == at(case)
    save(affairs.lin, case, "asking", note="调入")
    assert "上报后送 兴庆区人民医院" in words_of(affairs.lin.get(at(case, "preview")))
    affairs.lin.post(at(case, "submit"), {"seen": "0"})
    assert desks.open_task(case).unit_id == hospital.pk
    assert "待单位确认" not in words_of(affairs.lin.get("/ningxia/me/cases/"))
    made.approve(case, affairs.hospital)


def test_a_choice_that_cannot_be_is_refused_with_what_was_typed(affairs: Affairs):
    ground = affairs.world.ground
    page = affairs.lin.post(JOIN, {"q": "医院"})
    assert page.status_code == 422
    assert "请选择一个单位" in words_of(page)
    for unit, say in (
        (str(ground.education.pk), "「兴庆区教育局」不能办理这项业务，请选择单位。"),
        ("6f1c1f0e-1b1e-4a52-9d0b-0f3c6a1d2e4f", "没有这个单位，请重新查找。"),
    ):
        page = affairs.lin.post(JOIN, {"unit": unit, "q": "医院"})
        assert page.status_code == 403
        assert say in words_of(page)
        assert 'value="医院"' in text_of(page)
    Unit.objects.filter(pk=ground.hospital.pk).update(closed_on="2026-01-01")
    page = affairs.lin.post(JOIN, {"unit": str(ground.hospital.pk), "q": "医院"})
    assert "已经停用。请重新选择单位。" in words_of(page)
    assert not Case.objects.exists()


# --- about a person, opened by the unit


SEND = START + "sending/"


def test_a_person_of_the_unit_is_picked_by_name_or_number(affairs: Affairs):
    client = affairs.school
    assert "林致远" in words_of(client.get(SEND))
    for words in ("林致远", "lzy", NUMBERS["林致远"]):
        page = client.post(SEND, {"q": words})
        assert "林致远" in words_of(page), words
    others = [
        squeezed(client.post(SEND, {"q": words})).replace(words, "") for words in (NUMBERS["孙晓"], UNKNOWN_NUMBER)
    ]
    assert others[0] == others[1]
    assert "没有找到符合的本单位人员" in others[0]
    page = client.post(SEND, {"q": "林", "pick": "1"})
    assert page.status_code == 422
    page = client.post(SEND, {"person": str(affairs.world.sun.pk), "pick": "1"})
    assert page.status_code == 403
    assert not Case.objects.exists()
    answer = client.post(SEND, {"person": str(affairs.world.lin.pk), "pick": "1"})
    case = Case.objects.get()
    assert answer.headers["Location"] == at(case)
    again = client.post(SEND, {"person": str(affairs.world.lin.pk), "pick": "1"})
    assert again.headers["Location"] == at(case)


def test_a_unit_is_searched_and_chosen_without_script(affairs: Affairs):
    client, ground = affairs.school, affairs.world.ground
    client.post(SEND, {"person": str(affairs.world.lin.pk), "pick": "1"})
    case = Case.objects.get()
    page = save(client, case, "target", unit="兴庆区")
    assert page.status_code == 422
    assert "个单位符合「兴庆区」，请从列表中选择调入单位" in words_of(page)
    assert f'name="unit" value="{ground.hospital.pk}"' in text_of(page)
    assert 'value="兴庆区"' in text_of(page)
    page = client.post(at(case, "sections", "target"), {"seen": "1", "unit": ["兴庆区", str(ground.hospital.pk)]})
    assert page.status_code == 302
    page = client.get(at(case, "sections", "target"))
    assert 'value="兴庆区人民医院"' in text_of(page)
    assert f'data-code="{ground.hospital.pk}"' in text_of(page)
    assert 'data-source="/ningxia/lookups/tests-employers/"' in text_of(page)
    assert "兴庆区人民医院" in words_of(client.get(at(case, "preview")))
    client.post(at(case, "submit"), {"seen": "0"})
    assert desks.open_task(case).unit_id == ground.hospital.pk


def test_the_search_while_typing(affairs: Affairs):
    found = affairs.school.get("/ningxia/lookups/tests-employers/", {"q": "人民医院"}).json()
    assert found == {
        "entries": [{"code": str(affairs.world.ground.hospital.pk), "name": "兴庆区人民医院", "note": ""}],
        "complete": True,
    }
    assert affairs.school.get("/ningxia/lookups/tests-employers/").json()["entries"] == []
    assert affairs.school.get("/ningxia/lookups/unknown/", {"q": "一"}).status_code == 404
    assert Client().get("/ningxia/lookups/tests-employers/", {"q": "一"}).status_code == 302
