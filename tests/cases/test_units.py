"""Cases about units and cases of a chosen unit: who opens them, what is typed in, what stood, and what is refused."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from bole.cases import actions, queries
from bole.cases.models import Case
from bole.cases.terms import Status
from bole.definitions.faces.reading import read_all
from bole.definitions.terms import Opener, Service
from bole.kernel.actors import Actor, Way
from bole.kernel.errors import Invalid, Refused
from bole.organizations.models import Unit
from bole.organizations.terms import Role
from bole.review import actions as review
from bole.review import queries as desks
from tests.factories import cases as made
from tests.factories import services
from tests.factories.organizations import as_unit, give_role
from tests.factories.people import World, as_self, make_world


@dataclass(frozen=True)
class Affairs:
    """Chen is registrar of the school, Ma of the department above, Wu of the hospital; Zhou collects at the school."""

    world: World
    services: dict[str, Service]
    school: Actor
    above: Actor
    hospital: Actor
    clerk: Actor
    lin: Actor

    def change(self, by: Actor | None = None) -> Case:
        unit = self.world.ground.school
        return actions.open_case(
            service=self.services["unit-facts"], person=None, unit=unit, prefill={}, by=by or self.school
        )

    def join(self, unit: Unit, by: Actor | None = None) -> Case:
        return actions.open_case(
            service=self.services["joining"], person=self.world.lin, unit=unit, prefill={}, by=by or self.lin
        )

    def send(self, by: Actor | None = None) -> Case:
        return actions.open_case(
            service=self.services["sending"], person=self.world.lin, unit=self.world.ground.school, prefill={},
            by=by or self.school,
        )  # fmt: skip


@pytest.fixture
def affairs(db: None, tmp_path: Path) -> Iterator[Affairs]:
    with services.in_force(tmp_path) as published:
        world = make_world()
        cast, ground = world.cast, world.ground
        give_role(ground.school, Role.REGISTRAR, cast.chen)
        give_role(ground.education, Role.REGISTRAR, cast.ma)
        give_role(ground.hospital, Role.REGISTRAR, cast.wu)
        yield Affairs(
            world, published, as_unit(cast.chen, ground.school), as_unit(cast.ma, ground.education),
            as_unit(cast.wu, ground.hospital), as_unit(cast.zhou, ground.school), as_self(world.lin),
        )  # fmt: skip


def save(case: Case, section: str, by: Actor, **typed: str) -> None:
    seen = queries.form_of(case).sections[section].version
    actions.save_section(case=case, section=section, typed=typed, seen=seen, by=by)


def shown(case: Case, *, submitted: bool = False) -> dict[str, tuple[str, str | None]]:
    """Text and former text by field, as pages read them."""
    case = made.fresh(case)
    form = queries.form_of(case, submitted=submitted)
    parts = read_all(queries.service_of(case), form.typed, form.context, mask=False)
    return {cell.field: (cell.text, cell.was) for part in parts for cell in part.pairs}


def test_a_unit_opens_for_itself_with_what_stands_typed_in(affairs: Affairs):
    case = affairs.change()
    assert (case.person, case.opener, case.filed_by) == (None, Opener.UNIT, "registrar")
    assert case.open_key == f"ningxia/unit-facts/unit/{case.unit_id}"
    assert queries.typed_answers(case) == {"facts": {"name": "兴庆区第一中学"}}
    context = queries.context_of(case)
    assert "person" not in context.facts
    assert context.fact("unit.superior") == "兴庆区教育局"
    assert context.fact("unit.superior_id") == str(affairs.world.ground.education.pk)


def test_details_of_a_unit_are_facts(affairs: Affairs):
    Unit.objects.filter(pk=affairs.world.ground.school.pk).update(details={"venues": "三处"})
    case = affairs.change()
    assert queries.context_of(made.fresh(case)).fact("unit.details.venues") == "三处"


def test_one_open_case_of_a_unit(affairs: Affairs):
    affairs.change()
    with pytest.raises(Refused, match="本单位已有一份「修改单位信息」正在办理"):
        affairs.change()


@pytest.mark.parametrize("who", ["clerk", "hospital", "above", "lin"])
def test_only_who_files_it_opens_fills_and_sees_it(affairs: Affairs, who: str):
    by = getattr(affairs, who)
    with pytest.raises(Refused):
        affairs.change(by)
    case = affairs.change()
    assert case not in queries.cases_of(by)
    assert not queries.may_fill(by, case)
    assert not queries.may_hand_in(by, case)
    assert case in queries.cases_of(affairs.school)


def test_an_administrator_is_no_operator(affairs: Affairs):
    """The registrar's desk is open to both, but each capacity holds only what it was given."""
    chen = affairs.world.cast.chen
    as_administrator = Actor(
        way=Way.ADMINISTRATOR, account=chen.pk, unit=affairs.world.ground.school.pk, site="ningxia"
    )
    with pytest.raises(Refused, match="「修改单位信息」由账户审核员办理"):
        affairs.change(as_administrator)


