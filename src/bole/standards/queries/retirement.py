"""The statutory retirement age, put off gradually from 2025 on.

Source: 全国人民代表大会常务委员会关于实施渐进式延迟法定退休年龄的决定 (2024-09-13, in force 2025-01-01) and the
《国务院关于渐进式延迟法定退休年龄的办法》 attached to it, article 1 with its three tables by month of birth.
"""

from calendar import monthrange
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType


@dataclass(frozen=True, slots=True)
class _Delay:
    """Who is born in the month `since` is the first whose age is put off: one month for each `step` begun."""

    since: tuple[int, int]
    step: int
    most: int


# By the original age in years: men 60, women 55 (managers, specialists) or 50 (workers). Each table begins with those
# who would have reached the original age in 2025-01 and ends at 63, 58 and 55.
_DELAYS: Mapping[int, _Delay] = MappingProxyType(
    {60: _Delay((1965, 1), 4, 36), 55: _Delay((1970, 1), 4, 36), 50: _Delay((1975, 1), 2, 60)}
)
RETIREMENT_AGES = tuple(_DELAYS)


def retirement_age(born: date, original: int) -> int:
    """The statutory retirement age in months of somebody born on a day, by the original age in years: 60, 55 or 50.

    Which original age counts is decided by sex and post (国发〔1978〕104号；组通字〔2015〕14号 for senior women, 60).
    What somebody agrees on (弹性退休) is not in it. Raises KeyError for another original age.
    """
    delay = _DELAYS[original]
    after = (born.year - delay.since[0]) * 12 + born.month - delay.since[1]
    return original * 12 + min(max(after // delay.step + 1, 0), delay.most)


def retirement_on(born: date, original: int) -> date:
    """The day on which somebody reaches the statutory retirement age; the last of the month where it lacks the day.

    Raises KeyError as `retirement_age`, ValueError past the calendar's end.
    """
    months = born.year * 12 + born.month - 1 + retirement_age(born, original)
    year, month = months // 12, months % 12 + 1
    return date(year, month, min(born.day, monthrange(year, month)[1]))
