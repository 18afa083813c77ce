"""「组织机构管理」 and the lists of lower units: what is seen, by whom, and at which cost."""

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from bole.organizations.terms import UnitKind
from bole.web.pages.staff import tree
from tests.factories.administration import Managers, make_managers, page
from tests.factories.organizations import SCHOOL_CODE, make_unit


@pytest.fixture
def managers(db: None) -> Managers:
    return make_managers()


def lines(html: str) -> list[str]:
    """The names in the tree, in order."""
    found = html[html.index('<ul class="tree"') : html.index("</section>")] if '<ul class="tree"' in html else html
    return re.findall(r"<span>([^<]+)(?:<span class=\"table__sub\">[^<]*</span>)?</span>", found)


def test_the_tree_begins_at_the_own_unit_opened_one_step(managers: Managers):
    html = page(managers.county.get("/ningxia/organizations/"))

    assert lines(html)[0] == "银川市兴庆区人社局"
    assert {managers.ground.education.name, managers.ground.hospital.name} <= set(lines(html))
    assert managers.ground.school.name not in lines(html)
    assert managers.ground.jinfeng.name not in html


def test_a_branch_is_fetched_when_it_is_opened(managers: Managers):
    education = managers.ground.education
    html = page(managers.county.get("/ningxia/organizations/"))
    part = page(managers.county.get(f"/ningxia/organizations/{education.pk}/children/"))

    assert f'hx-get="/ningxia/organizations/{education.pk}/children/"' in html
    assert lines(part) == [managers.ground.school.name]
    assert "<html" not in part


def test_a_unit_is_shown_with_the_tree_opened_there(managers: Managers):
    html = page(managers.county.get(f"/ningxia/organizations/{managers.ground.school.pk}/"))

    assert lines(html)[:1] == ["银川市兴庆区人社局"]
    assert managers.ground.school.name in lines(html)
    assert re.search(rf'aria-current="true">.*?{managers.ground.school.name}', html)
    assert SCHOOL_CODE in html


def test_users_of_lower_units_are_masked(managers: Managers):
    html = page(managers.county.get(f"/ningxia/organizations/{managers.ground.school.pk}/"))

    assert managers.bursar.login not in html
    assert managers.bursar.name not in html
    assert "校**员" in html
    assert "6401**********0069" in html


@pytest.mark.parametrize("text", ["第一中学", "diyizhong", "xqqdyzx", SCHOOL_CODE[:16]])
def test_a_unit_is_found_by_name_pinyin_initials_and_code(managers: Managers, text: str):
    html = page(managers.county.get("/ningxia/organizations/", {"q": text}))

    assert lines(html) == [managers.ground.school.name]
    assert f'href="/ningxia/organizations/{managers.ground.school.pk}/"' in html
    assert managers.ground.education.name in html


def test_a_search_without_a_hit_says_what_to_do(managers: Managers):
    html = page(managers.county.get("/ningxia/organizations/", {"q": "没有的"}))

    assert "没有找到含「没有的」的单位" in html
    assert "换一个关键字" in html


def test_many_children_come_in_pages_and_none_twice(managers: Managers, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(tree, "PAGE", 3)
    education = managers.ground.education
    for number in range(7):
        make_unit(f"第{number}小学", "640104", education)

    seen: list[str] = []
    address = f"/ningxia/organizations/{education.pk}/children/"
    for _ in range(5):
        html = page(managers.county.get(address))
        seen += [name for name in lines(html) if name != "显示更多"]
        found = re.search(r'hx-get="([^"]+after=[^"]+)"', html)
        if found is None:
            break
        address = found[1]

    assert len(seen) == len(set(seen)) == 8


def test_an_operator_looks_and_changes_nothing(managers: Managers):
    html = page(managers.operator.get(f"/ningxia/organizations/{managers.ground.school.pk}/"))
    refused = managers.operator.get(f"/ningxia/organizations/{managers.ground.school.pk}/review/")

    assert managers.ground.school.name in html
    assert "新增下级单位" not in html
    assert "关闭审核权限" not in html
    assert refused.status_code == 403


def test_foreign_and_unknown_units_answer_alike(managers: Managers):
    unknown = "00000000-0000-0000-0000-000000000000"
    for path in ("", "children/", "review/", "close/", "new/"):
        answers = {
            managers.county.get(f"/ningxia/organizations/{key}/{path}").status_code
            for key in (managers.ground.dawukou.pk, unknown)
        }
        assert answers == {404}, path


def test_lists_of_lower_units_by_kind(managers: Managers):
    units = page(managers.county.get("/ningxia/organizations/below/", {"tab": "unit"}))
    departments = page(managers.county.get("/ningxia/organizations/below/", {"tab": "department"}))
    school = page(managers.school.get("/ningxia/organizations/below/"))

    assert "管理用人单位" in units
    assert managers.ground.school.name in units
    assert "校**员 6401**********0069" in units
    assert managers.ground.education.name in departments
    assert managers.ground.school.name not in departments
    assert "管理下级单位" in school
    assert "还没有下级单位" in school


def test_the_list_of_lower_units_is_searched(managers: Managers):
    html = page(managers.county.get("/ningxia/organizations/below/", {"tab": "unit", "q": "医院"}))

    assert managers.ground.hospital.name in html
    assert managers.ground.school.name not in html


@pytest.mark.parametrize(
    ("address", "queries"),
    [("organizations/", 9), ("organizations/below/?tab=department", 9)],
)
def test_three_units_cost_what_one_costs(managers: Managers, address: str, queries: int):
    client: Client = managers.county

    def cost() -> int:
        with CaptureQueriesContext(connection) as sent:
            assert client.get(f"/ningxia/{address}").status_code == 200
        return len(sent)

    cost()
    one = cost()
    for number in range(2):
        made = make_unit(f"兴庆区第{number}局", "640104", managers.ground.xingqing, UnitKind.DEPARTMENT)
        make_unit(f"第{number}小学", "640104", made)
    three = cost()

    assert (one, three) == (queries, queries)
