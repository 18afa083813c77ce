"""Small readings that the filling pages need of their data."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from bole.cases.terms import EvidenceSlot
from bole.definitions.terms import Output, Service
from bole.documents.terms import PIXEL_LIMIT, TINY_SIDE, UPLOAD_LIMIT

register = template.Library()

_DIGITS = "〇一二三四五六七八九"


@register.simple_tag
def upload_limits(*, portrait: bool = False) -> SafeString:
    """What the page's script asks of a chosen file before it is sent, as attributes of its input. A portrait is small
    on purpose, and a picture."""
    more = "data-pictures" if portrait else format_html('data-least-side="{}"', TINY_SIDE)
    return format_html('data-max-bytes="{}" data-max-pixels="{}" {}', UPLOAD_LIMIT, PIXEL_LIMIT, more)


@register.filter
def in_rows(items: Sequence[Any], width: int) -> list[Sequence[Any]]:
    """The items in rows of so many, for formal tables."""
    return [items[at : at + width] for at in range(0, len(items), width)]


@register.filter
def remaining_columns(row: Sequence[Any], width: int) -> int:
    """How many columns the last value of a short row spans: each pair takes two."""
    return (width - len(row)) * 2 + 1


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


@register.filter
def open_on(service: Service, day: date) -> bool:
    """Whether the service takes declarations on this day."""
    return service.window.open_on(day)


@register.filter
def window_words(service: Service, day: date) -> str:
    """常年受理, 4月30日截止, 6月1日开放, 已截止."""
    opens, closes = service.window.span(day)
    if opens is not None and day < opens:
        return f"{opens.month}月{opens.day}日开放"
    if closes is None:
        return "常年受理"
    return f"{closes.month}月{closes.day}日截止" if day <= closes else "已截止"


@register.filter
def of(told: Mapping[Any, Any] | None, key: Any) -> Any:
    """What is told of one thing; nothing where nothing is."""
    return told.get(key) if isinstance(told, Mapping) else None


@register.filter
def warned(told: Mapping[Any, Any] | None, slot: EvidenceSlot) -> int:
    """Of how many files of a line the check of scans warns without an answer: a line that is folded says so."""
    said = (of(told, row.pk) for row in (*slot.attachments, *slot.explanations))
    return sum(1 for each in said if each is not None and each.flaws and not each.answered)


@register.simple_tag
def which_paper(output: Output, outputs: Sequence[Output], mark: str = "?") -> str:
    """{% which_paper output outputs %}: the end of an address of a paper that says which one is meant, where there are
    several."""
    return f"{mark}paper={output.print}" if len(outputs) > 1 else ""
