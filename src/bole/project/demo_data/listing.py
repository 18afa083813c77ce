"""Every demo log-in with what it shows; computed from the seed, without the database."""

from bole.organizations import queries as organizations
from bole.project.demo_data import sites, units
from bole.project.demo_data.accounts import DemoAccount
from bole.project.demo_data.cast import PASSWORD, Cast, DemoPerson, Duty, cast
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
        _entry(
            "person", "个人", person, person.unit, "；".join(course.plot.shows for course in reversed(row)) or _NOTHING
        )
        for person, row in courses().items()
    ]
    for duty in people.duties:
        kind, shows = _ROLES[duty.role]
        unit = units.by_key()[duty.unit]
        shows += _clerk_shows(people, duty) if kind == "unit" else f"（{_LEVELS[unit.level]}）"
        found.append(_entry(kind, "单位", duty.person, duty.unit, shows))
    for each in sites.ALL:
        authority = organizations.site(each.site).authority
        shows = "经办员、门户编辑"
        found.append(
            DemoAccount(each.site, "operator", "单位", each.operator_number, PASSWORD, each.operator, authority, shows)
        )
        found.append(
            DemoAccount(each.site, "person", "个人", each.person_number, PASSWORD, each.person, each.unit, "个人账户")
        )
    return sorted(found, key=lambda entry: (entry.site, entry.kind, entry.unit, entry.name, entry.login, entry.shows))


def _clerk_shows(people: Cast, duty: Duty) -> str:
    """What is particular about a unit's 采集管理员."""
    unit = units.by_key()[duty.unit]
    if sum(other.person == duty.person for other in people.duties) > 1:
        return "：两个单位，登录后选择"
    if not unit.described:
        return "：单位信息尚未填写"
    return f"（共 {unit.clerks} 人）" if unit.clerks > 1 else ""


def _entry(kind: str, way: str, person: DemoPerson, unit: str, shows: str) -> DemoAccount:
    name = units.by_key()[unit].name
    return DemoAccount(units.SITE, kind, way, person.number, PASSWORD, person.name, name, shows)


def by_role() -> list[DemoAccount]:
    """One log-in for each role of each portal: enough to begin with."""
    found: dict[tuple[str, ...], DemoAccount] = {}
    for entry in accounts():
        key = (entry.site, entry.kind) if entry.kind == "person" else (entry.site, entry.kind, entry.shows)
        found.setdefault(key, entry)
    return list(found.values())


def by_state() -> list[DemoAccount]:
    """One person for each state that a case can be in, by the newest case."""
    found: dict[str, DemoAccount] = {}
    for entry in accounts():
        if entry.kind == "person" and entry.site == units.SITE:
            found.setdefault(entry.shows.split("；")[0], entry)
    return [found[shows] for shows in sorted(found)]
