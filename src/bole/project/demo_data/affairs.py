"""Affairs of accounts on the other sites: bindings asked for, passed, ended; a transfer that waits and one done.

Each is filled and handed in by whom it concerns and decided at the desk where it lies, through the rooms' actions.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from bole.bindings import actions as bindings
from bole.cases import actions as cases
from bole.cases.models import Case
from bole.definitions import queries as definitions
from bole.definitions.terms import Verdict
from bole.kernel import clock
from bole.kernel.actors import Actor, Way
from bole.organizations import queries as organizations
from bole.organizations.models import Unit
from bole.organizations.terms import Role
from bole.people.models import Person
from bole.project.demo_data.grounds import Dweller, Ground, dwellers
from bole.project.demo_data.stage import Stage
from bole.review import actions as review

# The last persons of an employer come without a unit and ask to be bound: passed, ended, still waiting.
UNBOUND = 3
_LEAST = 4  # persons of a place where some come without
_VERDICTS: tuple[Verdict | None, ...] = (Verdict.APPROVE, Verdict.TERMINATE, None)
_OPINIONS = {Verdict.APPROVE: "情况属实，同意。", Verdict.TERMINATE: "经核实，不是本单位人员。"}
_STEP = timedelta(hours=5)


@dataclass(frozen=True, slots=True)
class _Scene:
    """Where a site's affairs take place."""

    stage: Stage
    ground: Ground
    units: dict[str, Unit]

    def here(self, place: str, part: str) -> list[Dweller]:
        """Those with a part at a place."""
        return [each for each in dwellers() if (each.site, each.place, each.part) == (self.ground.site, place, part)]

    def as_self(self, each: Dweller) -> tuple[Person, Actor]:
        """The person, and as who they act for themselves."""
        row = self.stage.persons[each.number]
        return row, Actor(way=Way.PERSON, account=row.account_id, name=row.name, person=row.pk, site=each.site)

    def registrar(self, unit: Unit) -> Actor:
        """Whose desk the accounts of a unit are: an operator with that role, or its administrator."""
        holder = organizations.holders(unit.pk, Role.REGISTRAR)[-1]
        way = next(
            each.way
            for each in organizations.capacities(holder.account)
            if each.unit == unit.pk and Role.REGISTRAR in each.roles
        )
        return Actor(way=way, account=holder.account, name=holder.name, unit=unit.pk, site=unit.site)


def comes_without(each: Dweller) -> bool:
    """Whether the person has no unit yet, and asks to be bound to the one where they work."""
    persons = [
        other for other in dwellers() if (other.site, other.place, other.part) == (each.site, each.place, "person")
    ]
    return each.part == "person" and len(persons) >= _LEAST and each in persons[-UNBOUND:]


def load(stage: Stage, ground: Ground, units: dict[str, Unit], now: datetime) -> int:
    """Play a site's affairs over the last days; returns how many there are."""
    scene = _Scene(stage, ground, units)
    services = {each.service for each in definitions.services_of(ground.site)}
    plays = [*_bindings(scene), *(_transfers(scene) if "transfer" in services else ())]
    began = now - _STEP * (len(plays) + 2)
    for number, (service, person, unit, typed, by, verdict) in enumerate(plays):
        with clock.travel(began + _STEP * number):
            case = _hand_in(service, person, unit, typed, by)
            if verdict is not None:
                _decide(scene, case, verdict)
    return len(plays)


_Play = tuple[str, Person, Unit, dict[str, Any], Actor, Verdict | None]


def _bindings(scene: _Scene) -> Iterator[_Play]:
    for place in scene.ground.places:
        asking = [each for each in scene.here(place.key, "person") if comes_without(each)]
        for each, verdict in zip(asking, _VERDICTS, strict=False):
            person, by = scene.as_self(each)
            yield (
                "unit-binding",
                person,
                scene.units[place.key],
                {"binding": {"note": "申请绑定现工作单位"}},
                by,
                verdict,
            )


def _transfers(scene: _Scene) -> Iterator[_Play]:
    employers = [place for place in scene.ground.places if place.kind == "unit" and place.persons >= _LEAST]
    leaving, taking = scene.units[employers[0].key], scene.units[employers[1].key]
    for each, verdict in zip(scene.here(employers[0].key, "person")[:2], (Verdict.APPROVE, None), strict=True):
        target = {"target": {"unit": str(taking.pk), "reason": "工作调动"}}
        yield "transfer", scene.as_self(each)[0], leaving, target, scene.registrar(leaving), verdict


def _hand_in(service: str, person: Person, unit: Unit, typed: dict[str, Any], by: Actor) -> Case:
    declared = definitions.service(unit.site, service)
    case = bindings.open_case(service=declared, person=person, unit=unit, by=by)
    for section, answers in typed.items():
        standing = case.answers.filter(section=section).first()
        seen = standing.version if standing is not None else 0
        cases.save_section(case=case, section=section, typed=answers, seen=seen, by=by)
    case.refresh_from_db()
    review.submit_case(case=case, seen=case.revision, by=by)
    return Case.objects.get(pk=case.pk)


def _decide(scene: _Scene, case: Case, verdict: Verdict) -> None:
    with clock.travel(clock.now() + timedelta(hours=2)):
        desk = next(unit for unit in scene.units.values() if unit.pk == case.seat_unit_id)
        by = scene.registrar(desk)
        review.begin(case=case, by=by)
        review.decide(case=case, step=case.step, seen=case.revision, verdict=verdict, opinion=_OPINIONS[verdict], by=by)
