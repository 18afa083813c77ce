"""「资格目录管理」 in the browser, and the cascade of a form without and with script."""

import re
from datetime import date
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from bole.audit import queries as ledger
from bole.organizations.terms import Role
from bole.titles import actions
from bole.titles.models import TitleCommittee, TitleEntry
from bole.titles.terms import Kind
from tests.factories import cases as made
from tests.factories.administration import page
from tests.factories.browsers import as_person, at_unit, text_of
from tests.factories.organizations import SETUP, SITE, give_role, make_unit
from tests.factories.people import World, as_self, make_world
from tests.factories.titles import Titles, add, in_force, keep, make_titles, plan
from tests.web.filling import squeezed

LIST = "/ningxia/titles/"
ENTRY_QUERIES, COMMITTEE_QUERIES = 7, 8


@pytest.fixture
def world(db: None) -> World:
    return make_world()


@pytest.fixture
def titles(world: World) -> Titles:
    return make_titles(world.ground)


@pytest.fixture
def keeper(world: World, titles: Titles) -> Client:
    give_role(world.ground.province, Role.TITLE_KEEPER, world.cast.wu)
    return at_unit(world.cast.wu, world.ground.province)


def test_lists_go_down_the_tree_and_search(keeper: Client, titles: Titles):
    shown = squeezed(keeper.get(LIST))
    assert "资格目录管理" in shown
    assert "工程技术人员05长期正常修改工程技术人员停用工程技术人员" in shown
    below = keeper.get(LIST, {"tab": "major", "below": str(titles.series.pk)})
    assert "申报专业：工程技术人员" in squeezed(below)
    assert "水利水电" in text_of(below)
    found = text_of(keeper.get(LIST, {"tab": "title", "q": "gjgcs"}))
    assert found.count('<th scope="row">') == 2
    assert "工程技术人员 › 水利水电 › 副高级" in found
    committees = squeezed(keeper.get(LIST, {"tab": "committees", "q": "建筑"}))
    assert "建筑专业高级评审委员会" in committees
    assert "水利水电专业" not in committees
    assert "网上评审" in committees
    assert "没有找到" in squeezed(keeper.get(LIST, {"q": "zzz"}))


def test_a_line_is_added_changed_and_retired_with_faults_at_their_fields(keeper: Client, titles: Titles):
    address = f"{LIST}new/?kind=major&below={titles.series.pk}"
    assert f'value="{titles.series.pk}" selected' in page(keeper.get(address))
    wrong = keeper.post(address, {"parent": str(titles.series.pk), "code": "0501", "name": "水务", "since": "明年"})
    assert wrong.status_code == 422
    assert "启用日期应写成 2026-04-18 的样子" in page(wrong)
    wrong = keeper.post(address, {"parent": str(titles.series.pk), "code": "0501", "name": "水务"})
    assert "代码「0501」已用于「水利水电」" in page(wrong)
    assert 'value="水务"' in page(wrong)
    saved = keeper.post(address, {"parent": str(titles.series.pk), "code": "0509", "name": "水务"})
    assert saved["Location"] == f"{LIST}?tab=major"
    row = TitleEntry.objects.get(code="0509", kind="major")

    form = page(keeper.get(f"{LIST}{row.pk}/"))
    assert 'name="seen" value="1"' in form
    actions.keep_entry(site=SITE, kind=Kind.MAJOR, code="0509", name="水务工程", id=row.pk, seen=1, by=SETUP)
    stale = keeper.post(f"{LIST}{row.pk}/", {"seen": "1", "code": "0509", "name": "供水"})
    assert stale.status_code == 409
    assert "「水务工程」刚由tests在" in page(stale)
    assert 'value="供水"' in page(stale)
    keeper.post(f"{LIST}{row.pk}/", {"seen": "2", "code": "0509", "name": "供水"})
    row.refresh_from_db()
    assert (row.name, row.changed_name) == ("供水", "吴海燕")

    assert "最后有效日期" in page(keeper.get(f"{LIST}{row.pk}/retire/"))
    assert "请填写最后有效日期" in page(keeper.post(f"{LIST}{row.pk}/retire/", {"seen": "3"}))
    keeper.post(f"{LIST}{row.pk}/retire/", {"seen": "3", "until": "2026-03-31"})
    row.refresh_from_db()
    assert row.until == date(2026, 3, 31)
    assert "已停用" in squeezed(keeper.get(LIST, {"tab": "major"}))
    assert ledger.about("title-catalogue", str(row.pk)).count() == 4


