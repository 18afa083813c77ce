"""A service with conditions for applying, for tests: what is registered, what the archive holds, what is answered."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from shutil import copytree

from django.conf import settings

from bole.definitions import actions as definitions
from bole.definitions import queries
from bole.definitions.terms import Service
from bole.kernel import ids
from bole.kernel.actors import Actor
from bole.people import actions as people
from bole.people.models import Person
from bole.people.terms import Offered
from tests.factories.organizations import SETUP, SITE, as_unit
from tests.factories.people import World

TRIAL = """\
service: trial
sites: [ningxia]
name: 初次认定
form_name: 认定申请表
version: "1"
number: SB
subject: person
opened_by: [subject, unit]
filed_by: registrar
limits: {open_per_subject: 1}
declaration: 以上内容真实有效
progress:
  - {name: 未上报, at: draft}
  - {name: 待审核, at: county}
  - {name: 审核通过, at: completed}
eligibility:
  - condition: grown
    name: 年龄
    clause: 某办法第二条
    facts: [person.birth_on]
    that: age(person.birth_on) >= 18
    remedy: 年满18周岁后再申报
    stops: true
  - condition: no_doctor
    name: 尚无博士学位
    clause: 某办法第三条
    facts: [{fact: archive.education.degree, as: degrees, take: any, top: true}]
    that: '"博士" not in degrees'
    remedy: 有博士学位的直接认定，不办理本事项
    stops: true
  - condition: years
    name: 工作年限
    clause: 某办法第四条
    facts: [{fact: archive.work.start, as: since, take: lowest, name: 参加工作时间}]
    that: months_between(since, today) >= 12
    remedy: 工作满一年后再申报
sections:
  - section: work
    name: 工作经历
    record: work
    required: true
    many: {max: 5}
    caption: "{employer}"
    fields:
      - {field: start, required: true}
      - {field: employer, required: true}
route: county-only
"""
ROUTE = """\
route: county-only
name: 县级审核
steps:
  - step: county
    name: 县级审核
    seat: {kind: authority, level: county}
    role: reviewer
    verdicts: [approve, send_back, terminate]
"""
UNIT_TRIAL = """\
service: unit-trial
sites: [ningxia]
name: 单位评优
category: 法人基础业务
version: "1"
number: PY
subject: unit
opened_by: [unit]
filed_by: registrar
limits: {open_per_subject: 1}
declaration: 以上内容真实有效
progress:
  - {name: 未上报, at: draft}
  - {name: 待审核, at: county}
  - {name: 审核通过, at: completed}
eligibility:
  - condition: small
    name: 单位类别
    clause: 某办法第五条
    facts: [unit.kind]
    that: unit.kind == "%s"
    remedy: 由基层用人单位申报
    stops: true
sections:
  - section: facts
    name: 事迹
    required: true
    fields:
      - {field: text, name: 事迹, type: text, max: 100, required: true}
route: county-only
"""


def write(directory: Path, *, kind: str = "unit", **changes: str) -> Path:
    """The catalogue on disk with the record kinds of the repository; `old="…", new="…"` changes the trial's text."""
    copytree(settings.BOLE_CATALOGUE / "records", directory / "records")
    old, new = changes.get("old", ""), changes.get("new", "")
    assert old in TRIAL
    services = {"trial": TRIAL.replace(old, new, 1), "unit-trial": UNIT_TRIAL % kind}
    for folder, texts in (("routes", {"county-only": ROUTE}), ("services", services)):
        (directory / "shared" / folder).mkdir(parents=True)
        for name, text in texts.items():
            (directory / "shared" / folder / f"{name}.yaml").write_text(text, encoding="utf-8")
    return directory


@contextmanager
def in_force(directory: Path, *, kind: str = "unit", **changes: str) -> Iterator[dict[str, Service]]:
    """The services of this catalogue, published for this test; `changes` as `write` has them."""
    queries.configure(write(directory, kind=kind, **changes))
    try:
        definitions.publish_catalogue(by=SETUP)
        yield {service.service: service for service in queries.services_of(SITE)}
    finally:
        queries.configure(settings.BOLE_CATALOGUE)


def keep(world: World, person: Person, kind: str, *records: dict[str, str], verified: bool = False) -> None:
    """Put records into the archive: typed by somebody, or verified by the province."""
    names = queries.record_kind(kind).key
    offered = [Offered(ids.digest([record.get(name) for name in names])[:40], record) for record in records]
    if verified:
        by: Actor = as_unit(world.cast.wu, world.ground.province)
        people.verify_all(person=person.pk, records={kind: offered}, source="以前的认定", by=by)
    else:
        people.give_back(person=person.pk, kind=kind, records=offered, source="本人填报", by=SETUP)
