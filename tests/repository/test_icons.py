"""Every sign that a template or a menu names is in the sprite."""

import ast
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
    return found | set(offered())


def offered() -> list[str]:
    """The icons of the menus: the third word of every Area and Entry."""
    calls = [node for node in ast.walk(ast.parse((ROOT / "web/areas.py").read_text())) if isinstance(node, ast.Call)]
    made = [call for call in calls if isinstance(call.func, ast.Name) and call.func.id in ("Area", "Entry")]
    signs = [call.args[2] for call in made if len(call.args) > 2]
    return [sign.value for sign in signs if isinstance(sign, ast.Constant) and isinstance(sign.value, str)]


def test_every_named_sign_is_drawn():
    assert len(named()) > 20
    assert len(offered()) > 10
    assert named() - drawn() == set()
