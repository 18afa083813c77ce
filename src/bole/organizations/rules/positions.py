"""Where somebody stands: the unit acted for, what is held there, and which units lie below."""

from dataclasses import dataclass

from django.db import DEFAULT_DB_ALIAS, transaction

from bole.kernel.actors import Actor, Way
from bole.organizations.models import SEGMENT, Unit, UnitAccount, UnitQuerySet
from bole.organizations.standing import firm_in
from bole.organizations.terms import Capacity, Role, UnitKind, covers


@dataclass(frozen=True, slots=True)
class Position:
    """The unit that an actor acts for, with the roles held there in the actor's own capacity.

    `scope` is the range of business for which they are held, None for all of it.
    """

    unit: Unit
    roles: frozenset[Role]
    scope: frozenset[str] | None = None

    @property
    def is_authority(self) -> bool:
        """Whether it is a position in an authority."""
        return self.unit.kind == UnitKind.AUTHORITY.value

    def is_over(self, unit: Unit) -> bool:
        """Whether the unit hangs below the own one, or for an authority: stands on its ground under nobody.

        What hangs under a unit that nobody has attached yet comes with it. An authority that itself hangs under the
        unit's topmost superior is not over that, so nobody is over somebody who is over him.
        """
        if unit.site != self.unit.site or unit.pk == self.unit.pk:
            return False
        if unit.path.startswith(self.unit.path):
            return True
        if not self.is_authority or not covers(self.unit.region, unit.region):
            return False
        top = unit.path[:SEGMENT]
        if self.unit.path.startswith(top):
            return False
        root = unit if unit.path == top else Unit.objects.filter(path=top).only("region").first()
        return root is not None and covers(self.unit.region, root.region)

    def sees_unit(self, unit: Unit) -> bool:
        """Whether the unit is among those that `sees` gives, without a query."""
        if unit.site != self.unit.site:
            return False
        below = unit.path.startswith(self.unit.path)
        return below or (self.is_authority and covers(self.unit.region, unit.region))

    def sees(self) -> UnitQuerySet:
        """The units that may be looked at: one's own and its subtree, for an authority all of its ground as well."""
        subtree = Unit.objects.filter(site=self.unit.site).below(self.unit.path)
        if not self.is_authority:
            return subtree
        return subtree | Unit.objects.filter(site=self.unit.site).within(self.unit.region)


def position_of(held: Capacity) -> Position:
    """The same out of a capacity that was asked for just now; what it does not say of the unit is read when asked."""
    columns = {
        "id": held.unit, "site": held.site, "kind": held.kind.value, "name": held.name, "region": held.region,
        "path": held.path,
    }  # fmt: skip
    whole = not held.roles or any(role not in held.ranges for role in held.roles)
    scope = None if whole else frozenset[str]().union(*held.ranges.values())
    return Position(Unit.from_db(DEFAULT_DB_ALIAS, list(columns), list(columns.values())), frozenset(held.roles), scope)


def position(actor: Actor) -> Position | None:
    """Where the actor stands now; None for a person, and for who lost what he came with. Held inside an act."""
    if actor.account is None or actor.unit is None:
        return None
    if actor.way is Way.UNIT_ACCOUNT:
        own = UnitAccount.objects.filter(account_id=actor.account, unit_id=actor.unit, account__is_active=True)
        if transaction.get_connection().in_atomic_block:
            own = own.select_for_update(of=("self",), no_key=True)
        found = own.filter(unit__closed_on=None).select_related("unit").first()
        return Position(found.unit, frozenset()) if found else None
    if actor.way not in (Way.UNIT, Way.ADMINISTRATOR):
        return None
    rows = [row for row in firm_in(actor.account, actor.unit) if row.way is actor.way]
    if not rows:
        return None
    scopes = [row.scope for row in rows]
    limited = [scope for scope in scopes if scope is not None]
    whole = len(limited) < len(scopes)
    return Position(
        rows[0].unit,
        frozenset[Role]().union(*(row.functions for row in rows)),
        None if whole else frozenset[str]().union(*limited),
    )
