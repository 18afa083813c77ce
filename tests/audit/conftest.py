"""What the tests of the ledger share."""

from collections.abc import Iterator
from importlib import import_module

import pytest
from django.db import connection

_triggers = import_module("bole.audit.migrations.0002_append_only")


@pytest.fixture
def without_triggers(db: None) -> Iterator[None]:
    """Somebody with the rights of the database's owner has taken the triggers away."""
    _triggers.drop(connection)
    yield
    _triggers.create(connection)
