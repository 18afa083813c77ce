"""Ties between persons and units, and 「立即申报」 by number."""

import pytest

from bole.audit import queries as ledger
from bole.kernel.errors import Absent, Invalid, Refused, TooMany
from bole.organizations.models import Unit
from bole.people import actions, queries
from bole.people.actions import looking
from bole.people.models import Lookup, Person, Tie
from bole.people.terms import NOT_TIED_SENTENCE
from tests.factories.organizations import NUMBERS, SETUP, SPARE_NUMBERS, UNKNOWN_NUMBER, as_unit
from tests.factories.people import World, as_self, roster_person


def test_a_person_changes_the_unit_in_one_step(world: World):
    actions.tie_person(person=world.lin.pk, unit=world.ground.hospital.pk, by=as_self(world.lin))
    assert queries.current_unit(world.lin.pk) == world.ground.hospital
    ties = Tie.objects.filter(person=world.lin).order_by("until_on")
    assert {(tie.unit, tie.until_on is None) for tie in ties} == {
        (world.ground.school, False),
        (world.ground.hospital, True),
    }
    entry = (
        ledger.about("person", str(world.lin.pk)).filter(action="people.tie.made", unit=world.ground.hospital.pk).get()
    )
    assert entry.detail == {"basis": "person", "before": str(world.ground.school.pk)}


def test_tying_twice_is_tying_once(world: World):
    ties = [
        actions.tie_person(person=world.lin.pk, unit=world.ground.institute.pk, by=as_self(world.lin)) for _ in range(2)
    ]
    assert ties[0] == ties[1]
    assert Tie.objects.filter(person=world.lin, until_on=None).count() == 1


def test_only_the_person_chooses_the_unit(world: World):
    for actor in (as_self(world.sun), as_unit(world.cast.sun, world.ground.hospital)):
        with pytest.raises(Refused):
            actions.tie_person(person=world.lin.pk, unit=world.ground.hospital.pk, by=actor)
    assert queries.current_unit(world.lin.pk) == world.ground.school


def test_a_unit_nobody_can_belong_to(world: World):
    Unit.objects.filter(pk=world.ground.institute.pk).update(closed_on=world.ground.institute.created_at.date())
    for unit, said in [(world.ground.institute.pk, "已停用"), (world.lin.pk, "没有找到所在单位")]:
        with pytest.raises(Invalid, match=said):
            actions.tie_person(person=world.lin.pk, unit=unit, by=as_self(world.lin))
    with pytest.raises(Absent):
        actions.tie_person(person=world.ground.school.pk, unit=world.ground.school.pk, by=SETUP)


def test_leaving(world: World):
    for actor in (as_self(world.sun), as_unit(world.cast.sun, world.ground.hospital)):
        with pytest.raises(Refused):
            actions.end_tie(person=world.lin.pk, by=actor)
    zhou = as_unit(world.cast.zhou, world.ground.school)
    actions.end_tie(person=world.lin.pk, by=zhou)
    actions.end_tie(person=world.lin.pk, by=zhou)
    assert queries.current_unit(world.lin.pk) is None
    assert ledger.about("person", str(world.lin.pk)).filter(action="people.tie.ended").count() == 1
    with pytest.raises(Refused):
        actions.end_tie(person=world.lin.pk, by=as_self(world.sun))


def test_rights_over_a_person_end_with_the_tie(world: World):
    zhou = as_unit(world.cast.zhou, world.ground.school)
    assert queries.may_open_for(zhou, world.lin)
    assert queries.person_visible_to(zhou, world.lin.pk) == world.lin
    actions.end_tie(person=world.lin.pk, by=as_self(world.lin))
    assert not queries.may_open_for(zhou, world.lin)
    with pytest.raises(Absent):
        queries.person_visible_to(zhou, world.lin.pk)


