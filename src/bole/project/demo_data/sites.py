"""Puts up the four other sites: their units, who administers and works in them, the persons, the portals."""

from datetime import datetime, timedelta
from uuid import UUID

from bole.kernel import clock
from bole.kernel.actors import Actor, Way
from bole.organizations import actions as organizations
from bole.organizations import queries
from bole.organizations.models import Unit
from bole.organizations.terms import Role, UnitKind
from bole.people import actions as people
from bole.people.models import Person
from bole.portal import actions as portal
from bole.project.demo_data import affairs, portals, texts, titles
from bole.project.demo_data.grounds import GROUNDS, Dweller, Ground, Place, code_of, dwellers
from bole.project.demo_data.papers import handbook
from bole.project.demo_data.stage import SETUP, Stage

_BEGAN = timedelta(days=64)


def load(stage: Stage, now: datetime) -> int:
    """Make the four; returns how many things were made."""
    return sum(_load(stage, ground, now) for ground in GROUNDS)


def _load(stage: Stage, ground: Ground, now: datetime) -> int:
    with clock.travel(now - _BEGAN):
        units, made = _found(stage, ground, now)
    return made + affairs.load(stage, ground, units, now)


def _found(stage: Stage, ground: Ground, now: datetime) -> tuple[dict[str, Unit], int]:
    here = [each for each in dwellers() if each.site == ground.site]
    units: dict[str, Unit] = {}
    for place in ground.places:
        units[place.key] = _unit(ground, place, units) if place.category else _branch(place, units, _head(here, place))
        stage.places[ground.site, place.key] = units[place.key]
    roles = {bundle.name: _role(units[ground.places[0].key], bundle.name, ground) for bundle in ground.bundles}
    for each in here:
        _enter(stage, each, units[each.place], roles)
    for place in (place for place in ground.places if place.category):
        head = _head(here, place)
        organizations.open_unit_account(
            unit=units[place.key].pk, holder_name=head.name, phone=head.phone, password=stage.password, by=SETUP
        )
    made = titles.load(ground.site, units)
    return units, made + len(units) * 2 + len(here) + _portal(stage, ground, here, units, now)


def _unit(ground: Ground, place: Place, units: dict[str, Unit]) -> Unit:
    above = units[place.under] if place.under else None
    return organizations.create_unit(
        site=ground.site,
        kind=UnitKind(place.kind),
        name=place.name,
        region=place.region,
        parent=above.pk if above else None,
        credit_code=code_of(ground, place),
        duties=place.duties,
        by=SETUP,
    )


def _branch(place: Place, units: dict[str, Unit], head: Dweller) -> Unit:
    """A unit without a credit code of its own, as its superior creates it: code, account and offer at once (GZ-03)."""
    return organizations.create_subordinate(
        parent=units[place.under].pk,
        kind=UnitKind(place.kind),
        name=place.name,
        region=place.region,
        duties=place.duties,
        administrator_name=head.name,
        administrator_number=head.number,
        administrator_phone=head.phone,
        by=SETUP,
    )


def _head(here: list[Dweller], place: Place) -> Dweller:
    return next(each for each in here if each.place == place.key and each.part == "administrator")


def _role(keeper: Unit, name: str, ground: Ground) -> UUID:
    bundle = next(each for each in ground.bundles if each.name == name)
    made = organizations.keep_role(
        unit=keeper.pk, name=name, note=bundle.note, functions=[Role(code) for code in bundle.functions], by=SETUP
    )
    return made.pk


def _enter(stage: Stage, each: Dweller, unit: Unit, roles: dict[str, UUID]) -> Person:
    row = people.install_person(
        site=each.site,
        kind="resident",
        number=each.number,
        name=each.name,
        phone=each.phone,
        password=stage.password,
        ethnic_group="01",
        unit=None if unit.kind == UnitKind.AUTHORITY.value or affairs.comes_without(each) else unit.pk,
        by=SETUP,
    )
    stage.persons[each.number] = row
    if row.account_id is None or each.part == "person":
        return row
    if each.part in roles:
        organizations.offer_role(
            unit=unit.pk, business_role=roles[each.part], number=each.number, name=each.name, by=SETUP
        )
    offers = queries.invitations_for(login=each.number, name=each.name)
    by = Actor(way=Way.PERSON, account=row.account_id, name=row.name, person=row.pk, site=each.site)
    for offer in offers:
        organizations.accept_appointment(appointment=offer.id, by=by)
    if not offers:
        organizations.install_holder(unit=unit.pk, role=Role(each.part), account=row.account_id, by=SETUP)
    return row


def _portal(stage: Stage, ground: Ground, here: list[Dweller], units: dict[str, Unit], now: datetime) -> int:
    site, first = queries.site(ground.site), ground.places[0]
    editor = next(each for each in here if each.place == first.key and each.part == Role.EDITOR.value)
    row = stage.persons[editor.number]
    by = Actor(way=Way.UNIT, account=row.account_id, name=row.name, unit=units[first.key].pk, site=ground.site)
    made = portals.publish(ground.site, texts.elsewhere(site.authority, site.name), now, by)
    title = f"{site.name}{site.manual}"
    portal.add_download(
        site=ground.site, title=title, data=handbook(site.manual, "", site.authority, texts.BEGINNING),
        name=f"{title}.pdf", manual=True, by=by,
    )  # fmt: skip
    return made + 1
