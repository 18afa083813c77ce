"""A storage and a catalogue of its own for every test, and files to upload."""

from pathlib import Path

import pytest
from django.conf import settings

from bole.documents import derived, pdf, storage
from bole.kernel.actors import Actor, Way

OPERATOR = Actor(way=Way.PERSON, name="顾言书")


@pytest.fixture
def kept(tmp_path: Path):
    """The folder where contents of this test lie."""
    storage.configure(storage.LocalStorage(tmp_path / "files"))
    yield tmp_path / "files"
    storage.configure(storage.LocalStorage(Path(settings.BOLE_FILES)))


@pytest.fixture
def derived_in(tmp_path: Path):
    """The folder where thumbnails of this test lie."""
    derived.configure(tmp_path / "derived")
    yield tmp_path / "derived"
    derived.configure(Path(settings.BOLE_DERIVED))


@pytest.fixture
def catalogue(tmp_path: Path):
    """A catalogue folder for print templates."""
    root = tmp_path / "catalogue"
    (root / "nx" / "print").mkdir(parents=True)
    pdf.configure(root)
    yield root
    pdf.configure(Path(settings.BOLE_CATALOGUE))
