"""Fields chosen from a governed catalogue: the cascade, what ends, what conditions see, and what a save makes of it."""

import json
from dataclasses import replace

import pytest

from bole.definitions import answers as cleaning
from bole.definitions import lookups, queries
from bole.definitions.answers.scope import Surroundings
from bole.definitions.check.eligibility import of_eligibility
from bole.definitions.check.expressions import faults_of
from bole.definitions.faces.form import fields_html
from bole.definitions.faces.reading import read_section
from bole.definitions.terms import Section
from tests.definitions.ground import InventedLines, context, with_section

WORK, FARM, OLD, WATER, CROP, CATTLE = (
    f"6f1c1f0e-1b1e-4a52-9d0b-0f3c6a1d2e{end}" for end in ("4f", "60", "61", "62", "63", "64")
)
PLAN = Section.model_validate(
    {
        "section": "plan",
        "name": "申报资格",
        "required": True,
        "fields": [
            {"field": "series", "name": "申报系列", "type": "governed", "lookup": "invented-lines", "required": True},
            {"field": "major", "name": "申报专业", "type": "governed", "lookup": "invented-lines", "parent": "series",
             "required": True},
            {"field": "note", "name": "说明", "type": "text", "show": 'major.review == "online"'},
            {"field": "words", "name": "备注", "type": "text"},
        ],
        "checks": [{"that": 'series != "06" or words != null', "say": "农业请填写备注", "at": "words"}],
    }
)  # fmt: skip
SERVICE = with_section(PLAN)


def clean(typed, chosen=frozenset()):
    return cleaning.clean_section(SERVICE, "plan", typed, context=replace(context(), chosen=chosen))


def says(typed, **more):
    return {fault.at: fault.say for fault in clean(typed, **more).faults}


def test_a_cascade_of_keys_or_names_and_what_stands_against_each():
    assert clean({"series": WORK, "major": WATER}).values == {"series": WORK, "major": WATER}
    assert clean({"series": "工程", "major": "水利"}).values == {"series": WORK, "major": WATER}
    assert clean({"series": "05", "major": "water"}).values == {"series": WORK, "major": WATER}
    assert says({"major": WATER}) == {"series": "请选择申报系列", "major": "请先选择申报系列，再选择申报专业"}
    assert says({"series": FARM, "major": WATER, "words": "x"}) == {
        "major": "「水利」不在所选的申报系列之内，请重新选择申报专业"
    }
    assert says({"series": WORK, "major": "没有"}) == {"major": "没有找到「没有」，请从列表中选择申报专业"}
    assert says({"series": FARM, "major": CROP}) == {"words": "农业请填写备注"}


def test_what_ended_is_refused_anew_and_stays_right_where_it_was_handed_in():
    assert says({"series": OLD})["series"] == "「旧系列」已于2026-03-31停用，请选择其他的"
    assert set(says({"series": OLD, "major": WATER})) == {"series"}  # told once, where it is wrong
    assert "series" not in says({"series": OLD}, chosen=frozenset({OLD}))
    html = fields_html(SERVICE, "plan", {"series": OLD}, context=context())
    assert f'value="{OLD}"' in html
    assert "旧系列（请重新选择）" in html
    shown = read_section(SERVICE, "plan", {"series": OLD}, context=context(), mask=False)
    assert shown.pairs[0].text == "旧系列"


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        # one line below: filled in by itself; two: left to the person
        ({"series": WORK, "words": "甲"}, {"series": WORK, "major": WATER, "words": "甲"}),
        ({"series": FARM}, {"series": FARM}),
        # the series was chosen anew: only what no longer hangs under it goes
        ({"series": FARM, "major": WATER, "words": "甲"}, {"series": FARM, "major": "", "words": "甲"}),
        ({"series": WORK, "major": CROP}, {"series": WORK, "major": WATER}),
        ({"series": "", "major": CROP}, {"series": "", "major": ""}),
        # what ended stays with what hangs under it until the person chooses
        ({"series": OLD, "major": WATER}, {"series": OLD, "major": WATER}),
        ({"series": WORK, "major": "水力"}, {"series": WORK, "major": "水力"}),
        ({"nothing": "none"}, {"nothing": "none"}),
    ],
)
def test_a_save_drops_what_no_longer_fits_and_fills_in_what_is_single(typed, kept):
    assert cleaning.settled(SERVICE, "plan", typed, context()) == kept
    assert cleaning.settled(SERVICE, "plan", kept, context()) == kept


