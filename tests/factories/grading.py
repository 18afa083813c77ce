"""A small service whose cases wait for a result: graded after a sitting outside the platform. In force for Ningxia.

Lin applies, the school confirms, the county reviews (and, `dispatching`, sends on with a report), the region decides
and keeps the results.
"""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

from django.conf import settings

from bole.cases.models import Case
from bole.definitions import actions as definitions
from bole.definitions import queries
from bole.definitions.terms import Service
from bole.kernel.actors import Actor
from bole.people.models import Person
from tests.factories import cases as made
from tests.factories.organizations import SETUP, SITE, SPARE_NUMBERS, as_unit
from tests.factories.people import World, as_self, register
from tests.factories.stages import staged

DISPATCH = "\n    dispatch: {name: 送审, requires: [推荐报告/申报函]}"
ROUTE = """\
route: graded
name: 分级评定
steps:
  - step: unit
    name: 单位确认
    kind: confirmation
    seat: subject_unit
    role: collection-administrator
    verdicts: [approve, send_back]
  - step: county
    name: 县（区）审核
    seat: {kind: authority, level: county}
    role: reviewer
    verdicts: [approve, send_back, terminate]DISPATCH
  - step: region
    name: 省级审核
    seat: {kind: authority, level: province}
    role: reviewer
    verdicts: [approve, send_back, terminate]
"""
SERVICE = """\
service: grading
sites: [ningxia]
name: 人才分级评定
version: "1"
number: FJ
subject: person
opened_by: [subject]
declaration: 以上内容真实有效
progress:
  - {name: 未上报, at: draft}
  - {name: 待单位确认, at: unit}
  - {name: 待县（区）审核, at: county}
  - {name: 待省级审核, at: region}
  - {name: 审核通过, at: completed}
sections:
  - section: claim
    name: 申请级别
    required: true
    fields:
      - {field: grade, name: 申请评定级别, type: code, table: talent-grade-jilin, required: true}
      - {field: ground, name: 申请依据, type: text, max: 100, required: true}
route: graded
columns: [claim.ground]
results: {name: 评定, applied: claim.grade, table: talent-grade-jilin, level: province}
"""


@cache
def _written(dispatching: bool, extra: str, ends: str) -> Path:
    folder = Path(tempfile.mkdtemp(prefix="bole-grading-"))
    (folder / "shared/routes").mkdir(parents=True)
    (folder / "shared/services").mkdir()
    service = SERVICE.replace("level: province}", f"level: province{ends}}}")
    route = ROUTE.replace("DISPATCH", DISPATCH if dispatching else "")
    (folder / "shared/routes/graded.yaml").write_text(route, encoding="utf-8")
    (folder / "shared/services/grading.yaml").write_text(service + extra, encoding="utf-8")
    return folder


@contextmanager
def grading_in_force(*, dispatching: bool = False, extra: str = "", ends: str = "") -> Iterator[Service]:
    """The service, published for this test; `ends` is what `results` says besides."""
    queries.configure(_written(dispatching, extra, ends))
    try:
        definitions.publish_catalogue(by=SETUP)
        yield queries.service(SITE, "grading")
    finally:
        queries.configure(settings.BOLE_CATALOGUE)


def desks(world: World) -> tuple[Actor, Actor, Actor]:
    """School, county and region."""
    ground, cast = world.ground, world.cast
    return as_unit(cast.zhou, ground.school), as_unit(cast.chen, ground.xingqing), as_unit(cast.wu, ground.province)


@staged
def at_county(world: World, service: Service, person: Person) -> Case:
    """The person's case, confirmed by the school."""
    return made.approve(made.submitted_case(person, as_self(person), service), desks(world)[0])


@staged
def completed(world: World, service: Service, person: Person) -> Case:
    """The person's case, passed by every desk; it waits for its result."""
    _, county, region = desks(world)
    return made.approve(made.approve(at_county(world, service, person), county), region)


@staged
def applicants(world: World) -> tuple[Person, ...]:
    """Lin, and two more of the school."""
    school = world.ground.school
    more = [register(name, number=n, unit=school) for name, n in zip(("艾学礼", "白云飞"), SPARE_NUMBERS, strict=False)]
    return (world.lin, *more)
