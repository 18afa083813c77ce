"""Results (评审结果) as lists show them: to who keeps them, and, once published, to units and those above them."""

from collections.abc import Sequence
from uuid import UUID

from django.db.models import Case as Choice
from django.db.models import CharField, Count, F, Q, QuerySet, Value, When

from bole.cases import queries as cases
from bole.cases.models import Case
from bole.definitions import queries as definitions
from bole.definitions.terms import SeatKind, Service
from bole.documents import queries as sheets
from bole.kernel.actors import Actor
from bole.kernel.answers import Answer
from bole.kernel.errors import Absent, BoleError, Invalid
from bole.organizations import queries as organizations
from bole.organizations.models import Unit
from bole.organizations.terms import Capacity, Level, Role, UnitKind, ancestor
from bole.review import rules
from bole.review.awarding import differs, name_of, read_entry, results_of
from bole.review.models import Outcome, OutcomeChange
from bole.review.terms import OutcomeLine, Result

NUMBER, NAME = "受理编号", "姓名"
_PENDING = Value(Result.PENDING.value, output_field=CharField())


def result_services(site: str, held: Capacity | None) -> tuple[Service, ...]:
    """The services of a site whose results the capacity may keep or look at, from the catalogue in memory: menus ask
    no database."""
    return tuple(each for each in definitions.catalogue_of(site) if _may_keep(each, held) or sees_results(each, held))


def keeps_results(service: Service, held: Capacity | None) -> bool:
    """Whether the capacity enters and publishes results of the service; the act asks again.

    The authority of a level is known by its ground. A unit that answers name is one by the cases that named it, which
    costs a query.
    """
    if held is None or not _may_keep(service, held):
        return False
    return not _answered(service) or _kept(held, service).exists()


def may_keep(by: Actor, held: Capacity, service: Service) -> Answer:
    """The same as an answer with its reason, and with the rights as they are now."""
    able = rules.may_keep_outcomes(by, held.unit, service)
    return able if not able or keeps_results(service, held) else rules.not_keeper(service)


def _may_keep(service: Service, held: Capacity | None) -> bool:
    results = service.results
    if results is None or held is None or not _holds(held, results.role, service):
        return False
    if _answered(service):
        return True
    level = results.keeper.level
    if held.kind is not UnitKind.AUTHORITY or level is None:
        return False
    return ancestor(held.region, Level(level.value)) == held.region


def _answered(service: Service) -> bool:
    """Whether results are kept by the unit that an answer names, for each case its own."""
    return service.results is not None and service.results.keeper.kind is SeatKind.ANSWER


def _kept(held: Capacity, service: Service) -> QuerySet[Outcome]:
    return Outcome.objects.filter(keeper_id=held.unit, site=held.site, service=service.service)


def sees_results(service: Service, held: Capacity | None) -> bool:
    """Whether the capacity may look at the published results of its own unit and those below."""
    if service.results is None or held is None:
        return False
    return any(_holds(held, role, service) for role in (Role.REVIEWER.value, service.filed_by))


def _holds(held: Capacity, role: str, service: Service) -> bool:
    within = held.ranges.get(Role(role))
    return Role(role) in held.roles and (within is None or service.service in within)


def outcomes(by: Actor, held: Capacity, service: Service) -> QuerySet[Outcome]:
    """The results of a service that the capacity may see, newest declaration first.

    `shown` and `graded` are state and grade as this viewer may know them: to all but the keeper of the row, what is not
    published is 未认定. No row where the capacity neither keeps nor sees the service.
    """
    rows, mine = Outcome.objects.filter(site=by.site, service=service.service), Q(keeper_id=held.unit)
    keeps, sees = _may_keep(service, held), sees_results(service, held)
    if keeps and not _answered(service):
        rows, known = rows.filter(mine), mine
    else:  # a unit that answers name may have people of its own among the others'
        known = mine if keeps else Q(pk__in=[])
        rows = rows.filter(known | (_below(held) if sees else Q(pk__in=[])))
        known |= Q(published_at__isnull=False)
    rows = rows.annotate(
        shown=Choice(When(known, then=F("state")), default=_PENDING),
        graded=Choice(When(known, then=F("awarded")), default=Value(""), output_field=CharField()),
    )
    return rows.select_related("case", "case__person", "case__unit").order_by("-case__submitted_at", "id")


def _below(held: Capacity) -> Q:
    """The unit and those attached under it; of an authority, those on its ground too."""
    root = organizations.unit(held.unit)
    units = Unit.objects.filter(site=root.site)
    under = units.below(root.path)
    if held.kind is UnitKind.AUTHORITY:
        under |= units.within(root.region)
    return Q(unit__in=under.values("pk"))


def outcome_counts(rows: QuerySet[Outcome], keeper: UUID) -> dict[str, int]:
    """How many of these there are: all, by state as it is shown, and those that the keeper entered and did not publish;
    one query."""
    return rows.order_by().aggregate(
        all=Count("id"),
        **{state.value: Count("id", filter=Q(shown=state.value)) for state in Result},
        entered=Count("id", filter=to_publish(keeper)),
    )


def to_publish(keeper: UUID) -> Q:
    """What the keeper entered and did not publish yet: nobody else learns that there is one to come."""
    return Q(keeper_id=keeper, published_at__isnull=True) & ~Q(state=Result.PENDING.value)


