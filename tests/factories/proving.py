"""A small declaration with categories of evidence: one demanded by committees online, one before approval, one for each
patent. Written for Ningxia."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings

from bole.cases import actions, queries
from bole.cases.models import Case
from bole.cases.terms import EvidenceSlot, Typed
from bole.definitions import actions as publishing
from bole.definitions import queries as definitions
from bole.definitions.terms import Service
from bole.kernel.actors import Actor
from tests.factories.organizations import SETUP, SITE

ROUTE = """\
route: one-desk
name: 单位审核
steps:
  - {step: unit, name: 单位审核, seat: subject_unit, role: collection-administrator, verdicts: [approve, send_back]}
"""
SERVICE = """\
service: title-papers
sites: [ningxia]
name: 职称申报
category: 业务申报
version: "1"
number: ZC
subject: person
opened_by: [subject]
declaration: 以上内容真实有效
progress:
  - {name: 未上报, at: draft}
  - {name: 待审核, at: unit}
  - {name: 审核通过, at: completed}
sections:
  - section: choice
    name: 申报基本信息
    required: true
    fields:
      - {field: online, name: 评委会网上评审, type: code, table: yes-no, required: true}
      - {field: exempt, name: 外语免考, type: code, table: yes-no}
  - section: patents
    name: 获专利情况
    record: patent
    many: {max: 30}
    caption: "{title}"
    fields:
      - {field: title, required: true}
  - section: papers
    name: 上传申报材料
    kind: evidence
evidence:
  - for: choice
    category: degree
    name: 最高学历证书
    caption: 最高学历证书
    required: choice.online == "1"
    because: 网上评审的评委会要求上传
    otherwise: 该评委会不在网上评审，可以不传
    instead: explanation
  - {for: papers, category: summary, name: 个人总结, caption: 个人总结, min: 0, max: 30}
  - for: papers
    category: exemption
    name: 职称外语免考证明材料
    caption: 职称外语免考证明材料
    when: choice.exempt == "1"
    otherwise: 没有申请外语免考
  - {for: patents, name: 获专利情况证明材料, caption: "{title}, 证书", required: choice.online == "1"}
route: one-desk
"""


@contextmanager
def in_force(directory: Path) -> Iterator[Service]:
    """The service, published for this test."""
    for kind, text in (("routes/one-desk", ROUTE), ("services/title-papers", SERVICE)):
        path = directory / "shared" / f"{kind}.yaml"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    records = directory / "records"
    records.mkdir(exist_ok=True)
    (records / "patent.yaml").write_bytes((Path(settings.BOLE_CATALOGUE) / "records" / "patent.yaml").read_bytes())
    definitions.configure(directory)
    try:
        publishing.publish_catalogue(by=SETUP)
        yield definitions.service(SITE, "title-papers")
    finally:
        definitions.configure(settings.BOLE_CATALOGUE)


def say(case: Case, section: str, typed: Typed, by: Actor) -> None:
    """Type a section, whatever stood there."""
    seen = queries.form_of(case).sections[section].version
    actions.save_section(case=case, section=section, typed=typed, seen=seen, by=by)


def slots(case: Case) -> dict[str, EvidenceSlot]:
    """The lines by their captions."""
    return {slot.caption: slot for slot in queries.form_of(case).slots}