def test_who_sees_whom(world: World):
    ground, cast = world.ground, world.cast
    table = {
        "lin": (as_self(world.lin), [world.lin]),
        "sun": (as_self(world.sun), [world.sun]),
        "zhou": (as_unit(cast.zhou, ground.school), [world.lin]),
        "zhou posing for the hospital": (as_unit(cast.zhou, ground.hospital), []),
        "the hospital": (as_unit(cast.sun, ground.hospital), [world.sun]),
        "chen": (as_unit(cast.chen, ground.xingqing), []),
        "ma": (as_unit(cast.ma, ground.xingqing), []),
    }
    for actor, seen in table.values():
        assert list(queries.persons_visible_to(actor)) == seen
        assert [bool(queries.may_see_person(actor, each)) for each in (world.lin, world.sun)] == [
            world.lin in seen,
            world.sun in seen,
        ]
    assert queries.persons_visible_to(SETUP).count() == 2


def test_a_unit_opens_for_its_own_person(world: World):
    found = actions.find_for_unit(
        kind="resident", number=f" {NUMBERS['林致远']} ", by=as_unit(world.cast.zhou, world.ground.school)
    )
    assert found == world.lin


def test_unknown_untied_and_foreign_numbers_get_one_answer(world: World):
    """AC-29: the answer to a clerk who types numbers is the same whoever stands behind them."""
    zhou = as_unit(world.cast.zhou, world.ground.school)
    leaver = roster_person("王娜", SPARE_NUMBERS[0], world.ground.school)
    actions.end_tie(person=leaver.pk, by=SETUP)
    said = []
    for number in (UNKNOWN_NUMBER, NUMBERS["孙晓"], NUMBERS["陈国栋"], SPARE_NUMBERS[0]):
        with pytest.raises(Refused) as caught:
            actions.find_for_unit(kind="resident", number=number, by=zhou)
        said.append(caught.value.sentence)
    assert said == [NOT_TIED_SENTENCE] * 4
    assert Lookup.objects.filter(account=world.cast.zhou.pk, unit=world.ground.school.pk).count() == 4


def test_questions_are_counted_whatever_the_answer(world: World, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(looking, "MOST_LOOKUPS_A_DAY", 2)
    zhou = as_unit(world.cast.zhou, world.ground.school)
    with pytest.raises(Refused):
        actions.find_for_unit(kind="resident", number=UNKNOWN_NUMBER, by=zhou)
    actions.find_for_unit(kind="resident", number=NUMBERS["林致远"], by=zhou)
    with pytest.raises(TooMany, match="达到上限"):
        actions.find_for_unit(kind="resident", number=NUMBERS["林致远"], by=zhou)


def test_others_ask_for_nobody(world: World):
    for actor in (as_self(world.lin), as_unit(world.cast.chen, world.ground.xingqing)):
        with pytest.raises(Refused):
            actions.find_for_unit(kind="resident", number=NUMBERS["林致远"], by=actor)
    assert not Lookup.objects.exists()


def test_the_units_persons_are_listed_masked_and_found_by_spelling(world: World):
    roster_person("单雄信", SPARE_NUMBERS[0], world.ground.school)
    found = queries.tied_persons(world.ground.school.pk)
    assert {(each.name, each.number) for each in found} == {
        ("林致远", "6401**********0050"),
        ("单雄信", "6401**********0077"),
    }
    for typed in ("shanxx", "sxx", "单雄", "SHAN xiongxin"):
        names = [each.name for each in queries.tied_persons(world.ground.school.pk, text=typed)]
        assert names == (["单雄信"] if typed != "shanxx" else [])


def test_looks_are_shown_to_the_person(world: World):
    zhou, chen = as_unit(world.cast.zhou, world.ground.school), as_unit(world.cast.chen, world.ground.xingqing)
    actions.record_look(person=world.lin.pk, verb="viewed", what="work", by=zhou)
    actions.record_look(person=world.lin.pk, verb="unmasked", by=chen)
    actions.record_look(person=world.lin.pk, verb="viewed", by=as_self(world.lin))
    actions.record_look(person=world.sun.pk, verb="viewed", by=chen)
    assert [(look.who, look.unit, look.what) for look in queries.looks(world.lin.pk)] == [
        ("陈国栋", "银川市兴庆区人力资源和社会保障局", "查看完整信息"),
        ("周敏", "兴庆区第一中学", "查看"),
    ]
    with pytest.raises(ValueError, match="glanced"):
        actions.record_look(person=world.lin.pk, verb="glanced", by=chen)


def test_an_unknown_person_is_absent(db: None):
    with pytest.raises(Absent):
        queries.person(Person().pk)
