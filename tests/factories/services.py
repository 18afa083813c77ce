"""A small catalogue of account affairs: a unit changes what is said of it, a person joins a unit, a unit sends a
person on. Written for all sites, in force for Ningxia."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings

from bole.definitions import actions as definitions
from bole.definitions import queries
from bole.definitions.terms import Context, Service
from bole.organizations import queries as organizations
from bole.organizations.models import Unit
from bole.organizations.terms import UnitKind
from tests.factories.organizations import SETUP, SITE

ROUTES = {
    "one-up": """\
route: one-up
name: 上级审核
steps:
  - {step: superior, name: 上级审核, seat: superior, role: registrar, verdicts: [approve, send_back]}
""",
    "asked-unit": """\
route: asked-unit
name: 单位审核
steps:
  - {step: asked, name: 单位审核, seat: subject_unit, role: registrar, verdicts: [approve, send_back]}
""",
    "other-unit": """\
route: other-unit
name: 调入单位审核
steps:
  - step: taking
    name: 调入单位审核
    seat: {kind: answer, field: target.unit}
    role: registrar
    verdicts: [approve, send_back]
""",
}
CHANGE = """\
service: unit-facts
sites: [ningxia]
name: 修改单位信息
category: 法人基础业务
desk_name: 审核机构信息修改
form_name: 单位信息修改表
version: "1"
number: DX
subject: unit
opened_by: [unit]
filed_by: registrar
limits: {open_per_subject: 1}
declaration: 以上内容真实有效
progress:
  - {name: 未上报, at: draft}
  - {name: 待审核, at: superior}
  - {name: 审核通过, at: completed}
sections:
  - section: facts
    name: 单位信息
    required: true
    fields:
      - {field: name, name: 单位名称, type: text, max: 60, required: true, was: unit.name}
      - {field: address, name: 单位地址, type: text, max: 100, was: unit.address}
      - {field: reason, name: 修改原因, type: text, max: 100, required: true}
  - section: papers
    name: 附件管理
    kind: evidence
evidence:
  - {for: facts, caption: 证明, min: 0}
route: one-up
"""
JOIN = """\
service: joining
sites: [ningxia]
name: 绑定推荐单位
category: 自然人基础业务
version: "1"
number: BD
subject: person
opened_by: [subject]
unit: chosen
chosen_kinds: [unit]
limits: {open_per_subject: 1}
declaration: 以上内容真实有效
progress:
  - {name: 未上报, at: draft}
  - {name: 待审核, at: asked}
  - {name: 审核通过, at: completed}
sections:
  - section: asking
    name: 申请
    required: true
    fields:
      - {field: name, name: 姓名, type: text, fixed: person.name}
      - {field: note, name: 说明, type: text, max: 100, required: true}
route: asked-unit
"""
SEND = """\
service: sending
sites: [ningxia]
name: 人员调转
category: 法人基础业务
version: "1"
number: DZ
subject: person
opened_by: [unit]
filed_by: registrar
limits: {open_per_subject: 1}
declaration: 以上内容真实有效
progress:
  - {name: 未上报, at: draft}
  - {name: 待审核, at: taking}
  - {name: 审核通过, at: completed}
sections:
  - section: target
    name: 调入单位
    required: true
    fields:
      - {field: unit, name: 调入单位, type: unit, lookup: tests-employers, required: true}
route: other-unit
"""
SERVICES = {"unit-facts": CHANGE, "joining": JOIN, "sending": SEND}


class Employers:
    """The open employers of the site, by the organizations room's own search; never the unit concerned itself."""

    def search(self, text: str, site: str, limit: int) -> tuple[tuple[str, str], ...]:
        found = organizations.find_units(text, site=site, kinds=[UnitKind.UNIT], limit=limit)
        return tuple((str(each.id), each.name) for each in found)

    def name(self, value: str) -> str:
        return str(Unit.objects.values_list("name", flat=True).get(pk=value))

    def fault(self, value: str, context: Context) -> str:
        if value == context.fact("unit.id"):
            return "申报人已经在这个单位，请选择别的单位"
        open_here = Unit.objects.open().filter(pk=value, site=context.site).exists()
        return "" if open_here else "没有这个单位，请重新选择"


LOOKUP = "tests-employers"
definitions.bind_lookup(LOOKUP, Employers())


def write(directory: Path, **changes: tuple[str, str]) -> Path:
    """The catalogue on disk; `sending=("old", "new")` changes a service's text."""
    for kind, texts in (("routes", ROUTES), ("services", SERVICES)):
        (directory / "shared" / kind).mkdir(parents=True, exist_ok=True)
        for name, text in texts.items():
            old, new = changes.get(name.replace("-", "_"), ("", ""))
            assert old in text
            (directory / "shared" / kind / f"{name}.yaml").write_text(text.replace(old, new, 1), encoding="utf-8")
    return directory


@contextmanager
def in_force(directory: Path, **changes: tuple[str, str]) -> Iterator[dict[str, Service]]:
    """The services of the small catalogue, published for this test; `changes` as `write` has them."""
    queries.configure(write(directory, **changes))
    try:
        definitions.publish_catalogue(by=SETUP)
        yield {service.service: service for service in queries.services_of(SITE)}
    finally:
        queries.configure(settings.BOLE_CATALOGUE)
