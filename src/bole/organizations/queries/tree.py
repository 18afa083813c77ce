"""The tree of units as 「组织机构管理」 shows it: some siblings at a time, searched, opened at a hit.

Every page of it is a handful of index ranges, however large the tree is: siblings by superior and path, the superiors
of a unit by the beginnings of its path, searches first by what a name, a spelling or a code begins with.
"""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from bole.kernel.actors import Actor, Way
from bole.kernel.errors import Absent
from bole.kernel.prepared import Prepared
from bole.organizations.models import END, SEGMENT, Unit, UnitQuerySet
from bole.organizations.rules import (
    Position,
    acts_from,
    is_province,
    may_act_from,
    position,
    position_of,
    sees_unit_from,
    units_visible_to,
)
from bole.organizations.terms import Act, Capacity, TreeAt, TreeNode, TreePage, UnitHit, UnitKind, span
from bole.standards.terms import search_key

# What a line of the tree shows; a unit has thrice as many columns.
_LINE = (
    "site", "name", "kind", "credit_code", "provisional_code", "organization_code", "region", "path", "parent_id",
    "review_closed_at",
)  # fmt: skip
# The same of a line that is only listed, where an object would be made for nothing.
_CELLS = (
    "pk", "name", "kind", "credit_code", "provisional_code", "organization_code", "region", "path", "parent_id",
    "review_closed_at", "under",
)  # fmt: skip
_LAST = "\U0010ffff"  # sorts after every character, byte by byte


def roots(*, by: Actor, after: str = "", limit: int = 50) -> TreePage:
    """Where the actor's tree begins: the own unit, then, for an authority, whatever on its ground hangs under nobody
    whom it sees. Empty for who sees none."""
    held = position(by)
    return TreePage(()) if held is None else _page(_roots(held, by, after, limit), limit)


def children(unit: UUID, *, by: Actor, after: str = "", limit: int = 50) -> TreePage:
    """The open units directly under a unit, some at a time. Raises Absent for a unit that the actor may not see."""
    outlook = Outlook(by)
    return outlook.children(outlook.unit(unit), after=after, limit=limit)


class Outlook:
    """What somebody sees of the tree, and may do there, at the moment of asking. Where he stands is asked once, so
    that a page about one unit need not ask it for each of its parts; `held` where the caller has just asked."""

    def __init__(self, by: Actor, held: Capacity | None = None) -> None:
        self._by = by
        known = held is not None and (held.unit, held.way) == (by.unit, by.way)
        self._held = position_of(held) if held is not None and known else position(by)

    def unit(self, id: UUID | None = None) -> Unit:
        """A unit of the tree, a closed one too, with its superior and its own account; without a key, the own one.

        Raises Absent for a unit that the actor may not see, Refused for who may not look at the tree at all.
        """
        found = next(iter(_UNIT(unit=id or self._by.place)), None)
        if found is not None and not sees_unit_from(self._held, self._by, found):
            found = None
        if found is None and self._held is not None:
            raise Absent
        may_act_from(self._held, self._by, Act.SEE_TREE, found).demand()
        if found is None:
            raise Absent
        return found

    def acts_on(self, unit: Unit) -> frozenset[Act]:
        """All that may be done to the unit."""
        return acts_from(self._held, self._by, unit)

    def children(self, found: Unit, *, after: str = "", limit: int = 50) -> TreePage:
        """The open units directly under a unit, some at a time."""
        return _page(self._levels([found], after, limit).get(found.pk, ()), limit)

    def tree_at(self, found: Unit, *, after: str = "", limit: int = 50) -> TreeAt:
        """The tree opened down to a unit, with its children from `after` on; asked as one."""
        if self._held is None:
            raise Absent
        above = tuple(_above(found.path))
        lines = _LINES(len(above), **{f"at{place}": path for place, path in enumerate((*above, found.path))})
        chain = [line for line in lines if sees_unit_from(self._held, self._by, line)]
        levels = self._levels(chain, after, limit)
        own = [_node(each) for each in chain if each.pk == self._held.unit.pk]
        pages = [_page(_roots(self._held, self._by, "", limit, own), limit)]
        pages += [_page(levels.get(each.pk, ()), limit) for each in chain]
        return TreeAt(tuple(_node(each) for each in chain), tuple(pages[:-1]), pages[-1])

    def _levels(self, chain: Sequence[Unit], after: str, limit: int) -> dict[UUID, list[TreeNode]]:
        """The first open units under each of these that may be seen, under the last from `after` on; one query.

        Whatever hangs under a unit of the own subtree is seen; elsewhere it is asked for."""
        found: dict[UUID, list[TreeNode]] = {}
        if self._held is None or self._by.way is Way.UNIT_ACCOUNT:
            return found
        own, keys = self._held.unit, {f"under{place}": each.pk for place, each in enumerate(chain)}
        values: dict[str, UUID | str] = {**keys, "after": after}
        within = all(each.path.startswith(own.path) for each in chain)
        if not within:
            first, last = span(own.region)
            values |= {"site": own.site, "path": own.path, "end": own.path + END, "first": first, "last": last}
        for cells in _LEVELS(len(chain), within, limit + 1, **values):
            line = _listed(*cells)
            if line.parent is not None:
                found.setdefault(line.parent, []).append(line)
        return found


