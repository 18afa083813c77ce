"""A case that chooses its title: offered, filled in, refused when it ended, and sent to the department chosen."""

from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from bole.cases import actions as case_actions
from bole.cases import queries as cases
from bole.cases.models import Case
from bole.cases.terms import Status
from bole.definitions import queries as definitions
from bole.kernel import clock
from bole.kernel.actors import Actor
from bole.kernel.errors import Invalid
from bole.organizations.terms import Role
from bole.review import actions as review
from bole.review import queries as reviewing
from bole.titles import actions
from bole.titles import queries as titles_
from tests.factories import cases as made
from tests.factories.organizations import SETUP, SITE, as_unit, give_role
from tests.factories.people import World, as_self, make_world
from tests.factories.titles import Titles, draft, in_force, keep, make_titles, plan

CHOICE_QUERIES = 6


@pytest.fixture
def world(db: None) -> World:
    return make_world()


@pytest.fixture
def titles(world: World) -> Titles:
    return make_titles(world.ground)


def _offered(case: Case, field: str, parent: object = None) -> tuple[list[str], str]:
    context = cases.form_of(case).context
    service = cases.service_of(case)
    lines, vacant = definitions.governed_choices(
        service.by_code["plan"].by_code[field], parent and str(parent), context
    )
    return [each["name"] for each in lines], vacant


def _save(case: Case, typed: dict[str, str], by: Actor) -> dict[str, str]:
    seen = cases.form_of(case).sections["plan"].version
    return case_actions.save_section(case=case, section="plan", typed=typed, seen=seen, by=by).typed


def _says(case: Case) -> dict[str, str]:
    return {each.at: each.say for each in cases.form_of(case).missing if each.section == "plan"}


def test_from_the_series_to_the_desk_of_the_department(world: World, titles: Titles, tmp_path: Path):
    """Chosen step by step, single ones filled in, handed in, refused anew after the end, right where it was chosen."""
    lin, clerk = as_self(world.lin), as_unit(world.cast.zhou, world.ground.school)
    give_role(world.ground.education, Role.REVIEWER, world.cast.chen)
    with in_force(tmp_path) as service:
        case = made.open_case(world.lin, lin, service)
        assert _offered(case, "series")[0] == ["工程技术人员", "公共法律服务专业人员"]
        names, vacant = _offered(case, "major", titles.law.pk)
        assert names == []
        assert "目录里还没有可以选择的申报专业" in vacant
        # The title is chosen last; committee and department come by themselves.
        chosen = plan(titles, world.ground)
        typed = {name: chosen[name] for name in ("series", "major", "level", "title")} | {"reason": "业绩突出"}
        assert _save(case, typed, lin) == {**chosen, "reason": "业绩突出"}
        assert _says(case) == {}
        day = clock.today()
        told = f"{day.year}年{(day - timedelta(days=10)).month}月"
        assert _offered(case, "committee", titles.engineer.pk)[0][0].startswith(
            f"水利水电专业高级评审委员会（纸质评审，申报时间{told}"
        )
        # Another major: what hung under the old one goes, all else stays.
        other = _save(case, {**chosen, "reason": "业绩突出", "major": str(titles.building.pk)}, lin)
        assert other["level"] == str(titles.builders.pk)
        assert other["committee"] == str(titles.online.pk)
        assert other["reason"] == "业绩突出"
        assert any(each.section == "paper" for each in cases.form_of(case).missing)  # reviewed online: asked for
        _save(case, chosen, lin)
        assert not any(each.section == "paper" for each in cases.form_of(case).missing)
        made.prove(case, lin)
        case = made.fresh(case)
        review.submit_case(case=case, seen=case.revision, by=lin)
        case = made.approve(made.fresh(case), clerk)
        assert (case.step, case.seat_unit) == ("department", world.ground.education)
        assert case.facts["plan.committee"] == "水利水电专业高级评审委员会"
        # The committee ends; the case goes on with it, also when it comes back.
        actions.retire_committee(
            site=SITE, id=titles.paper.pk, until=clock.today() - timedelta(days=1), seen=titles.paper.revision, by=SETUP
        )
        assert cases.answer_at(case, "plan.committee") == str(titles.paper.pk)
        case = made.send_back(case, as_unit(world.cast.chen, world.ground.education), "plan")
        assert case.status == Status.RETURNED
        assert _says(case) == {}
        assert _save(case, {**chosen, "reason": "补充"}, lin)["committee"] == str(titles.paper.pk)
        assert _says(case) == {}


