"""「管理下级单位」 and its kin: the units below by kind, with their administrators (HA-11)."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from bole.kernel.actors import Way
from bole.organizations import queries as organizations
from bole.organizations.models import Unit
from bole.organizations.terms import Standing
from bole.standards import queries as standards
from bole.web.doors import for_units
from bole.web.pages import lists
from bole.web.pages.staff.forms import at
from bole.web.pages.staff.organizations import HITS, ActLink, demand_list, kind_tabs, seen
from bole.web.pages.staff.units import KIND_NAMES
from bole.web.requests import PageRequest

PAGE = 20
SORT = lists.Sort("path", "归口关系", ("path",))


@dataclass(frozen=True)
class Row:
    """A unit of the list."""

    name: str
    code: str
    address: str
    region: str
    administrators: Sequence[Standing]
    review_closed: bool
    acts: Sequence[ActLink]


@for_units
@require_safe
def index(request: PageRequest) -> HttpResponse:
    """One kind of unit below the own one, in tree order, or what a search found among them."""
    by = request.actor
    own = seen(by, by.place)
    kind, title = demand_list(own, request.GET.get("tab", ""))
    text = request.GET.get("q", "").strip()[:60]
    asked = lists.read_asked(request, by, tabs=[kind.value], sorts=[SORT], names=())
    below = organizations.units_below(own).open().filter(kind=kind.value).exclude(pk=own.pk)
    if text:
        hits = organizations.search_units(text, by=by, limit=HITS, kinds=[kind])
        below = below.filter(pk__in=[hit.node.id for hit in hits])
    page = lists.key_page(below, asked, SORT, by, size=PAGE)
    held = organizations.administrators([unit.pk for unit in page.rows])
    context: dict[str, Any] = {
        "here": "organizations",
        "title": title,
        "unit": own,
        "tab": kind.value,
        "kind_name": KIND_NAMES[kind],
        "kinds": kind_tabs(request, kind.value),
        "manages": by.way is Way.ADMINISTRATOR,
        "text": text,
        "page": page,
        "rows": [_row(request, unit, held.get(unit.pk, ())) for unit in page.rows],
        "new_address": at(request, "organization-new", own.pk, kind=kind.value),
    }
    return render(request, "web/staff/lower.html", context)


def _row(request: PageRequest, unit: Unit, held: Sequence[Standing]) -> Row:
    return Row(
        name=unit.name,
        code=unit.code,
        address=at(request, "organization", unit.pk),
        region=standards.region(unit.region).full_name,
        administrators=held,
        review_closed=unit.review_closed_at is not None,
        acts=_acts(request, unit, held),
    )


def _acts(request: PageRequest, unit: Unit, held: Sequence[Standing]) -> list[ActLink]:
    """What a manager does from the list itself; the rest stands on the unit's own page. Each act asks again."""
    if request.actor.way is not Way.ADMINISTRATOR:
        return []
    word = "恢复审核权限" if unit.review_closed_at else "关闭审核权限"
    review = ActLink(word, at(request, "organization-review", unit.pk))
    if held:
        return [review, ActLink("移除管理员", at(request, "organization-remove", unit.pk), grave=True)]
    return [review, ActLink("指定管理员", at(request, "organization-emergency", unit.pk))]
