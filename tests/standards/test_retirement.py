"""The statutory retirement age: months of the three official tables, and what holds for every day of birth."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bole.standards.queries import RETIREMENT_AGES, retirement_age, retirement_on

# (original age, month of birth, age in years and months, month of retirement): rows of the tables of the 办法.
GOLDEN = [
    (60, (1964, 12), (60, 0), (2024, 12)),
    (60, (1965, 1), (60, 1), (2025, 2)),
    (60, (1965, 4), (60, 1), (2025, 5)),
    (60, (1965, 5), (60, 2), (2025, 7)),
    (60, (1966, 1), (60, 4), (2026, 5)),
    (60, (1970, 1), (61, 4), (2031, 5)),
    (60, (1976, 8), (62, 11), (2039, 7)),
    (60, (1976, 9), (63, 0), (2039, 9)),
    (60, (1990, 6), (63, 0), (2053, 6)),
    (55, (1969, 12), (55, 0), (2024, 12)),
    (55, (1970, 1), (55, 1), (2025, 2)),
    (55, (1970, 4), (55, 1), (2025, 5)),
    (55, (1970, 5), (55, 2), (2025, 7)),
    (55, (1971, 4), (55, 4), (2026, 8)),
    (55, (1981, 8), (57, 11), (2039, 7)),
    (55, (1981, 9), (58, 0), (2039, 9)),
    (50, (1974, 12), (50, 0), (2024, 12)),
    (50, (1975, 1), (50, 1), (2025, 2)),
    (50, (1975, 2), (50, 1), (2025, 3)),
    (50, (1975, 3), (50, 2), (2025, 5)),
    (50, (1980, 1), (52, 7), (2032, 8)),
    (50, (1984, 10), (54, 11), (2039, 9)),
    (50, (1984, 11), (55, 0), (2039, 11)),
    (50, (2000, 2), (55, 0), (2055, 2)),
]  # fmt: skip
BIRTHS = st.dates(date(1900, 1, 1), date(2100, 12, 31))


@pytest.mark.parametrize(("original", "born", "age", "month"), GOLDEN)
def test_the_official_tables(original: int, born: tuple[int, int], age: tuple[int, int], month: tuple[int, int]):
    assert retirement_age(date(*born, 1), original) == age[0] * 12 + age[1]
    assert retirement_on(date(*born, 15), original) == date(*month, 15)


def test_a_month_without_the_day_ends_it():
    assert retirement_on(date(1965, 1, 31), 60) == date(2025, 2, 28)
    assert retirement_on(date(1964, 2, 29), 60) == date(2024, 2, 29)


@given(BIRTHS, BIRTHS, st.sampled_from(RETIREMENT_AGES))
def test_who_is_younger_never_retires_earlier_nor_at_a_lower_age(one: date, other: date, original: int):
    older, younger = min(one, other), max(one, other)
    assert retirement_on(older, original) <= retirement_on(younger, original)
    assert retirement_age(older, original) <= retirement_age(younger, original)


@given(BIRTHS)
def test_the_lines_never_cross_and_end_at_63_58_and_55(born: date):
    men, specialists, workers = (retirement_age(born, original) for original in (60, 55, 50))
    assert (men, specialists, workers) >= (60 * 12, 55 * 12, 50 * 12)
    assert workers < specialists < men
    assert (men <= 63 * 12, specialists <= 58 * 12, workers <= 55 * 12) == (True, True, True)


def test_there_is_no_other_line():
    with pytest.raises(KeyError):
        retirement_on(date(1980, 1, 1), 57)
