"""Keeping the catalogue: who may, what is refused at which field, what ends, two editors, and the ledger."""

from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID

import pytest

from bole.audit import queries as ledger
from bole.kernel import clock
from bole.kernel.actors import Actor
from bole.kernel.errors import Invalid, Moved, Refused
from bole.organizations import actions as organizations
from bole.organizations.terms import Role, UnitKind
from bole.project.demo_data import grounds
from bole.project.demo_data import titles as demonstration
from bole.titles import actions, queries
from bole.titles.models import TitleCommittee, TitleEntry
from bole.titles.terms import Applicant, CommitteeLevel, Kind, Review, Span, Window
from tests.factories.organizations import SETUP, SITE, as_unit, give_role
from tests.factories.people import World, make_world
from tests.factories.titles import Titles, add, draft, keep, make_titles

JUNE = Applicant(date(2026, 6, 15), "640104")


@pytest.fixture
def world(db: None) -> World:
    return make_world()


@pytest.fixture
def titles(world: World) -> Titles:
    return make_titles(world.ground)


def faults(wrong: pytest.ExceptionInfo[Invalid]) -> dict[str, str]:
    return {fault.at: fault.say for fault in wrong.value.faults}


def keeper(world: World) -> Actor:
    give_role(world.ground.province, Role.TITLE_KEEPER, world.cast.wu)
    return as_unit(world.cast.wu, world.ground.province)


def test_only_the_keepers_of_the_sites_authority_change_it(world: World, titles: Titles):
    """Neither a reviewer of the authority nor a keeper of a lower one; each change is a line of the ledger."""
    own = as_unit(world.cast.wu, world.ground.province)
    with pytest.raises(Refused, match="资格目录由本级人社部门的「资格目录管理员」维护"):
        actions.keep_entry(site=SITE, kind=Kind.SERIES, code="28", name="新系列", by=own)
    give_role(world.ground.xingqing, Role.TITLE_KEEPER, world.cast.chen)
    with pytest.raises(Refused, match="维护"):
        actions.keep_entry(
            site=SITE, kind=Kind.SERIES, code="28", name="新", by=as_unit(world.cast.chen, world.ground.xingqing)
        )
    by = keeper(world)
    row = actions.keep_entry(site=SITE, kind=Kind.SERIES, code="28", name="新系列", by=by)
    row = actions.keep_entry(site=SITE, kind=Kind.SERIES, code="28", name="新的系列", id=row.pk, seen=1, by=by)
    actions.retire_entry(site=SITE, id=row.pk, until=date(2026, 12, 31), seen=2, by=by)
    told = {each.action.rpartition(".")[2]: each.detail for each in ledger.about("title-catalogue", str(row.pk))}
    assert set(told) == {"added", "changed", "retired"}
    assert told["changed"]["changes"] == {"name": ["新系列", "新的系列"]}
    assert told["retired"]["until"] == ["", "2026-12-31"]
    assert row.initials


def test_two_editors(world: World, titles: Titles):
    """The second is told who changed it, and nothing of the first is lost; saving the same again is no change."""
    by = keeper(world)
    row = titles.water
    actions.keep_entry(site=SITE, kind=Kind.MAJOR, code="0501", name="水利", parent=titles.series.pk, id=row.pk,
                       seen=1, by=by)  # fmt: skip
    with pytest.raises(Moved, match=r"「水利」刚由吴海燕在.*改过"):
        actions.keep_entry(site=SITE, kind=Kind.MAJOR, code="0501", name="水电", id=row.pk, seen=1, by=SETUP)
    with pytest.raises(Moved):
        actions.retire_entry(site=SITE, id=row.pk, until=date(2026, 12, 31), seen=1, by=SETUP)
    assert TitleEntry.objects.get(pk=row.pk).name == "水利"
    edition = queries.snapshot(SITE).edition
    actions.keep_entry(site=SITE, kind=Kind.MAJOR, code="0501", name="水利", id=row.pk, seen=2, by=by)
    assert queries.snapshot(SITE).edition == edition
    with pytest.raises(Moved):
        actions.retire_committee(site=SITE, id=titles.paper.pk, until=date(2026, 12, 31), seen=7, by=by)


