"""Cases as lists show them: the same words, masks and filters on the unit's page and on the work list."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, TypeVar

from django.db import models
from django.db.models import Model, Q, QuerySet

from bole.cases import queries as cases
from bole.cases.models import Case
from bole.cases.terms import Status
from bole.definitions import queries as definitions
from bole.definitions.faces.columns import Lead
from bole.definitions.terms import Opener, Service, StepKind
from bole.kernel.errors import Invalid
from bole.kernel.privacy import mask_number
from bole.people import queries as people
from bole.standards import queries as standards
from bole.standards.terms import CalendarUnknown, search_key
from bole.web.pages import lists

Row = TypeVar("Row", bound=Model)

PRESSING = 2  # working days before the deadline from which a row is marked
FILTER_NAMES = {"name": "姓名", "unit": "所在单位"}
CATEGORY = "category"  # what the filter of the column in front is called; others are called by their columns
LEAD_NAME = "申报要点"  # heads the column in front where services of one list differ in theirs

_STATES = {
    Status.DRAFT: "未上报",
    Status.IN_REVIEW: "待审核",
    Status.RETURNED: "退回修改",
    Status.COMPLETED: "审核通过",
    Status.TERMINATED: "资格不符，终止审核",
    Status.CANCELLED: "已撤销",
}


def state_of(case: Case) -> str:
    """The state word of a case, as the design names states."""
    if case.status == Status.IN_REVIEW and case.seat_unit_id == case.unit_id and _confirms(case):
        return "待单位确认"
    return _STATES[Status(case.status)]


def _confirms(case: Case) -> bool:
    """Whether the case lies where a unit confirms, rather than where it decides on who wants to join it."""
    steps = cases.service_of(case).route.steps
    return any(step.step == case.step and step.kind is StepKind.CONFIRMATION for step in steps)


@dataclass(frozen=True)
class Deadline:
    """What is left of a step's time, in working days; `word` says it, `pressing` marks it."""

    word: str
    pressing: bool
    over: bool


def deadline(due: date | None, today: date) -> Deadline | None:
    """「剩 3 天」「今天到期」「超期 2 天」, counted in working days."""
    if due is None:
        return None
    left = days_between(today, due)
    if left < 0 or due < today:
        return Deadline(f"超期 {max(-left, 1)} 天", True, True)
    if left == 0:
        return Deadline("今天到期", True, False)
    return Deadline(f"剩 {left} 天", left <= PRESSING, False)


def days_between(start: date, end: date) -> int:
    """Working days between; plain days where the official calendar of a year is not known yet."""
    try:
        return standards.working_days_between(start, end)
    except CalendarUnknown:
        return (end - start).days


@dataclass(frozen=True)
class CaseRow:
    """One case in a list."""

    number: str
    name: str
    masked: str
    unit: str
    service: str
    lead: str
    more: str
    opener: str
    submitted_at: datetime | None
    changed_at: datetime
    state: str
    has_gaps: bool
    reason: str = ""
    waiting: int = 0
    deadline: Deadline | None = None
    url: str = ""
    act: str = ""


def case_row(case: Case, **more: Any) -> CaseRow:
    """The row of a case with the columns its own service shows; the identity number only masked."""
    person = case.person
    service = cases.service_of(case)
    first, *rest = [fact(case, column) for column in definitions.listed_columns(service)] or [""]
    return CaseRow(
        number=case.number,
        name=person.name if person else case.unit.name,
        masked=mask_number(person.identity_number) if person else "",
        unit=case.unit.name,
        service=service.name,
        lead=first,
        more="、".join(text for text in rest if text),
        opener="本人" if case.opener == Opener.SUBJECT else "单位代填" if person else "单位",
        submitted_at=case.submitted_at,
        changed_at=case.changed_at,
        state=state_of(case),
        has_gaps=case.has_gaps,
        **more,
    )


def fact(case: Case, column: str) -> str:
    """A plain fact of a submitted case by its column, as text."""
    return str(case.facts.get(column, ""))


@dataclass(frozen=True)
class Shown:
    """The columns of a list: the one in front, and, by what their filters are called, those that the list is narrowed
    and put in order by."""

    lead: Lead
    narrowing: Mapping[str, Lead]

    def offered(self, typed: Mapping[str, str]) -> list[tuple[str, Lead, str]]:
        """The controls of the filters, as (name, column, what was typed)."""
        return [(name, each, typed.get(name, "")) for name, each in self.narrowing.items()]

    def sorts(self) -> tuple[lists.Sort, ...]:
        """The orders by these columns: as their choices stand in the catalogue, what is none of them last."""
        return tuple(lists.Sort(name, each.name, ("placed", "id")) for name, each in self.narrowing.items())


