"""Sections and their fields."""

import re
from collections.abc import Iterator
from datetime import date
from typing import Any

from bole.definitions import lookups
from bole.definitions.answers.captions import SLOT
from bole.definitions.check.expressions import faults_of
from bole.definitions.fields import TYPES, Around, Wrong, table_of, type_of
from bole.definitions.parse import Source
from bole.definitions.terms import (
    Field,
    Known,
    Nothing,
    Problem,
    Section,
    SectionKind,
    Service,
    Shape,
    SubjectKind,
    is_fact,
)
from bole.kernel.privacy import Privacy
from bole.standards import queries as standards

_SETTINGS = ("max", "min", "decimals", "past", "table", "lookup", "parent", "roots", "codes", "pick", "suffix")
_SENSITIVE_TYPES = frozenset({"identity", "phone"})
_SENSITIVE_RECORDS = frozenset({"family", "contact"})
_PROMISE = re.compile(r"最多\s*(\d+)\s*个字符")


def check_sections(source: Source, known: Known) -> Iterator[Problem]:
    """Problems of a service's sections, each at its place."""
    codes = [section.section for section in source.thing.sections]
    for place, section in enumerate(source.thing.sections):
        at: tuple[Any, ...] = ("sections", place)
        if codes.index(section.section) != place:
            yield source.problem((*at, "section"), f"栏目代码「{section.section}」用了两次")
        for path, say in _section(source, section, known):
            yield source.problem((*at, *path), say)
        for path, say in _warnings(section):
            yield source.problem((*at, *path), say, warning=True)


def _section(source: Source, section: Section, known: Known) -> Iterator[tuple[tuple[Any, ...], str]]:
    if section.kind is SectionKind.EVIDENCE:
        if section.fields or section.many or section.record:
            yield (), "附件栏目不能有自己的字段"
        return
    if not section.fields:
        yield (), "栏目没有任何字段"
    if isinstance(section.required, str):
        yield from ((("required",), say) for say in faults_of(section.required, source.thing, section))
    names = [field.field for field in section.fields]
    if section.only and section.record is None:
        yield ("only",), "没有写 record，only 不起作用"
    for name in sorted(set(section.only) & set(names)):
        yield ("only", name), f"「{name}」已由 only 定下，不能再作为字段填写"
    for place, field in enumerate(section.fields):
        at: tuple[Any, ...] = ("fields", place)
        if names.index(field.field) != place:
            yield at, f"字段「{field.field}」用了两次"
        if field.field in ("id", "nothing"):
            yield (*at, "field"), f"「{field.field}」是保留的字段名，请换一个"
        yield from (((*at, *path), say) for path, say in _field(source, section, field, known))
    yield from _layout(section)
    for place, check in enumerate(section.checks):
        yield from ((("checks", place, "that"), say) for say in faults_of(check.that, source.thing, section))
        if check.at is not None and check.at not in names:
            yield ("checks", place, "at"), f"没有字段「{check.at}」"


def _layout(section: Section) -> Iterator[tuple[tuple[Any, ...], str]]:
    names = set(section.by_code)
    if section.parts:
        placed = [name for part in section.parts for name in part.fields]
        for name in sorted(set(placed) - names):
            yield ("parts",), f"没有字段「{name}」"
        for name in sorted(names - set(placed)):
            yield ("parts",), f"字段「{name}」没有放进任何一组"
        for name in sorted({name for name in placed if placed.count(name) > 1}):
            yield ("parts",), f"字段「{name}」放进了两组"
    if section.order_by and section.order_by not in names:
        yield ("order_by",), f"没有字段「{section.order_by}」"
    for name, _ in SLOT.findall(section.caption):
        if name not in names:
            yield ("caption",), f"没有字段「{name}」"
    if section.many and section.many.min > section.many.max:
        yield ("many",), "最少条数不能大于最多条数"


def _field(source: Source, section: Section, field: Field, known: Known) -> Iterator[tuple[tuple[Any, ...], str]]:
    kind = TYPES.get(field.type)
    if kind is None:
        yield ("type",), f"没有字段类型「{field.type}」，可用的是 {'、'.join(TYPES)}"
        return
    given = {name for name in _SETTINGS if getattr(field, name) != Field.model_fields[name].default}
    for name in sorted(given - kind.settings):
        yield (name,), f"类型 {field.type} 用不上 {name}"
    for name in sorted(kind.needs - given):
        yield (), f"类型 {field.type} 要写明 {name}"
    yield from _choice(field, known)
    yield from _lookup(field, known)
    yield from _relations(section, field)
    yield from _facts(source.thing, section, field)
    for name in ("required", "show"):
        condition = getattr(field, name)
        if isinstance(condition, str):
            yield from (((name,), say) for say in faults_of(condition, source.thing, section))
    yield from _promises(field)
    delicate = field.type in _SENSITIVE_TYPES or section.record in _SENSITIVE_RECORDS
    if delicate and field.privacy is not Privacy.SENSITIVE:
        yield ("privacy",), f"「{field.name}」属于敏感个人信息，privacy 应为 sensitive"


