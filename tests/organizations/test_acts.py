"""The table account kind × act × unit in full, the answer compared with what happens when it is really tried.

EXPECTED is written down here once more, from the manual of 贵州 and the requirements, and not taken from the code.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

import pytest
from django.db import transaction

from bole.kernel.actors import Actor, Way
from bole.kernel.errors import Absent, Refused
from bole.organizations import actions, queries
from bole.organizations.models import Appointment, Unit
from bole.organizations.terms import ACT_NAMES, ACTS, Act, Role, UnitKind
from tests.factories.organizations import (
    SETUP,
    Ground,
    as_administrator,
    as_person,
    as_unit,
    as_unit_account,
    give_role,
    make_account,
    make_administrator,
    make_ground,
    make_unit,
    resident_number,
)

pytestmark = pytest.mark.one_database

PLACES = ("own", "below", "ground", "above", "sibling", "foreign", "other site")
KINDS = ("person", "operator", "registrar", "collector", "administrator", "deputy", "unit account", "lost", "nobody")

# act → kind of account → the places where it is allowed. `ground`: a unit on an authority's ground under nobody.
# The letters: o(wn), b(elow), g(round). The first word is for an authority, the second for a competent department.
EXPECTED: dict[Act, dict[str, tuple[str, str]]] = {
    Act.CREATE_UNIT: {"administrator": ("obg", "ob"), "deputy": ("obg", "ob")},
    Act.CLOSE_UNIT: {"administrator": ("bg", "b"), "deputy": ("bg", "b")},
    Act.SUSPEND_REVIEW: {"administrator": ("bg", "b"), "deputy": ("bg", "b")},
    Act.NAME_ADMINISTRATOR: {"unit account": ("o", "o")},
    Act.APPOINT_IN_EMERGENCY: {"administrator": ("bg", "b")},
    Act.REMOVE_ADMINISTRATOR: {"administrator": ("bg", "b")},
    Act.HAND_OVER: {"administrator": ("o", "o")},
    Act.NAME_DEPUTY: {"administrator": ("o", "o"), "unit account": ("o", "o")},
    Act.GRANT: {"administrator": ("o", "o"), "deputy": ("o", "o")},
    Act.CLEAN_UP: {"administrator": ("o", "o"), "deputy": ("o", "o")},
    Act.START_RESET: {"administrator": ("obg", "ob"), "deputy": ("obg", "ob")},
    Act.KEEP_ROLES: {"administrator": ("o", "o"), "deputy": ("o", "o")},
    Act.KEEP_DEPARTMENTS: {"administrator": ("o", "o"), "deputy": ("o", "o")},
    Act.INVITE_PERSON: {
        "administrator": ("o", "o"), "deputy": ("o", "o"), "registrar": ("o", "o"), "collector": ("", "o"),
    },
    Act.ASK_ATTACHMENT: {"administrator": ("o", "o"), "deputy": ("o", "o")},
    Act.CHANGE_UNIT: {"administrator": ("o", "o"), "deputy": ("o", "o")},
    Act.REVIEW_ACCOUNTS: {"administrator": ("o", "o"), "deputy": ("o", "o"), "registrar": ("obg", "o")},
    Act.SEE_TREE: {
        "administrator": ("obg", "ob"), "deputy": ("obg", "ob"), "operator": ("obg", "ob"), "registrar": ("obg", "ob"),
        "collector": ("", "ob"), "unit account": ("o", "o"),
    },
    Act.DO_BUSINESS: {"operator": ("o", "o"), "registrar": ("o", "o"), "collector": ("", "o")},
    Act.APPLY: {"person": ("*", "*")},
}  # fmt: skip


@dataclass(frozen=True)
class Scene:
    """Units by place, seen from one base, and the actors of that base by kind."""

    name: str
    units: dict[str, Unit]
    actors: dict[str, Actor]

    def allowed(self, act: Act, kind: str, place: str) -> bool:
        """What the table says."""
        word = EXPECTED[act].get(kind, ("", ""))[0 if self.name == "authority" else 1]
        return word == "*" or (place[0] in word and place in ("own", "below", "ground"))


def scene(name: str, units: dict[str, Unit], serial: int) -> Scene:
    base = units["own"]
    people = {
        kind: make_account(f"{name}{number}", resident_number(serial + number))
        for number, kind in enumerate(("person", "operator", "registrar", "collector", "lost"))
    }
    roles = {"operator": Role.REVIEWER, "registrar": Role.REGISTRAR, "collector": Role.COLLECTION_ADMINISTRATOR}
    for kind, role in roles.items():
        if kind != "collector" or base.kind != UnitKind.AUTHORITY.value:
            give_role(base, role, people[kind])
    return Scene(
        name,
        units,
        {
            "person": as_person(people["person"]),
            **{kind: as_unit(people[kind], base) for kind in roles},
            "administrator": make_administrator(base, "管理员", serial + 10),
            "deputy": make_administrator(base, "副手", serial + 11, Role.DEPUTY),
            "unit account": as_unit_account(base),
            "lost": as_administrator(people["lost"], base),
            "nobody": Actor(way=Way.ADMINISTRATOR, unit=base.pk),
        },
    )


def make_scenes(ground: Ground) -> tuple[Scene, ...]:
    """From the county's authority, and from the department under it; each unit has an administrator and an operator."""
    other_site = actions.create_unit(site="guizhou", kind=UnitKind.UNIT, name="外省单位", region="520000", by=SETUP)
    loose = make_unit("兴庆区新设机构", "640104")
    actions.enable_collection(unit=ground.education.pk, by=SETUP)
    Unit.objects.filter(pk=ground.education.pk).update(provisional_code=f"{ground.xingqing.credit_code}01")
    fresh = {name: queries.unit(unit.pk) for name, unit in vars(ground).items()}
    authority = {
        "own": fresh["xingqing"], "below": fresh["school"], "ground": loose, "above": fresh["yinchuan"],
        "sibling": fresh["jinfeng"], "foreign": fresh["dawukou"], "other site": other_site,
    }  # fmt: skip
    department = {**authority, "own": fresh["education"], "above": fresh["xingqing"], "sibling": fresh["hospital"]}
    scenes = (scene("authority", authority, 100), scene("department", department, 200))
    places = {unit.pk: unit for each in scenes for unit in each.units.values()}
    for number, unit in enumerate(places.values()):
        if not queries.holders(unit.pk, Role.ADMINISTRATOR):
            make_administrator(unit, "他管", 300 + number)
        operator = make_account("经办", resident_number(400 + number))
        give_role(unit, Role.REVIEWER, operator)
    return scenes


