"""The portals of the catalogue."""

from pathlib import Path

import pytest
from django.conf import settings

from bole.kernel.errors import Absent
from bole.organizations import actions, queries
from bole.organizations.portals import BrokenSites

_GOOD = """
sites:
  - {code: a, name: 甲, short: 甲, authority: 甲厅, office: 厅, region: "640000", hotline: "12333", manual: 手册}
"""


@pytest.fixture(autouse=True)
def _as_before():
    yield
    actions.load_sites(Path(settings.BOLE_CATALOGUE) / "sites.yaml")


def test_the_five_portals():
    assert [site.code for site in queries.sites()] == ["ningxia", "shenzhen", "jilin", "guizhou", "henan"]
    assert queries.site("ningxia").name == "宁夏人力资源和社会保障网上服务大厅"
    assert (queries.site("ningxia").region, queries.site("ningxia").hotline) == ("640000", "12333")


def test_an_unknown_portal_is_absent():
    with pytest.raises(Absent):
        queries.site("atlantis")


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (("sites:", "places:"), "one list named `sites`"),
        (('"640000"', "640000"), "region: Input should be a valid string"),
        (("short: 甲, ", ""), "short: Field required"),
        (("manual: 手册", "manual: 手册, colour: red"), "colour: Unexpected keyword argument"),
    ],
)
def test_a_broken_file_is_refused_with_the_place(tmp_path: Path, change: tuple[str, str], said: str):
    path = tmp_path / "sites.yaml"
    path.write_text(_GOOD)
    assert [site.code for site in actions.load_sites(path)] == ["a"]
    path.write_text(_GOOD.replace(*change))
    with pytest.raises(BrokenSites) as caught:
        actions.load_sites(path)
    assert said in str(caught.value)
    assert str(path) in str(caught.value)


def test_a_code_twice_is_refused(tmp_path: Path):
    path = tmp_path / "sites.yaml"
    path.write_text(_GOOD + _GOOD.split("sites:")[1])
    with pytest.raises(BrokenSites, match="appears twice"):
        actions.load_sites(path)
