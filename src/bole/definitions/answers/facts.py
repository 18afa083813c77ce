"""Facts that conditions for applying rest on: whence each is taken, what it comes to, how it is told.

Three things differ here: a value, null (known to be nothing) and UNKNOWN. A blank is not known; neither is what cannot
be read, nor one of several records that could as well be another.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import chain
from typing import Any

from bole.definitions.answers.captions import record_caption, shown_text
from bole.definitions.answers.entries import read_record
from bole.definitions.conditions import UNKNOWN, Coded, Described, compiled
from bole.definitions.fields import table_of, type_of
from bole.definitions.terms import (
    FACTS,
    Cleaned,
    Context,
    Fact,
    Field,
    Held,
    Nothing,
    RecordKind,
    Section,
    SectionState,
    Service,
    Take,
    Used,
)
from bole.organizations.terms import UNIT_KIND_NAMES, UnitKind
from bole.standards import queries as standards

# What people call the facts of person and unit, and the table that a coded one is taken from.
FACT_NAMES: dict[str, tuple[str, str]] = {
    "person.identity_kind": ("证件类型", "identity-kind"),
    "person.name": ("姓名", ""),
    "person.sex": ("性别", "sex"),
    "person.birth_on": ("出生日期", ""),
    "person.ethnic_group": ("民族", "ethnic-group"),
    "person.region": ("所在地区", "region"),
    "person.native_place": ("籍贯", "region"),
    "person.school": ("毕业院校", ""),
    "person.major": ("所学专业", ""),
    "person.title": ("专业技术职务", ""),
    "unit.name": ("所在单位", ""),
    "unit.region": ("单位所属行政区划", "region"),
    "unit.region_level": ("单位所在层级", ""),
    "unit.kind": ("单位类别", ""),
    "unit.unit_type": ("单位类型", "unit-type"),
    "unit.affiliation": ("隶属关系", "affiliation"),
    "unit.economic_type": ("经济类型", "economic-type"),
    "unit.industry": ("所属行业", "industry"),
    "unit.address": ("单位地址", ""),
    "unit.superior": ("上级单位", ""),
}
_WORDS = {"province": "省级", "city": "市级", "county": "县级"} | {
    kind.value: UNIT_KIND_NAMES[kind] for kind in UnitKind
}
_REGISTERED = {"person": "本人登记的基本资料", "unit": "所在单位的登记信息"}
_MOST_NAMED = 3


@dataclass(frozen=True)
class Records:
    """The records that facts are taken from: all that is known of a kind or a section, or None where nothing is."""

    definition: Section
    whence: str
    rows: "tuple[Row, ...] | None"


@dataclass(frozen=True)
class Row:
    """One record: what conditions compare, by field; what is blank is missing, what cannot be read is UNKNOWN."""

    values: Mapping[str, Any]
    texts: Mapping[str, str]
    caption: str = ""
    source: str = ""
    verified: str = ""


@dataclass
class Ground:
    """Everything there is to judge by; `form` are the cleaned sections once there is a form.

    `marks` tells for "section", "record" of the form who verified an equal record of the archive.
    """

    service: Service
    context: Context
    archive: Mapping[str, Sequence[Held]]
    form: Mapping[str, Cleaned] | None = None
    marks: Mapping[tuple[str, str], str] = field(default_factory=dict)
    counted_to: date | None = None

    @property
    def today(self) -> str:
        """The day that years are counted to: the one given, else the service's, else the day of asking."""
        return (self.counted_to or self.service.counted_to or self.context.today).isoformat()

    def find(self, fact: Fact) -> tuple[Any, Used]:
        """The value of a fact, and how it is told."""
        return self._registered(fact) if fact.owner in FACTS else self._taken(fact)

    def _registered(self, fact: Fact) -> tuple[Any, Used]:
        value = self.context.fact(fact.fact)
        if hasattr(value, "isoformat"):
            value = value.isoformat()
        label, table = FACT_NAMES.get(fact.fact, (fact.field, ""))
        name, source = fact.name or label, _REGISTERED[fact.owner]
        if value is None or value == "":
            return UNKNOWN, Used(name, "", source)
        text = _WORDS.get(str(value), str(value))
        if table:
            text = _named(table, str(value))
            value = Coded(str(value), text)
        return value, Used(name, text, source, firm=True)

    def _taken(self, fact: Fact) -> tuple[Any, Used]:
        records = self._records(fact)
        wanted = records.definition.by_code.get(fact.field)
        name = fact.name or (wanted.name if wanted and fact.take is not Take.COUNT else records.definition.name)
        if records.rows is None:
            return UNKNOWN, Used(name, "", records.whence)
        value, basis = _take(fact, records.definition, records.rows, self.today)
        basis = basis or records.rows
        verified = tuple(dict.fromkeys(row.verified for row in basis))
        firm = bool(basis) and all(verified)
        told = "、".join(verified) if firm else ""
        text = _told(fact, value, basis) if value is not UNKNOWN else ""
        return value, Used(name, text, _whence(records, basis), told, firm)

    def _records(self, fact: Fact) -> Records:
        """The sections of the form that hold such records, or the archive as long as there is none."""
        if not fact.kind:
            return self._of_form([self.service.by_code[fact.owner]])
        sections = [each for each in self.service.sections if each.record == fact.kind and fact.field in each.by_code]
        if self.form is not None and sections:
            return self._of_form(sections)
        kind = next(each for each in self.service.archive if each.record == fact.kind)
        section = _as_section(kind)
        rows = tuple(self._of_archive(section, held) for held in self.archive.get(fact.kind, ()))
        return Records(section, f"一人一档「{kind.name}」", rows or None)

    def _of_archive(self, section: Section, held: Held) -> Row:
        values: dict[str, Any] = {}
        texts: dict[str, str] = {}
        answers: dict[str, Any] = {}
        for code, entry in read_record(section, held.data, self.context).items():
            if entry.wrong:
                values[code] = UNKNOWN
            elif not entry.blank:
                answers[code] = entry.answer
                values[code] = _comparable(section.by_code[code], entry.answer)
                texts[code] = shown_text(section.by_code[code], entry.answer)
        return Row(values, texts, record_caption(section, answers), held.source, held.verified)

    def _of_form(self, sections: Sequence[Section]) -> Records:
        named = "、".join(f"「{each.name}」" for each in sections)
        found = [self._of_section(each) for each in sections]
        # Nothing is known of a section that nobody has touched; one left out could hold anything.
        rows = None if any(each is None for each in found) else tuple(chain(*(each or () for each in found)))
        return Records(sections[0], f"本次填报{named}", rows)

    def _of_section(self, section: Section) -> tuple[Row, ...] | None:
        cleaned = (self.form or {}).get(section.section)
        if cleaned is None or cleaned.state is SectionState.EMPTY:
            return None
        if cleaned.state is SectionState.NONE:
            return ()
        several = isinstance(cleaned.values, list)
        wrong = {fault.at for fault in cleaned.faults}
        rows = []
        for record in cleaned.values if several else [cleaned.values]:
            key = str(record.get("id", ""))
            answers = {code: value for code, value in record.items() if code in section.by_code}
            values = {code: _comparable(section.by_code[code], value) for code, value in answers.items()}
            faulty = {code for code in section.by_code if (f"{key}.{code}" if several else code) in wrong}
            values |= dict.fromkeys(faulty - set(answers), UNKNOWN)
            texts = {code: shown_text(section.by_code[code], value) for code, value in answers.items()}
            verified = self.marks.get((section.section, key), "")
            rows.append(Row(values, texts, record_caption(section, answers), verified=verified))
        return tuple(rows)


