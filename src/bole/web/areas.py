"""What the menus offer: personal navigation, and for units one entry per module that a role opens.

An area joins by its entry here and its address in web/urls.py; an entry whose address does not exist yet is left out.
"""

from dataclasses import dataclass, replace
from functools import lru_cache

from django.urls import NoReverseMatch, reverse

from bole.bindings.actions import TRANSFER
from bole.definitions import queries as definitions
from bole.definitions.terms import Opener, Service, SubjectKind
from bole.kernel.actors import Way
from bole.organizations import queries as sites
from bole.organizations.terms import MODULE_NAMES, Capacity, Module, Role, UnitKind
from bole.review import queries as review


@dataclass(frozen=True, slots=True)
class Area:
    """An entry of a menu: its key, the words, the icon, and the name of its address, where that is not the key."""

    key: str
    name: str
    icon: str
    opens: str = ""


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
# What stands beside the headings of a site's own menu (JL-12).
ANNOUNCEMENTS = Area("announcements", "公示公告", "megaphone")
BESIDE_HEADINGS = (Area("my-cases", "业务查询", "search"), ANNOUNCEMENTS)
# What each module opens for a unit, in the order of the menu; the first opened one is where a unit user lands (NX-12).
UNIT_AREAS: dict[Module, tuple[Area, ...]] = {
    Module.COLLECTION: (Area("unit-collection", MODULE_NAMES[Module.COLLECTION], "award"),),
    Module.UNIT_PROFILE: (Area("unit-profile", MODULE_NAMES[Module.UNIT_PROFILE], "building"),),
    Module.REVIEW: (
        Area("review", MODULE_NAMES[Module.REVIEW], "inbox", opens="matrix"),
        Area("work-search", "业务查询", "search"),
    ),
    Module.ACCOUNT_REVIEW: (Area("account-review", MODULE_NAMES[Module.ACCOUNT_REVIEW], "check"),),
    Module.ORGANIZATIONS: (
        Area("organizations", MODULE_NAMES[Module.ORGANIZATIONS], "tree"),
        Area("departments", "管理内设部门", "list"),
    ),
    Module.STAFF: (
        Area("staff", MODULE_NAMES[Module.STAFF], "user"),
        Area("administrators", "管理单位管理员", "shield"),
    ),
    Module.ROLES: (Area("roles", MODULE_NAMES[Module.ROLES], "key"),),
    Module.TRANSFERS: (
        Area("applicants", "申报人员", "users"),
        Area("transfers", MODULE_NAMES[Module.TRANSFERS], "swap"),
    ),
    Module.COLLECTION_AUTHORIZATION: (Area("authorization", MODULE_NAMES[Module.COLLECTION_AUTHORIZATION], "shield"),),
    Module.TITLES: (Area("titles", MODULE_NAMES[Module.TITLES], "book"),),
    Module.PORTAL: (Area("portal-desk", MODULE_NAMES[Module.PORTAL], "megaphone"),),
}
# An authority's operator looks at the tree without changing it (GZ-05).
LOOKING = (Area("organizations", MODULE_NAMES[Module.ORGANIZATIONS], "tree"),)
# The unit account does no business: it names who administers, and nothing else (GZ-01).
UNIT_ACCOUNT_AREAS = (Area("unit-account", "单位账号", "building"),)
# Not a business of its own: whoever has one other thing to do goes straight to that (NX-12).
_BESIDE = frozenset({"work-search", "unit-profile", "organizations", "unit-affairs", "results", "announcements"})
# What a unit asks for itself, or its registrar or administrator for its people.
AFFAIRS = Area("unit-affairs", "单位业务", "filetext")
# What came of completed cases: for who publishes it and for the units concerned (JL-10).
RESULTS = Area("results", "评审结果", "vote")


def filed_in(capacity: Capacity | None, service: Service) -> bool:
    """Whether the capacity files this service, to show it; the act asks again."""
    if capacity is None or Opener.UNIT not in service.opened_by:
        return False
    role = Role(service.filed_by)
    within = capacity.ranges.get(role)
    held = role in capacity.roles or (role is Role.ADMINISTRATOR and Role.DEPUTY in capacity.roles)
    return held and (within is None or service.service in within)


