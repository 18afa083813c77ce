"""Every sign that a template or a menu names is in the sprite."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[2] / "src" / "bole"


def drawn() -> set[str]:
    return set(re.findall(r'id="i-([a-z0-9-]+)"', (ROOT / "web/static/bole/icons.svg").read_text()))


def named() -> set[str]:
    found: set[str] = set()
    for path in (ROOT / "web/templates").rglob("*.html"):
        found |= set(re.findall(r'\{% icon "([^"]+)"', path.read_text()))
    for path in [*(ROOT / "web").rglob("*.py"), *(ROOT / "definitions/faces").rglob("*.py")]:
        found |= set(re.findall(r'\bicon\("([^"]+)"', path.read_text()))
    areas = (ROOT / "web/areas.py").read_text()
    found |= set(re.findall(r'(?:Area|Entry)\([^)]*"([a-z]+)"\)', areas))
    return found


def test_every_named_sign_is_drawn():
    assert len(named()) > 20
    assert named() - drawn() == set()
