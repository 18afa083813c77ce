"""「业务审核」: the first 50 rows of a desk where 100,000 tasks wait and 50,000 were decided."""

from datetime import date, datetime

from tests.factories import cases
from tests.factories.organizations import as_unit
from tests.factories.people import as_self

from bench import bare, clones, cutting, ground
from bench.basic_page import complete_case
from bench.measure import Result, race
from bole.cases import queries as case_queries
from bole.definitions import queries as definitions
from bole.kernel import clock
from bole.kernel.actors import Way
from bole.review import actions as review
from bole.review.models import Task
from bole.web.pages import cases as caselist

AIM = 3.0
WAITING, DONE, PERSONS, UNITS = 100_000, 50_000, 20_000, 200


def fill() -> None:
    """Bring Lin's case to the county's desk and copy it there."""
    world = ground.world()
    case = complete_case()
    if case.round:
        return
    review.submit_case(case=case, seen=case.revision, by=as_self(world.lin))
    case = cases.approve(case, as_unit(world.cast.zhou, world.ground.school))
    clones.fill_desk(case, waiting=WAITING, done=DONE, persons=PERSONS, units=UNITS)


def run() -> list[Result]:
    """Bole's list behind its whole middleware against the bare view; both are compared byte by byte first."""
    fill()
    world = ground.world()
    cookie = ground.session_of(world.cast.chen, Way.UNIT, unit=world.ground.xingqing.pk)
    ours = ground.getter(ground.whole(), "/ningxia/work/", cookie)
    page = ours().decode()
    columns = definitions.listed_columns(case_queries.service_of(complete_case()))
    bare.prepare_work(page, world.ground.xingqing.pk, columns=columns, dues=_dues(), waits=_waits())
    floor = ground.getter(ground.bare(), "/bare/work/")
    cutting.demand_same(cutting.without_seals(page), cutting.without_seals(floor().decode()))
    note = f"{len(page.encode()) / 1024:.0f} KB, {ground.queries(ours)} queries against {ground.queries(floor)}"
    return [race("work_list", lambda _: ours(), lambda _: floor(), aim=AIM, note=note)]


def _days(field: str) -> list[date]:
    days = Task.objects.filter(closed_at=None).values_list(field, flat=True).distinct()
    return list({clock.china(day).date() if isinstance(day, datetime) else day for day in days if day})


def _dues() -> dict[date | None, tuple[str, bool]]:
    """The words of every deadline."""
    told = {day: caselist.deadline(day, clock.today()) for day in _days("due_on")}
    return {day: (left.word, left.pressing) for day, left in told.items() if left is not None}


def _waits() -> dict[date, str]:
    """The words of every time of waiting."""
    waited = {day: caselist.days_between(day, clock.today()) for day in _days("opened_at")}
    return {day: f"{days} 个工作日" if days else "今天收到" for day, days in waited.items()}
