"""Persons for tests: who registered, who stands on a roster."""

from dataclasses import dataclass
from itertools import count

from django.test import TestCase

from bole.accounts import actions as accounts
from bole.accounts.events import CodeIssued
from bole.accounts.terms import Purpose
from bole.documents import actions as documents
from bole.documents.terms import Column
from bole.kernel import events
from bole.kernel.actors import Actor, Way
from bole.organizations.models import Unit
from bole.people import actions, queries
from bole.people.actions.importing import HEADER
from bole.people.models import Person
from bole.people.terms import Registration
from tests.factories.organizations import NUMBERS, PASSWORD, SETUP, SITE, Cast, Ground, make_cast, make_ground
from tests.factories.stages import staged

VISITOR = Actor(way=Way.PERSON, site=SITE)

_phones = (f"138{number:08d}" for number in count(9510001))
_issued: list[CodeIssued] = []
events.listen(CodeIssued, _issued.append)


@dataclass(frozen=True)
class World:
    """The ground, the cast, and the persons of Lin (of the school) and Sun (of the hospital)."""

    ground: Ground
    cast: Cast
    lin: Person
    sun: Person


@staged
def make_world() -> World:
    """Lin and Sun register themselves with their units; the others have accounts with roles."""
    ground = make_ground()
    lin = register("林致远", unit=ground.school)
    sun = register("孙晓", unit=ground.hospital)
    assert lin.account is not None
    assert sun.account is not None
    return World(ground, make_cast(ground, lin=lin.account, sun=sun.account), lin, sun)


def fresh_phone() -> str:
    """A phone that no code was sent to yet; codes to one phone come at most once a minute."""
    return next(_phones)


def obtain_code(phone: str) -> str:
    """The one-time code as the text message brings it."""
    with TestCase.captureOnCommitCallbacks(execute=True):
        accounts.send_code(purpose=Purpose.REGISTER, phone=phone, by=VISITOR)
    return _issued[-1].code


def submit(
    name: str,
    number: str = "",
    phone: str = "",
    unit: Unit | None = None,
    kind: str = "resident",
    password: str = PASSWORD,
    code: str = "",
) -> Registration:
    """Send the registration form, with a fresh one-time code unless one is given."""
    phone = phone or fresh_phone()
    return actions.register_person(
        site=SITE,
        kind=kind,
        number=number or NUMBERS[name],
        name=name,
        phone=phone,
        code=code or obtain_code(phone),
        password=password,
        ethnic_group="01",
        unit=unit.pk if unit else None,
        by=VISITOR,
    )


def register(name: str, number: str = "", phone: str = "", unit: Unit | None = None, kind: str = "resident") -> Person:
    """Register, and return the person."""
    submit(name, number, phone, unit, kind)
    found = queries.person_by_identity(kind, number or NUMBERS[name])
    assert found is not None
    return found


def roster(*rows: list[str]) -> bytes:
    """A roster workbook with the columns of the import."""
    return documents.write_sheet([Column(name) for name in HEADER], rows)


def roster_person(name: str, number: str, unit: Unit, phone: str = "") -> Person:
    """A person who stands on a roster and has no account."""
    row = [name, "居民身份证", number, "汉族", phone, unit.credit_code or ""]
    actions.import_persons(roster(row), site=SITE, by=SETUP)
    found = queries.person_by_identity("resident", number)
    assert found is not None
    return found


def as_self(person: Person) -> Actor:
    """The person logged in the 「个人」 way."""
    return Actor(way=Way.PERSON, account=person.account_id, name=person.name, person=person.pk, site=SITE)
