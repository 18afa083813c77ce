"""Searches for units in forms: what they offer and refuse, told at the field while it is filled in."""

import pytest

from bole.bindings import actions as bindings
from bole.bindings.lookups import LOOKUPS
from bole.cases import actions as cases
from bole.cases import queries
from bole.cases.models import Case
from bole.definitions import queries as definitions
from bole.definitions.terms import Context
from bole.kernel import clock
from bole.kernel.errors import Invalid
from bole.organizations import actions as organizations
from bole.review import actions as review
from tests.factories import cases as made
from tests.factories.organizations import SETUP
from tests.journeys.offices import Offices, make_offices

pytestmark = pytest.mark.django_db


@pytest.fixture
def offices() -> Offices:
    return make_offices("jilin")


def opened(offices: Offices, unit: str) -> Case:
    """A request of the unit for a superior, begun."""
    service = definitions.service(offices.site, "superior-binding")
    return bindings.open_case(service=service, person=None, unit=offices.at(unit), by=offices.administrator(unit))


def faults(case: Case, superior: object, offices: Offices, unit: str) -> list[str]:
    """What the form says at 上级主管部门 once this unit is typed in."""
    seen = queries.form_of(case).sections["target"].version
    by = offices.administrator(unit)
    cases.save_section(case=case, section="target", typed={"unit": str(superior)}, seen=seen, by=by)
    return [fault.say for fault in queries.form_of(made.fresh(case)).sections["target"].faults if fault.at == "unit"]


def test_each_search_offers_its_kinds_and_never_what_is_closed_or_of_another_site(offices: Offices):
    found = {name: {label for _, label in lookup.search("人社部门", "jilin", 9)} for name, lookup in LOOKUPS.items()}
    assert found["authorities"] == found["units"] == found["superiors"] != set()
    assert found["employers"] == set()
    assert LOOKUPS["units"].search("第一中学", "henan", 9) == ()
    assert LOOKUPS["units"].search("  ", "jilin", 9) == ()
    organizations.close_unit(unit=offices.units["second"].pk, reason="撤并", by=SETUP)
    assert LOOKUPS["units"].search("第二医院", "jilin", 9) == ()


def test_names_are_told_even_of_closed_units_and_unknown_keys_stay_as_they_are(offices: Offices):
    key = str(offices.units["second"].pk)
    organizations.close_unit(unit=offices.units["second"].pk, reason="撤并", by=SETUP)
    assert LOOKUPS["units"].name(key) == "第二医院"
    assert LOOKUPS["units"].name("nobody") == "nobody"
    context = Context(today=clock.today(), site="jilin")
    assert LOOKUPS["units"].fault(key, context) == "「第二医院」已经停用，请重新选择"


def test_a_unit_cannot_name_itself_or_a_unit_below(offices: Offices):
    case = opened(offices, "department")
    assert faults(case, offices.units["department"].pk, offices, "department") == [
        "「教育主管部门」就是现在的单位，请选择其他单位"
    ]
    assert "下级单位" in faults(case, offices.units["first"].pk, offices, "department")[0]
    with pytest.raises(Invalid):
        review.submit_case(case=case, seen=case.revision, by=offices.administrator("department"))


def test_a_unit_cannot_be_above_a_department(offices: Offices):
    case = opened(offices, "department")
    assert faults(case, offices.units["second"].pk, offices, "department") == [
        "「第二医院」是单位，不能作为主管部门的上级，请重新选择"
    ]


@pytest.mark.parametrize("typed", ["", "6f1c1f0e-1b1e-4a52-9d0b-0f3c6a1d2e4f", "没有这个单位", "<b>", "第"])
def test_words_that_fit_no_unit_or_several_are_told(offices: Offices, typed: str):
    case = opened(offices, "loose")
    assert faults(case, typed, offices, "loose") != []


def test_the_name_or_the_code_alone_finds_the_unit(offices: Offices):
    case = opened(offices, "loose")
    assert faults(case, "第二医院", offices, "loose") == []
    assert faults(case, offices.units["second"].credit_code, offices, "loose") == []


def test_without_any_change_it_cannot_be_handed_in(offices: Offices):
    case = opened(offices, "first")
    assert queries.form_of(case).sections["target"].typed["unit"] == str(offices.units["department"].pk)
    with pytest.raises(Invalid, match="没有任何修改"):
        review.submit_case(case=case, seen=case.revision, by=offices.administrator("first"))
