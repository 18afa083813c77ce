"""The world in which cases are walked: the ground, the cast, Lin of the school, the published service."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.factories.people import World, make_world
from tests.factories.services import in_force
from tests.review.affairs import Affairs, make_affairs
from tests.review.steps import Play, make_play, recommending


@pytest.fixture
def world(db: None) -> World:
    """Ningxia with its cast."""
    return make_world()


@pytest.fixture
def affairs(world: World, tmp_path: Path) -> Iterator[Affairs]:
    """Account affairs in force, with the administrators and registrars who decide on them."""
    with in_force(tmp_path / "catalogue", one_up=("role: registrar,", "role: registrar, overseen: true,")) as services:
        yield make_affairs(world, services)


@pytest.fixture
def play(world: World, tmp_path: Path) -> Iterator[Play]:
    """A service with 送审 in force, with everybody at their desks."""
    with recommending(tmp_path / "catalogue") as service:
        yield make_play(world, service)
