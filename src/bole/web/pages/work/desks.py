"""Work lists as one visitor asks for them: whose tasks, which tabs and filters, which rows, which columns."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet, Value
from django.db.models.functions import Coalesce

from bole.definitions import queries as definitions
from bole.definitions.terms import Service, Verdict
from bole.kernel import clock
from bole.kernel.actors import Actor, Way
from bole.kernel.errors import Refused
from bole.organizations.terms import ROLE_NAMES, Capacity, Role, UnitKind
from bole.people import queries as people
from bole.review import queries as review
from bole.review.models import Task
from bole.standards import queries as standards
from bole.standards.terms import CalendarUnknown
from bole.web.pages import cases as caselist
from bole.web.pages import exports, lists
from bole.web.requests import PageRequest

FILTERS = ("name", "number", "unit", "gap", "due", "desk", "claim", "service", "year")
_WAITING = (
    lists.Sort("due", "办理时限", ("due", "opened_at", "id")),
    lists.Sort("sent", "提交时间", ("case__submitted_at", "id")),
    lists.Sort("name", "姓名", ("spelt", "id")),
)
_DECIDED = (lists.Sort("decided", "办理时间", ("-closed_at", "id")), *_WAITING[1:])
SORTS = {
    "waiting": _WAITING,
    "below": _WAITING,
    "cleared": (lists.Sort("cleared", "通过时间", ("cleared_at", "id")), *_WAITING[1:]),
    "returned": _DECIDED,
    "asking": _DECIDED,
    "today": _DECIDED,
    "done": _DECIDED,
    "all": (lists.Sort("came", "收到时间", ("-opened_at", "id")), *_WAITING[1:]),
}
DECIDED = frozenset({"returned", "asking", "today", "done"})  # of these tabs the rows tell what was decided
RARE = frozenset({"asking"})  # these tabs are shown while there is something in them
CHOOSING = frozenset({"waiting", "below", "cleared"})  # rows of these tabs are chosen for a batch


@dataclass(frozen=True)
class WorkArea:
    """A work list: the names of its address and in the ledger, who opens it, whose tasks by the roles that decide.

    `ways` are the kinds of account that work here. `by_desk` gives every kind of task a tab of its own
    (审核注册人员 …), by what the services call their desk; what was decided then stands under one tab, `done`.
    """

    key: str
    ledger: str
    name: str
    opened_by: frozenset[Role]
    roles: frozenset[Role]
    done: str
    empty: str
    by_desk: bool = False
    ways: frozenset[Way] = frozenset({Way.UNIT, Way.ADMINISTRATOR})


# Whoever registers as an operator finds that here too, as the manual has it (JL-03); 「审核账户」 lists it alone.
BUSINESS = WorkArea(
    "review",
    "work",
    "业务审核",
    frozenset({Role.REVIEWER, Role.REGISTRAR}),
    frozenset(Role),
    "总办结",
    "辖区单位上报后会出现在这里，并收到消息提醒。",
    ways=frozenset({Way.UNIT}),
)


@dataclass(frozen=True)
class Place:
    """A work list as one visitor asks for it: whose tasks, which tabs there are, and what is asked.

    `shown` are the services that may stand in it: all, or the one that it is narrowed to; `columns` what it shows of
    them.
    """

    area: WorkArea
    by: Actor
    held: Capacity
    services: tuple[Service, ...]
    shown: tuple[Service, ...]
    columns: caselist.Shown
    tabs: Mapping[str, str]
    asked: lists.Asked

    @property
    def desks(self) -> dict[str, tuple[str, ...]]:
        """What reviewers' menus call the kinds of task, with the services behind each, in the catalogue's order."""
        found: dict[str, tuple[str, ...]] = {}
        for each in self.services if self.area.by_desk else ():
            found[each.desk] = (*found.get(each.desk, ()), each.service)
        return found

    @property
    def sorts(self) -> tuple[lists.Sort, ...]:
        """The orders that the tab can be had in, by columns last."""
        return (*SORTS[self.asked.tab], *self.columns.sorts())

    @property
    def sort(self) -> lists.Sort:
        """The order asked for."""
        return next(sort for sort in self.sorts if sort.code == self.asked.sort)

    @property
    def service(self) -> str:
        """The service asked for; empty for all."""
        return self.asked.filters.get("service", "")

    @property
    def year(self) -> int:
        """The year of declaration asked for; 0 for all."""
        return year_of(self.asked.filters)

    @property
    def choosing(self) -> str:
        """Under which name what was chosen here is kept; empty where nothing is chosen."""
        return f"{self.area.key}/{self.asked.tab}" if self.decides or self.prints else ""

    @property
    def decides(self) -> bool:
        """Whether what is chosen here can be decided or sent on together."""
        return self.asked.tab in CHOOSING

    @property
    def prints(self) -> bool:
        """Whether what stands here has papers to print."""
        return any(each.outputs for each in self.shown)

    @property
    def papers(self) -> tuple[str, ...]:
        """The names of the papers that may be chosen from; none where no service here has several."""
        several = any(len(each.outputs) > 1 for each in self.shown)
        return tuple(dict.fromkeys(output.name for each in self.shown for output in each.outputs)) if several else ()


def year_of(filters: Mapping[str, str]) -> int:
    """The year in these filters; 0 for none."""
    text = filters.get("year", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) == 4 and text[:2] in ("19", "20") else 0


def place_of(request: PageRequest, area: WorkArea) -> Place:
    """Raises Refused for who does not hold the role that opens the list."""
    held = held_for(request.capacity, area)
    services = services_of(held, area)
    names = caselist.filters_of(services, FILTERS)
    sorts = (*_ALL_SORTS, *(lists.Sort(name, name, ()) for name in names))
    asked = lists.read_asked(request, request.actor, tabs=_tab(request, held, area), sorts=sorts, names=names)
    return _placed(area, request.actor, held, asked)


def held_for(held: Capacity | None, area: WorkArea) -> Capacity:
    """What is held, if it opens the list. Raises Refused."""
    if held is None or not area.opened_by & set(held.roles) or held.way not in area.ways:
        role = "」或「".join(ROLE_NAMES[each] for each in Role if each in area.opened_by)
        raise Refused(f"您在当前单位没有「{role}」权限，不能办理这项业务。需要办理的，请联系上级人社部门授权。")
    return held


_ALL_SORTS = tuple({sort.code: sort for sorts in SORTS.values() for sort in sorts}.values())


def _tab(request: PageRequest, held: Capacity, area: WorkArea) -> tuple[str, ...]:
    tab = request.GET.get("tab", "")
    return (tab,) if tab in _tabs(area, held, services_of(held, area), tab) else ("waiting",)


def services_of(held: Capacity, area: WorkArea) -> tuple[Service, ...]:
    """What is decided in the list, of the site's catalogue."""
    return tuple(
        each
        for each in definitions.catalogue_of(held.site)
        if any(step.role in area.roles for step in each.route.steps)
    )


