"""Units: by key, by code, by what they are called, by the ground they answer for."""

from collections.abc import Collection, Iterable
from uuid import UUID

from django.db.models import Q

from bole.kernel.actors import Actor
from bole.kernel.errors import Absent, Invalid
from bole.kernel.prepared import Prepared
from bole.organizations.models import SEGMENT, Unit, UnitQuerySet
from bole.organizations.rules import may_authorize, units_visible_to
from bole.organizations.terms import Level, UnitChoice, UnitKind, ancestor
from bole.standards import queries as standards
from bole.standards.terms import search_key


def unit(id: UUID) -> Unit:
    """A unit by its key, closed ones included. Raises Absent."""
    found = next(iter(_UNIT(unit=id)), None)
    if found is None:
        raise Absent
    return found


def _unit(*, unit: UUID) -> UnitQuerySet:
    return Unit.objects.select_related("parent").filter(pk=unit)


_UNIT = Prepared(_unit)


def unit_names(ids: Iterable[UUID]) -> dict[UUID, str]:
    """Names of units by key, for lists that hold only keys."""
    return dict(Unit.objects.filter(pk__in=set(ids)).values_list("pk", "name"))


def unit_line(unit: UUID) -> frozenset[UUID]:
    """The unit and every unit above it, by key; nothing for a unit that is not there. Two queries."""
    site, path = Unit.objects.filter(pk=unit).values_list("site", "path").first() or ("", "")
    above = [path[:end] for end in range(SEGMENT, len(path) + 1, SEGMENT)]
    return frozenset(Unit.objects.filter(site=site, path__in=above).values_list("pk", flat=True))


def unit_visible_to(actor: Actor, id: UUID) -> Unit:
    """The unit, if the actor may see it; Absent alike for what is foreign and what does not exist."""
    found = units_visible_to(actor).filter(pk=id).first()
    if found is None:
        raise Absent
    return found


def unit_by_code(code: str) -> Unit | None:
    """The unit with this credit code, in whatever case and width it was typed."""
    return Unit.objects.filter(credit_code=standards.credit_code(code).code).first()


def units_below(root: Unit) -> UnitQuerySet:
    """The unit and everything attached under it, in tree order."""
    return Unit.objects.below(root.path).order_by("path")


def authority_for(site: str, region: str, level: Level | str) -> Unit | None:
    """The authority of that level on whose ground the region lies; None when the region lies above the level.

    A unit directly under the region (640000) has no county and no city authority: its cases go straight up (NX-17).
    """
    code = ancestor(region, Level(level))
    return authority_at(site, code) if code else None


def authority_at(site: str, region: str) -> Unit | None:
    """The authority of exactly this region."""
    return next(iter(_AUTHORITY(site=site, region=region)), None)


def _authority(*, site: str, region: str) -> UnitQuerySet:
    return Unit.objects.open().filter(site=site, kind=UnitKind.AUTHORITY.value, region=region)  # one at most


_AUTHORITY = Prepared(_authority)


def search_superiors(text: str, *, by: Actor, limit: int = 20) -> tuple[UnitChoice, ...]:
    """Keyword search for 「行政主管」 and 「行业主管」: name, pinyin, initials or the beginning of a code.

    Looks through the open units of the actor's own site and leaves out the actor's own unit.
    """
    own = units_visible_to(by).filter(pk=by.unit).first() if by.unit else None
    if not search_key(text) or own is None:
        return ()
    found = Unit.objects.open().filter(_spelt(text), site=own.site).exclude(pk=own.pk).order_by("name")[:limit]
    return tuple(_choice(entry) for entry in found)


def find_employers(text: str, *, site: str, region: str = "", limit: int = 20) -> tuple[UnitChoice, ...]:
    """Keyword search for 「所在单位」: the site's open units that people can belong to, found as above.

    With a region, those on its ground; then the words may be left out (HA-02).
    """
    kinds = [kind for kind in UnitKind if kind is not UnitKind.AUTHORITY]
    return find_units(text, site=site, kinds=kinds, region=region, limit=limit)


def find_units(
    text: str, *, site: str, kinds: Collection[UnitKind], region: str = "", limit: int = 20
) -> tuple[UnitChoice, ...]:
    """Keyword search among the site's open units of some kinds, found as above."""
    if not search_key(text) and not region:
        return ()
    found = Unit.objects.open().filter(site=site, kind__in=[kind.value for kind in kinds])
    if search_key(text):
        found = found.filter(_spelt(text))
    if region:
        found = found.within(region)
    return tuple(_choice(entry) for entry in found.order_by("name")[:limit])


def is_employer(unit: UUID, *, site: str) -> bool:
    """Whether this is a unit that `find_employers` would offer for some words."""
    return Unit.objects.open().filter(pk=unit, site=site).exclude(kind=UnitKind.AUTHORITY.value).exists()


def _spelt(text: str) -> Q:
    word = search_key(text)
    match = Q(name__contains=text.strip()) | Q(name__contains=word)
    if word.isascii():
        code = word.upper().replace("-", "")
        match |= Q(credit_code__startswith=code) | Q(organization_code__startswith=code)
        match |= Q(pinyin__contains=word) | Q(initials__contains=word)
    return match


def find_units_for_authorization(
    *, insurance_number: str = "", organization_code: str = "", credit_code: str = "", by: Actor
) -> tuple[Unit, ...]:
    """「采集授权」 query: each number given must match exactly; only units on the authority's ground (NX-18).

    Raises Refused for others than a 经办员, Invalid when no number is given or one is malformed.
    """
    may_authorize(by).demand()
    exact: dict[str, str] = {}
    if insurance_number.strip():
        exact["insurance_number"] = insurance_number.strip()
    if organization_code.strip():
        exact["organization_code"] = standards.organization_code(organization_code)
    if credit_code.strip():
        exact["credit_code"] = standards.credit_code(credit_code).code
    if not exact:
        raise Invalid.at("insurance_number", "请至少填写单位医保编号、组织机构代码、社会统一信用代码中的一项")
    found = units_visible_to(by).open().filter(**exact).exclude(kind=UnitKind.AUTHORITY.value)
    return tuple(found.order_by("name")[:50])


def _choice(entry: Unit) -> UnitChoice:
    return UnitChoice(entry.pk, entry.name, entry.code, standards.region(entry.region).full_name)
