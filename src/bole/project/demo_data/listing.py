"""Every demo log-in with what it shows; computed from the seed, without the database."""

from bole.organizations.terms import ROLE_NAMES, Role
from bole.project.demo_data import declaring, units
from bole.project.demo_data.accounts import DemoAccount
from bole.project.demo_data.cast import PASSWORD, Cast, DemoPerson, Duty, cast
from bole.project.demo_data.grounds import GROUNDS, code_of, dwellers
from bole.project.demo_data.plots import courses

_ROLES = {
    "collection-administrator": ("unit", "采集管理员"),
    "reviewer": ("authority", "审核员"),
    "authorizer": ("operator", "经办员：采集授权"),
    "editor": ("operator", "门户编辑"),
    "administrator": ("administrator", "单位管理员"),
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
        if duty.role == "collection-administrator":
            shows += _clerk_shows(people, duty)
        elif unit.kind == "authority":
            shows += f"（{_LEVELS[unit.level]}）"
        found.append(_entry(kind, "单位", duty.person, duty.unit, shows))
    found += _elsewhere()
    return sorted(found, key=lambda entry: (entry.site, entry.kind, entry.unit, entry.name, entry.login, entry.shows))


_PARTS = {
    "administrator": ("administrator", "单位", "单位管理员"),
    "deputy": ("administrator", "单位", "副管理员"),
    "person": ("person", "个人", "个人账户"),
    "评审专家": ("expert", "单位", "评审专家"),
}


def _elsewhere() -> list[DemoAccount]:
    """The people of the other sites, and the 单位账号 of each unit, which logs in by the unit's code."""
    found = []
    for ground in GROUNDS:
        places = {place.key: place for place in ground.places}
        for each in (each for each in dwellers() if each.site == ground.site):
            name = places[each.place].name
            kind, way, shows = _PARTS.get(each.part, ("operator", "单位", _role_word(each.part)))
            shows = declaring.shown(each) or shows
            found.append(DemoAccount(ground.site, kind, way, each.number, PASSWORD, each.name, name, shows))
        for place in ground.places:
            if code_of(ground, place):
                code, shows = code_of(ground, place), "单位账号：设置管理员"
                found.append(DemoAccount(ground.site, "unit", "单位", code, PASSWORD, place.name, place.name, shows))
    return found


def _role_word(part: str) -> str:
    """The name of a role, given by its code or by the name of a business role."""
    return ROLE_NAMES[Role(part)] if part in set(Role) else part


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
