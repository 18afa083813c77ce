"""Units as answers, and what stood before an answer: in the form, in what is read, on paper."""

import pytest

from bole.definitions import catalogue, queries
from bole.definitions.answers import changes_nothing, clean_all
from bole.definitions.faces.form import fields_html
from bole.definitions.faces.printing import print_data
from bole.definitions.faces.reading import read_section
from bole.definitions.faces.schema import service_schema
from bole.definitions.fields import TYPES, Around, Wrong
from bole.definitions.terms import Field
from bole.kernel.errors import Absent
from tests.definitions.affairs import CLOSED, FIRST, SECOND, context, write
from tests.definitions.ground import TODAY, UNITS


@pytest.fixture
def service(tmp_path):
    return catalogue.load(write(tmp_path)).services["jilin", "superior"]


# --- a unit as an answer


def unit_field(**more):
    return Field.model_validate({"field": "it", "name": "上级", "type": "unit", "lookup": "invented", **more})


@pytest.mark.parametrize(
    ("typed", "say"),
    [
        ("医院", "有2个单位符合「医院」，请从列表中选择上级"),
        ("天上", "没有找到「天上」，请换一个名称或统一社会信用代码再查找上级"),
        (CLOSED, "这个单位已停用，请选择别的单位"),
        ("云岭县教育局", "这个单位已停用，请选择别的单位"),
        ("00000000-0000-0000-0000-000000000000", "没有这个单位，请重新选择"),
    ],
)
def test_words_that_name_no_unit_are_refused(typed, say):
    with pytest.raises(Wrong, match=say):
        TYPES["unit"].clean(typed, unit_field(), Around(TODAY))


@pytest.mark.parametrize("typed", [FIRST, FIRST.upper(), "安澜市第一人民医院", " 第一人民 "])
def test_a_unit_is_named_by_key_by_name_or_by_words_that_fit_it_alone(typed):
    assert TYPES["unit"].clean(typed, unit_field(), Around(TODAY)) == FIRST


def test_a_search_is_asked_once_for_all_passes_over_a_form(service, monkeypatch):
    asked = []
    known = context(service, {"unit": "第二人民"})
    search = queries.lookup("invented")
    monkeypatch.setattr(type(search), "search", lambda *given: asked.append(given[1]) or ((SECOND, UNITS[SECOND]),))
    clean_all(service, {"target": {"unit": "第二人民"}}, known)
    clean_all(service, {"target": {"unit": "第二人民"}}, known)
    assert asked == ["第二人民"]


def test_the_control_offers_what_words_may_mean_and_carries_the_key(service):
    typed = {"unit": "医院"}
    html = fields_html(service, "target", typed, context=context(service, typed))
    assert html.count('type="radio" name="unit"') == 2
    assert f'value="{SECOND}"><span>安澜市第二人民医院' in html
    assert 'data-source="lookup:invented/"' in html
    typed = {"unit": SECOND}
    html = fields_html(service, "target", typed, context=context(service, typed))
    assert f'data-code="{SECOND}"' in html
    assert 'value="安澜市第二人民医院"' in html
    assert 'type="radio"' not in html


def test_its_schema_names_the_search(service):
    found = service_schema(service, TODAY)["properties"]["target"]["properties"]["unit"]
    assert found == {"title": "上级单位", "type": "string", "format": "uuid", "x-lookup": "invented"}


def test_an_unknown_search_is_absent():
    with pytest.raises(Absent):
        queries.lookup("no-such")
    assert "invented" in queries.lookup_names()


# --- what stood before


def test_what_stands_is_typed_in_as_somebody_would_type_it(service):
    assert context(service, {}, since=None).stood == {"target.unit": FIRST, "target.phone": "13800000001"}
    assert context(service, {}, **{"details.since": TODAY}).stood["target.since"] == "2026-11-21"


@pytest.mark.parametrize(
    ("typed", "nothing"),
    [
        ({"unit": FIRST, "phone": "13800000001"}, True),
        ({"unit": "安澜市第一人民医院", "phone": "138 0000 0001", "reason": "核对"}, True),
        ({"unit": SECOND, "phone": "13800000001"}, False),
        ({"unit": FIRST, "phone": ""}, False),
        ({"unit": FIRST, "phone": "13800000001", "since": "2026-01-01"}, False),
        ({"unit": "天上", "phone": "13800000001"}, False),
    ],
)
def test_nothing_changed_is_noticed_by_meaning(service, typed, nothing):
    assert changes_nothing(service, {"target": typed}, context(service, typed)) is nothing


def cells(service, typed, *, mask=False, **unit):
    shown = read_section(service, "target", typed, context=context(service, typed, **unit), mask=mask)
    return {cell.field: (cell.text, cell.was) for cell in shown.pairs}


def test_both_are_read_where_they_differ(service):
    read = cells(service, {"unit": SECOND, "phone": "13800000001", "since": "2026-01-01", "reason": "改制"})
    assert read == {
        "unit": ("安澜市第二人民医院", "安澜市第一人民医院"),
        "since": ("2026-01-01", "—"),
        "phone": ("13800000001", None),
        "reason": ("改制", None),
    }
    assert cells(service, {"unit": FIRST, "phone": ""})["phone"] == ("—", "13800000001")


def test_what_stood_is_masked_like_what_comes(service):
    read = cells(service, {"unit": FIRST, "phone": "13900000002"}, mask=True)
    assert read["phone"] == ("139****0002", "138****0001")


def test_a_fact_that_the_form_cannot_read_stands_as_it_is_written(service):
    read = cells(service, {"unit": FIRST, "phone": "13900000002"}, leader_phone="0951-1234567")
    assert read["phone"] == ("13900000002", "0951-1234567")


def test_the_paper_has_both(service):
    typed = {"unit": SECOND, "phone": "13800000001"}
    pairs = print_data(service, {"target": typed}, context(service, typed))["sections"][0]["pairs"]
    assert pairs[0] == {
        "label": "上级单位",
        "text": "安澜市第二人民医院",
        "shape": "lookup",
        "was": "安澜市第一人民医院",
    }
    assert "was" not in pairs[2]


def test_the_control_tells_what_stood(service):
    html = fields_html(service, "target", {}, context=context(service, {}))
    assert '<span class="hint" id="f-unit-w">原值：安澜市第一人民医院</span>' in html
    assert 'aria-describedby="f-unit-w"' in html
    assert "原值：138****0001" in html
