"""A shared service in which a unit asks for another superior: every word for affairs of accounts and units, once."""

from dataclasses import replace

from bole.definitions import catalogue
from bole.definitions.answers import former_facts
from bole.definitions.terms import Context, Known
from tests.definitions.ground import TODAY, UNITS

ROUTE = """\
route: ask-both
name: 原上级与新上级
steps:
  - step: former
    name: 原上级审核
    seat: superior
    role: registrar
    skip_when: unit.superior_id == null
    verdicts: [approve, send_back]
    overseen: true
  - step: coming
    name: 新上级审核
    seat: {kind: answer, field: target.unit}
    role: registrar
    verdicts: [approve, send_back]
"""
SERVICE = """\
service: superior
sites: [ningxia, jilin]
name: 绑定上级单位
category: 法人基础业务
desk_name: 审核上级绑定
form_name: 归口申请表
version: "1"
number: GK
subject: unit
opened_by: [unit]
filed_by: administrator
progress:
  - {name: 未上报, at: draft}
  - {name: 待审核, at: [former, coming]}
  - {name: 审核通过, at: completed}
sections:
  - section: target
    name: 上级单位
    required: true
    fields:
      - {field: unit, name: 上级单位, type: unit, lookup: invented, required: true, was: unit.superior_id}
      - {field: since, name: 起始日期, type: date, was: unit.details.since}
      - {field: phone, name: 联系电话, type: phone, privacy: sensitive, purpose: 联系, was: unit.leader_phone}
      - {field: reason, name: 原因, type: text, max: 50, required: true}
route: ask-both
"""
FILES = {"route": "shared/routes/ask-both.yaml", "service": "shared/services/superior.yaml"}
TEXTS = {"route": ROUTE, "service": SERVICE}
KNOWN = Known(
    roles=frozenset({"registrar", "administrator"}),
    lookups=frozenset({"invented"}),
    sites=frozenset({"ningxia", "jilin"}),
)
FIRST, SECOND, CLOSED = UNITS


def write(directory, **changes):
    """The two files on disk; `service=("old", "new")` changes a text."""
    for kind, text in TEXTS.items():
        old, new = changes.get(kind, ("", ""))
        assert old in text, old
        path = directory / FILES[kind]
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text.replace(old, new, 1), encoding="utf-8")
    return directory


def problems_of(directory, **changes):
    return [str(each) for each in catalogue.problems(write(directory, **changes), KNOWN)]


def context(service, typed, **unit):
    facts = {"unit": {"name": "云岭县医院", "superior_id": FIRST, "leader_phone": "13800000001", **unit}}
    known = Context(TODAY, facts, {"target": typed}, site="jilin")
    return replace(known, stood=former_facts(service, known))
