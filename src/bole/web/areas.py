"""What the menus offer: personal navigation, and for units one entry per module that a role opens.

An area joins by its entry here and its address in web/urls.py; an entry whose address does not exist yet is left out.
"""

from dataclasses import dataclass, replace

from django.urls import NoReverseMatch, reverse

from bole.definitions import queries as definitions
from bole.definitions.terms import Opener, Service
from bole.kernel.actors import Way
from bole.organizations.terms import MODULE_NAMES, Capacity, Module


@dataclass(frozen=True, slots=True)
class Area:
    """An entry of a menu: the name of its address, the words, the icon."""

    key: str
    name: str
    icon: str


@dataclass(frozen=True, slots=True)
class Entry:
    """An area with its address on one site."""

    key: str
    name: str
    icon: str
    address: str


# The bar of the personal platform. Keys are names of addresses.
PERSONAL_NAV = (
    Area("me", "首页", "home"),
    Area("my-cases", "我的申报", "filetext"),
    Area("my-services", "服务目录", "list"),
    Area("my-archive", "我的档案", "user"),
)
# The drop-down at the upper right of the personal platform, below the services that persons open (NX-04).
PERSONAL_MENU = (
    Area("my-profile", "基本资料", "user"),
    Area("my-archive", "我的档案", "book"),
    Area("my-looks", "谁看过我的档案", "eye"),
)
# What each module opens for a unit; the first opened one is where a unit user lands (NX-12).
UNIT_AREAS: dict[Module, Area] = {
    Module.COLLECTION: Area("unit-collection", MODULE_NAMES[Module.COLLECTION], "award"),
    Module.UNIT_PROFILE: Area("unit-profile", MODULE_NAMES[Module.UNIT_PROFILE], "building"),
    Module.REVIEW: Area("review", MODULE_NAMES[Module.REVIEW], "inbox"),
    Module.COLLECTION_AUTHORIZATION: Area("authorization", MODULE_NAMES[Module.COLLECTION_AUTHORIZATION], "shield"),
    Module.PORTAL: Area("portal-desk", MODULE_NAMES[Module.PORTAL], "megaphone"),
}


def _entries(areas: tuple[Area, ...], site: str) -> tuple[Entry, ...]:
    found = []
    for area in areas:
        try:
            found.append(Entry(area.key, area.name, area.icon, reverse(area.key, args=[site])))
        except NoReverseMatch:
            continue
    return tuple(found)


def _services(site: str, opener: Opener) -> list[Service]:
    """What is opened by whom on a site, from the catalogue in memory: a menu asks no database."""
    return [each for each in definitions.catalogue_of(site) if opener in each.opened_by]


def _service_entries(site: str) -> tuple[Entry, ...]:
    """The services of the site that a person opens."""
    return tuple(
        Entry(f"start-{each.service}", each.name, "award", reverse("start", args=[site, each.service]))
        for each in _services(site, Opener.SUBJECT)
    )


def _unit_areas(modules: tuple[Module, ...], site: str) -> tuple[Area, ...]:
    """What the modules open; the collection goes by the name of its service, where it is only one."""
    collected = _services(site, Opener.UNIT)
    return tuple(
        replace(UNIT_AREAS[module], name=collected[0].name)
        if module is Module.COLLECTION and len(collected) == 1
        else UNIT_AREAS[module]
        for module in modules
    )


def personal_nav(site: str) -> tuple[Entry, ...]:
    """The bar of the personal platform."""
    return _entries(PERSONAL_NAV, site)


def menu(way: Way, capacity: Capacity | None, site: str) -> tuple[Entry, ...]:
    """What the visitor's menu offers: the person's own entries, or those that the roles in the unit open."""
    if way is not Way.UNIT:
        return (*_service_entries(site), *_entries(PERSONAL_MENU, site))
    if capacity is None:
        return ()
    return _entries(_unit_areas(capacity.modules, site), site)


def landing(way: Way, capacity: Capacity | None, site: str) -> str:
    """Where a log-in leads: persons home; a unit user with one business straight to it, others to the desk (NX-12)."""
    if way is not Way.UNIT:
        return reverse("me", args=[site])
    businesses = [entry for entry in menu(way, capacity, site) if entry.key != "unit-profile"]
    return businesses[0].address if len(businesses) == 1 else reverse("desk", args=[site])