def _tabs(area: WorkArea, held: Capacity, services: Sequence[Service], asked: str) -> dict[str, str]:
    """The tabs with their names; those that the list keeps under another one are there while they are asked for."""
    own = [step for each in services for step in each.route.steps if step.role in area.roles]
    below = held.kind is UnitKind.AUTHORITY and any(step.overseen for step in own)
    whole = not area.by_desk
    names = {
        "waiting": ("待审核", True),
        "below": ("下级单位待审", below),
        "cleared": ("待送审", asked == "cleared" or (whole and any(step.dispatch is not None for step in own))),
        "returned": ("已退回", whole or asked == "returned"),
        "asking": ("申请开放", True),
        "today": ("今日办结", whole or asked == "today"),
        "done": (area.done, True),
        "all": ("全部", asked == "all"),
    }
    return {code: name for code, (name, there) in names.items() if there}


def _placed(area: WorkArea, by: Actor, held: Capacity, asked: lists.Asked) -> Place:
    services = services_of(held, area)
    only = asked.filters.get("service", "")
    shown = tuple(each for each in services if each.service == only) or services
    columns = caselist.shown_of(shown)
    # A filter or an order by a column that the list does not show any more is none.
    kept = {name: text for name, text in asked.filters.items() if name in FILTERS or name in columns.narrowing}
    sorts = (*SORTS[asked.tab], *columns.sorts())
    sort = asked.sort if any(asked.sort == each.code for each in sorts) else sorts[0].code
    tabs = _tabs(area, held, services, asked.tab)
    return Place(area, by, held, services, shown, columns, tabs, lists.Asked(asked.tab, sort, kept, asked.cursor))


