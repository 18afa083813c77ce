"""Small readings that the filling pages need of their data."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import template

register = template.Library()

_DIGITS = "〇一二三四五六七八九"


@register.filter
def in_rows(items: Sequence[Any], width: int) -> list[Sequence[Any]]:
    """The items in rows of so many, for formal tables."""
    return [items[at : at + width] for at in range(0, len(items), width)]


@register.filter
def remaining_columns(row: Sequence[Any], width: int) -> int:
    """How many columns the last value of a short row spans: each pair takes two."""
    return (width - len(row)) * 2 + 1


@register.filter
def fault_name(fault: Mapping[str, str], page: Any) -> str:
    """The name of the section that a reviewer marked."""
    return str(page.service.by_code[fault["section"]].name)


@register.filter
def fault_url(fault: Mapping[str, str], page: Any) -> str:
    """Where the marked section is filled."""
    return str(page.section_url(fault["section"]))


@register.filter
def listed(cells: Sequence[Any]) -> list[Any]:
    """The cells that a table shows as columns."""
    return [cell for cell in cells if cell.listed]


@register.filter
def chinese(number: int) -> str:
    """一, 十, 十七, 二十三: the numbering of formal sheets, below a hundred."""
    tens, ones = divmod(number, 10)
    if tens == 0:
        return _DIGITS[ones]
    return ("" if tens == 1 else _DIGITS[tens]) + "十" + (_DIGITS[ones] if ones else "")
