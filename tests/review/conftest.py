"""The world in which cases are walked: the ground, the cast, Lin of the school, the published service."""

import pytest
from tests.factories.people import World, make_world


@pytest.fixture
def world(db: None) -> World:
    """Ningxia with its cast."""
    return make_world()