def _lookup(field: Field, known: Known) -> Iterator[tuple[tuple[Any, ...], str]]:
    """That a search is a search and a catalogue a catalogue, as far as anybody was asked."""
    if known.lookups is None or field.lookup is None:
        return
    governed = lookups.governed_names()
    offered = governed if field.type == "governed" else known.lookups - governed
    if field.lookup not in offered:
        word = "目录" if field.type == "governed" else "单位查找"
        yield ("lookup",), f"没有{word}「{field.lookup}」，可用的是 {'、'.join(sorted(offered))}"


def _choice(field: Field, known: Known) -> Iterator[tuple[tuple[Any, ...], str]]:
    if type_of(field).shape not in (Shape.CHOICE, Shape.CHOICES):
        return
    name = table_of(field)
    if known.tables is not None and name not in known.tables:
        yield ("table",), f"没有代码表「{name}」"
        return
    try:
        table = standards.table(name)
    except (KeyError, ValueError, RuntimeError):
        return
    for code in field.codes:
        if code not in table:
            yield ("codes",), f"代码表「{table.name}」里没有「{code}」"


def _relations(section: Section, field: Field) -> Iterator[tuple[tuple[Any, ...], str]]:
    if field.parent is not None:
        names = list(section.by_code)
        above = section.by_code.get(field.parent)
        if above is None or names.index(field.parent) >= names.index(field.field):
            yield ("parent",), f"上级字段「{field.parent}」应写在「{field.field}」之前"
        elif field.type == "governed" and above.type != "governed":
            yield ("parent",), f"上级字段「{field.parent}」应为 governed 类型"
        elif field.type == "code" and above.table != field.table:
            yield ("parent",), f"上级字段「{field.parent}」用的是另一张代码表"
    if field.fixed is not None and (field.default is not None or field.nothing):
        yield ("fixed",), "固定字段不能再有 default 或 nothing"
    if field.show is not None and field.fixed is not None:
        yield ("show",), "固定字段不能按条件显示"


def _facts(service: Service, section: Section, field: Field) -> Iterator[tuple[tuple[Any, ...], str]]:
    """The facts that a field is fixed to or changes: known, of the subject, and one at a time."""
    for key, path in (("fixed", field.fixed), ("was", field.was)):
        if path is not None and not is_fact(path):
            if key != "fixed" or not _answered(service, section, field):
                yield (key,), f"没有「{path}」这项事实"
        elif path is not None and path.startswith("person.") and service.subject is SubjectKind.UNIT:
            yield (key,), f"以单位为对象的事项没有申报人，不能引用「{path}」"
    if field.was is not None and (field.fixed is not None or field.default is not None):
        yield ("was",), "要修改的栏目（was）不能再有 fixed 或 default"
    if field.was is not None and section.many:
        yield ("was",), "多条栏目里的字段不能写 was"
    if field.was is not None and type_of(field).shape is Shape.FILE:
        yield ("was",), "图片字段不能写 was"


def _answered(service: Service, section: Section, field: Field) -> bool:
    """Whether the field shows the answer of another section: of one record, asked in the same way."""
    code, _, name = (field.fixed or "").partition(".")
    other = service.by_code.get(code)
    asked = other.by_code.get(name) if other is not None and other is not section and other.many is None else None
    kept = ("type", "table", "lookup")
    return asked is not None and all(getattr(asked, each) == getattr(field, each) for each in kept)


def _promises(field: Field) -> Iterator[tuple[tuple[Any, ...], str]]:
    """Words beside the control must be true, and what is filled in beforehand must be allowed."""
    for text in (field.help, field.hint):
        told = _PROMISE.search(text)
        if told and int(told[1]) != field.max:
            yield ("help",), f"提示说最多{told[1]}个字符，max 却是 {field.max}"
    if field.min is not None and field.max is not None and field.min > field.max:
        yield ("min",), "min 不能大于 max"
    if field.default is not None and field.parent is None:
        try:
            type_of(field).clean(field.default, field, Around(date(2026, 1, 1)))
        except (Wrong, KeyError, RuntimeError) as error:
            yield ("default",), f"预填的值不能用：{error}"
    if Nothing.NONE in field.nothing and field.help == "非必填":
        yield ("nothing",), "可以不填的字段不必声明「无」"


def _warnings(section: Section) -> Iterator[tuple[tuple[Any, ...], str]]:
    for place, field in enumerate(section.fields):
        if field.privacy is not Privacy.PLAIN and not field.purpose:
            yield ("fields", place), f"「{field.name}」涉及个人信息，请写明收集目的 purpose"
