"""Numbers that look right and belong to nobody.

Identity numbers: the first six digits are a code that GB/T 2260 has never given to any place (640190, 640290 …:
between the last county and the first county-level city, unassigned in every year since 1980). The police number
people by a code in use, so no living or dead person has such a number, whatever the birth date behind it. Birth
dates can therefore be those of working people, and the check character is right.

Credit codes: the organisation code inside begins with DEM, which no register gives out (codes given before 2015 are
of digits, later ones begin with MA); both check characters are right. Phones: 199 0000 nnnn.
"""

from datetime import date

_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECKS = "10X98765432"
_LETTERS = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_CREDIT_WEIGHTS = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)
_INNER_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)


def identity_number(city: str, born: date, serial: int, *, man: bool) -> str:
    """A number under a city's never-used code; `serial` (0 to 499) tells people born on one day apart."""
    body = f"{city[:4]}90{born:%Y%m%d}{serial * 2 + man:03d}"
    total = sum(int(digit) * weight for digit, weight in zip(body, _WEIGHTS, strict=True))
    return body + _CHECKS[total % 11]


def credit_code(category: str, region: str, serial: int) -> str:
    """A unified social credit code of a category such as 12 (事业单位) or 91 (企业)."""
    inner = f"DEM{serial:05d}"
    total = sum(int(sign, 36) * weight for sign, weight in zip(inner, _INNER_WEIGHTS, strict=True))
    check = 11 - total % 11
    body = category + region + inner + {10: "X", 11: "0"}.get(check, str(check))
    weighed = sum(_LETTERS.index(sign) * weight for sign, weight in zip(body, _CREDIT_WEIGHTS, strict=True))
    return body + _LETTERS[-weighed % 31]


def phone(serial: int) -> str:
    """A mobile number of the series 199 0000."""
    return f"1990000{serial:04d}"