def clerk(unit: Unit) -> Appointment:
    """The operator whom every unit of the scene has."""
    return Appointment.objects.get(unit=unit, role=Role.REVIEWER.value, account__name="经办")


NEW = {"number": resident_number(900), "name": "新人"}
TRIED: dict[Act, Callable[[Actor, Unit], object]] = {
    Act.CREATE_UNIT: lambda by, unit: actions.create_subordinate(
        parent=unit.pk, kind=UnitKind.UNIT, name="新设单位", credit_code="91350100M000100Y43", duties="教学",
        administrator_name="新人", administrator_number=NEW["number"], administrator_phone="13700000001", by=by,
    ),
    Act.CLOSE_UNIT: lambda by, unit: actions.close_unit(unit=unit.pk, reason="撤销", by=by),
    Act.SUSPEND_REVIEW: lambda by, unit: actions.suspend_review(unit=unit.pk, reason="整改", by=by),
    Act.NAME_ADMINISTRATOR: lambda by, unit: actions.offer_role(unit=unit.pk, role=Role.ADMINISTRATOR, **NEW, by=by),
    Act.APPOINT_IN_EMERGENCY: lambda by, unit: actions.appoint_in_emergency(unit=unit.pk, **NEW, reason="失联", by=by),
    Act.REMOVE_ADMINISTRATOR: lambda by, unit: actions.remove_administrator(
        unit=unit.pk, reason="失职", by=by,
        appointment=Appointment.objects.filter(unit=unit, role=Role.ADMINISTRATOR.value)[0].pk,
    ),
    Act.NAME_DEPUTY: lambda by, unit: actions.offer_role(unit=unit.pk, role=Role.DEPUTY, **NEW, by=by),
    Act.GRANT: lambda by, unit: actions.offer_role(unit=unit.pk, role=Role.REVIEWER, **NEW, by=by),
    Act.CLEAN_UP: lambda by, unit: actions.end_all(account=clerk(unit).account_id, unit=unit.pk, reason="离岗", by=by),
    Act.KEEP_DEPARTMENTS: lambda by, unit: actions.keep_department(unit=unit.pk, name="人事科", by=by),
    Act.SEE_TREE: lambda by, unit: queries.tree_at(unit.pk, by=by).chain[-1],
}  # fmt: skip


def cells(scenes: tuple[Scene, ...]) -> Iterator[tuple[Scene, Act, str, str]]:
    for each in scenes:
        for act in Act:
            for kind in KINDS:
                for place in PLACES:
                    yield each, act, kind, place


def happens(act: Act, by: Actor, unit: Unit) -> bool:
    """Whether the act is carried out; whatever it changed is taken back."""
    try:
        with transaction.atomic():
            TRIED[act](by, unit)
            transaction.set_rollback(True)
    except (Refused, Absent):
        return False
    return True


