"""The catalogue out to a workbook and in again: differences before anything changes, all rows or none."""

import pytest

from bole.audit import queries as ledger
from bole.documents import actions as documents
from bole.documents import queries as sheets
from bole.documents.terms import Column, Sheet
from bole.kernel.errors import Invalid, Moved, Refused
from bole.titles import actions, queries
from bole.titles.models import TitleCommittee, TitleEntry
from bole.titles.terms import ADDED, ALTERED, COMMITTEE_COLUMNS, COMMITTEE_SHEET, ENTRY_COLUMNS, ENTRY_SHEET, SAME, Kind
from tests.factories.organizations import SETUP, SITE, as_unit
from tests.factories.people import World, make_world
from tests.factories.titles import Titles, add, make_titles


@pytest.fixture
def world(db: None) -> World:
    return make_world()


@pytest.fixture
def titles(world: World) -> Titles:
    return make_titles(world.ground)


def read(data: bytes) -> tuple[list[dict[str, str]], list[dict[str, str]]]:
    """The rows of both sheets."""
    header = list(COMMITTEE_COLUMNS.values())
    entries = sheets.read_rows(data, header=ENTRY_COLUMNS, sheet=ENTRY_SHEET)
    committees = sheets.read_rows(data, header=header, sheet=COMMITTEE_SHEET)
    return [row.values for row in entries], [row.values for row in committees]


def written(entries: list[dict[str, str]], committees: list[dict[str, str]]) -> bytes:
    def page(name: str, columns: list[str], rows: list[dict[str, str]]) -> Sheet:
        return Sheet(name, [Column(each) for each in columns], [[row[each] for each in columns] for row in rows])

    return documents.write_workbook(
        [
            page(ENTRY_SHEET, list(ENTRY_COLUMNS), entries),
            page(COMMITTEE_SHEET, list(COMMITTEE_COLUMNS.values()), committees),
        ]
    )


def test_what_goes_out_comes_in_again_unchanged_and_changes_are_shown_first(titles: Titles):
    data = actions.export_catalogue(site=SITE, by=SETUP)
    plan = actions.plan_import(data, site=SITE, by=SETUP)
    assert {line.verb for line in plan.lines} == {SAME}
    assert len(plan.lines) == TitleEntry.objects.count() + 2

    entries, committees = read(data)
    water = next(row for row in entries if row["专业代码"] == "0501" and not row["级别代码"])
    water["申报专业"], water["停用日期"] = "水利", "2027-12-31"
    for row in entries:
        if row is not water and row["专业代码"] == "0501":
            row["申报专业"] = "水利"
    entries.append(dict.fromkeys(ENTRY_COLUMNS, "") | {"系列代码": "05", "专业代码": "0503", "申报专业": "机械"})
    committees[1]["评审方式"], committees[1]["申报时间"] = "网上评审", ""
    changed = written(entries, committees)

    plan = actions.plan_import(changed, site=SITE, by=SETUP)
    told = {line.name: (line.verb, line.changes) for line in plan.lines if line.verb != SAME}
    assert told["水利"] == (ALTERED, (("申报专业", "水利水电", "水利"), ("停用日期", "", "2027-12-31")))
    assert told["机械"] == (ADDED, ())
    changes = {column: (old, new) for column, old, new in told["水利水电专业高级评审委员会"][1]}
    assert changes["评审方式"] == ("纸质评审", "网上评审")
    assert changes["申报时间"][1] == ""
    assert TitleEntry.objects.get(pk=titles.water.pk).name == "水利水电"  # nothing was kept

    edition = plan.edition
    actions.import_catalogue(changed, site=SITE, seen=edition, by=SETUP)
    assert TitleEntry.objects.get(pk=titles.water.pk).name == "水利"
    assert TitleCommittee.objects.get(pk=titles.paper.pk).review == "online"
    assert not queries.snapshot(SITE).committees[titles.paper.pk].windows
    counts = ledger.about("title-catalogue", SITE).get(action="titles.catalogue.imported").detail
    assert (counts["added"], counts["altered"]) == (1, 2)
    with pytest.raises(Moved, match="又有人改过"):
        actions.import_catalogue(changed, site=SITE, seen=edition, by=SETUP)


def test_a_faulty_row_keeps_all_rows_out_and_every_fault_is_told(titles: Titles):
    entries, committees = read(actions.export_catalogue(site=SITE, by=SETUP))
    blank = dict.fromkeys(ENTRY_COLUMNS, "")
    entries += [
        blank | {"系列代码": "05", "专业代码": "0503", "申报专业": "机械"},
        blank | {"系列代码": "77", "专业代码": "7701", "申报专业": "无"},
        blank | {"系列代码": "05", "申报系列": "农业", "专业代码": "0509", "申报专业": "无"},
        blank | {"系列代码": "05", "申报系列": "工程技术人员", "停用日期": "明年"},
        blank | {"系列代码": "05", "级别代码": "2"},
        blank | {"系列代码": "05", "专业代码": "0504", "申报专业": ""},
    ]
    wrong = committees[0] | {"评委会代码": "X9", "组建单位": "没有这个单位", "评审范围": "9999", "申报时间": "全年"}
    committees.append(wrong | {"评委会级别": "特级", "备案日期": ""})
    data = written(entries, committees)
    plan = actions.plan_import(data, site=SITE, by=SETUP)
    says = [line.fault for line in plan.lines if line.fault]
    assert says[0] == "目录里没有系列代码「77」，请在前面的行里先写上它"
    assert says[1] == "申报系列「农业」与目录里的「工程技术人员」不一致，请核对代码"
    assert says[2] == "停用日期应写成 2026-04-18 的样子，现在是「明年」"
    assert says[3] == "代码应从系列起逐级填写，中间不能空"
    assert says[4].startswith("申报专业的名称应为")
    for part in ("评委会级别应为高级、中级、初级之一", "请填写备案日期", "「工程技术人员」下没有「9999」",
                 "组建单位「没有这个单位」：没有找到这个单位", "申报时间应写成"):  # fmt: skip
        assert part in says[5]
    with pytest.raises(Invalid, match="一行也没有导入"):
        actions.import_catalogue(data, site=SITE, seen=plan.edition, by=SETUP)
    assert not TitleEntry.objects.filter(code="0503", kind="major").exists()
    assert queries.snapshot(SITE).edition == plan.edition


def test_retired_lines_go_out_too_and_the_template_brings_the_national_table(world: World, titles: Titles):
    row = add(Kind.SERIES, "88", "旧系列")
    actions.retire_entry(site=SITE, id=row.pk, until=row.changed_at.date(), seen=1, by=SETUP)
    entries, _ = read(actions.export_catalogue(site=SITE, by=SETUP))
    assert any(each["申报系列"] == "旧系列" and each["停用日期"] for each in entries)
    entries, committees = read(actions.catalogue_template(site=SITE, by=SETUP))
    assert len({each["系列代码"] for each in entries}) == 27
    assert committees == []
    stranger = as_unit(world.cast.chen, world.ground.xingqing)
    for act in (actions.export_catalogue, actions.catalogue_template):
        with pytest.raises(Refused, match="资格目录管理员"):
            act(site=SITE, by=stranger)
    with pytest.raises(Refused, match="资格目录管理员"):
        actions.plan_import(b"", site=SITE, by=stranger)
    with pytest.raises(Invalid, match="没有任何一行"):
        actions.plan_import(written([], []), site=SITE, by=SETUP)