def tree_at(unit: UUID, *, by: Actor, after: str = "", limit: int = 50) -> TreeAt:
    """The tree opened down to one unit. Raises Absent for a unit that the actor may not see."""
    outlook = Outlook(by)
    return outlook.tree_at(outlook.unit(unit), after=after, limit=limit)


def ancestors(unit: UUID, *, by: Actor) -> tuple[TreeNode, ...]:
    """The superiors of a unit that the actor may see, from the top, so that the tree can be opened there."""
    visible = _visible(by)
    path = visible.filter(pk=unit).values_list("path", flat=True).first()
    if path is None:
        raise Absent
    return tuple(_node(unit) for unit in _counted(visible.filter(path__in=_above(path))).order_by("path"))


def search_units(
    text: str, *, by: Actor, limit: int = 20, kinds: Collection[UnitKind] = frozenset(UnitKind)
) -> tuple[UnitHit, ...]:
    """Units of these kinds by name, pinyin, initials or the beginning of a code, among those that the actor may see.

    What begins with the words comes first, from the indexes; what only contains them fills up to the limit.
    """
    if not search_key(text):
        return ()
    visible = _counted(_visible(by).open())
    if len(kinds) < len(UnitKind):
        visible = visible.filter(kind__in=[kind.value for kind in kinds])
    found = list(visible.filter(_beginning(text)).order_by("path")[:limit])
    if len(found) < limit:
        rest = visible.filter(_containing(text)).exclude(pk__in=[unit.pk for unit in found])
        found += rest.order_by("path")[: limit - len(found)]
    names = _names_above(found)
    return tuple(
        UnitHit(_node(unit), tuple(names[path] for path in _above(unit.path) if path in names)) for unit in found
    )


def _visible(by: Actor) -> UnitQuerySet:
    return units_visible_to(by)


def _unit(*, unit: UUID) -> UnitQuerySet:
    return Unit.objects.select_related("parent", "unit_account").filter(pk=unit)


def _counted(rows: UnitQuerySet) -> UnitQuerySet:
    """Lines of the tree, each with how many open units hang directly under it."""
    under = Unit.objects.open().filter(parent_id=OuterRef("pk")).order_by().values("parent_id")
    many = Subquery(under.annotate(many=Count("pk")).values("many"))
    return rows.annotate(under=Coalesce(many, 0)).only(*_LINE)


def _lines(above: int, **at: str) -> UnitQuerySet:
    return _counted(Unit.objects.filter(path__in=[at[f"at{place}"] for place in range(above + 1)])).order_by("path")


