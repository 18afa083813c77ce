"""The ground and the cast for tests of the room."""

import pytest

from tests.factories.organizations import Cast, Ground, make_cast, make_ground


@pytest.fixture
def ground(db: None) -> Ground:
    """Units of Ningxia."""
    return make_ground()


@pytest.fixture
def cast(ground: Ground) -> Cast:
    """Accounts with their roles on the ground."""
    return make_cast(ground)
