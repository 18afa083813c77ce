"""Every demo log-in with what it shows; computed from the seed, without the database."""

from bole.organizations import queries as organizations
from bole.project.demo_data import sites, units
from bole.project.demo_data.accounts import DemoAccount
from bole.project.demo_data.cast import PASSWORD, DemoPerson, cast
from bole.project.demo_data.plots import courses

_ROLES = {
    "collection-administrator": ("unit", "采集管理员"),
    "reviewer": ("authority", "审核员"),
    "authorizer": ("operator", "经办员：采集授权"),
    "editor": ("operator", "门户编辑"),
}
_LEVELS = {"province": "自治区", "city": "市", "county": "县（区）"}
_NOTHING = "还没有申报"


def accounts() -> list[DemoAccount]:
    """All log-ins, sorted by portal, kind, unit and name."""
    people = cast()
    found = [
        _entry("person", "个人", person, person.unit, "；".join(course.plot.shows for course in reversed(row)) or _NOTHING)
        for person, row in courses().items()
    ]
    for duty in people.duties:
        kind, shows = _ROLES[duty.role]
        if kind != "unit":
            shows = f"{shows}（{_LEVELS[units.by_key()[duty.unit].level]}）"
        found.append(_entry(kind, "单位", duty.person, duty.unit, shows))
    for each in sites.ALL:
        authority = organizations.site(each.site).authority
        shows = "经办员、门户编辑"
        found.append(
            DemoAccount(each.site, "operator", "单位", each.operator_number, PASSWORD, each.operator, authority, shows)
        )
        found.append(DemoAccount(each.site, "person", "个人", each.person_number, PASSWORD, each.person, each.unit, "个人账户"))
    return sorted(found, key=lambda entry: (entry.site, entry.kind, entry.unit, entry.name, entry.login, entry.shows))


def _entry(kind: str, way: str, person: DemoPerson, unit: str, shows: str) -> DemoAccount:
    name = units.by_key()[unit].name
    return DemoAccount(units.SITE, kind, way, person.number, PASSWORD, person.name, name, shows)


def brief() -> list[DemoAccount]:
    """One log-in for each thing there is to see in 宁夏, and the others' portals; for people who read a table."""
    seen: set[tuple[str, str, str]] = set()
    found = []
    for entry in accounts():
        case = entry.shows.split("；")[0].split("：")[0] if entry.kind == "person" else entry.shows
        if (entry.site, entry.kind, case) not in seen:
            seen.add((entry.site, entry.kind, case))
            found.append(entry)
    return found