def rows_of(place: Place) -> QuerySet[Task]:
    """The rows of the list as it is asked for."""
    by, held, roles, asked = place.by, place.held, place.area.roles, place.asked  # asked for at this very request
    narrowing = place.columns.narrowing
    rows = caselist.narrow(_FOUND[asked.tab](by, held, roles), asked.filters, narrowing, "case__")
    for name, text in asked.filters.items():
        match name:
            case "due":
                rows = rows.filter(due_on__lte=clock.today() if text == "now" else soon())
            case "desk" if text in place.desks:
                rows = rows.filter(service__in=place.desks[text])
            case "claim":
                stands = Q(claimed_until__gte=clock.today())
                lapsed = Q(claimed_by=None) | Q(claimed_until__lt=clock.today())
                rows = rows.filter(stands & Q(claimed_by=by.who) if text == "mine" else lapsed)
            case "service":
                rows = rows.filter(service=text)
            case "year" if place.year:
                rows = rows.filter(year=place.year)
    rows = rows.only(*_SHOWN)
    if asked.sort in narrowing:
        rows = rows.annotate(placed=caselist.placed(narrowing[asked.sort], "case__"))
    spelt = any(key.lstrip("-") == "spelt" for key in place.sort.keys)  # else the person would be joined for it
    return rows.annotate(spelt=Coalesce("case__person__pinyin", Value(""))) if spelt else rows


# What a line of the list shows, out of a hundred columns: all of the task, little of case, person and unit.
_SHOWN = (
    *(field.name for field in Task._meta.concrete_fields), "case__number", "case__site", "case__service",
    "case__service_version", "case__service_hash", "case__person", "case__unit", "case__opener", "case__status",
    "case__step", "case__seat_unit", "case__revision", "case__facts", "case__has_gaps", "case__submitted_at",
    "case__changed_at", "case__person__name", "case__person__identity_number", "case__unit__name",
)  # fmt: skip


def _today(by: Actor, held: Capacity, roles: review.Roles) -> QuerySet[Task]:
    return review.done_tasks(by, held, roles).filter(review.decided_on(clock.today()))


_FOUND = {
    "waiting": review.inbox,
    "below": review.overseen_tasks,
    "cleared": review.cleared_tasks,
    "returned": review.returned_tasks,
    "asking": review.asking_tasks,
    "today": _today,
    "done": review.done_tasks,
    "all": review.every_task,
}


def soon() -> date:
    """The day up to which a deadline counts as near."""
    try:
        return standards.working_days_after(clock.today(), caselist.PRESSING)
    except CalendarUnknown:
        return clock.today()


# What the cells are made of, in the order in which `_cells` takes them; no row becomes an object for them.
_READ = (
    "pk", "case__number", "case__person", "case__person__name", "case__person__identity_number", "case__unit__name",
    "case__site", "case__service", "case__service_version", "case__service_hash", "case__facts", "case__has_gaps",
    "case__submitted_at", "due_on", "verdict",
)  # fmt: skip


def table_of(place: Place) -> exports.Table:
    """The list as it is filtered, as a workbook: identity numbers masked."""
    columns = caselist.columns_of(place.shown)
    header = [
        "受理编号", "姓名", "证件号码", "所在单位", "事项", *columns.values(),
        "附件", "提交时间", "办理时限", "办理结果",
    ]  # fmt: skip
    rows = rows_of(place)
    cells = partial(_cells, tuple(columns))

    def read(ids: Sequence[UUID]) -> list[list[str]]:
        found = {row[0]: row for row in Task.objects.filter(pk__in=ids).values_list(*_READ)}
        return [cells(*found[id]) for id in ids if id in found]

    return exports.Table(header, rows.order_by(*place.sort.keys), read)


def table_again(area: WorkArea, by: Actor, held: Capacity | None, asked: Mapping[str, Any]) -> exports.Table:
    """The table that somebody asked for before, for who may still see it. Raises Refused."""
    if asked.get("tab") not in SORTS:
        raise Refused("这份清单已经没有了，请重新导出。")
    known = lists.Asked(str(asked["tab"]), str(asked.get("sort", "")), dict(asked.get("filters", {})))
    return table_of(_placed(area, by, held_for(held, area), known))


def _cells(
    columns: Sequence[str],
    _: UUID, number: str, person: UUID | None, name: str | None, identity: Any, unit: str,
    site: str, service: str, version: str, digest: str, facts: Mapping[str, Any], has_gaps: bool,
    submitted_at: datetime | None, due_on: date | None, verdict: str,
) -> list[str]:  # fmt: skip
    return [
        number,
        unit if person is None else name or "",
        "" if person is None else people.masked_number(person, identity),
        unit,
        definitions.pinned(site, service, version, digest).name,
        *[str(facts.get(column, "")) for column in columns],
        "有说明代替材料" if has_gaps else "齐全",
        exports.moment(submitted_at),
        "" if due_on is None else due_on.isoformat(),
        Verdict(verdict).word if verdict else "",
    ]
