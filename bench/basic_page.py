"""「基本信息」, the longest section of one record, as its applicant opens it."""

from functools import cache

from tests.factories import cases
from tests.factories.people import as_self

from bench import bare, cutting, ground
from bench.measure import Result, race
from bole.cases.models import Case
from bole.kernel.actors import Way

AIM = 3.0


@cache
def complete_case() -> Case:
    """Lin's case, filled in and proved, not sent yet."""
    lin = ground.world().lin
    return cases.complete_case(lin, as_self(lin))


def run() -> list[Result]:
    """Bole's page behind its whole middleware against the bare view; both pages are compared byte by byte first."""
    case, lin = complete_case(), ground.world().lin
    if lin.account is None:
        raise RuntimeError("Lin has no account")
    cookie = ground.session_of(lin.account, Way.PERSON, person=lin.pk)
    ours = ground.getter(ground.whole(), f"/ningxia/cases/{case.number}/sections/basic/", cookie)
    page = ours().decode()
    bare.prepare_basic(page, case.answers.get(section="basic").typed)
    floor = ground.getter(ground.bare(), f"/bare/basic/{case.number}/")
    cutting.demand_same(cutting.without_token(page), cutting.without_token(floor().decode()))
    note = f"{len(page.encode()) / 1024:.0f} KB, {ground.queries(ours)} queries against {ground.queries(floor)}"
    return [race("basic_page", lambda _: ours(), lambda _: floor(), aim=AIM, note=note)]
