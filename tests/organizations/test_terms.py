"""Regions, names and roles: pure questions."""

import pytest

from bole.organizations.terms import MODULES, ROLE_KINDS, ROLE_NAMES, Level, Role, ancestor, covers, person_name


@pytest.mark.parametrize(
    ("region", "level", "expected"),
    [
        ("640104", Level.COUNTY, "640104"),
        ("640104", Level.CITY, "640100"),
        ("640104", Level.PROVINCE, "640000"),
        ("640100", Level.COUNTY, None),
        ("640000", Level.CITY, None),
        ("640000", Level.PROVINCE, "640000"),
    ],
)
def test_ancestor(region: str, level: Level, expected: str | None):
    assert ancestor(region, level) == expected


@pytest.mark.parametrize(
    ("region", "other", "expected"),
    [
        ("640000", "640104", True),
        ("640000", "640000", True),
        ("640000", "650104", False),
        ("640100", "640104", True),
        ("640100", "640202", False),
        ("640104", "640104", True),
        ("640104", "640100", False),
        ("440300", "440305", True),
        ("640000", "64010", False),
    ],
)
def test_covers(region: str, other: str, expected: bool):
    assert covers(region, other) is expected


@pytest.mark.parametrize("typed", ["买买提•艾力", "买买提.艾力", "买买提・艾力", " 买买提·艾力 "])
def test_one_kind_of_middle_dot(typed: str):
    assert person_name(typed) == "买买提·艾力"


def test_latin_and_rare_names_stay_as_they_are():
    assert [person_name(name) for name in ("J. R. Smith", "𬱖䶮", "李  明")] == ["J. R. Smith", "𬱖䶮", "李 明"]


def test_every_role_has_a_name_a_module_and_a_place():
    assert set(ROLE_NAMES) == set(MODULES) == set(ROLE_KINDS) == set(Role)
    assert all(ROLE_KINDS[role] and (MODULES[role] or role is Role.EXPERT) for role in Role)