def _level(many: int, within: bool, most: int, *, after: str, **values: Any) -> QuerySet[Any, Any]:
    """Each level is cut off by itself and then read by its keys: SQLite joins no queries that are cut off."""
    arms = []
    for place in range(many):
        rows = Unit.objects.open().filter(parent_id=values[f"under{place}"])
        if place == many - 1:
            rows = rows.filter(path__gt=after)
        if not within:
            below = Q(path__gte=values["path"], path__lt=values["end"])
            ground = Q(region__range=(values["first"], values["last"]))
            rows = rows.filter(below | ground, site=values["site"])
        first = Unit.objects.filter(pk__in=rows.order_by("path").values("pk")[:most])
        arms.append(_counted(first).values_list(*_CELLS))
    return (arms[0].union(*arms[1:], all=True) if arms[1:] else arms[0]).order_by("path")


def _strays(
    province: bool, most: int, *, site: str, path: str, end: str, first: str, last: str, after: str
) -> QuerySet[Any, Any]:
    outside = Q(parent=None)
    if not province:
        outside |= Q(parent__region__lt=first) | Q(parent__region__gt=last)
    rows = Unit.objects.open().filter(outside, site=site, path__gt=after, region__range=(first, last))
    return _counted(rows.exclude(path__gte=path, path__lt=end)).order_by("path").values_list(*_CELLS)[:most]


def _own(*, unit: UUID) -> UnitQuerySet:
    return _counted(Unit.objects.filter(pk=unit))


_UNIT, _LINES, _LEVELS, _STRAYS, _OWN = (
    Prepared(_unit), Prepared(_lines), Prepared(_level), Prepared(_strays), Prepared(_own),
)  # fmt: skip


def _roots(held: Position, by: Actor, after: str, limit: int, line: Sequence[TreeNode] = ()) -> list[TreeNode]:
    """`line`: that of the own unit, where it is known."""
    own = held.unit
    first = [] if after else list(line) or [_node(each) for each in _OWN(unit=own.pk)]
    if by.way is Way.UNIT_ACCOUNT or not held.is_authority:
        return first
    begin, end = span(own.region)
    strays = _STRAYS(
        is_province(own),
        limit + 1,
        site=own.site,
        path=own.path,
        end=own.path + END,
        first=begin,
        last=end,
        after=after,
    )
    return [*first, *(_listed(*cells) for cells in strays)]


def _page(lines: Sequence[TreeNode], limit: int) -> TreePage:
    """The first of them, and where to go on when there are more."""
    return TreePage(tuple(lines[:limit]), lines[limit - 1].path if len(lines) > limit else "")


def _listed(
    id: UUID, name: str, kind: str, credit: str | None, provisional: str | None, organization: str, region: str,
    path: str, parent: UUID | None, closed: datetime | None, under: int,
) -> TreeNode:  # fmt: skip
    """A line from its cells."""
    code = str(credit or provisional or organization)
    return TreeNode(
        id,
        name,
        UnitKind(kind),
        code,
        region,
        path,
        parent,
        under,
        closed is not None,
        bool(provisional and not credit),
    )


def _node(unit: Unit) -> TreeNode:
    """The line of a unit that _counted has given."""
    return _listed(*(getattr(unit, name) for name in _CELLS))


def _above(path: str) -> list[str]:
    """The paths of all superiors, from the top."""
    return [path[:end] for end in range(SEGMENT, len(path), SEGMENT)]


def _names_above(units: Sequence[Unit]) -> dict[str, str]:
    wanted = {above for unit in units for above in _above(unit.path)}
    return dict(Unit.objects.filter(path__in=wanted).values_list("path", "name"))


def _beginning(text: str) -> Q:
    """Ranges of the indexes over names, spellings and codes."""
    word = search_key(text)
    match = _range("name", text.strip())
    if word.isascii():
        code = word.upper().replace("-", "")
        for field, beginning in (
            ("pinyin", word),
            ("initials", word),
            ("credit_code", code),
            ("provisional_code", code),
            ("organization_code", code),
        ):
            match |= _range(field, beginning)
    return match


def _range(field: str, beginning: str) -> Q:
    return Q(**{f"{field}__gte": beginning, f"{field}__lt": beginning + _LAST})


def _containing(text: str) -> Q:
    word = search_key(text)
    match = Q(name__contains=text.strip()) | Q(name__contains=word)
    if word.isascii():
        match |= Q(pinyin__contains=word) | Q(initials__contains=word)
    return match
