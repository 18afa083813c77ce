"""Countries and areas: codes of ISO 3166-1 (which GB/T 2659.1-2022 follows), Chinese short names of CLDR."""

from collections.abc import Mapping, Set
from dataclasses import dataclass
from functools import cache

import pycountry
from babel import Locale
from pypinyin import lazy_pinyin


@dataclass(frozen=True, slots=True)
class Country:
    """A country or area with its three codes."""

    alpha3: str
    alpha2: str
    numeric: str
    name: str


@cache
def _shipped() -> tuple[Country, ...]:
    # Walk ISO's list, not CLDR's: the latter also holds XK, EU, UN, which must not be offered.
    names = Locale.parse("zh_Hans_CN").territories
    return tuple(Country(each.alpha_3, each.alpha_2, each.numeric, names[each.alpha_2]) for each in pycountry.countries)


def countries(rename: Mapping[str, str], omit: Set[str], first: str) -> tuple[Country, ...]:
    """The countries with the names a Chinese government form needs, by pinyin, one put first; keys are alpha-3."""
    found = [
        Country(each.alpha3, each.alpha2, each.numeric, rename.get(each.alpha3, each.name))
        for each in _shipped()
        if each.alpha3 not in omit
    ]
    return tuple(sorted(found, key=lambda each: (each.alpha3 != first, lazy_pinyin(each.name))))
