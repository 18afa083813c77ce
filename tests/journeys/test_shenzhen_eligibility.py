"""深圳's conditions for applying: invented persons, what each may do, and that more never makes it worse."""

from datetime import date
from typing import Any

import pytest

from bole.definitions.answers import assess, clean_all
from bole.definitions.terms import Assessed, Context, Finding, Service
from tests.definitions.ground import PERSON
from tests.factories import cases as made
from tests.journeys.declaring_shenzhen import MIDDLE, SENIOR, SITE, Shenzhen, make_shenzhen

pytestmark = pytest.mark.django_db

MET, UNMET, UNKNOWN = Finding.MET, Finding.UNMET, Finding.UNKNOWN
DOCTOR, MASTER, BACHELOR, COLLEGE, SECONDARY = "11", "14", "21", "31", "41"


@pytest.fixture
def service() -> Service:
    return made.published(SITE, "title-ordinary")


@pytest.fixture
def ground() -> Shenzhen:
    return make_shenzhen()


def judged(
    service: Service, ground: Shenzhen, title: tuple[str, str, str, str], education: str, years: str, **more: Any
) -> dict[str, Assessed]:
    """By the answers: the title applied for, one education, the years for which the present title has been held."""
    unit = ground.units["works"]
    person = {**PERSON, "birth_on": more.get("born", date(1985, 3, 2))}
    facts = {"person": person, "unit": {"id": str(unit.pk), "name": unit.name, "region": unit.region,
             "unit_type": more.get("unit_type", "20")}}  # fmt: skip
    answers = {
        "plan": ground.titles[title],
        "basic": {"appointed_years": years, "staffing": "1"},
        "education": [{"id": "a", "start": "2004-09", "end": "2008-07", "education": education}],
        "negatives": {"sanctioned": more.get("sanctioned", "0")},
    }
    around = Context(date(2026, 11, 21), facts, answers, site=SITE)
    found = assess(service, around, archive={}, form=clean_all(service, answers, around))
    return {each.requirement.condition: each for each in found}


@pytest.mark.parametrize(
    ("title", "education", "years", "condition", "finding"),
    [
        (SENIOR, DOCTOR, "2", "vice", MET),
        (SENIOR, DOCTOR, "1", "vice", UNMET),
        (SENIOR, MASTER, "5", "vice", MET),
        (SENIOR, MASTER, "4", "vice", UNMET),
        (SENIOR, BACHELOR, "5", "vice", MET),
        (SENIOR, BACHELOR, "4", "vice", UNMET),
        (SENIOR, COLLEGE, "20", "vice", UNMET),
        (SENIOR, BACHELOR, "", "vice", UNKNOWN),
        (MIDDLE, DOCTOR, "0", "middle", MET),
        (MIDDLE, MASTER, "2", "middle", MET),
        (MIDDLE, MASTER, "1", "middle", UNMET),
        (MIDDLE, COLLEGE, "4", "middle", MET),
        (MIDDLE, COLLEGE, "3", "middle", UNMET),
        (MIDDLE, SECONDARY, "30", "middle", UNMET),
        (MIDDLE, COLLEGE, "0", "vice", MET),  # another level's condition says nothing against it
    ],
)
def test_what_education_and_years_open(
    service: Service, ground: Shenzhen, title: Any, education: str, years: str, condition: str, finding: Finding
):
    told = judged(service, ground, title, education, years)[condition]
    assert told.finding is finding
    assert told.requirement.clause
    assert told.requirement.remedy


def test_one_more_year_never_makes_it_worse(service: Service, ground: Shenzhen):
    worth = {UNMET: 0, UNKNOWN: 1, MET: 2}
    for title, condition in ((SENIOR, "vice"), (MIDDLE, "middle")):
        for education in (DOCTOR, MASTER, BACHELOR, COLLEGE):
            course = [
                worth[judged(service, ground, title, education, str(years))[condition].finding] for years in range(8)
            ]
            assert course == sorted(course)


def test_what_shuts_everybody_out(service: Service, ground: Shenzhen):
    fine = judged(service, ground, SENIOR, MASTER, "6")
    assert {name for name, each in fine.items() if each.finding is UNMET} == set()
    assert judged(service, ground, SENIOR, MASTER, "6", sanctioned="1")["sanction"].finding is UNMET
    assert judged(service, ground, SENIOR, MASTER, "6", born=date(1960, 1, 1))["age"].finding is UNMET
