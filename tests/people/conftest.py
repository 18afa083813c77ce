"""The world that tests of persons live in."""

import pytest

from tests.factories.people import World, make_world


@pytest.fixture
def world(db: None) -> World:
    """Ground, cast, and two registered persons."""
    return make_world()
