"""The tree of units as it is drawn: opened down to one unit, some siblings at a time, every line a plain link."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from uuid import UUID

from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from bole.organizations import queries as organizations
from bole.organizations.terms import TreeAt, TreeNode, TreePage, UnitKind
from bole.web.pages.staff.forms import at
from bole.web.requests import PageRequest

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
    """A line of the tree. `parent` says whether it can be opened; `children` is what it shows when it is."""

    id: UUID
    name: str
    icon: str
    address: str
    children_address: str
    parent: bool
    count: int
    note: str = ""
    open: bool = False
    current: bool = False
    children: Sequence["Node"] = ()
    more: More | None = None

    @property
    def closed(self) -> SafeString:
        """The line as it stands in the page while nothing under it is shown."""
        line = _closed(self.icon, self.parent, self.count > 0, bool(self.note))
        for sign, word in zip(_SIGNS, self._words(), strict=True):
            line = line.replace(sign, word)
        return mark_safe(line)  # noqa: S308  # safe: the template's own text; words are escaped

    def _words(self) -> tuple[str, ...]:
        words = (str(self.id), self.name, self.address, self.children_address, self.note, str(self.count))
        return tuple(str(escape(word)) for word in words)


# Where the words of a line stand in one that was drawn before: characters that no name and no address has.
_SIGNS = tuple(f"\ue000{word}\ue001" for word in ("id", "name", "address", "part", "note", "count"))


@lru_cache(maxsize=64)
def _closed(icon: str, parent: bool, counted: bool, noted: bool) -> str:
    """A closed line of this look, drawn once: a page has a hundred that differ in their words alone."""
    id, name, address, part, note, count = _SIGNS
    line = {"id": id, "name": name, "icon": icon, "address": address, "children_address": part, "parent": parent,
            "count": count if counted else "", "note": note if noted else ""}  # fmt: skip
    under = f'<ul id="under-{id}" hidden></ul>' if parent else ""
    return render_to_string("web/staff/tree_line.html", {"node": line}) + under


def short(name: str) -> str:
    """A unit's name as the tree has room for it; the page of the unit says it in full."""
    return name.replace("人力资源和社会保障", "人社")


@lru_cache(maxsize=64)
def _addresses(site: str) -> tuple[str, str]:
    """Where a unit's page and the part with its children are, each with a place for the unit: a page has hundreds."""
    return reverse("organization", args=[site, _ANY]), reverse("organization-children", args=[site, _ANY])


def node(request: PageRequest, each: TreeNode, *, note: str = "") -> Node:
    """A closed line."""
    page, part = _addresses(request.here.code)
    return Node(
        id=each.id,
        name=short(each.name),
        icon=ICONS[each.kind],
        address=page.replace(_ANY, str(each.id)),
        children_address=part.replace(_ANY, str(each.id)),
        parent=each.children > 0,
        count=each.children,
        note=note,
    )


def opened(request: PageRequest, found: TreeAt) -> tuple[list[Node], More | None]:
    """The lines of a tree from the top, opened down to a unit and, if it has some, its children."""
    last = found.chain[-1]
    level = lines(request, found.below, last.id)
    for place in range(len(found.chain) - 1, -1, -1):
        each = found.chain[place]
        here = replace(node(request, each), open=True, current=each is last, children=level[0], more=level[1])
        level = _beside(request, found.levels[place], here, found.chain[place - 1] if place else None)
    return level


def more_roots(request: PageRequest, after: str, skip: str) -> tuple[list[Node], More | None]:
    """Further units at the top."""
    return lines(request, organizations.roots(by=request.actor, after=after, limit=PAGE), None, skip)


def lines(request: PageRequest, page: TreePage, above: UUID | None, skip: str = "") -> tuple[list[Node], More | None]:
    """Some children of a unit, or of nobody at the top; `skip` was shown out of its turn already."""
    rows = [node(request, each) for each in page.nodes if str(each.id) != skip]
    return rows, _more(request, page, above, skip)


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


def _beside(request: PageRequest, page: TreePage, here: Node, above: TreeNode | None) -> tuple[list[Node], More | None]:
    """The siblings with the opened one among them; one far down the list stands on top, and is left out later."""
    known = any(each.id == here.id for each in page.nodes)
    rows = [here if each.id == here.id else node(request, each) for each in page.nodes]
    return (rows if known else [here, *rows]), _more(
        request, page, above.id if above else None, "" if known else str(here.id)
    )
