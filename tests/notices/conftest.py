"""The connectors are set back after each test."""

from collections.abc import Iterator

import pytest

from bole.notices import sending


@pytest.fixture(autouse=True)
def _routes() -> Iterator[None]:
    before = dict(sending._routes)
    yield
    sending.configure(before)
