"""The searches that fields of units are picked by (`lookup:` in YAML)."""

from collections.abc import Collection
from uuid import UUID

from bole.definitions.terms import Context
from bole.kernel.errors import Absent
from bole.organizations import queries as organizations
from bole.organizations.models import Unit
from bole.organizations.terms import BELOW, UNIT_KIND_NAMES, UnitKind

_GONE = "没有找到这个单位，请重新查找选择"
_CLOSED = "「{name}」已经停用，请重新选择"


class Units:
    """Open units of some kinds on the site; the present unit itself can never be chosen."""

    def __init__(self, kinds: Collection[UnitKind]) -> None:
        self.kinds = frozenset(kinds)

    def search(self, text: str, site: str, limit: int) -> tuple[tuple[str, str], ...]:
        """By name, pinyin, initials or the beginning of a code."""
        found = organizations.find_units(text, site=site, kinds=self.kinds, limit=limit)
        return tuple((str(choice.id), choice.name) for choice in found)

    def name(self, value: str) -> str:
        """The unit's name, closed or not."""
        unit = _unit(value)
        return unit.name if unit is not None else value

    def fault(self, value: str, context: Context) -> str:
        """Unknown, of another site, closed, of another kind, or the unit concerned itself."""
        unit = _unit(value)
        if unit is None or unit.site != context.site:
            return _GONE
        if unit.closed_on is not None:
            return _CLOSED.format(name=unit.name)
        if UnitKind(unit.kind) not in self.kinds:
            return f"「{unit.name}」是{UNIT_KIND_NAMES[UnitKind(unit.kind)]}，不能在这里选择，请重新选择"
        own = context.fact("unit.id")
        if own is not None and str(own) == str(unit.pk):
            return f"「{unit.name}」就是现在的单位，请选择其他单位"
        return self.more(unit, own)

    def more(self, unit: Unit, own: object) -> str:
        """What else stands against this unit; nothing for most searches."""
        return ""


class Superiors(Units):
    """Units that the unit concerned may be attached to: neither itself nor one below it (JL-02, GZ-05)."""

    def __init__(self) -> None:
        super().__init__([kind for kind in UnitKind if BELOW[kind]])

    def more(self, unit: Unit, own: object) -> str:
        lower = _unit(str(own)) if own is not None else None
        return knot(lower, unit) if lower is not None else ""


def knot(lower: Unit, superior: Unit) -> str:
    """Why `lower` cannot be attached to `superior`: itself, one below it, or a kind that has no such unit under it."""
    if lower.pk == superior.pk:
        return "不能绑定本单位，请选择上级单位"
    if superior.path.startswith(lower.path):
        return f"「{superior.name}」是本单位的下级单位，不能作为上级单位，请重新选择"
    if UnitKind(lower.kind) not in BELOW[UnitKind(superior.kind)]:
        kinds = (UNIT_KIND_NAMES[UnitKind(superior.kind)], UNIT_KIND_NAMES[UnitKind(lower.kind)])
        return f"「{superior.name}」是{kinds[0]}，不能作为{kinds[1]}的上级，请重新选择"
    return ""


def _unit(value: str) -> Unit | None:
    try:
        return organizations.unit(UUID(value))
    except (ValueError, Absent):
        return None


EMPLOYERS = Units([kind for kind in UnitKind if kind is not UnitKind.AUTHORITY])
UNITS = Units(tuple(UnitKind))
AUTHORITIES = Units([UnitKind.AUTHORITY])
SUPERIORS = Superiors()
LOOKUPS = {"employers": EMPLOYERS, "units": UNITS, "authorities": AUTHORITIES, "superiors": SUPERIORS}
