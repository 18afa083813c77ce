"""A small catalogue to break in tests, a section with every type of field, and the shipped catalogue."""

from collections.abc import Mapping
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from bole.definitions import actions, catalogue
from bole.definitions.fields import TYPES
from bole.definitions.terms import Choice, Context, Known, Section, Service

# Two units of one name and a third: what a search of invented units knows.
UNITS = {
    "6f1c1f0e-1b1e-4a52-9d0b-0f3c6a1d2e4f": "安澜市第一人民医院",
    "6f1c1f0e-1b1e-4a52-9d0b-0f3c6a1d2e50": "安澜市第二人民医院",
    "6f1c1f0e-1b1e-4a52-9d0b-0f3c6a1d2e51": "云岭县教育局",
}


class InventedUnits:
    """A search over three invented units; the last of them is closed."""

    def search(self, text: str, site: str, limit: int) -> tuple[tuple[str, str], ...]:
        return tuple((key, name) for key, name in UNITS.items() if text and text in name)[:limit]

    def name(self, value: str) -> str:
        return UNITS.get(value, value)

    def fault(self, value: str, context: Context) -> str:
        if value not in UNITS:
            return "没有这个单位，请重新选择"
        return "这个单位已停用，请选择别的单位" if value.endswith("51") else ""


# A catalogue of two rungs: (key, code, name, key above, last day). Below the first there is only one line.
LINES = {
    "6f1c1f0e-1b1e-4a52-9d0b-0f3c6a1d2e4f": ("05", "工程", None, None),
    "6f1c1f0e-1b1e-4a52-9d0b-0f3c6a1d2e60": ("06", "农业", None, None),
    "6f1c1f0e-1b1e-4a52-9d0b-0f3c6a1d2e61": ("99", "旧系列", None, date(2026, 3, 31)),
    "6f1c1f0e-1b1e-4a52-9d0b-0f3c6a1d2e62": ("water", "水利", "6f1c1f0e-1b1e-4a52-9d0b-0f3c6a1d2e4f", None),
    "6f1c1f0e-1b1e-4a52-9d0b-0f3c6a1d2e63": ("crop", "农艺", "6f1c1f0e-1b1e-4a52-9d0b-0f3c6a1d2e60", None),
    "6f1c1f0e-1b1e-4a52-9d0b-0f3c6a1d2e64": ("cattle", "畜牧", "6f1c1f0e-1b1e-4a52-9d0b-0f3c6a1d2e60", None),
}


class InventedLines:
    """A catalogue over the invented lines; it says of each whether it is reviewed online."""

    attributes = frozenset({"review"})

    def offered(self, parent: str | None, context: Context) -> tuple[Choice, ...]:
        found = [key for key, (_, _, above, until) in LINES.items() if above == parent and until is None]
        return tuple(each for key in found if (each := self.known(key)))

    def known(self, value: str) -> Choice | None:
        if value not in LINES:
            return None
        code, name, _, _ = LINES[value]
        review = ("online", "网上评审") if code in ("05", "water") else ("paper", "纸质评审")
        return Choice(value, name, code, attributes={"review": review})

    def below(self, value: str, parent: str | None) -> bool:
        return value in LINES and LINES[value][2] == parent

    def fault(self, value: str, parent: str | None, context: Context) -> str:
        until = LINES[value][3]
        return f"「{LINES[value][1]}」已于{until:%Y-%m-%d}停用，请选择其他的" if until else ""

    def listed(self, site: str) -> tuple[Choice, ...]:
        return tuple(each for key in LINES if (each := self.known(key)))

    def vacant(self, parent: str | None, context: Context) -> str:
        return "这里还没有可以选择的，请联系人社部门"


actions.bind_lookup("invented", InventedUnits())
actions.bind_governed("invented-lines", InventedLines())

CATALOGUE = Path(__file__).resolve().parents[2] / "catalogue"
TODAY = date(2026, 11, 21)
PERSON: Mapping[str, Any] = {
    "identity_kind": "resident",
    "identity_number": "11010519491231002X",
    "name": "林知远",
    "sex": "男",
    "birth_on": date(1949, 12, 31),
    "ethnic_group": "汉族",
}
UNIT: Mapping[str, Any] = {"name": "安澜市第一人民医院", "region_level": "county"}