def is_affair(service: Service) -> bool:
    """Whether it is listed here: all but what a unit collects for its people, which has a page of its own."""
    return service.subject is SubjectKind.UNIT or service.filed_by != Role.COLLECTION_ADMINISTRATOR


@lru_cache(maxsize=256)
def _entries(areas: tuple[Area, ...], site: str) -> tuple[Entry, ...]:
    found = []
    for area in areas:
        try:
            found.append(Entry(area.key, area.name, area.icon, reverse(area.opens or area.key, args=[site])))
        except NoReverseMatch:
            continue
    return tuple(found)


def _services(site: str, opener: Opener) -> list[Service]:
    """What is opened by whom on a site, from the catalogue in memory: a menu asks no database.

    For units, what they collect for their people.
    """
    offered = [each for each in definitions.catalogue_of(site) if opener in each.opened_by]
    return [each for each in offered if opener is Opener.SUBJECT or not is_affair(each)]


def _service_entries(site: str) -> tuple[Entry, ...]:
    """What persons declare on the site; affairs of accounts stand in the list of services.

    A site with a menu of its own shows its headings, each leading to its place in that list (JL-12).
    """
    declared = [each for each in _services(site, Opener.SUBJECT) if each.declared]
    used = {each.menu for each in declared}
    headings = [heading for heading in sites.site(site).menu if heading in used]
    listed = reverse("my-services", args=[site])
    return (
        *(
            Entry(f"start-{each.service}", each.name, "award", reverse("start", args=[site, each.service]))
            for each in declared
            if each.menu not in headings
        ),
        *(
            Entry(f"menu-{place}", heading, "award", f"{listed}#menu-{place}")
            for place, heading in enumerate(headings, start=1)
        ),
        *(_entries(BESIDE_HEADINGS, site) if headings else ()),
    )


def _unit_areas(capacity: Capacity, site: str) -> tuple[Area, ...]:
    """What the modules open; the collection goes by the name of its service, where it is only one."""
    collected = _services(site, Opener.UNIT)
    named = {"unit-collection": collected[0].name} if len(collected) == 1 else {}
    opened = [area for module in UNIT_AREAS if module in capacity.modules for area in UNIT_AREAS[module]]
    if capacity.way is Way.UNIT and capacity.kind is UnitKind.AUTHORITY:
        opened += LOOKING
    if any(is_affair(each) and filed_in(capacity, each) for each in definitions.catalogue_of(site)):
        opened.append(AFFAIRS)
    if review.result_services(site, capacity):
        opened.append(RESULTS)
    if not any(each.service == TRANSFER for each in definitions.catalogue_of(site)):
        opened = [area for area in opened if area.key != "transfers"]
    if opened and sites.site(site).menu:
        opened.append(ANNOUNCEMENTS)
    return tuple(replace(area, name=named.get(area.key, area.name)) for area in opened)


def personal_nav(site: str) -> tuple[Entry, ...]:
    """The bar of the personal platform."""
    return _entries(PERSONAL_NAV, site)


def menu(way: Way, capacity: Capacity | None, site: str) -> tuple[Entry, ...]:
    """What the visitor's menu offers: the person's own entries, or those that the roles in the unit open."""
    if way is Way.PERSON:
        return (*_service_entries(site), *_entries(PERSONAL_MENU, site))
    if capacity is None:
        return ()
    if way is Way.UNIT_ACCOUNT:
        return _entries(UNIT_ACCOUNT_AREAS, site)
    return _entries(_unit_areas(capacity, site), site)


def landing(way: Way, capacity: Capacity | None, site: str) -> str:
    """Where a log-in leads: persons home; a unit user with one business straight to it, others to the desk (NX-12)."""
    if way is Way.PERSON:
        return reverse("me", args=[site])
    businesses = [entry for entry in menu(way, capacity, site) if entry.key not in _BESIDE]
    return businesses[0].address if len(businesses) == 1 else reverse("desk", args=[site])