@pytest.fixture
def scenes(db: None) -> tuple[Scene, ...]:
    return make_scenes(make_ground())


def test_the_table_names_every_act_and_every_kind():
    assert set(EXPECTED) == set(ACTS) == set(ACT_NAMES) == set(Act)
    assert {way for row in ACTS.values() for way in row} == set(Way) - {Way.SYSTEM}


def test_the_answers_are_those_of_the_table(scenes: tuple[Scene, ...]):
    wrong = []
    for each, act, kind, place in cells(scenes):
        said = bool(queries.may_act(each.actors[kind], act, each.units[place]))
        if said != each.allowed(act, kind, place):
            wrong.append((each.name, act.value, kind, place, said))
    assert wrong == []


def test_what_is_tried_happens_where_the_table_says_and_nowhere_else(scenes: tuple[Scene, ...]):
    wrong = []
    for each, act, kind, place in cells(scenes):
        if act not in TRIED or (kind == "nobody" and act is Act.SEE_TREE):
            continue
        done = happens(act, each.actors[kind], each.units[place])
        if done != each.allowed(act, kind, place):
            wrong.append((each.name, act.value, kind, place, done))
    assert wrong == []


def test_every_refusal_says_why_and_who_can(scenes: tuple[Scene, ...]):
    for each, act, kind, place in cells(scenes):
        answer = queries.may_act(each.actors[kind], act, each.units[place])
        assert bool(answer) == (answer.reason == "")
        assert answer.allowed or (answer.reason.endswith("。") and ("请" in answer.reason)), answer.reason


def test_business_roles_are_kept_by_authorities_only(scenes: tuple[Scene, ...]):
    for each in scenes:
        keep = {"unit": each.units["own"].pk, "name": "初审", "functions": [Role.REVIEWER]}
        for kind in KINDS:
            may = kind in ("administrator", "deputy") and each.name == "authority"
            try:
                with transaction.atomic():
                    actions.keep_role(**keep, by=each.actors[kind])
                    transaction.set_rollback(True)
            except (Refused, Absent):
                assert not may
            else:
                assert may


def test_handing_over_is_the_administrators_own(scenes: tuple[Scene, ...]):
    for each in scenes:
        for kind in KINDS:
            try:
                with transaction.atomic():
                    actions.hand_over(**NEW, by=each.actors[kind])
                    transaction.set_rollback(True)
            except (Refused, Absent):
                assert kind != "administrator"
            else:
                assert kind == "administrator"


def test_grave_acts_ask_for_a_fresh_proof(scenes: tuple[Scene, ...]):
    where = scenes[0]
    stale = {kind: replace(actor, fresh=False) for kind, actor in where.actors.items()}
    grave = {
        Act.CLOSE_UNIT: ("administrator", "below"),
        Act.APPOINT_IN_EMERGENCY: ("administrator", "below"),
        Act.REMOVE_ADMINISTRATOR: ("administrator", "below"),
        Act.NAME_ADMINISTRATOR: ("unit account", "own"),
        Act.NAME_DEPUTY: ("administrator", "own"),
        Act.GRANT: ("administrator", "own"),
    }
    for act, (kind, place) in grave.items():
        assert happens(act, where.actors[kind], where.units[place])
        with pytest.raises(Refused, match="重新验证身份"):
            TRIED[act](stale[kind], where.units[place])
    with pytest.raises(Refused, match="重新验证身份"):
        actions.hand_over(**NEW, by=stale["administrator"])


def test_a_closed_unit_can_be_looked_at_and_nothing_else(scenes: tuple[Scene, ...]):
    where = scenes[0]
    by, school = where.actors["administrator"], where.units["below"]
    actions.close_unit(unit=school.pk, reason="撤销", by=by)
    closed = queries.unit(school.pk)
    assert queries.may_act(by, Act.SEE_TREE, closed)
    for act in (Act.CREATE_UNIT, Act.SUSPEND_REVIEW, Act.APPOINT_IN_EMERGENCY, Act.START_RESET):
        answer = queries.may_act(by, act, closed)
        assert not answer
        assert "已停用" in answer.reason
    assert not happens(Act.CREATE_UNIT, by, closed)


def test_a_unit_account_that_was_closed_does_nothing(scenes: tuple[Scene, ...]):
    from bole.accounts import actions as accounts

    where = scenes[1]
    by, own = where.actors["unit account"], where.units["own"]
    assert happens(Act.NAME_ADMINISTRATOR, by, own)
    assert by.account is not None
    accounts.close_account(account=by.account, by=SETUP)
    assert not happens(Act.NAME_ADMINISTRATOR, by, own)