def test_what_closed_while_the_form_was_filled_is_kept_and_told(world: World, titles: Titles, tmp_path: Path):
    lin = as_self(world.lin)
    with in_force(tmp_path) as service:
        case = made.open_case(world.lin, lin, service)
        chosen = plan(titles, world.ground)
        _save(case, chosen, lin)
        until = clock.today() + timedelta(days=20)
        with time_machine.travel(clock.now() + timedelta(days=21)):
            told = f"{until.year}年{until.month}月{until.day}日"
            assert list(_says(case)) == ["committee"]
            say = _says(case)["committee"]
            assert say.startswith("「水利水电专业高级评审委员会」")
            assert f"至{told}，已经截止，请选择其他评委会。没有其他评委会的，请联系组建单位「兴庆区教育局」" in say
            assert _save(case, {**chosen, "reason": "还在"}, lin)["committee"] == str(titles.paper.pk)
            names, vacant = _offered(case, "committee", titles.engineer.pk)
            assert names == []
            assert "现在没有评委会受理这个资格的申报" in vacant
            assert "已经截止" in vacant


def test_taken_back_and_handed_in_after_the_last_day_is_too_late(world: World, titles: Titles, tmp_path: Path):
    """Handing in early and taking it back keeps no place past the committee's window (AC-19)."""
    lin = as_self(world.lin)
    with in_force(tmp_path) as service:
        case = made.open_case(world.lin, lin, service)
        _save(case, plan(titles, world.ground), lin)
        made.prove(case, lin)
        review.submit_case(case=case, seen=made.fresh(case).revision, by=lin)
        case = made.fresh(case)
        assert reviewing.withdrawal(case).stale == ()
        with time_machine.travel(clock.now() + timedelta(days=21)):
            (stale,) = reviewing.withdrawal(case).stale  # said before it is taken back
            assert "已经截止，请选择其他评委会" in stale
        review.withdraw_case(case=case, seen=case.revision, by=lin)
        case = made.fresh(case)
        assert (case.status, case.round) == (Status.DRAFT, 1)
        with time_machine.travel(clock.now() + timedelta(days=21)):
            case = made.fresh(case)
            with pytest.raises(Invalid, match="已经截止，请选择其他评委会"):
                review.submit_case(case=case, seen=case.revision, by=lin)
        assert made.fresh(case).status == Status.DRAFT


def test_committees_are_those_for_the_units_region(world: World, titles: Titles, tmp_path: Path):
    lin, ground = as_self(world.lin), world.ground
    series, scope = titles.series.pk, (titles.water.pk,)
    keep("W2", "石嘴山水利高级评审委员会", series, ground.dawukou, scope=scope, regions=("640200",))
    keep("W3", "兴庆区水利高级评审委员会", series, ground.xingqing, scope=scope, regions=("640104",))
    keep("W4", "教育系统水利高级评审委员会", series, ground.education, scope=scope, units=(ground.education.pk,))
    keep("W5", "医院水利高级评审委员会", series, ground.hospital, scope=scope, units=(ground.hospital.pk,))
    with in_force(tmp_path) as service:
        case = made.open_case(world.lin, lin, service)
        names, _ = _offered(case, "committee", titles.engineer.pk)
        assert [name.partition("（")[0] for name in names] == [
            "水利水电专业高级评审委员会", "兴庆区水利高级评审委员会", "教育系统水利高级评审委员会",
        ]  # fmt: skip
        chosen = {**plan(titles, ground), "department": ""}
        assert _save(case, {**chosen, "committee": ""}, lin)["committee"] == ""  # several: the person chooses
        titles_.snapshot(SITE)
        with CaptureQueriesContext(connection) as asked:
            cases.form_of(case)
        assert len(asked) == CHOICE_QUERIES, [each["sql"][:150] for each in asked]


def test_draft_is_the_same_for_the_next_edition(world: World, titles: Titles):
    """A committee kept as it is makes no new revision."""
    row = titles.paper
    same = actions.keep_committee(
        site=SITE, draft=draft("W1", row.name, row.series_id, world.ground.education, scope=(titles.water.pk,)),
        id=row.pk, seen=row.revision, by=SETUP,
    )  # fmt: skip
    assert same.revision == row.revision