def test_a_committee_in_the_words_of_the_workbook_with_units_picked(keeper: Client, world: World, titles: Titles):
    form = page(keeper.get(f"{LIST}committees/{titles.paper.pk}/"))
    held = dict(re.findall(r'<input class="input" id="f-(\w+)"[^>]* value="([^"]*)"', form))
    assert held["name"] == "水利水电专业高级评审委员会"
    hospital, office = world.ground.hospital, world.ground.education
    typed = {
        "code": "N1", "name": "新的评审委员会", "level": "高级", "judges_lower": "是", "series": "05",
        "scope": "0502/2/0502", "review": "网上评审", "founder": "兴庆区教育局",
        "departments_id": [str(hospital.pk), str(office.pk)],
        "departments_since": ["2026-01-01", ""], "departments_until": ["2028-12-31", ""],
        "filing_number": "宁人社〔2026〕1号", "filed_on": "2026-01-01", "filed_until": "2029-06-30",
        "windows": "2026-03-01至2026-12-31", "regions": "640100", "since": "", "until": "",
    }  # fmt: skip
    wrong = keeper.post(f"{LIST}committees/new/", {**typed, "founder": "没有", "review": ""})
    assert wrong.status_code == 422
    assert "组建单位「没有」：没有找到，请换一个关键字查找" in page(wrong)
    assert "评审方式应为网上评审、纸质评审之一" in page(wrong)
    assert "宁人社〔2026〕1号" in page(wrong)
    assert "兴庆区人民医院" in page(wrong)
    wrong = keeper.post(f"{LIST}committees/new/", typed)
    assert "备案有效期最长 3 年" in page(wrong)
    keeper.post(f"{LIST}committees/new/", {**typed, "filed_until": "2028-12-31"})
    row = TitleCommittee.objects.get(code="N1")
    plain = {key: text for key, text in typed.items() if isinstance(text, str)}
    told = plain | {"departments": "兴庆区人民医院（2026-01-01至2028-12-31）、兴庆区教育局", "units": ""}
    assert actions.told(row) | {"filed_until": ""} == told | {"filed_until": ""}
    assert keeper.post(f"{LIST}committees/{row.pk}/", {**typed, "seen": "7"}).status_code == 409
    assert "不会删除" in page(keeper.get(f"{LIST}committees/{row.pk}/retire/"))
    keeper.post(f"{LIST}committees/{row.pk}/retire/", {"seen": "1", "until": "2026-04-30"})
    row.refresh_from_db()
    assert row.until == date(2026, 4, 30)


def committee_form(keeper: Client, address: str) -> dict[str, Any]:
    """What a browser would send of the form as it stands."""
    form = page(keeper.get(address)).partition('<form class="card"')[2]
    sent: dict[str, Any] = {}
    for name, value in re.findall(r'<input[^>]* name="(\w+)"[^>]* value="([^"]*)"', form):
        sent[name] = [*sent.get(name, []), value]
    for name, options in re.findall(r'<select[^>]* name="(\w+)"[^>]*>(.*?)</select>', form):
        sent[name] = re.findall(r'<option value="([^"]*)" selected', options)[:1]
    sent |= {name: [text] for name, text in re.findall(r'<textarea[^>]* name="(\w+)"[^>]*>([^<]*)<', form)}
    sent.pop("departments_gone", None)
    return {name: values for name, values in sent.items() if not name.startswith(("csrf", "acting"))}


def test_departments_are_found_added_and_taken_out_without_script(keeper: Client, world: World, titles: Titles):
    address, ground = f"{LIST}committees/{titles.paper.pk}/", world.ground
    before = actions.told(TitleCommittee.objects.get(pk=titles.paper.pk))
    sent = committee_form(keeper, address)
    looked = keeper.post(
        address, {**sent, "departments_new": "兴庆", "look": "departments_new", "name": ["改过的名称"]}
    )
    assert looked.status_code == 200
    shown = page(looked)
    assert "搜索结果" in shown
    assert f'name="departments_new_pick" value="{ground.hospital.pk}"' in shown
    assert 'value="改过的名称"' in shown  # nothing typed is lost
    assert "没有找到含「查无此处」的单位" in page(
        keeper.post(address, {**sent, "departments_new": "查无此处", "look": "departments_new"})
    )
    # Saved with words that could mean several, it is refused with what was found.
    refused = keeper.post(address, {**sent, "departments_new": "兴庆"})
    assert refused.status_code == 422
    assert "日常工作部门「兴庆」：请从下面的搜索结果中选择" in page(refused)
    chosen = {**sent, "departments_new": "兴庆", "departments_new_pick": str(ground.hospital.pk)}
    added = page(keeper.post(address, {**chosen, "departments_new_since": "2026-05-01", "add": "departments"}))
    assert added.count(f'name="departments_id" value="{ground.hospital.pk}"') == 1
    assert 'name="departments_since" value="2026-05-01" aria-label="启用日期：兴庆区人民医院"' in added
    assert actions.told(TitleCommittee.objects.get(pk=titles.paper.pk)) == before  # nothing is saved yet
    assert keeper.post(address, {**chosen, "departments_new_since": "明天"}).status_code == 422
    keeper.post(address, {**chosen, "departments_new_since": "2026-05-01"})
    told = actions.told(TitleCommittee.objects.get(pk=titles.paper.pk))["departments"]
    assert "兴庆区人民医院（2026-05-01至）" in told

    sent = committee_form(keeper, address)
    keeper.post(address, {**sent, "departments_gone": str(ground.hospital.pk), "units_new": str(ground.school.pk)})
    row = TitleCommittee.objects.get(pk=titles.paper.pk)
    assert [unit.pk for unit in row.units.all()] == [ground.school.pk]
    work = row.departments.filter(unit=ground.hospital).first()
    assert work is None or work.until is not None  # what was in force ends and is still shown


