"""Import contracts hold, and cannot be hollowed out by exceptions."""

import configparser
import subprocess
import sys

import pytest
from grimp import ImportGraph
from tools.contracts import NoAmbient, OneDoor, PublicFace, RecordsApart, RoomOrder
from tools.files import ROOT

CONFIG = ROOT / ".importlinter"


def test_all_contracts_are_kept():
    command = [sys.executable, "-c", "from importlinter.cli import lint_imports_command as c; c()", "--no-cache"]
    answer = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)

    assert answer.returncode == 0, answer.stdout


def test_no_contract_carries_an_ignore_entry():
    config = configparser.ConfigParser()
    config.read(CONFIG)

    assert [(name, key) for name in config.sections() for key in config[name] if "ignore" in key] == []
    assert "importlinter" not in (ROOT / "pyproject.toml").read_text().lower()


def test_every_room_has_a_rank_and_none_is_optional_without_need():
    config = configparser.ConfigParser()
    config.read(CONFIG)
    ranked = config["importlinter:contract:ranks"]["layers"].replace("|", " ").split()
    rooms = {path.parent.name for path in (ROOT / "src" / "bole").glob("*/__init__.py")}

    assert rooms - {name.strip("()") for name in ranked} == set()
    assert rooms & {name.strip("()") for name in ranked if name.startswith("(")} == set()


def graph(*imports: tuple[str, str, str]) -> ImportGraph:
    made = ImportGraph()
    for importer, imported, line in imports:
        for name in (importer, imported):
            if name not in made.modules:
                made.add_module(name, is_squashed=not name.startswith("bole"))
        made.add_import(importer=importer, imported=imported, line_number=1, line_contents=line)
    return made


def contract(kind, **options):
    return kind(name="x", session_options={}, contract_options=options)


FACE = {"face": ["actions", "queries", "terms", "events", "models"], "open_rooms": ["kernel"], "also": ["a.faces"]}


@pytest.mark.parametrize(
    ("importer", "imported", "kept"),
    [
        ("bole.b.actions", "bole.a.actions", True),
        ("bole.b.actions", "bole.a.queries.lists", True),
        ("bole.b.models", "bole.a.models", True),
        ("bole.b.actions", "bole.kernel.clock", True),
        ("bole.b.pages", "bole.a.faces.form", True),
        ("bole.a.actions", "bole.a.rules", True),
        ("bole.b.actions", "bole.a.rules", False),
        ("bole.b.actions", "bole.a.engine", False),
        ("bole.b.actions", "bole.a", False),
    ],
)
def test_public_face_is_all_that_others_see(importer, imported, kept):
    check = contract(PublicFace, **FACE).check(graph((importer, imported, "")), verbose=False)

    assert check.kept is kept


@pytest.mark.parametrize(
    ("importer", "imported", "kept"),
    [
        ("bole.a.actions", "bole.a.models", True),
        ("bole.a.tasks", "bole.a.actions", True),
        ("bole.a.rules", "bole.a.queries", True),
        ("bole.a.models", "bole.a.rules", False),
        ("bole.a.queries.lists", "bole.a.actions.sending", False),
        ("bole.a.terms", "bole.a.models", False),
        ("bole.a.actions", "bole.a.tasks", False),
    ],
)
def test_order_inside_a_room(importer, imported, kept):
    assert contract(RoomOrder).check(graph((importer, imported, "")), verbose=False).kept is kept


@pytest.mark.parametrize(
    ("importer", "line", "kept"),
    [
        ("bole.cases.actions", "from django.db import transaction", True),
        ("bole.cases.apps", "from django.conf import settings", True),
        ("bole.web.pages", "from django.http import HttpRequest", True),
        ("bole.cases.actions", "from django.conf import settings", False),
        ("bole.cases.actions", "from django.http import HttpRequest", False),
    ],
)
def test_rooms_below_the_pages_know_no_request_and_no_settings(importer, line, kept):
    ambient = contract(NoAmbient, rooms=["cases"], words=["django.conf", "django.http"])

    assert ambient.check(graph((importer, "django", line)), verbose=False).kept is kept


@pytest.mark.parametrize(
    ("doors", "kept"),
    [
        (["bole.documents.images"], True),
        (["bole.documents.images", "bole.documents.pages"], False),
        (["bole.accounts.captcha"], False),
    ],
)
def test_a_heavy_library_has_one_door(doors, kept):
    one = contract(OneDoor, room="documents", libraries=["PIL"])

    assert one.check(graph(*((door, "PIL", "") for door in doors)), verbose=False).kept is kept


@pytest.mark.parametrize(
    ("importer", "imported", "kept"),
    [
        ("bole.talents.actions", "bole.people.queries", True),
        ("bole.cases.actions", "bole.definitions.queries", True),
        ("bole.talents.actions", "bole.definitions.queries", False),
        ("bole.talents.actions", "bole.transfers.queries", False),
    ],
)
def test_records_rooms_know_no_process_and_not_each_other(importer, imported, kept):
    apart = contract(RecordsApart, rooms=["talents", "transfers"], unknown=["definitions"])

    assert apart.check(graph((importer, imported, "")), verbose=False).kept is kept