def _as_section(kind: RecordKind) -> Section:
    """A record kind, for reading its records."""
    return Section(section=kind.record, name=kind.name, caption=kind.caption, fields=kind.fields)


def _comparable(wanted: Field, answer: Any) -> Any:
    """A cleaned answer as conditions compare it; a declared nothing is null, 不详 is not known."""
    if isinstance(answer, dict) and "nothing" in answer:
        return UNKNOWN if answer["nothing"] == Nothing.UNKNOWN.value else None
    return type_of(wanted).compare(answer, wanted)


def _take(fact: Fact, section: Section, rows: tuple[Row, ...], today: str) -> tuple[Any, tuple[Row, ...]]:
    """The value that stands for the records, and the records that it rests on."""
    kept, doubtful = _kept(fact, section, rows, today)
    if fact.take is Take.ANY:
        values = chain.from_iterable(_each(_value(fact, section, row)) for row in kept)
        return (*values, *((UNKNOWN,) if doubtful else ())), kept
    if doubtful:
        return UNKNOWN, ()
    if fact.take is Take.COUNT:
        return len(kept), kept
    if not kept:
        return None, ()
    if fact.take is None:
        return (_value(fact, section, kept[0]), kept) if len(kept) == 1 else (UNKNOWN, ())
    return _first(fact, section, kept)