def test_a_unit_of_another_site_is_no_department(keeper: Client, world: World, titles: Titles):
    address = f"{LIST}committees/{titles.paper.pk}/"
    sent = committee_form(keeper, address)
    abroad = make_unit("长春市人社局", "640100")
    type(abroad).objects.filter(pk=abroad.pk).update(site="jilin")
    for typed in ({"departments_new": str(abroad.pk)}, {"founder": str(abroad.pk)}, {"founder": str(uuid4())}):
        wrong = keeper.post(address, {**sent, **typed})
        assert wrong.status_code == 422
    assert keeper.get(f"/ningxia/lookups/units/?q={abroad.name}").json()["entries"] == []


def test_a_workbook_is_looked_over_before_it_is_taken(keeper: Client, titles: Titles):
    exported = keeper.get(f"{LIST}export/")
    assert exported["Content-Type"].startswith("application/vnd.openxmlformats")
    assert ledger.about("title-catalogue", SITE).filter(action="titles.catalogue.exported").count() == 1
    assert keeper.get(f"{LIST}import/template/").status_code == 200
    assert "请选择要导入的 xlsx 文件" in page(keeper.post(f"{LIST}import/", {}))

    def upload(data: bytes) -> str:
        return page(keeper.post(f"{LIST}import/", {"file": SimpleUploadedFile("目录.xlsx", data)}))

    assert "与目录完全一致，不需要导入" in upload(exported.content)
    assert "不是" in upload(b"words") or "xlsx" in upload(b"words")
    # Somebody renames a line; the older workbook would name it back.
    row = titles.law
    actions.keep_entry(site=SITE, kind=Kind.SERIES, code="24", name="法律服务", id=row.pk, seen=1, by=SETUP)
    seen = upload(exported.content)
    assert "<del>法律服务</del> → <ins>公共法律服务专业人员</ins>" in seen
    kept = dict(re.findall(r'name="(kept|edition)" value="([^"]+)"', seen))
    assert keeper.post(f"{LIST}import/", {**kept, "kept": kept["kept"][:-8]}).status_code == 404
    assert keeper.post(f"{LIST}import/", kept)["Location"] == LIST
    row.refresh_from_db()
    assert row.name == "公共法律服务专业人员"
    assert keeper.post(f"{LIST}import/", kept).status_code == 409


def test_lists_ask_as_much_for_three_rows_as_for_one(keeper: Client, world: World, titles: Titles):
    def asked(tab: str) -> int:
        with CaptureQueriesContext(connection) as queries:
            keeper.get(LIST, {"tab": tab})
        return len(queries)

    keeper.get(LIST)
    before = asked("title"), asked("committees")
    for place in range(3):
        add(Kind.TITLE, f"09{place}", f"资格{place}", titles.senior)
        keep(f"Q{place}", f"第{place}评审委员会", titles.series.pk, world.ground.education)
    assert (asked("title"), asked("committees")) == before == (ENTRY_QUERIES, COMMITTEE_QUERIES)


def test_the_cascade_of_a_form_without_script_and_with_it(world: World, titles: Titles, tmp_path: Path):
    """Saved step by step the next list appears; with script the same lines come as they are chosen."""
    own = as_person(world.lin)
    with in_force(tmp_path) as service:
        case = made.open_case(world.lin, as_self(world.lin), service)
        section = f"/ningxia/cases/{case.number}/sections/plan/"
        first = page(own.get(section))
        assert "选择后刷新" in first
        assert f'data-source="{section}choices/major/" data-parent="series"' in first
        chosen = plan(titles, world.ground)
        typed = {name: chosen[name] for name in ("series", "major")}
        shown = page(own.post(section, {**typed, "seen": "0", "refresh": "1"}))
        assert f'value="{titles.senior.pk}"' in shown
        assert f'value="{titles.paper.pk}"' in shown  # single ones are filled in, down to the department
        saved = own.post(section, {**chosen, "seen": "1"})
        assert saved.status_code == 302
        reading = own.get(f"/ningxia/cases/{case.number}/preview/")
        assert "水利水电专业高级评审委员会" in text_of(reading)

        told = own.get(f"{section}choices/committee/", {"parent": str(titles.builder.pk)}).json()
        assert [each["is"]["attributes"]["review"] for each in told["entries"]] == [["online", "网上评审"]]
        nothing = own.get(f"{section}choices/major/", {"parent": str(titles.law.pk)}).json()
        assert nothing["entries"] == []
        assert "还没有可以选择的申报专业" in nothing["vacant"]
        assert own.get(f"{section}choices/reason/").status_code == 404
        assert own.get(f"{section}choices/level/", {"parent": "x"}).json()["entries"] == []
        assert as_person(world.sun).get(f"{section}choices/major/").status_code == 404
