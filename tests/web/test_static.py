"""Static files as an installation serves them: hashed, and each script finding the others by their hashed names."""

import json
import re
from pathlib import Path

import pytest
from django.core.management import call_command
from pytest_django import Settings


@pytest.fixture
def collected(tmp_path: Path, settings: Settings) -> Path:
    """Everything collected under hashed names."""
    settings.STATIC_ROOT = tmp_path / "static"
    settings.STORAGES = {**settings.STORAGES, "staticfiles": {"BACKEND": "bole.web.storage.HashedFiles"}}
    call_command("collectstatic", interactive=False, verbosity=0)
    return tmp_path / "static"


def test_every_import_between_scripts_has_its_hashed_name(collected: Path):
    paths: dict[str, str] = json.loads((collected / "staticfiles.json").read_text())["paths"]
    scripts = {name: hashed for name, hashed in paths.items() if name.startswith("bole/js/")}
    hashed_names = {Path(hashed).name for hashed in scripts.values()}
    assert "bole/js/main.js" in scripts
    for hashed in scripts.values():
        text = (collected / hashed).read_text()
        imported = re.findall(r"^import .*?[\"']\./(.+?)[\"'];$", text, re.MULTILINE)
        assert set(imported) <= hashed_names, hashed


def test_every_script_is_reached_from_the_entry():
    folder = Path(__file__).parents[2] / "src/bole/web/static/bole/js"
    reached, waiting = set(), {"main.js"}
    while waiting:
        name = waiting.pop()
        reached.add(name)
        text = (folder / name).read_text()
        waiting |= set(re.findall(r"^import .*?[\"']\./(.+?)[\"'];$", text, re.MULTILINE)) - reached
    assert reached == {path.name for path in folder.glob("*.js")}
