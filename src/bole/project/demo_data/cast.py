"""Who is in the demonstration: 200 persons to be collected, and those who keep the desks. No database needed."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache
from itertools import count

from bole.project.demo_data import units
from bole.project.demo_data.chance import chance
from bole.project.demo_data.names import RARE, ethnic_group, fresh_name
from bole.project.demo_data.numbers import identity_number, phone
from bole.project.demo_data.units import DemoUnit

PASSWORD = "Helan-shan-xia-7-ke"  # noqa: S105  # everybody's, told by `bole demo accounts`
PERSONS = 200
_SKILLED = {"chemistry": 0.45, "machines": 0.5, "materials": 0.4, "mining": 0.5, "power": 0.2}
_QUIET = 2  # persons of each unit where nobody can confirm


@dataclass(frozen=True, slots=True)
class DemoPerson:
    """Somebody with an account. `unit` is the key of the unit they belong to."""

    name: str
    man: bool
    born: date
    ethnic: str
    number: str
    phone: str
    unit: str
    skilled: bool = False

    @property
    def employer(self) -> DemoUnit:
        """The unit itself."""
        return units.by_key()[self.unit]


@dataclass(frozen=True, slots=True)
class Duty:
    """A role that somebody holds in a unit, by the code of `organizations.terms.Role`."""

    person: DemoPerson
    unit: str
    role: str


class _Registry:
    """Gives out names, numbers and phones, each once."""

    def __init__(self) -> None:
        self.draw = chance("cast")
        self.names: set[str] = {name for name, _, _ in RARE}
        self.serials = count(1)

    def enter(self, unit: DemoUnit, rare: tuple[str, bool, str] | None = None) -> DemoPerson:
        """A new person of the unit."""
        draw, serial = self.draw, next(self.serials)
        man = rare[1] if rare else draw.random() < 0.55
        name = rare[0] if rare else fresh_name(draw, self.names, man=man)
        born = date(draw.randint(1965, 1987), draw.randint(1, 12), draw.randint(1, 28))
        return DemoPerson(
            name=name,
            man=man,
            born=born,
            ethnic=rare[2] if rare else ethnic_group(draw, name[0]),
            number=identity_number(units.by_key()[unit.region].region, born, serial % 500, man=man)
            if unit.region != units.PROVINCE
            else identity_number("640100", born, serial % 500, man=man),
            phone=phone(serial),
            unit=unit.key,
            skilled=draw.random() < _SKILLED.get(unit.trade, 0),
        )


@dataclass(frozen=True, slots=True)
class Cast:
    """Everybody: the persons in the order of their numbers, and the duties of the others."""

    persons: tuple[DemoPerson, ...]
    duties: tuple[Duty, ...]

    @property
    def staff(self) -> tuple[DemoPerson, ...]:
        """Those with duties, each once."""
        return tuple(dict.fromkeys(duty.person for duty in self.duties))


@cache
def cast() -> Cast:
    """The same people on every run."""
    registry = _Registry()
    rare = iter(RARE)
    persons = tuple(
        registry.enter(unit, next(rare, None) if place % 11 == 5 else None) for place, unit in enumerate(_places())
    )
    return Cast(persons, tuple(_duties(registry)))


def _places() -> list[DemoUnit]:
    """The unit of each person: two in each unit where nobody can confirm, the others in turn."""
    quiet = [unit for unit in units.employers() if unit.clerks < 1 or unit.region == units.VACANT]
    busy = [unit for unit in units.employers() if unit not in quiet]
    found = [unit for unit in quiet for _ in range(_QUIET)]
    return found + [busy[place % len(busy)] for place in range(PERSONS - len(found))]


def _duties(registry: _Registry) -> Iterator[Duty]:
    for unit in units.units():
        if unit.kind == "authority":
            reviewers = {"province": 3, "city": 2, "county": 1}[unit.level] if unit.region != units.VACANT else 0
            for _ in range(reviewers):
                yield Duty(registry.enter(unit), unit.key, "reviewer")
            yield Duty(registry.enter(unit), unit.key, "authorizer")
            if unit.region == units.PROVINCE:
                yield Duty(registry.enter(unit), unit.key, "editor")
        elif unit.trade:
            for place in range(unit.clerks):
                clerk = registry.enter(unit)
                yield Duty(clerk, unit.key, "collection-administrator")
                if unit.key == "chemistry" and place == 0:  # one clerk for the group and its daughter
                    yield Duty(clerk, "county-11", "collection-administrator")
    for region in (units.PROVINCE, *units.CITIES):
        yield Duty(registry.enter(units.by_key()[region]), region, "administrator")
    for unit in units.employers()[:3]:
        yield Duty(registry.enter(unit), unit.key, "administrator")
