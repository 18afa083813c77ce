"""A service for what happens between desks: the unit confirms, the county passes and sends on with a paper, the
region ends. One section of single fields, one of records with evidence."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from bole.cases import actions as cases
from bole.cases import queries as case_queries
from bole.cases.models import Case
from bole.definitions.terms import APPLICANT, Service, Verdict
from bole.kernel.actors import Actor
from bole.organizations.terms import Role
from bole.people.models import Person
from bole.review import actions as review
from bole.review.models import Movement
from bole.review.terms import Faulty
from tests.factories import cases as made
from tests.factories.organizations import SPARE_NUMBERS, as_unit, give_role, make_account
from tests.factories.people import World, as_self
from tests.factories.services import in_force

PAPER = "推荐报告"
ROUTE = """\
route: recommending
name: 推荐
steps:
  - {step: unit, name: 单位确认, seat: subject_unit, role: collection-administrator, verdicts: [approve, send_back]}
  - step: county
    name: 县级审核
    seat: {kind: authority, level: county}
    role: reviewer
    verdicts: [approve, send_back, terminate]
    dispatch: {requires: [推荐报告]}
  - step: region
    name: 省级审核
    seat: {kind: authority, level: province}
    role: reviewer
    verdicts: [approve, send_back, terminate]
    send_back_to: [applicant, county]
"""
SERVICE = """\
service: recommendation
sites: [ningxia]
name: 专家推荐
category: 人才业务
version: "1"
number: TJ
subject: person
opened_by: [subject]
limits: {open_per_subject: 1}
window: {from: 2020-01-01, to: 2199-12-31}
declaration: 以上内容真实有效
progress:
  - {name: 未上报, at: draft}
  - {name: 待审核, at: [unit, county, region]}
  - {name: 审核通过, at: completed}
sections:
  - section: basic
    name: 基本情况
    required: true
    fields:
      - {field: title, name: 职称, type: text, max: 60, required: true}
      - {field: post, name: 职务, type: text, max: 60, required: true}
  - section: works
    name: 业绩
    many: {max: 5}
    fields:
      - {field: name, name: 名称, type: text, max: 60, required: true}
      - {field: place, name: 地点, type: text, max: 60}
  - section: papers
    name: 附件管理
    kind: evidence
evidence:
  - {for: works, caption: 业绩证明, min: 1}
route: recommending
"""


@contextmanager
def recommending(directory: Path, old: str = "", new: str = "") -> Iterator[Service]:
    """The service in force, with one change of its text."""
    for kind, name, text in (("routes", "recommending", ROUTE), ("services", "recommendation", SERVICE)):
        (directory / "shared" / kind).mkdir(parents=True, exist_ok=True)
        (directory / "shared" / kind / f"{name}.yaml").write_text(text.replace(old, new) if old else text, "utf-8")
    with in_force(directory) as services:
        yield services["recommendation"]


@dataclass(frozen=True)
class Play:
    """Who sits where, and the service."""

    world: World
    service: Service
    unit: Actor
    county: Actor
    colleague: Actor
    region: Actor

    def filled(self, person: Person | None = None) -> Case:
        """A case with two works, each proved, not handed in yet."""
        person = person or self.world.lin
        me = as_self(person)
        case = made.open_case(person, me, self.service)
        cases.save_section(case=case, section="basic", typed={"title": "高级教师", "post": "主任"}, seen=0, by=me)
        for place, name in enumerate(("教材", "课题")):
            cases.save_record(case=case, section="works", record="", typed={"name": name}, seen=place, by=me)
        made.prove(case, me)
        return made.fresh(case)

    def submitted(self, person: Person | None = None) -> Case:
        """At the unit's desk."""
        case = self.filled(person)
        return self.hand_in(case)

    def hand_in(self, case: Case) -> Case:
        """Handed in by its person."""
        case = made.fresh(case)
        assert case.person is not None
        review.submit_case(case=case, seen=case.revision, by=as_self(case.person))
        return made.fresh(case)

    def at_county(self, person: Person | None = None) -> Case:
        """Passed by the unit."""
        return made.approve(self.submitted(person), self.unit)

    def cleared(self, person: Person | None = None, *, paper: bool = True) -> Case:
        """Passed by the county and waiting for 送审."""
        case = made.approve(self.at_county(person), self.county)
        if paper:
            self.add_paper(case)
        return case

    def add_paper(self, *chosen: Case, name: str = PAPER) -> list[bool]:
        """The county uploads the paper for these cases; which of them took it."""
        done = review.add_paper(
            cases=[case.number for case in chosen], name=name, data=made.picture(), file_name="报告.jpg", by=self.county
        )
        return [row.ok for row in done]

    def send_back(self, case: Case, by: Actor, *faults: Faulty, reason: str = "", resume: bool = False) -> Movement:
        """Back to the applicant with these places marked."""
        case = made.fresh(case)
        return review.decide(
            case=case, step=case.step, seen=case.revision, verdict=Verdict.SEND_BACK, opinion="请修改", faulty=faults,
            target=APPLICANT, resume=resume, late_reason=reason, by=by,
        )  # fmt: skip


def works(case: Case) -> list[str]:
    """The keys of the works, in order."""
    return [record["id"] for record in case_queries.typed_answers(case)["works"]]


def make_play(world: World, service: Service) -> Play:
    """Everybody at their desks; the county has two reviewers."""
    second = make_account("郑审核", SPARE_NUMBERS[2])
    give_role(world.ground.xingqing, Role.REVIEWER, second)
    return Play(
        world,
        service,
        as_unit(world.cast.zhou, world.ground.school),
        as_unit(world.cast.chen, world.ground.xingqing),
        as_unit(second, world.ground.xingqing),
        as_unit(world.cast.wu, world.ground.province),
    )
