"""Icons, states, process bars, pagers, dates and masks."""

import re
from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any
from urllib.parse import urlencode

from django import template
from django.core.signals import setting_changed
from django.http import HttpRequest
from django.templatetags.static import static
from django.utils.html import escape, format_html, format_html_join
from django.utils.safestring import SafeString

from bole.kernel.clock import china, today
from bole.kernel.privacy import mask_name, mask_number, mask_phone, mask_text
from bole.web.shapes import Moment, Stage
from bole.web.states import ICONS, kind_of

register = template.Library()

_SIZES = {"": "", "sm": " ico--sm", "lg": " ico--lg"}
_LINK = re.compile(r"https?://[^\s<>\"'，。；：、（）《》」]+")


@register.simple_tag
def icon(name: str, size: str = "") -> SafeString:
    """{% icon "check" %} or {% icon "down" "sm" %}: a symbol of the one cached sprite."""
    return _symbol(name, size)


@lru_cache(maxsize=256)
def _symbol(name: str, size: str) -> SafeString:
    address = static("bole/icons.svg")
    form = '<svg class="ico{}" viewBox="0 0 20 20" aria-hidden="true"><use href="{}#i-{}"/></svg>'
    return format_html(form, _SIZES[size], address, name)


setting_changed.connect(lambda **_: _symbol.cache_clear(), weak=False)  # tests alone change where static files are


@register.simple_tag
def chip(word: str, kind: str = "") -> SafeString:
    """{% chip state %}: a state word with the colour and the glyph of its kind. KeyError for an unknown word, unless
    the kind comes with it: a word that a definition gave."""
    kind = kind or kind_of(str(word))
    sign = icon(ICONS[kind]) if kind in ICONS else ""
    return format_html('<span class="chip chip--{}">{}{}</span>', kind, sign, word)


@register.simple_tag
def dot(mark: str) -> SafeString:
    """{% dot "pass" %}: the mark of a section or an event: pass, half, bad, now, or empty."""
    sign = {"pass": icon("check"), "bad": icon("back")}.get(mark, "")
    return format_html('<span class="dot{}">{}</span>', f" dot--{mark}" if mark else "", sign)


@register.inclusion_tag("web/parts/stepper.html")
def stepper(stages: Sequence[Stage], label: str = "审核情况") -> dict[str, Any]:
    """{% stepper stages %}: three to six stages, see web.shapes.stages."""
    return {"stages": stages, "label": label}


@register.inclusion_tag("web/parts/timeline.html")
def timeline(moments: Sequence[Moment]) -> dict[str, Any]:
    """{% timeline moments %}: 「审核进度」, newest on top."""
    return {"moments": moments}


@register.inclusion_tag("web/parts/pager.html", takes_context=True)
def pager(context: template.Context, page: Any, unit: str = "条") -> dict[str, Any]:
    """{% pager page %}: total, page size, numbers. `page` has number, pages, total, size; other query terms stay."""
    request: HttpRequest = context["request"]
    kept = [(key, value) for key, values in request.GET.lists() for value in values if key != "page"]

    def address(number: int) -> str:
        return "?" + urlencode([*kept, ("page", number)])

    numbers = [(number, address(number) if number else "") for number in _numbers(page.number, page.pages)]
    before = address(page.number - 1) if page.number > 1 else ""
    after = address(page.number + 1) if page.number < page.pages else ""
    return {"page": page, "numbers": numbers, "before": before, "after": after, "unit": unit}


def _numbers(at: int, last: int) -> Iterator[int]:
    """1 … 4 5 6 … 21, where 0 stands for the gap."""
    shown = sorted({1, last, *range(max(1, at - 2), min(last, at + 2) + 1)})
    previous = 0
    for number in shown:
        if number - previous > 1:
            yield 0 if number - previous > 2 else number - 1
        yield number
        previous = number


@register.filter
def day(value: datetime | date | None) -> str:
    """2026-04-18, for tables."""
    if value is None:
        return ""
    return (china(value).date() if isinstance(value, datetime) else value).isoformat()


@register.filter
def moment(value: datetime | None) -> str:
    """今天 11:05, 昨天 20:14, 4月18日 11:05, and with the year when it is another one; for sentences."""
    if value is None:
        return ""
    local = china(value)
    return f"{_near(local.date())} {local:%H:%M}"


@register.filter
def near_day(value: datetime | date | None) -> str:
    """今天, 昨天, 4月18日, 2025年4月18日."""
    if value is None:
        return ""
    return _near(china(value).date() if isinstance(value, datetime) else value)


def _near(value: date) -> str:
    present = today()
    if value == present:
        return "今天"
    if value == present - timedelta(days=1):
        return "昨天"
    year = "" if value.year == present.year else f"{value.year}年"
    return f"{year}{value.month}月{value.day}日"


@register.filter
def full_moment(value: datetime | None) -> str:
    """2026-04-18 11:05, for tables and print."""
    return "" if value is None else f"{china(value):%Y-%m-%d %H:%M}"


@register.filter
def is_new(value: datetime | None, days: int = 7) -> bool:
    """Whether it is of the last days, today included."""
    return value is not None and today() - china(value).date() < timedelta(days=days)


@register.filter
def file_size(value: int) -> str:
    """386 KB, 4.2 MB."""
    if value < 1024:
        return f"{value} B"
    if value < 1024 * 1024:
        return f"{round(value / 1024)} KB"
    return f"{value / 1024 / 1024:.1f} MB"


@register.filter
def thousands(value: int) -> str:
    """12,345."""
    return f"{value:,}"


@register.filter
def masked_number(value: str) -> str:
    """9901**********2418."""
    return mask_number(value or "")


@register.filter
def masked_phone(value: str) -> str:
    """138****0000."""
    return mask_phone(value or "")


@register.filter
def masked_name(value: str) -> str:
    """林*远, for public pages."""
    return mask_name(value or "")


@register.filter
def masked_text(value: str) -> str:
    """An address: its beginning only."""
    return mask_text(value or "")


@register.filter
def paragraphs(text: str) -> SafeString:
    """Plain text as paragraphs, with addresses as links; nothing in it is ever read as markup (C14)."""
    lines = [line.strip() for line in text.split("\n")]
    return format_html_join("\n", "<p>{}</p>", ((_linked(line),) for line in lines if line))


def _linked(line: str) -> SafeString:
    parts: list[tuple[SafeString]] = []
    at = 0
    for found in _LINK.finditer(line):
        parts.append((escape(line[at : found.start()]),))
        parts.append((format_html('<a href="{}" rel="noopener noreferrer nofollow">{}</a>', found[0], found[0]),))
        at = found.end()
    parts.append((escape(line[at:]),))
    return format_html_join("", "{}", parts)