def _kept(fact: Fact, section: Section, rows: tuple[Row, ...], today: str) -> tuple[tuple[Row, ...], bool]:
    """The records that the fact's `when` lets through, and whether of some it cannot be told."""
    if fact.when is None:
        return rows, False
    asked = compiled(fact.when)
    blank: dict[str, Any] = dict.fromkeys(section.by_code) | {"today": today}
    told = [(row, asked.knows({**blank, **row.values})) for row in rows]
    return tuple(row for row, holds in told if holds), any(holds is None for _, holds in told)


def _value(fact: Fact, section: Section, row: Row) -> Any:
    value = row.values.get(fact.field, UNKNOWN)
    if isinstance(value, Described) and fact.attribute:
        return value.attributes.get(fact.attribute, UNKNOWN)
    if not isinstance(value, Coded) or not (fact.top or fact.attribute):
        return value
    table = standards.table(table_of(section.by_code[fact.field]))
    if value.code not in table:
        return UNKNOWN
    if fact.attribute:
        told = table.entry(value.code).attrs.get(fact.attribute)
        return int(told) if told is not None and told.isascii() and told.isdigit() else told
    top = table.line(value.code)[0]
    return Coded(top.code, top.name)


def _each(value: Any) -> Iterable[Any]:
    return value if isinstance(value, tuple) else (value,)


def _first(fact: Fact, section: Section, kept: tuple[Row, ...]) -> tuple[Any, tuple[Row, ...]]:
    """The record that is first by `by`. Two first ones that differ leave it open, as does one that cannot be placed."""
    by = section.by_code[fact.by or fact.field]
    placed = [(_rank(by, row.values.get(by.field, UNKNOWN)), row) for row in kept]
    if any(rank is UNKNOWN for rank, _ in placed):
        return UNKNOWN, ()
    placed = [(rank, row) for rank, row in placed if rank is not None]
    if not placed:
        return None, ()
    pick = min if fact.take is Take.LOWEST else max
    best = pick(rank for rank, _ in placed)
    first = tuple(row for rank, row in placed if rank == best)
    values = [_value(fact, section, row) for row in first]
    return (values[0], first[:1]) if all(value == values[0] for value in values) else (UNKNOWN, ())


def _rank(by: Field, value: Any) -> Any:
    """The higher, the later, the greater. Tables list the highest first; a level is known among its sisters."""
    if not isinstance(value, Coded):
        return value
    table = standards.table(table_of(by))
    if value.code not in table:
        return UNKNOWN
    entries = table.children(table.entry(value.code).parent) if by.parent else table.entries
    return next((-place for place, entry in enumerate(entries) if entry.code == value.code), UNKNOWN)


def _named(table: str, code: str) -> str:
    if table == "region":
        try:
            return standards.region(code).full_name
        except KeyError:
            return code
    entries = standards.table(table)
    return entries.entry(code).name if code in entries else code


def _told(fact: Fact, value: Any, basis: tuple[Row, ...]) -> str:
    """The value as people read it."""
    if fact.take is Take.COUNT:
        return f"{value} 条"
    if value is None or value == ():
        return "无"
    if fact.top or fact.attribute:
        names = (each.name if isinstance(each, Coded) else str(each) for each in _each(value) if each is not UNKNOWN)
        return "、".join(dict.fromkeys(names)) or "未填写"
    texts = [row.texts[fact.field] for row in basis if fact.field in row.texts]
    return "、".join(dict.fromkeys(texts)) or "未填写"


def _whence(records: Records, basis: tuple[Row, ...]) -> str:
    named = [row.caption for row in basis if row.caption and row.caption != records.definition.name]
    shown = "、".join(named[:_MOST_NAMED]) + (f" 等{len(named)}条" if len(named) > _MOST_NAMED else "")
    sources = "、".join(dict.fromkeys(row.source for row in basis if row.source))
    return "　".join(part for part in (records.whence, shown, f"来源：{sources}" if sources else "") if part)