def test_what_hangs_on_other_places_is_shown_by_the_server_alone():
    """A page that knows nothing of them would hide what it should show."""
    fields = [
        {"field": "first", "name": "甲", "type": "text", "show": "age(person.birth_on) > 55"},
        {"field": "second", "name": "乙", "type": "text", "show": "first != null"},
    ]
    service = with_section(Section.model_validate({"section": "all", "name": "全部", "fields": fields}))
    html = fields_html(service, "all", {"first": "x"}, context=context())
    assert html.count("data-show") == 1
    assert "hidden" not in html


def test_options_are_those_of_the_moment_and_tell_conditions_what_they_are():
    html = fields_html(SERVICE, "plan", {"series": WORK, "major": WATER}, context=context())
    assert 'data-source="choices:major/" data-parent="series"' in html
    assert "农艺" not in html
    told = json.dumps({"code": "water", "name": "水利", "attributes": {"review": ["online", "网上评审"]}},
                      ensure_ascii=False, separators=(",", ":"))  # fmt: skip
    assert told.replace('"', "&quot;") in html
    blank = fields_html(SERVICE, "plan", {}, context=context())
    assert "水利" not in blank
    assert "工程" in blank
    assert "旧系列" not in blank
    entries, vacant = queries.governed_choices(PLAN.by_code["major"], WATER, context())
    assert (entries, vacant) == ([], "这里还没有可以选择的，请联系人社部门")


@pytest.mark.parametrize(
    ("condition", "typed", "holds"),
    [
        ('plan.series == "05"', {"series": WORK}, True),
        ('plan.series == "工程"', {"series": WORK}, True),
        ('plan.series.review == "online"', {"series": WORK}, True),
        ('plan.series.review == "网上评审"', {"series": FARM}, False),
        ("plan.series.review == null", {}, True),
        ('plan.major.review != "online"', {"series": WORK, "major": WATER}, False),
    ],
)
def test_conditions_of_other_places_see_the_line_and_its_attributes(condition, typed, holds):
    scope = Surroundings(SERVICE, context({"plan": typed}))
    assert cleaning.holds(condition, scope) is holds
    assert not list(faults_of(condition, SERVICE, None))


def test_conditions_of_the_section_itself_show_by_attribute():
    assert "note" in cleaning.shown_fields(SERVICE, "plan", {"series": WORK, "major": WATER}, context())
    assert "note" not in cleaning.shown_fields(SERVICE, "plan", {"series": FARM, "major": CROP}, context())
    assert list(faults_of('major.colour == "red"', SERVICE, PLAN)) == [
        "「申报专业」没有「colour」这一项，可用的是 review"
    ]
    assert list(faults_of('plan.words.review == "online"', SERVICE, None)) == ["「备注」没有「review」这一项可以引用"]


def test_a_name_is_bound_to_one_thing():
    with pytest.raises(ValueError, match="bound twice"):
        lookups.bind_governed("invented-lines", InventedLines())
    with pytest.raises(ValueError, match="bound twice"):
        lookups.bind_governed("invented", InventedLines())


def test_an_answer_shown_elsewhere_is_taken_as_it_stands():
    """A field fixed to a rung has no parent of its own and asks nothing of it."""
    fields = [
        {"field": "major", "name": "申报专业", "type": "governed", "lookup": "invented-lines", "fixed": "plan.major"}
    ]
    section = Section.model_validate({"section": "basic", "name": "基本信息", "fields": fields})
    shown = read_section(with_section(section), "basic", {}, context=context({"plan": {"major": WATER}}), mask=False)
    assert shown.pairs[0].text == "水利"


def test_conditions_for_applying_rest_on_lines_and_their_attributes():
    """Nothing is known before the choice is made; afterwards the line and what it says of itself are judged."""
    facts = [{"fact": "plan.series", "as": "series"}, {"fact": "plan.series", "attribute": "review", "as": "review"}]
    requirement = {
        "condition": "online", "name": "网上评审的系列", "clause": "某办法第一条", "facts": facts,
        "that": 'series == "05" and review == "online"', "remedy": "请选择其他系列",
    }  # fmt: skip
    service = SERVICE.model_validate({**SERVICE.body(), "eligibility": [requirement]})

    def found(typed: object) -> tuple[str, str]:
        form = cleaning.clean_all(service, {"plan": typed}, context())
        [each] = cleaning.assess(service, context({"plan": typed}), archive={}, form=form)
        return each.finding.value, each.used[1].text

    assert found(None) == ("unknown", "")
    assert found({"series": WORK}) == ("met", "网上评审")
    assert found({"series": FARM}) == ("unmet", "纸质评审")
    assert not [say for _, say in of_eligibility(service)]
    wrong = SERVICE.model_validate(
        {**SERVICE.body(), "eligibility": [requirement | {"facts": [facts[0], facts[1] | {"attribute": "colour"}]}]}
    )
    assert [say for _, say in of_eligibility(wrong)] == ["「申报系列」的代码表里没有「colour」这一列"]