RECORD = """\
record: work
name: 工作经历
key: [start]
fields:
  - {field: start, name: 起始年月, type: month, past: true}
  - {field: end, name: 结束年月, type: month}
  - {field: employer, name: 工作单位, type: text, max: 60}
  - {field: wage, name: 工资, type: number, privacy: personal, purpose: 核对}
"""
ROUTE = """\
route: two-level
name: 两级审核
steps:
  - step: unit
    name: 单位确认
    kind: confirmation
    seat: subject_unit
    role: collection-administrator
    verdicts: [approve, send_back]
  - step: city
    name: 市级审核
    seat: {kind: authority, level: city}
    role: reviewer
    skip_when: unit.region_level == "province"
    verdicts: [approve, send_back, terminate]
  - step: region
    name: 省级审核
    seat: {kind: authority, level: province}
    role: reviewer
    verdicts: [approve, send_back, terminate]
"""
SERVICE = """\
service: small
site: here
name: 小事项
version: "1.0"
number: XS
subject: person
opened_by: [subject, unit]
progress:
  - {name: 未上报, at: draft}
  - {name: 审核中, at: [unit, city, region]}
  - {name: 审核通过, at: completed}
sections:
  - section: basic
    name: 基本信息
    required: true
    fields:
      - {field: name, name: 姓名, type: text, required: true, fixed: person.name}
      - {field: sex, name: 性别, type: code, table: sex, required: true}
      - {field: note, name: 备注, type: text, max: 5, show: sex == "女性", required: true}
      - {field: phone, name: 电话, type: phone, privacy: sensitive, purpose: 联系}
  - section: work
    name: 工作经历
    record: work
    many: {max: 3}
    caption: "{employer}"
    fields:
      - {field: start, required: true}
      - end
      - {field: employer, required: true, max: 20, help: "必填,最多20个字符!"}
    checks:
      - {that: end == null or end >= start, say: 结束年月不能早于起始年月, at: end}
  - section: papers
    name: 附件管理
    kind: evidence
evidence:
  - {for: work, caption: "工作单位: {employer}-{start:compact}, 证明", instead: explanation}
route: two-level
outputs:
  - {print: sheet, name: 小表, after: submitted}
on:
  completed: [people.verify_archive]
columns:
  - basic.sex
  - {column: work.employer, take: latest, by: start}
"""
FILES = {"records/work.yaml": RECORD, "here/routes/two-level.yaml": ROUTE, "here/services/small.yaml": SERVICE}

KINDS = dict(zip(FILES, ("record", "route", "service"), strict=True))


def write(directory: Path, **changes: tuple[str, str]) -> Path:
    """The small catalogue on disk; `service=("old", "new")` changes a file's text, which must hold the old part."""
    for path, text in FILES.items():
        change = changes.get(KINDS[path])
        if change is not None:
            assert change[0] in text, change[0]
            text = text.replace(change[0], change[1], 1)  # noqa: PLW2901  # the changed text
        (directory / path).parent.mkdir(parents=True, exist_ok=True)
        (directory / path).write_text(text, encoding="utf-8")
    (directory / "here/print").mkdir(exist_ok=True)
    (directory / "here/print/sheet.typ").write_text("", encoding="utf-8")
    return directory


def small(directory: Path, **changes: tuple[str, str]) -> Service:
    """The service of the small catalogue."""
    return catalogue.load(write(directory, **changes)).services["here", "small"]


@cache
def ningxia() -> Service:
    """The shipped service."""
    return catalogue.load(CATALOGUE).services["ningxia", "talent-collection"]


def shipped_problems() -> list[str]:
    """Everything that is wrong with the shipped catalogue, templates aside."""
    papers = frozenset({"ningxia/collection-form", "jilin/declaration", "shenzhen/review-form"})
    found = catalogue.problems(CATALOGUE, Known(templates=papers))
    return [str(problem) for problem in found]


def context(answers: Mapping[str, Any] | None = None, **facts: Mapping[str, Any]) -> Context:
    """The day, an invented person and unit, and the other sections."""
    return Context(TODAY, {"person": PERSON, "unit": UNIT, **facts}, answers or {})


SETTINGS: dict[str, dict[str, Any]] = {
    "text": {"max": 20},
    "long-text": {"max": 200},
    "number": {"min": 1, "max": 99, "decimals": 1, "suffix": "学时"},
    "code": {"table": "sex"},
    "codes": {"table": "specialty-field", "max": 3},
    "unit": {"lookup": "invented"},
    "governed": {"lookup": "invented-lines"},
}


def every_type() -> Section:
    """A section with one field of each type, all of them required."""
    fields = [
        {"field": code.replace("-", "_"), "name": f"字段{place}", "type": code, "required": True}
        | SETTINGS.get(code, {})
        for place, code in enumerate(TYPES)
    ]
    return Section.model_validate({"section": "all", "name": "全部", "required": True, "fields": fields})


def with_section(section: Section) -> Service:
    """A service that has just this section and the evidence tab."""
    body = {**ningxia().body(), "sections": [section.model_dump()], "evidence": [], "columns": [], "groups": []}
    return Service.model_validate(body)