def test_a_form_that_changes_nothing_is_not_handed_in(affairs: Affairs):
    case = affairs.change()
    save(case, "facts", affairs.school, name="兴庆区第一中学", reason="核对")
    assert [item.say for item in queries.form_of(case).missing] == ["没有任何修改。请改动需要修改的内容后再上报"]
    with pytest.raises(Invalid, match="没有任何修改"):
        review.submit_case(case=made.fresh(case), seen=0, by=affairs.school)
    save(case, "facts", affairs.school, name="兴庆区第一中学", address="学院路1号", reason="搬迁")
    assert queries.form_of(made.fresh(case)).missing == ()


def test_what_stood_is_kept_with_what_was_handed_in(affairs: Affairs):
    case = affairs.change()
    save(case, "facts", affairs.school, name="兴庆区实验中学", reason="更名")
    assert shown(case)["name"] == ("兴庆区实验中学", "兴庆区第一中学")
    assert shown(case)["address"] == ("—", None)
    assert shown(case)["reason"] == ("更名", None)
    review.submit_case(case=made.fresh(case), seen=0, by=affairs.school)
    case = made.approve(case, affairs.above)
    assert case.status == Status.COMPLETED
    # What an effect makes of it does not change the record of what was asked.
    Unit.objects.filter(pk=case.unit_id).update(name="兴庆区实验中学")
    assert shown(case, submitted=True)["name"] == ("兴庆区实验中学", "兴庆区第一中学")


def test_a_returned_form_is_measured_by_what_stands_now(affairs: Affairs):
    case = affairs.change()
    save(case, "facts", affairs.school, name="兴庆区实验中学", reason="更名")
    review.submit_case(case=made.fresh(case), seen=0, by=affairs.school)
    case = made.send_back(case, affairs.above, "facts")
    Unit.objects.filter(pk=case.unit_id).update(name="兴庆区实验中学")
    case = made.fresh(case)
    assert shown(case)["name"] == ("兴庆区实验中学", None)
    assert shown(case, submitted=True)["name"] == ("兴庆区实验中学", "兴庆区第一中学")
    assert "没有任何修改" in queries.form_of(case).missing[0].say


def test_no_attestation_where_the_unit_speaks_for_itself(affairs: Affairs):
    assert not queries.needs_attestation(affairs.change())
    assert not queries.needs_attestation(affairs.send())


def test_a_person_opens_for_the_unit_chosen(affairs: Affairs):
    hospital = affairs.world.ground.hospital
    case = affairs.join(hospital)
    assert (case.unit_id, case.person, case.opener) == (hospital.pk, affairs.world.lin, Opener.SUBJECT)
    save(case, "asking", affairs.lin, note="调入")
    review.submit_case(case=made.fresh(case), seen=0, by=affairs.lin)
    assert desks.open_task(case).unit_id == hospital.pk
    assert made.approve(case, affairs.hospital).status == Status.COMPLETED


def test_units_that_cannot_be_chosen_are_refused_with_a_sentence(affairs: Affairs):
    ground = affairs.world.ground
    with pytest.raises(Refused, match="「兴庆区教育局」不能办理这项业务，请选择单位。"):
        affairs.join(ground.education)
    ground.hospital.closed_on = "2026-01-01"
    with pytest.raises(Refused, match="「兴庆区人民医院」不在这个办事大厅，或已经停用。请重新选择单位。"):
        affairs.join(ground.hospital)
    ground.institute.site = "jilin"
    with pytest.raises(Refused, match="请重新选择单位"):
        affairs.join(ground.institute)
    with pytest.raises(Refused, match="只能为本人申报"):
        affairs.join(ground.school, as_self(affairs.world.sun))
    assert not Case.objects.exists()


def test_a_registrar_opens_for_the_units_own_people_only(affairs: Affairs):
    assert affairs.send().opener == Opener.UNIT
    with pytest.raises(Refused):
        actions.open_case(
            service=affairs.services["sending"], person=affairs.world.sun, unit=affairs.world.ground.school,
            prefill={}, by=affairs.school,
        )  # fmt: skip
    with pytest.raises(Refused, match="由账户审核员办理"):
        affairs.send(affairs.clerk)


def test_a_unit_is_answered_by_its_name_and_sits_at_the_desk(affairs: Affairs):
    ground, case = affairs.world.ground, affairs.send()
    for typed, say in (("", "请选择调入单位"), ("没有这样的单位", "没有找到"), ("兴庆区第一中学", "已经在这个单位")):
        save(case, "target", affairs.school, unit=typed)
        assert say in queries.form_of(made.fresh(case)).missing[0].say
    save(case, "target", affairs.school, unit="兴庆区人民医院")
    form = queries.form_of(made.fresh(case))
    assert form.values["target"] == {"unit": str(ground.hospital.pk)}
    assert shown(case)["unit"][0] == "兴庆区人民医院"
    review.submit_case(case=made.fresh(case), seen=0, by=affairs.school)
    assert desks.open_task(case).unit_id == ground.hospital.pk


def test_subjects_do_not_mix(affairs: Affairs):
    with pytest.raises(ValueError, match="about persons or about units"):
        actions.open_case(
            service=affairs.services["unit-facts"], person=affairs.world.lin, unit=affairs.world.ground.school,
            prefill={}, by=affairs.school,
        )  # fmt: skip
