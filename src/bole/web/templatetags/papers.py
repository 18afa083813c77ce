"""What the review page has by the hundred: links to files, and places that can be marked."""

from functools import lru_cache
from typing import Any
from uuid import UUID

from django import template
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe

from bole.cases.models import Attachment
from bole.web.pages.work.marking import Mark
from bole.web.stencils import Stencil

register = template.Library()

_ANY = str(UUID(int=0))
_DATA = ("href", "id", "name", "turned", "place", "view", "pages", "file", "caption")
_DATA_OF_ANY = Stencil("web/work/paper_data.html", _DATA)
_LINK = Stencil("web/work/paper_link.html", (*_DATA, "counter", "thumb"))
_LINE = Stencil("web/work/mark_line.html", ("place", "name", "of", "say", "file", "page", "box"))
_FLAG = Stencil("web/work/flag.html", ("place", "of"))


@lru_cache(maxsize=256)
def _addresses(site: str, number: str) -> tuple[str, str, str, str]:
    """Where a file of the case is looked at and marked, its first page, itself and its small picture."""
    keys = (site, number, _ANY)
    return (
        reverse("review-paper", args=keys),
        reverse("attachment-page", args=(*keys, 1)),
        reverse("attachment", args=keys),
        reverse("attachment-thumb", args=keys),
    )


def _words(context: template.Context, row: Attachment, caption: str, page: int = 0) -> tuple[list[object], str]:
    """What the page script reads of a link, and the address of the small picture."""
    id = str(row.pk)
    href, view, file, thumb = (
        each.replace(_ANY, id) for each in _addresses(context["site"].code, context["case"].number)
    )
    place = f"{row.section}[{row.record}]" if row.record else row.section
    there = f"{href}?page={page}" if page else href
    return [there, id, row.file.name, row.turn, place, view, row.file.pages or 1, file, caption], thumb


@register.simple_tag(takes_context=True)
def paper_data(context: template.Context, row: Attachment, caption: str, page: int = 0) -> SafeString:
    """{% paper_data file caption %}: where a link to a file leads and what the viewer beside the page needs of it, as
    its attributes; with a page (from 1) to that."""
    words, _ = _words(context, row, caption, page)
    return mark_safe(_DATA_OF_ANY(*words))  # noqa: S308  # safe: the template's own text; the words are escaped


@register.simple_tag(takes_context=True)
def paper_link(
    context: template.Context, row: Attachment, *, counter: int, kind: str, width: int, height: int
) -> SafeString:
    """{% paper_link file counter=forloop.counter kind="thumb__p" width=84 height=118 %}: a small picture of a file of
    the slot that is being drawn; it says what came after the desk's last decision."""
    slot: Any = context["slot"]
    words, thumb = _words(context, row, slot.caption)
    decided, pages = context["read"].decided, row.file.pages or 1
    new = bool(decided) and row.round >= decided
    drawn = _LINK(*words, counter, thumb, kind=kind, width=width, height=height, new=new, many=pages > 1)
    return mark_safe(drawn)  # noqa: S308  # safe: the template's own text; the words are escaped


@register.simple_tag
def mark_line(mark: Mark, of: str) -> SafeString:
    """{% mark_line mark caption %}: the tick for a place, and what is to be changed there."""
    file, page = (mark.spot.file, mark.spot.page) if mark.spot is not None else ("", "")
    drawn = _LINE(mark.place, mark.name, of, mark.say, file, page, mark.box, on=mark.on)
    return mark_safe(drawn)  # noqa: S308  # safe: the template's own text; the words are escaped


@register.simple_tag
def flag(mark: Mark, of: str) -> SafeString:
    """{% flag mark label %}: the button beside a value by which it is marked."""
    return mark_safe(_FLAG(mark.place, of, on=mark.on))  # noqa: S308  # safe: as above
