"""Small readings that the filling pages need of their data."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import template

register = template.Library()


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
