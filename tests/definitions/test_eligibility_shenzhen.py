"""深圳's condition of the retirement age (TR-29): by sex and post where they are known, open where the post decides."""

from datetime import date
from functools import cache
from typing import Any

import pytest

from bole.definitions import catalogue
from bole.definitions.answers import assess, clean_all
from bole.definitions.terms import Assessed, Context, Finding, Held, Service
from tests.definitions.ground import CATALOGUE, PERSON

MET, UNMET, UNKNOWN = Finding.MET, Finding.UNMET, Finding.UNKNOWN
TODAY = date(2026, 11, 21)  # past the day that years are counted to
MAN, WOMAN = "1", "2"
SPECIALIST, WORKER, SENIOR = "1", "2", "3"


@cache
def service(code: str) -> Service:
    return catalogue.load(CATALOGUE).services["shenzhen", code]


def judged(born: date | None, sex: str | None, post: str = "", code: str = "title-ordinary") -> Assessed:
    """Before filling; the archive holds the post where one is given."""
    around = Context(TODAY, {"person": {**PERSON, "birth_on": born, "sex": sex}}, {}, site="shenzhen")
    archive = {"profile": [Held({"retirement_post": post}, "以前的申报")]} if post else {}
    found = assess(service(code), around, archive=archive)
    return next(each for each in found if each.requirement.condition == "age")


PEOPLE = [
    # Men: the post does not matter. Born 1966-05: 60 years and 5 months, reached in 2026-10; 1966-07: in 2027-01.
    (date(1966, 5, 1), MAN, "", UNMET),
    (date(1966, 6, 21), MAN, "", UNMET),  # reached on this very day
    (date(1966, 6, 22), MAN, "", MET),
    (date(1980, 1, 1), MAN, "", MET),
    # Women who are below every line, or past every line, need no post.
    (date(1980, 1, 1), WOMAN, "", MET),
    (date(1960, 1, 1), WOMAN, "", UNMET),
    # Between the lines the post decides; while nobody said it, nobody is refused.
    (date(1973, 1, 1), WOMAN, "", UNKNOWN),
    (date(1973, 1, 1), WOMAN, WORKER, UNMET),
    (date(1973, 1, 1), WOMAN, SPECIALIST, MET),
    (date(1969, 1, 1), WOMAN, "", UNKNOWN),
    (date(1969, 1, 1), WOMAN, SPECIALIST, UNMET),
    (date(1969, 1, 1), WOMAN, SENIOR, MET),
    # Nobody's sex or day of birth is guessed.
    (date(1973, 1, 1), None, "", UNKNOWN),
    (date(1980, 1, 1), None, "", MET),
    (date(1955, 1, 1), None, "", UNMET),
    (None, MAN, "", UNKNOWN),
]  # fmt: skip


@pytest.mark.parametrize(("born", "sex", "post", "finding"), PEOPLE)
def test_the_age_of_the_day_by_sex_and_post(born: date | None, sex: str | None, post: str, finding: Finding):
    told = judged(born, sex, post)
    assert told.finding is finding
    assert not told.stops  # an approved extension is for the reviewers


def test_what_is_open_says_what_would_settle_it():
    told = judged(date(1973, 1, 1), WOMAN)
    assert [(used.name, used.known) for used in told.used] == [("出生日期", True), ("性别", True), ("岗位类别", False)]
    assert "选择“岗位类别”后即可确定" in told.requirement.remedy
    assert "《国务院关于渐进式延迟法定退休年龄的办法》" in told.requirement.clause


@pytest.mark.parametrize("code", ["title-ordinary", "title-innovation", "title-elsewhere"])
def test_every_declaration_of_a_title_asks_it(code: str):
    assert judged(date(1960, 1, 1), MAN, code=code).finding is UNMET


@pytest.mark.parametrize(
    ("born", "sex", "asked"),
    [
        (date(1973, 1, 1), WOMAN, True),
        (date(1980, 1, 1), WOMAN, False),
        (date(1973, 1, 1), MAN, False),
    ],
)
def test_only_women_past_the_first_line_are_asked_for_their_post(born: date, sex: str, asked: bool):
    answers: dict[str, Any] = {"basic": {"retirement_post": "1"}}
    facts = {"person": {**PERSON, "birth_on": born, "sex": sex}}
    around = Context(TODAY, facts, answers, site="shenzhen")
    form = clean_all(service("title-ordinary"), answers, around)
    assert ("retirement_post" in form["basic"].values) is asked
    found = assess(service("title-ordinary"), around, archive={}, form=form)
    assert next(each for each in found if each.requirement.condition == "age").finding is MET
