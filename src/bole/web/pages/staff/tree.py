"""The tree of units as it is drawn: opened down to one unit, some siblings at a time, every line a plain link."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType
from uuid import UUID

from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe

from bole.organizations import queries as organizations
from bole.organizations.terms import TreeAt, TreeNode, TreePage, UnitKind
from bole.web.pages.staff.forms import at
from bole.web.requests import PageRequest
from bole.web.stencils import Stencil

PAGE = 50
_ANY = str(UUID(int=0))
ICONS = {
    UnitKind.AUTHORITY: "shield",
    UnitKind.DEPARTMENT: "tree",
    UnitKind.UNIT: "building",
    UnitKind.BASE: "book",
}


@dataclass(frozen=True)
class More:
    """Where the next siblings are: as a page, and as a part of the page that is open."""

    page: str
    part: str


@dataclass(frozen=True)
class Node:
    """A line of the tree that stands open: `level` is what it shows, if anything hangs under it (`parent`)."""

    id: UUID
    name: str
    icon: str
    address: str
    parent: bool
    count: int
    current: bool
    level: "Level"
    open: bool = True


@dataclass(frozen=True)
class Level:
    """Siblings: the closed ones as they stand in the page, at most one open among them, and where further ones are."""

    before: SafeString
    open: Node | None = None
    after: str = ""
    more: More | None = None


# A page has a hundred closed lines that differ in their words alone.
_CLOSED = Stencil(
    "web/staff/tree_closed.html", ("id", "name", "address", "children_address", "note", "count"), under="node"
)


def short(name: str) -> str:
    """A unit's name as the tree has room for it; the page of the unit says it in full."""
    return name.replace("人力资源和社会保障", "人社")


@lru_cache(maxsize=64)
def _addresses(site: str) -> tuple[str, str]:
    """Where a unit's page and the part with its children are, each with a place for the unit: a page has hundreds."""
    return reverse("organization", args=[site, _ANY]), reverse("organization-children", args=[site, _ANY])


def drawn(
    request: PageRequest, nodes: Iterable[TreeNode], notes: Mapping[UUID, str] = MappingProxyType({})
) -> SafeString:
    """Closed lines as they stand in the page, some with a note."""
    page, part = _addresses(request.here.code)
    found = []
    for each in nodes:
        id = str(each.id)
        words = (id, short(each.name), page.replace(_ANY, id), part.replace(_ANY, id), notes.get(each.id, ""))
        found.append(_CLOSED(*words, each.children or "", icon=ICONS[each.kind], parent=each.children > 0))
    return mark_safe("".join(found))  # noqa: S308  # safe: the template's own text; names and notes are escaped


def opened(request: PageRequest, found: TreeAt) -> Level:
    """The tree from the top, opened down to a unit and, if it has some, its children."""
    last = found.chain[-1]
    level = lines(request, found.below, last.id)
    page, _ = _addresses(request.here.code)
    for place in range(len(found.chain) - 1, -1, -1):
        each = found.chain[place]
        here = Node(
            id=each.id,
            name=short(each.name),
            icon=ICONS[each.kind],
            address=page.replace(_ANY, str(each.id)),
            parent=each.children > 0,
            count=each.children,
            current=each is last,
            level=level,
        )
        level = _beside(request, found.levels[place], here, found.chain[place - 1] if place else None)
    return level


def more_roots(request: PageRequest, after: str, skip: str) -> Level:
    """Further units at the top."""
    return lines(request, organizations.roots(by=request.actor, after=after, limit=PAGE), None, skip)


def lines(request: PageRequest, page: TreePage, above: UUID | None, skip: str = "") -> Level:
    """Some children of a unit, or of nobody at the top; `skip` was shown out of its turn already."""
    shown = drawn(request, (each for each in page.nodes if str(each.id) != skip))
    return Level(shown, more=_more(request, page, above, skip))


def _more(request: PageRequest, page: TreePage, above: UUID | None, skip: str) -> More | None:
    if not page.after:
        return None
    if above is None:
        return More(
            at(request, "organizations", after=page.after),
            at(request, "organizations-more", after=page.after, skip=skip),
        )
    return More(
        at(request, "organization", above, after=page.after),
        at(request, "organization-children", above, after=page.after, skip=skip),
    )


def _beside(request: PageRequest, page: TreePage, here: Node, above: TreeNode | None) -> Level:
    """The siblings with the opened one among them; one far down the list stands on top, and is left out later."""
    place = next((place for place, each in enumerate(page.nodes) if each.id == here.id), None)
    skip, next_one = (str(here.id), 0) if place is None else ("", place + 1)
    more = _more(request, page, above.id if above else None, skip)
    return Level(drawn(request, page.nodes[: place or 0]), here, drawn(request, page.nodes[next_one:]), more)
