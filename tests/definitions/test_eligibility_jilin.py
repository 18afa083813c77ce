"""吉林's conditions for applying, by invented persons: what each may do, and on what it hangs."""

from datetime import date
from functools import cache
from typing import Any

import pytest

from bole.definitions import catalogue
from bole.definitions.answers import assess, clean_all
from bole.definitions.terms import Assessed, Context, Finding, Held, Service
from tests.definitions.ground import CATALOGUE, PERSON

MET, UNMET, UNKNOWN = Finding.MET, Finding.UNMET, Finding.UNKNOWN
DOCTOR = {"start": "2012-09", "school": "甲大学", "major": "物理", "education": "11", "degree": "207"}
BACHELOR = {"start": "2008-09", "school": "乙大学", "major": "物理", "education": "21", "degree": "407"}
DROPPED_OUT = {"start": "2012-09", "school": "丙大学", "major": "物理", "education": "13", "degree": "998"}
ENGINEER = {"series": "05", "level": "05-3", "title": "0523"}
SENIOR = {"series": "05", "level": "05-2", "title": "0502"}
PRIZE = {"title": "科学技术奖", "issuer": "省政府", "level": "2", "awarded": "2024-03-01"}


@cache
def service(code: str) -> Service:
    return catalogue.load(CATALOGUE).services["jilin", code]


def judged(
    code: str, answers: dict[str, Any] | None = None, *, unit_type: str = "20", **records: Any
) -> dict[str, Assessed]:
    """Before filling, or by the answers; the archive's records are verified."""
    facts = {"person": PERSON, "unit": {"name": "某所", "unit_type": unit_type}}
    around = Context(date(2026, 11, 21), facts, answers or {}, site="jilin")
    archive = {kind: [Held(each, "以前的申报", "省厅") for each in held] for kind, held in records.items()}
    form = clean_all(service(code), answers, around) if answers is not None else None
    found = assess(service(code), around, archive=archive, form=form)
    return {each.requirement.condition: each for each in found}


def found(code: str, condition: str, **given: Any) -> Finding:
    return judged(code, **given)[condition].finding


LEVEL = [
    ({}, UNKNOWN),
    ({"education": [DOCTOR]}, MET),
    ({"education": [BACHELOR]}, UNKNOWN),
    ({"education": [BACHELOR], "title": [SENIOR]}, MET),
    ({"skill": [{"trade": "焊工", "grade": "1"}]}, MET),
    ({"talent_project": [{"project": "G01", "year": "2020"}]}, MET),
    ({"honor": [PRIZE]}, MET),
]


@pytest.mark.parametrize(("records", "finding"), LEVEL)
def test_any_one_way_to_a_grade_is_enough_and_a_missing_kind_leaves_it_open(records: Any, finding: Finding):
    assert found("talent-grading", "level", **records) is finding


def test_only_who_fails_every_way_is_told_so():
    told = judged(
        "talent-grading", education=[BACHELOR], title=[ENGINEER], skill=[{"trade": "焊工", "grade": "4"}],
        talent_project=[], honor=[{**PRIZE, "level": "5"}],
    )  # fmt: skip
    assert told["level"].finding is UNKNOWN  # an empty archive of talent projects could hold one
    answers = {
        "education": [{**BACHELOR, "id": "a", "mode": "1"}], "titles": {"nothing": "none"},
        "skills": {"nothing": "none"},
        "talent_projects": {"nothing": "none"}, "honors": {"nothing": "none"},
    }  # fmt: skip
    told = judged("talent-grading", answers)
    assert told["level"].finding is UNMET
    assert not any(each.stops for each in told.values())


CLAIMS = [
    ("E", "E-1", "E-101", [DOCTOR], MET),
    ("E", "E-1", "E-101", [BACHELOR], UNMET),
    ("E", "E-1", "E-101", [DROPPED_OUT], UNMET),
    ("A", "A-1", "A-101", [BACHELOR], MET),
]


@pytest.mark.parametrize(("grade", "group", "condition", "education", "finding"), CLAIMS)
def test_the_claimed_condition_is_held_against_the_records(
    grade: str, group: str, condition: str, education: list[dict[str, Any]], finding: Finding
):
    answers = {
        "claim": {"grade": grade, "group": group, "condition": condition},
        "education": [{**each, "id": "a", "mode": "1"} for each in education],
    }
    assert found("talent-grading", "proof", answers=answers) is finding


@pytest.mark.parametrize(
    ("condition", "obtained", "finding"),
    [("B-201", "2017-01", MET), ("B-201", "2016-11", UNMET), ("B-202", "1999-01", MET), ("B-201", "", UNKNOWN)],
)
def test_years_within_which_a_condition_was_obtained_come_from_its_row(condition: str, obtained: str, finding: Finding):
    claim = {"grade": "B", "group": "B-2", "condition": condition, "obtained": obtained}
    assert found("talent-grading", "within", answers={"claim": claim}) is finding


def test_who_has_a_title_already_is_stopped_from_a_first_one():
    assert judged("title-recognition", title=[ENGINEER])["first"].stops
    assert found("title-recognition", "first", title=[{"series": "05", "level": "05-5"}]) is MET
    assert found("title-recognition", "first") is UNKNOWN


@pytest.mark.parametrize(
    ("unit_type", "staffing", "finding"),
    [("10", "1", UNMET), ("10", "3", MET), ("10", "", UNKNOWN), ("20", "1", MET), ("20", "", MET), ("", "1", UNKNOWN)],
)
def test_officials_are_known_by_unit_and_post_together(unit_type: str, staffing: str, finding: Finding):
    profile = [{"staffing": staffing}] if staffing else []
    assert found("title-recognition", "not_official", unit_type=unit_type, profile=profile) is finding


@pytest.mark.parametrize(
    ("education", "since", "finding"),
    [
        ([DOCTOR], "", MET),
        ([BACHELOR], "2025-11", MET),
        ([BACHELOR], "2025-12", UNMET),
        ([BACHELOR], "", UNKNOWN),
        ([DROPPED_OUT], "2010-01", UNMET),
        ([], "2010-01", UNKNOWN),
    ],
)
def test_education_and_time_worked(education: list[dict[str, Any]], since: str, finding: Finding):
    work = [{"start": since, "employer": "某所"}] if since else []
    assert found("title-recognition", "education", education=education, work=work) is finding


@pytest.mark.parametrize(
    ("condition", "began", "finding"),
    [("23", "2023-11", MET), ("23", "2023-12", UNMET), ("11", "2026-11", MET), ("", "2020-01", UNKNOWN)],
)
def test_months_worked_come_from_the_row_that_is_chosen(condition: str, began: str, finding: Finding):
    answers = {"plan": {"condition": condition, "began": began}}
    assert found("title-recognition", "worked", answers=answers) is finding
    assert found("title-recognition", "worked") is UNKNOWN


def test_one_more_year_never_makes_it_worse():
    order = {UNMET: 0, UNKNOWN: 1, MET: 2}
    before = 0
    for year in range(2026, 2010, -1):
        work = [{"start": f"{year}-09", "employer": "某所"}]
        now = order[found("title-recognition", "education", education=[BACHELOR], work=work)]
        assert now >= before
        before = now
    assert before == order[MET]