def test_what_is_wrong_with_a_line_stands_at_its_field(titles: Titles):
    def wrong(**given: object) -> dict[str, str]:
        values = {"kind": Kind.MAJOR, "code": "0503", "name": "机械", "parent": titles.series.pk, **given}
        with pytest.raises(Invalid) as refusal:
            actions.keep_entry(site=SITE, by=SETUP, **values)  # type: ignore[arg-type]  # the action's own arguments
        return faults(refusal)

    assert wrong(code="0501") == {"code": "代码「0501」已用于「水利水电」，请换一个；停用的代码也不能再用"}
    assert wrong(code="水")["code"].startswith("代码应为")
    assert wrong(name=" ") == {"name": "申报专业的名称应为 1 到 120 个字"}
    assert "有效期重叠" in wrong(name="水利水电")["name"]
    assert wrong(span=Span(date(2026, 2, 1), date(2026, 1, 1))) == {"until": "停用日期不能早于启用日期"}
    assert wrong(parent=None) == {"parent": "请选择申报系列"}
    assert wrong(parent=titles.water.pk) == {"parent": "请选择申报系列"}
    assert wrong(kind=Kind.LEVEL, parent=titles.water.pk, level="8") == {"level": "请选择职称级别"}


def test_what_is_wrong_with_a_committee_stands_at_its_field(world: World, titles: Titles):
    """A filing of at most three years (TR-13), one series (TR-10), windows within it, a department at least."""
    base = draft("X1", "某某评审委员会", titles.series.pk, world.ground.education, scope=(titles.water.pk,))
    foreign = UUID(int=7)

    def wrong(**given: object) -> dict[str, str]:
        with pytest.raises(Invalid) as refusal:
            actions.keep_committee(site=SITE, draft=replace(base, **given), by=SETUP)
        return faults(refusal)

    assert wrong(filed_on=date(2026, 3, 1), filed_until=date(2029, 3, 1)) == {
        "filed_until": "备案有效期最长 3 年，从2026年3月1日起最晚到2029年2月28日"
    }
    assert wrong(filed_on=date(2024, 2, 29), filed_until=date(2027, 3, 1))["filed_until"].endswith("2027年2月28日")
    assert wrong(filed_until=date(2020, 1, 1), windows=()) == {"filed_until": "备案有效期不能早于备案日期"}
    assert wrong(series=titles.law.pk) == {
        "scope": "「水利水电」不属于「公共法律服务专业人员」，评委会不能跨系列，请重新选择"
    }
    assert wrong(code="W1")["code"].startswith("代码「W1」已用于另一个评委会")
    assert wrong(founder=foreign)["founder"].startswith("请选择组建单位")
    assert wrong(departments=())["departments"].startswith("请至少选择一个日常工作部门")
    assert wrong(regions=("440300",)) == {"regions": "「440300」不是本办事大厅辖区内的地区，请重新选择"}
    assert "不能早于开始日期" in wrong(windows=(Window(2026, date(2026, 6, 1), date(2026, 5, 1)),))["windows"]
    assert "应在2027年内" in wrong(windows=(Window(2027, date(2026, 6, 1), date(2027, 5, 1)),))["windows"]
    late = (Window(2031, date(2031, 6, 1), date(2031, 7, 1)),)
    assert "晚于备案有效期" in wrong(windows=late)["windows"]
    assert not TitleCommittee.objects.filter(code="X1").exists()


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({}, ""),
        ({"span": Span(until=date(2026, 3, 31))}, "已于2026年3月31日停用，请选择其他评委会"),
        ({"span": Span(since=date(2026, 9, 1))}, "从2026年9月1日起启用，现在不能选择"),
        ({"filed_until": date(2026, 5, 31)}, "备案有效期到2026年5月31日为止，现在不能受理申报，请选择其他评委会"),
        ({"filed_on": date(2026, 7, 1), "filed_until": date(2027, 1, 1)}, "备案从2026年7月1日起有效"),
        ({"windows": ()}, "还没有公布2026年度的申报时间"),
        ({"windows": (Window(2026, date(2026, 7, 1), date(2026, 8, 1)),)}, "2026年7月1日至2026年8月1日，还没有开始"),
        ({"windows": (Window(2026, date(2026, 3, 1), date(2026, 6, 14)),)}, "2026年3月1日至2026年6月14日，已经截止"),
        ({"windows": (Window(2026, date(2026, 3, 1), date(2026, 6, 15)),)}, ""),
        ({"regions": ("640200",)}, "不受理您所在单位的申报"),
        ({"regions": ("640100",)}, ""),
    ],
)
def test_a_committee_is_offered_within_days_filing_window_and_region(
    world: World, titles: Titles, given: dict[str, object], says: str
):
    open_all_year = {
        "filed_on": date(2026, 1, 1),
        "filed_until": date(2026, 12, 31),
        "windows": (Window(2026, date(2026, 1, 1), date(2026, 12, 31)),),
    }
    row = keep("Y1", "甲评审委员会", titles.law.pk, world.ground.education, **{**open_all_year, **given})
    found = queries.snapshot(SITE).committees[row.pk]
    say = queries.committee_fault(found, JUNE)
    assert (says in say) if says else not say


