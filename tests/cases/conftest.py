"""The world in which cases are filled: Lin of the school, the school's clerk, the published service."""

from dataclasses import dataclass
from pathlib import Path

import pytest
from django.conf import settings

from bole.audit import queries as ledger
from bole.cases import queries
from bole.cases.models import Case
from bole.documents import storage
from bole.kernel.actors import Actor
from tests.factories import cases as made
from tests.factories.organizations import as_unit
from tests.factories.people import World, as_self, make_world


@dataclass(frozen=True)
class Desk:
    """Who acts on a case: the person, the school's clerk, strangers of both kinds, the county's reviewer."""

    world: World
    lin: Actor
    clerk: Actor
    sun: Actor
    stranger: Actor
    county: Actor


@pytest.fixture
def desk(db: None) -> Desk:
    """Everybody, and nothing filed yet."""
    world = make_world()
    made.published()
    cast, ground = world.cast, world.ground
    return Desk(
        world,
        as_self(world.lin),
        as_unit(cast.zhou, ground.school),
        as_self(world.sun),
        as_unit(cast.sun, ground.hospital),
        as_unit(cast.chen, ground.xingqing),
    )


@pytest.fixture
def case(desk: Desk) -> Case:
    """Lin's own case, opened and empty."""
    return made.open_case(desk.world.lin, desk.lin)


@pytest.fixture
def kept(tmp_path: Path):
    """The folder where contents of files lie in this test."""
    folder = tmp_path / "files"
    storage.configure(storage.LocalStorage(folder))
    yield folder
    storage.configure(storage.LocalStorage(Path(settings.BOLE_FILES)))


def version(case: Case, section: str) -> int:
    """The version that a page opened now would show."""
    return queries.form_of(case).sections[section].version


def words(case: Case) -> list[str]:
    """What the ledger says of the case, oldest first."""
    return list(ledger.about("case", case.number).values_list("action", flat=True))[::-1]
