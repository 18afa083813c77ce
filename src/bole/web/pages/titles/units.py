"""The units of a committee in its form: one that founded it, several that do its daily work or that it serves."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from uuid import UUID

from bole.kernel.errors import Fault
from bole.organizations import queries as organizations
from bole.organizations.terms import UnitKind
from bole.titles.models import TitleCommittee
from bole.titles.terms import COMMITTEE_COLUMNS
from bole.web.pages import picking
from bole.web.pages.picking import UnitPick
from bole.web.pages.staff.forms import at
from bole.web.requests import PageRequest

SEVERAL = ("departments", "units")
_HINTS = {
    "founder": "输入关键字，从搜索结果中选择",
    "departments": "受理申报材料的单位。输入关键字，选择后点「加入」，可以加入几个；日期不填为一直有效",
    "units": "只受理这些单位和它们的下级；不限单位的不用选择。输入关键字，选择后点「加入」",
}
_MOST = 200  # units of one list


@dataclass(frozen=True)
class Row:
    """A unit that is in a list, with its days as they were typed; `gone` says that it is to be taken out."""

    id: str
    name: str
    since: str = ""
    until: str = ""
    gone: bool = False


@dataclass(frozen=True)
class Units:
    """A list of units with the control that adds to it, for `web/titles/units.html`."""

    name: str
    label: str
    rows: tuple[Row, ...]
    pick: UnitPick
    fault: str = ""
    since: str = ""
    until: str = ""

    @property
    def dated(self) -> bool:
        """Whether each unit has its days."""
        return self.name == "departments"


@dataclass(frozen=True)
class Chosen:
    """All units of a form: what is drawn, what the action reads (`values`), and what is wrong already."""

    founder: UnitPick
    lists: tuple[Units, ...]
    values: Mapping[str, str]
    faults: tuple[Fault, ...] = ()

    def with_faults(self, told: Mapping[str, str]) -> "Chosen":
        """The same with what was found wrong at each place."""
        lists = tuple(replace(each, fault=told.get(each.name, "")) for each in self.lists)
        return replace(self, founder=replace(self.founder, fault=told.get("founder", "")), lists=lists)


def standing(request: PageRequest, row: TitleCommittee | None) -> Chosen:
    """The units of a committee as it stands; none for a new one."""
    founder = _pick(request, "founder")
    lists: dict[str, tuple[Row, ...]] = dict.fromkeys(SEVERAL, ())
    if row is not None:
        founder = replace(founder, text=row.founder.name, code=str(row.founder_id))
        works = row.departments.select_related("unit").order_by("unit__name")
        lists["departments"] = tuple(
            Row(str(each.unit_id), each.unit.name, _day(each.since), _day(each.until)) for each in works
        )
        lists["units"] = tuple(Row(str(each.pk), each.name) for each in row.units.order_by("name"))
    return Chosen(founder, tuple(_list(request, name, rows) for name, rows in lists.items()), {})


def posted(request: PageRequest) -> Chosen:
    """The units of a posted form. What a search did not settle is a fault at its place."""
    site, look, add = request.here.code, request.POST.get("look", ""), request.POST.get("add", "")
    search = partial(organizations.find_units, site=site, kinds=tuple(UnitKind))
    faults: list[Fault] = []
    founder, key = _picked(request, "founder", look, search)
    if not key and founder.text:
        faults.append(Fault("founder", _unsettled("founder", founder)))
    values, lists = {"founder": key}, []
    for name in SEVERAL:
        rows = _rows(request, name)
        pick, key = _picked(request, f"{name}_new", look or (f"{name}_new" if add == name else ""), search)
        since, until = request.POST.get(f"{name}_new_since", ""), request.POST.get(f"{name}_new_until", "")
        if key:
            rows = (*(row for row in rows if row.id != key), Row(key, picking.told(key), since, until))
            pick, since, until = _pick(request, name), "", ""
        elif pick.text:
            faults.append(Fault(name, _unsettled(name, pick)))
        values[name] = "、".join(_word(row, name, faults) for row in rows if not row.gone)
        lists.append(replace(_list(request, name, rows), pick=pick, since=since, until=until))
    return Chosen(founder, tuple(lists), values, tuple(faults))


def asks_only(request: PageRequest) -> bool:
    """Whether the form was posted to look a unit up or to add one to a list, not to be saved."""
    return "look" in request.POST or "add" in request.POST


def _rows(request: PageRequest, name: str) -> tuple[Row, ...]:
    ids = request.POST.getlist(f"{name}_id")[:_MOST]
    gone = set(request.POST.getlist(f"{name}_gone"))
    days = [request.POST.getlist(f"{name}_{each}") for each in ("since", "until")]
    names = organizations.unit_names([key for text in ids if (key := _key(text)) is not None])
    found = []
    for place, text in enumerate(ids):
        key = _key(text)
        since, until = (each[place].strip() if place < len(each) else "" for each in days)
        if key in names:  # a key that is nobody's was not sent by the form
            found.append(Row(text, names[key], since, until, text in gone))
    return tuple(found)


def _key(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _word(row: Row, name: str, faults: list[Fault]) -> str:
    """A row as the workbook writes it, with the unit's key for its name."""
    days = []
    for text in (row.since, row.until):
        try:
            days.append(date.fromisoformat(text).isoformat() if text else "")
        except ValueError:
            faults.append(Fault(name, f"「{row.name}」的日期应写成 2026-04-18 的样子"))
            days.append("")
    return f"{row.id}（{days[0]}至{days[1]}）" if any(days) else row.id


def _picked(request: PageRequest, name: str, look: str, search: picking.Search) -> tuple[UnitPick, str]:
    """A control as it was posted, and the unit that it means; empty where that is not clear."""
    typed = request.POST.get(name, "").strip()
    key, found = picking.resolve(request, name, typed, search)
    if look == name and not key and typed:
        found = found or search(typed)
    pick = _pick(request, name.removesuffix("_new"))
    text = picking.told(key or typed)
    return replace(
        pick, text=text, code=key, found=found, chosen=request.POST.get(f"{name}_pick", ""),
        looked=look == name and bool(typed) and not key,
    ), key if text else ""  # fmt: skip


def _unsettled(name: str, pick: UnitPick) -> str:
    said = "请从下面的搜索结果中选择" if pick.found else "没有找到，请换一个关键字查找"
    return f"{COMMITTEE_COLUMNS[name]}「{pick.text[:40]}」：{said}"


def _pick(request: PageRequest, name: str) -> UnitPick:
    several = name in SEVERAL
    label = f"加入{COMMITTEE_COLUMNS[name]}" if several else COMMITTEE_COLUMNS[name]
    return UnitPick(
        f"{name}_new" if several else name, label, "", at(request, "lookup", "units"), _HINTS[name],
        required=not several,
    )  # fmt: skip


def _list(request: PageRequest, name: str, rows: Sequence[Row]) -> Units:
    return Units(name, COMMITTEE_COLUMNS[name], tuple(rows), _pick(request, name))


def _day(value: date | None) -> str:
    return value.isoformat() if value else ""