def test_levels_and_scope_of_a_committee(world: World, titles: Titles):
    """A senior committee judges lower levels of its series only where it says so (TR-11)."""
    middle = add(Kind.LEVEL, "3", "中级", titles.water, "3")
    engineer = add(Kind.TITLE, "0503", "工程师", middle)

    def judging() -> set[str]:
        snapshot = queries.snapshot(SITE)
        return {each.code for each in snapshot.committees.values() if queries.serves(snapshot, each, engineer.pk)}

    assert judging() == set()
    keep("Z1", "乙评审委员会", titles.series.pk, world.ground.education, judges_lower=True)
    keep("Z2", "丙评审委员会", titles.series.pk, world.ground.education, level=CommitteeLevel.INTERMEDIATE,
         scope=(engineer.pk,), review=Review.ONLINE)  # fmt: skip
    keep("Z3", "丁评审委员会", titles.series.pk, world.ground.education, level=CommitteeLevel.JUNIOR)
    assert judging() == {"Z1", "Z2"}


def test_a_department_left_out_ends_and_a_window_left_out_is_gone(world: World, titles: Titles):
    ground, row = world.ground, titles.paper
    same = draft("W1", row.name, titles.series.pk, ground.education, scope=(titles.water.pk,))
    changed = actions.keep_committee(
        site=SITE, draft=replace(same, departments=((ground.xingqing.pk, Span()),), windows=()), id=row.pk, seen=1,
        by=SETUP,
    )  # fmt: skip
    yesterday = clock.today() - timedelta(days=1)
    found = queries.snapshot(SITE).committees[row.pk]
    assert set(found.departments) == {(ground.xingqing.pk, Span()), (ground.education.pk, Span(until=yesterday))}
    assert queries.departments(found, Applicant(clock.today())) == (ground.xingqing.pk,)
    assert (changed.revision, found.windows) == (2, {})
    told = ledger.about("title-catalogue", str(row.pk)).get(action="titles.entry.changed").detail["changes"]
    assert told["departments"][0] == "兴庆区教育局"
    assert f"兴庆区教育局（至{yesterday}）" in told["departments"][1]


def test_demonstration_enters_the_27_series_and_its_committees(db: None):
    """The national table with invented majors and committees, one of which has let its filing run out."""
    ground = next(each for each in grounds.GROUNDS if each.site == "shenzhen")
    units = {}
    for place in ground.places:
        above = units[place.under].pk if place.under else None
        units[place.key] = organizations.create_unit(
            site="shenzhen", kind=UnitKind(place.kind), name=place.name, region=place.region, parent=above, by=SETUP
        )
    demonstration.load("shenzhen", units)
    snapshot = queries.snapshot("shenzhen")
    kinds = [entry.kind for entry in snapshot.entries.values()]
    assert kinds.count(Kind.SERIES) == 27
    assert not any(entry.name == "教授级高级工程师" for entry in snapshot.entries.values())
    applicant = Applicant(clock.today(), "440304")
    offered = {}
    for entry in snapshot.entries.values():
        series, major = [*[*snapshot.line(entry.id)][::-1], entry][:2]
        if entry.name == "高级工程师" and series.code == "05":
            offered[major.code] = [each.code for each in queries.committees(snapshot, entry.id, applicant)]
    assert (offered["0501"], offered["0502"], offered["0508"]) == (["SZ-0501-G"], [], ["SZ-0503-G"])
    with pytest.raises(Refused, match="资格目录已有内容"):
        actions.enter_lines(site="shenzhen", lines=queries.standard_lines(), by=SETUP)