def shown_of(services: Sequence[Service]) -> Shown:
    """The columns of a list of cases of these services; where they differ in the one in front, it has no choices."""
    common = definitions.columns_in_common(services)
    fronts = {definitions.listed_columns(service)[:1] for service in services}
    lead = common[0] if common and fronts == {(common[0].column,)} else Lead("", LEAD_NAME)
    named = {CATEGORY if each is lead else each.column: each for each in common if each.choices}
    return Shown(lead, named)


def filters_of(services: Iterable[Service], names: Sequence[str]) -> tuple[str, ...]:
    """The names of all filters that a list of cases of these services may have, beside its own."""
    paths = (path for service in services for path in definitions.listed_columns(service))
    return (*names, CATEGORY, *dict.fromkeys(paths))


def placed(lead: Lead, prefix: str = "") -> models.Case:
    """Where a case stands among the choices of a column, for the order of a list."""
    wanted = (
        models.When(**{f"{prefix}facts__{lead.column}": name}, then=models.Value(place))
        for place, (_, name) in enumerate(lead.choices)
    )
    last = models.Value(len(lead.choices))
    return models.Case(*wanted, default=last, output_field=models.IntegerField())


def columns_of(services: Iterable[Service]) -> dict[str, str]:
    """Every column of these services with its name, for workbooks."""
    return {column: name for service in services for column, name in definitions.column_heads(service)}


def narrow(
    rows: QuerySet[Row], filters: Mapping[str, str], narrowing: Mapping[str, Lead], prefix: str = ""
) -> QuerySet[Row]:
    """Only the rows that every filter fits. `prefix` leads from the row to its case ("case__")."""
    for name, text in filters.items():
        match name:
            case "who":
                rows = rows.filter(
                    _names(text, prefix) | _number(text, prefix) | Q(**{f"{prefix}number__iexact": text})
                )
            case "name":
                rows = rows.filter(_names(text, prefix))
            case "number":
                rows = rows.filter(_number(text, prefix))
            case "unit":
                rows = rows.filter(_spelt(text, f"{prefix}unit__"))
            case "gap":
                rows = rows.filter(**{f"{prefix}has_gaps": text == "yes"})
            case _ if name in narrowing:
                lead = narrowing[name]
                rows = rows.filter(**{f"{prefix}facts__{lead.column}": lead.named(text)})
            case _:
                continue
    return rows


def _names(text: str, prefix: str) -> Q:
    """By the name that stands in the list: the person's, or the unit's where it asks for itself."""
    own = Q(**{f"{prefix}person": None}) & _spelt(text, f"{prefix}unit__")
    return _spelt(text, f"{prefix}person__") | own


def _spelt(text: str, prefix: str) -> Q:
    """A name as it is written, or by pinyin or initials."""
    match, word = Q(**{f"{prefix}name__contains": text.strip()}), search_key(text)
    if word and word.isascii() and word.isalpha():
        match |= Q(**{f"{prefix}pinyin__contains": word}) | Q(**{f"{prefix}initials__contains": word})
    return match


def _number(text: str, prefix: str) -> Q:
    """Exactly this identity number: encrypted columns know no beginnings (AC-01)."""
    try:
        number = standards.identity("resident", text).number
    except Invalid:
        number = search_key(text).upper()
    return Q(**{f"{prefix}person__identity_index": people.identity_index(number)})


def told_filters(filters: Mapping[str, str], narrowing: Mapping[str, Lead]) -> list[tuple[str, str]]:
    """Active conditions as (filter, words); identity numbers masked."""
    words = []
    for name, text in filters.items():
        match name:
            case "number":
                said = f"证件号码为 {mask_number(text)}"
            case _ if name in narrowing:
                said = f"{narrowing[name].name}为「{narrowing[name].named(text)}」"
            case "gap":
                said = "有说明代替材料" if text == "yes" else "材料齐全"
            case "due":
                said = f"{PRESSING} 个工作日内到期"
            case "who" if text.isascii() and any(char.isdigit() for char in text) and len(text) >= 15:
                said = f"查找 {mask_number(text)}"
            case "who":
                said = f"查找「{text}」"
            case _ if name in FILTER_NAMES:
                said = f"{FILTER_NAMES[name]}含「{text}」"
            case _:
                continue  # asked of a column that this list does not show
        words.append((name, said))
    return words
