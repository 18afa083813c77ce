"""A service whose cases can go through everything: the unit confirms, the county passes and sends on, the region ends.

A short declaration needs no county. Each desk may return to the applicant and to every desk before it.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bole.definitions.terms import Service
from tests.factories.services import in_force

ROUTE = """\
route: three-desks
name: 三级审核
steps:
  - step: unit
    name: 单位确认
    seat: subject_unit
    role: collection-administrator
    verdicts: [approve, send_back]
    due: 5
  - step: county
    name: 县级审核
    seat: {kind: authority, level: county}
    role: reviewer
    skip_when: asking.short == "1"
    verdicts: [approve, send_back, terminate]
    send_back_to: [applicant, unit]
    dispatch: {name: 送审, requires: [推荐报告]}
    due: 10
  - step: region
    name: 省级审核
    seat: {kind: authority, level: province}
    role: reviewer
    verdicts: [approve, send_back, terminate]
    send_back_to: [applicant, unit, county]
"""
SERVICE = """\
service: lives
sites: [ningxia]
name: 一生
category: 人才业务
version: "1"
number: YS
subject: person
opened_by: [subject]
limits: {open_per_subject: 1}
declaration: 以上内容真实有效
progress:
  - {name: 未上报, at: draft}
  - {name: 待审核, at: [unit, county, region]}
  - {name: 审核通过, at: completed}
sections:
  - section: asking
    name: 申请
    required: true
    fields:
      - {field: short, name: 简易申报, type: code, table: yes-no, required: true}
      - {field: note, name: 说明, type: text, max: 100, required: true}
  - section: more
    name: 补充
    fields:
      - {field: note, name: 说明, type: text, max: 100}
  - section: works
    name: 业绩
    many: {}
    fields:
      - {field: name, name: 名称, type: text, max: 100, required: true}
route: three-desks
"""


@contextmanager
def living(directory: Path) -> Iterator[Service]:
    """The service in force."""
    for kind, name, text in (("routes", "three-desks", ROUTE), ("services", "lives", SERVICE)):
        (directory / "shared" / kind).mkdir(parents=True, exist_ok=True)
        (directory / "shared" / kind / f"{name}.yaml").write_text(text, encoding="utf-8")
    with in_force(directory) as services:
        yield services["lives"]
