"""The ground on which declarations of 深圳 are walked: the city's authority, an employer, reviewers, an applicant."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import count
from typing import Any
from uuid import UUID

import pytest

from bole.cases import actions as cases
from bole.cases import queries as case_queries
from bole.cases.models import Case
from bole.definitions import actions as publishing
from bole.definitions import queries as definitions
from bole.definitions.terms import SectionKind, Service
from bole.kernel import clock
from bole.kernel.actors import Actor, Way
from bole.organizations import actions as organizations
from bole.organizations.models import Unit
from bole.organizations.terms import Role, UnitKind
from bole.people import actions as people
from bole.people.models import Person
from bole.project.demo_data.numbers import credit_code, identity_number
from bole.review import actions as review
from bole.review import queries
from bole.review.terms import PublicityResult
from bole.titles import actions as titles
from bole.titles.terms import CommitteeDraft, CommitteeLevel, Kind, Review, Span, Window
from tests.factories import cases as made
from tests.factories.organizations import PASSWORD, SETUP
from tests.factories.stages import staged

SITE, CITY, DISTRICT = "shenzhen", "440300", "440304"
ADVICE = "同意推荐，该同志业绩突出。"
_BORN = date(1982, 8, 20)
_serials = count(1)

# Answers that a sample cannot know, by field: what the checks of the form ask for.
OWN: dict[tuple[str, str], Any] = {
    ("negatives", "sanctioned"): "0",
    ("language_exam", "way"): "4",
    ("computer_exam", "way"): "4",
    ("practice_exam", "expires"): "",
    ("innovation", "condition"): "1",
    ("innovation", "rank"): "1",
}
FIRST: dict[tuple[str, str], Any] = {("plan", "condition"): "11"}
# Title: series, major, level (of the table `title-level`), title.
SENIOR = ("05", "水文水资源", "2", "高级工程师")
MIDDLE = ("05", "建筑工程", "3", "工程师")


@dataclass
class Shenzhen:
    """The units, the applicant, and two reviewers of each unit: nobody sits at two desks of one case."""

    units: dict[str, Unit] = field(default_factory=dict)
    person: Person | None = None
    titles: dict[tuple[str, str, str, str], dict[str, str]] = field(default_factory=dict)
    keepers: dict[object, list[Actor]] = field(default_factory=dict)

    @property
    def me(self) -> Actor:
        """The applicant."""
        assert self.person is not None
        return Actor(Way.PERSON, self.person.account_id, self.person.name, self.person.pk, site=SITE)

    def keeper(self, case: Case) -> Actor:
        """Who keeps the desk where the case lies: for each desk of a unit another one."""
        return self.keepers[case.seat_unit_id][0]


@staged
def make_shenzhen() -> Shenzhen:
    """Everything."""
    ground = Shenzhen()
    for key, region, above, kind in (
        ("city", CITY, "", UnitKind.AUTHORITY), ("water", CITY, "city", UnitKind.DEPARTMENT),
        ("works", DISTRICT, "city", UnitKind.UNIT),
    ):  # fmt: skip
        row = organizations.create_unit(
            site=SITE, kind=kind, name=f"深圳{key}", region=region,
            parent=ground.units[above].pk if above else None,
            credit_code=credit_code("91" if kind is UnitKind.UNIT else "11", region, 40000 + next(_serials)),
            by=SETUP,
        )  # fmt: skip
        ground.units[key] = row
        for _ in range(2):
            keeper = _person("审核人", None)
            assert keeper.account_id is not None
            organizations.install_holder(unit=row.pk, role=Role.REVIEWER, account=keeper.account_id, by=SETUP)
            actor = Actor(Way.UNIT, keeper.account_id, keeper.name, keeper.pk, row.pk, SITE)
            ground.keepers.setdefault(row.pk, []).append(actor)
    ground.person = _person("申报人", ground.units["works"])
    series = _entry(Kind.SERIES, "05", "工程技术人员")
    for place, (path, review_way) in enumerate(((SENIOR, Review.ONLINE), (MIDDLE, Review.PAPER))):
        major = _entry(Kind.MAJOR, f"05{place}", path[1], series)
        level = _entry(Kind.LEVEL, path[2], {"2": "副高级", "3": "中级"}[path[2]], major, path[2])
        title = _entry(Kind.TITLE, f"050{place}", path[3], level, path[2])
        kind = CommitteeLevel.SENIOR if path[2] == "2" else CommitteeLevel.INTERMEDIATE
        committee = _committee(f"C{place}", f"深圳市{path[1]}专业评审委员会", kind, review_way, series, major, ground)
        keys = {"series": series, "major": major, "level": level, "title": title, "committee": committee}
        ground.titles[path] = {**keys, "department": str(ground.units["water"].pk)}
    return ground


def _entry(kind: Kind, code: str, name: str, parent: str = "", level: str = "") -> str:
    above = UUID(parent) if parent else None
    row = titles.keep_entry(site=SITE, kind=kind, code=code, name=name, parent=above, level=level, by=SETUP)
    return str(row.pk)


def _committee(
    code: str, name: str, level: CommitteeLevel, way: Review, series: str, major: str, ground: Shenzhen
) -> str:
    today, unit = clock.today(), ground.units["water"].pk
    draft = CommitteeDraft(
        code=code, name=name, level=level, series=UUID(series), founder=unit, review=way, filing_number=code,
        filed_on=date(today.year, 1, 1), filed_until=date(today.year + 2, 12, 31), scope=(UUID(major),),
        departments=((unit, Span()),),
        windows=(Window(today.year, today - timedelta(days=10), today + timedelta(days=20)),),
    )  # fmt: skip
    return str(titles.keep_committee(site=SITE, draft=draft, by=SETUP).pk)


def _person(name: str, unit: Unit | None) -> Person:
    serial = next(_serials)
    return people.install_person(
        site=SITE, kind="resident", number=identity_number("440390", _BORN + timedelta(days=serial), 5, man=True),
        name=name, phone=f"1990005{serial:04d}", password=PASSWORD, ethnic_group="01",
        unit=unit.pk if unit else None, by=SETUP,
    )  # fmt: skip


def fill(
    ground: Shenzhen,
    case: Case,
    more: Mapping[tuple[str, str], Any] | None = None,
    only: tuple[str, ...] = (),
    title: tuple[str, str, str, str] | None = None,
) -> None:
    """Type into every section, or those named, through the actions; a record is added where there can be several."""
    service, by = case_queries.service_of(case), ground.me
    first = service.service == "title-first"
    chosen = ground.titles[title or (MIDDLE if first else SENIOR)]
    plan = {("plan", name): value for name, value in chosen.items()}
    own = {**OWN, **plan, **(FIRST if first else {}), **(more or {})}
    for section in service.sections:
        if section.kind is not SectionKind.FIELDS or (only and section.section not in only):
            continue
        seen = case_queries.form_of(case, service).sections[section.section].version
        typed = made.sample_record(section)
        typed |= {name: value for (at, name), value in own.items() if at == section.section and name in typed}
        if section.many is None:
            cases.save_section(case=case, section=section.section, typed=typed, seen=seen, by=by)
        else:
            cases.save_record(case=case, section=section.section, record="", typed=typed, seen=seen, by=by)


@staged
def ready_case(ground: Shenzhen, service: Service) -> Case:
    """A case that can be handed in."""
    assert ground.person is not None
    case = made.open_case(ground.person, ground.me, service)
    fill(ground, case)
    made.prove(case, ground.me)
    return made.fresh(case)


def hand_in(ground: Shenzhen, case: Case) -> Case:
    """「提交单位审核」."""
    case = made.fresh(case)
    review.submit_case(case=case, seen=case.revision, by=ground.me)
    return made.fresh(case)


def publish(case: Case, desk: Actor, result: PublicityResult = PublicityResult.CLEAR) -> Case:
    """The unit's publicity from today on, and what came of it on the first day after."""
    chosen, today = [case.number], clock.today()
    ends = queries.last_day(5, today)
    (row,) = review.announce_publicity(cases=chosen, place="单位公告栏", starts=today, ends=ends, by=desk)
    assert row.ok, row.say
    say = "" if result is PublicityResult.CLEAR else "反映论文排名，经核实无误。"
    with clock.travel(clock.now() + (ends - today) + timedelta(days=1)):
        (row,) = review.close_publicity(cases=chosen, result=result, say=say, by=desk)
    assert row.ok, row.say
    return made.fresh(case)


def recommend(case: Case, desk: Actor) -> Case:
    """「推荐上报」 after the last day of the publicity."""
    with clock.travel(clock.now() + timedelta(days=30)):
        review.dispatch(case=case, seen=case.revision, opinion=ADVICE, by=desk)
    return made.fresh(case)


Stand = Callable[[str], tuple[Shenzhen, Service]]


@pytest.fixture
def stand() -> Stand:
    """The units of the site with their reviewers, and the service."""
    publishing.publish_catalogue(by=SETUP)
    return lambda code: (make_shenzhen(), definitions.service(SITE, code))
