"""A small catalogue of titles for Ningxia, made through the room's actions, and a service that chooses from it."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from uuid import UUID

from django.conf import settings

from bole.definitions import actions as definitions
from bole.definitions import queries
from bole.definitions.terms import Service
from bole.kernel import clock
from bole.organizations.models import Unit
from bole.titles import actions
from bole.titles.models import TitleCommittee, TitleEntry
from bole.titles.terms import CommitteeDraft, CommitteeLevel, Kind, Review, Span, Window
from tests.factories.organizations import SETUP, SITE, Ground
from tests.factories.stages import staged

ROUTE = """\
route: titles
name: 评审
steps:
  - {step: unit, name: 单位审核, seat: subject_unit, role: collection-administrator, verdicts: [approve, send_back]}
  - step: department
    name: 日常工作部门审核
    seat: {kind: answer, field: plan.department}
    role: reviewer
    verdicts: [approve, send_back]
"""
SERVICE = """\
service: titles
site: ningxia
name: 职称评审
version: "1"
number: PS
subject: person
opened_by: [subject]
declaration: 以上内容真实有效
progress:
  - {name: 未上报, at: draft}
  - {name: 审核中, at: [unit, department]}
  - {name: 审核通过, at: completed}
sections:
  - section: plan
    name: 选择申报资格
    required: true
    fields:
      - {field: series, name: 申报系列, type: governed, lookup: title-series, required: true}
      - {field: major, name: 申报专业, type: governed, lookup: title-major, parent: series, required: true}
      - {field: level, name: 申报级别, type: governed, lookup: title-level, parent: major, required: true}
      - {field: title, name: 专技资格名称, type: governed, lookup: title-name, parent: level, required: true}
      - {field: committee, name: 评委会, type: governed, lookup: title-committee, parent: title, required: true}
      - field: department
        name: 日常工作部门
        type: governed
        lookup: title-department
        parent: committee
        required: true
      - {field: reason, name: 申报理由, type: text, max: 100}
  - section: paper
    name: 代表作
    required: plan.committee.review == "online"
    fields:
      - {field: name, name: 题名, type: text, max: 60, required: true}
  - section: files
    name: 附件管理
    kind: evidence
evidence:
  - {for: plan, caption: 破格申报材料, min: 1, when: plan.level == "1"}
route: titles
columns: [plan.title, plan.committee, plan.series]
"""


@dataclass(frozen=True)
class Titles:
    """The lines by what they are: engineering has water and buildings, at two levels, each with one title.

    `paper` reviews water on paper, `online` buildings online; the province's education department works for both.
    """

    series: TitleEntry
    law: TitleEntry
    water: TitleEntry
    building: TitleEntry
    senior: TitleEntry
    engineer: TitleEntry
    builders: TitleEntry
    builder: TitleEntry
    paper: TitleCommittee
    online: TitleCommittee


def add(kind: Kind, code: str, name: str, parent: TitleEntry | None = None, level: str = "") -> TitleEntry:
    """A line that stands for ever."""
    above = parent.pk if parent else None
    return actions.keep_entry(site=SITE, kind=kind, code=code, name=name, parent=above, level=level, by=SETUP)


def draft(code: str, name: str, series: UUID, unit: Unit, **given: object) -> CommitteeDraft:
    """A senior committee whose filing and window stand today."""
    today = clock.today()
    values: dict[str, object] = {
        "level": CommitteeLevel.SENIOR,
        "founder": unit.pk,
        "review": Review.PAPER,
        "filing_number": f"备案〔2026〕{code}号",
        "filed_on": date(today.year, 1, 1),
        "filed_until": date(today.year + 2, 12, 31),
        "departments": ((unit.pk, Span()),),
        "windows": (Window(today.year, today - timedelta(days=10), today + timedelta(days=20)),),
    }
    return CommitteeDraft(code=code, name=name, series=series, **{**values, **given})  # type: ignore[arg-type]  # the draft's own fields


def keep(code: str, name: str, series: UUID, unit: Unit, **given: object) -> TitleCommittee:
    """A committee of that draft."""
    return actions.keep_committee(site=SITE, draft=draft(code, name, series, unit, **given), by=SETUP)


@staged
def make_titles(ground: Ground) -> Titles:
    """The catalogue, with a series (law) that has nothing below it."""
    series, law = add(Kind.SERIES, "05", "工程技术人员"), add(Kind.SERIES, "24", "公共法律服务专业人员")
    water = add(Kind.MAJOR, "0501", "水利水电", series)
    building = add(Kind.MAJOR, "0502", "建筑工程", series)
    senior = add(Kind.LEVEL, "2", "副高级", water, "2")
    engineer = add(Kind.TITLE, "0502", "高级工程师", senior)
    builders = add(Kind.LEVEL, "2", "副高级", building, "2")
    builder = add(Kind.TITLE, "0502", "高级工程师", builders)
    paper = keep("W1", "水利水电专业高级评审委员会", series.pk, ground.education, scope=(water.pk,))
    online = keep(
        "B1", "建筑专业高级评审委员会", series.pk, ground.education, scope=(building.pk,), review=Review.ONLINE
    )
    return Titles(series, law, water, building, senior, engineer, builders, builder, paper, online)


def plan(titles: Titles, ground: Ground) -> dict[str, str]:
    """The answers that choose water."""
    chosen = {"series": titles.series, "major": titles.water, "level": titles.senior, "title": titles.engineer}
    keys = {name: str(row.pk) for name, row in chosen.items()}
    return {**keys, "committee": str(titles.paper.pk), "department": str(ground.education.pk)}


@contextmanager
def in_force(directory: Path) -> Iterator[Service]:
    """The service that chooses from the catalogue, published for this test."""
    for kind, text in (("routes", ROUTE), ("services", SERVICE)):
        (directory / SITE / kind).mkdir(parents=True, exist_ok=True)
        (directory / SITE / kind / "titles.yaml").write_text(text, encoding="utf-8")
    queries.configure(directory)
    try:
        definitions.publish_catalogue(by=SETUP)
        yield queries.service(SITE, "titles")
    finally:
        queries.configure(settings.BOLE_CATALOGUE)