def outcome_years(rows: QuerySet[Outcome]) -> tuple[int, ...]:
    """The years of declaration among these, newest first."""
    return tuple(rows.order_by("-year").values_list("year", flat=True).distinct())


def outcome_kept(number: str, by: Actor) -> Outcome:
    """One result for who enters it. Raises Absent, alike for foreign ones and those outside the range of business."""
    rows = Outcome.objects.select_related("case", "case__person", "case__unit")
    outcome = rows.filter(case__number=number, site=by.site, keeper_id=by.unit).first()
    if outcome is None or not rules.may_keep_outcomes(by, outcome.keeper_id, cases.service_of(outcome.case)):
        raise Absent("没有这份结果：受理编号不对，或不由您录入和公布。")
    return outcome


def keeper_of_result(case: Case) -> UUID:
    """The unit that the result of a completed case is entered by. Raises Absent where it waits for none."""
    kept = Outcome.objects.filter(case=case).values_list("keeper_id", flat=True).first()
    if kept is None:
        raise Absent
    return kept


def outcome_changes(outcome: Outcome) -> QuerySet[OutcomeChange]:
    """What a result was made, the latest first."""
    return OutcomeChange.objects.filter(outcome=outcome).order_by("-revision")


def results_by_case(ids: Sequence[UUID]) -> dict[UUID, Outcome]:
    """The published results of these cases, by case; one query, none for no case."""
    rows = Outcome.objects.filter(case_id__in=list(ids), published_at__isnull=False) if ids else ()
    return {row.case_id: row for row in rows}


def ended_outcome(case: Case, service: Service) -> Outcome | None:
    """The result of a case that was published as 通过 and has ended; no query where the service names no end."""
    found = published_outcome(case) if service.endings else None
    return found if found is not None and Result(found.state).end is not None else None


def published_outcome(case: Case) -> Outcome | None:
    """The result of a case once everybody concerned may know it."""
    return Outcome.objects.filter(case=case, published_at__isnull=False).first()


def chosen_outcomes(numbers: Sequence[str], service: Service, by: Actor) -> dict[str, Outcome]:
    """The results of these cases of a service that the actor's unit keeps, by number; one query.

    Only of this one: who keeps it need not keep what else the unit does.
    """
    kept = Outcome.objects.filter(site=by.site, service=service.service, keeper_id=by.unit)
    rows = kept.filter(case__number__in=list(numbers))
    return {row.case.number: row for row in rows.select_related("case", "case__person", "case__unit")}


def outcome_header(service: Service) -> dict[str, str]:
    """The columns of the workbook of results by what they hold; number and name stand before them."""
    name = results_of(service).name
    found = {"state": f"{name}状态", "awarded": f"{name}级别", "document": "文号", "decided_on": f"{name}日期"}
    return found if results_of(service).table is not None else {k: v for k, v in found.items() if k != "awarded"}


def read_outcomes(data: bytes, *, service: Service, most: int, by: Actor) -> tuple[OutcomeLine, ...]:
    """What a workbook of results would do, row by row; nothing is written. Two queries whatever its length.

    Raises Refused for who does not keep them, Invalid at "file" for a workbook that cannot be read or is too long.
    """
    rules.may_keep_outcomes(by, by.place, service).demand()
    heads = outcome_header(service)
    rows = sheets.read_rows(data, header=(NUMBER, NAME, heads["state"]), optional=tuple(heads.values()))
    if not rows:
        raise Invalid.at("file", "表格里没有填写内容的行。请按模板填写后再导入。")
    if len(rows) > most:
        raise Invalid.at("file", f"一次最多导入{most:,}行，现在是{len(rows):,}行。请分成几个文件导入。")
    numbers = [row.values.get(NUMBER, "").strip() for row in rows]
    known = chosen_outcomes(numbers, service, by)
    lines = []
    for place, (row, number) in enumerate(zip(rows, numbers, strict=True)):
        typed = {key: row.values.get(head, "").strip() for key, head in heads.items()}
        name = row.values.get(NAME, "").strip()
        problem = row.problems[0] if row.problems else ""
        if not problem and number in numbers[:place]:
            problem = "这个受理编号在表格里出现了不止一次"
        lines.append(_line(row.number, number, name, typed, known.get(number), service, problem, by))
    return tuple(lines)


def _line(
    row: int, number: str, name: str, typed: dict[str, str], outcome: Outcome | None, service: Service, problem: str,
    by: Actor,
) -> OutcomeLine:  # fmt: skip
    try:
        if problem:
            raise Invalid.at("row", problem)
        if outcome is None:
            raise Invalid.at("row", "没有这份办结的申报，或不由本单位公布结果，请核对受理编号")
        if name_of(outcome.case) != name:
            raise Invalid.at("row", f"姓名与受理编号不符，该编号的申报人是「{name_of(outcome.case)}」")
        rules.of_another(by, outcome).demand()
        changes = differs(outcome, read_entry(cases.service_of(outcome.case), typed))
        if changes and outcome.published_at is not None:
            raise Invalid.at("row", "结果已经公布，与表格不同。更正请单独打开办理，并写明原因")
    except BoleError as wrong:
        return OutcomeLine(row, number, name, typed, wrong.sentence, ok=False)
    say = "录入" if changes else "已经录入，内容相同"
    return OutcomeLine(row, number, name, typed, say, ok=True, changes=changes, seen=outcome.revision)
