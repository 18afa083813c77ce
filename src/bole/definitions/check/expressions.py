"""Conditions of a definition: that they compile, and that every name and code in them exists."""

from collections.abc import Iterator
from typing import Any

from bole.definitions.conditions import ConditionInvalid, compiled
from bole.definitions.fields import TYPES, attributes_of, table_of
from bole.definitions.terms import FACTS, Field, Section, Service, Shape, SubjectKind
from bole.standards import queries as standards


def faults_of(source: str, service: Service | None, section: Section | None) -> Iterator[str]:
    """What is wrong with one condition; `section` is the one whose fields may be named bare."""
    try:
        condition = compiled(source)
    except ConditionInvalid as error:
        yield str(error)
        return
    for name in sorted(condition.names):
        say = _name_fault(name, service, section)
        if say:
            yield say
    for name, text in texts_compared(condition.tree):
        field = _field(name, service, section)
        if field is not None and not has_code(field, text):
            yield f"「{field.name}」的代码表里没有「{text}」"


def _name_fault(name: str, service: Service | None, section: Section | None) -> str:
    first, _, rest = name.partition(".")
    if name == "today" or (section and name in section.by_code):
        return ""
    if section is not None and first in section.by_code and section.by_code[first].type == "governed":
        return _attribute_fault(section.by_code[first], rest)
    if first == "subject":
        if service is None:
            return ""  # a route serves both kinds of subject; each service checks it again
        first = service.subject.value
    if first == "person" and service is not None and service.subject is SubjectKind.UNIT:
        return f"以单位为对象的事项没有申报人，不能引用「{name}」"
    if first in FACTS:
        return "" if rest in FACTS[first] else f"没有「{name}」这项事实，{first} 可用的是 {'、'.join(FACTS[first])}"
    if service is None:
        return ""  # a route may ask for answers; each service that takes it checks them
    other = service.by_code.get(first)
    if other is None:
        return f"条件里的「{name}」不存在"
    if not rest:
        return "" if other.many else f"「{name}」是单条栏目，请写出其中的栏目，例如 {name}.x"
    code, _, attribute = rest.partition(".")
    field = other.by_code.get(code)
    if field is None:
        return f"栏目「{other.name}」里没有「{code}」"
    if attribute and _attribute_fault(field, attribute):
        return _attribute_fault(field, attribute)
    if field.show is not None and other is not section:
        return f"「{name}」按条件显示，其他栏目的条件不能引用它"
    return ""


def _attribute_fault(field: Field, attribute: str) -> str:
    """Why a condition cannot ask this of a field's choice; empty when it can."""
    if field.type != "governed":
        return f"「{field.name}」没有「{attribute}」这一项可以引用"
    known = attributes_of(field)
    if known is None or attribute in known:
        return ""
    return f"「{field.name}」没有「{attribute}」这一项，可用的是 {'、'.join(sorted(known))}"


def _field(name: str, service: Service | None, section: Section | None) -> Field | None:
    first, _, rest = name.partition(".")
    if section and not rest:
        return section.by_code.get(first)
    other = service.by_code.get(first) if service and rest.count(".") == 0 else None
    return other.by_code.get(rest) if other else None


def texts_compared(tree: Any) -> Iterator[tuple[str, str]]:
    """Pairs of a name and a text it is compared with for equality."""
    word, *rest = tree
    if word in ("==", "!=", "in", "not in"):
        for left, right in ((rest[0], rest[1]), (rest[1], rest[0])):
            values = right[1:] if right[0] == "list" else [right]
            if left[0] == "name":
                yield from ((left[1], each[1]) for each in values if each[0] == "value" and isinstance(each[1], str))
    if word in ("and", "or", "not", "call", "list"):
        for each in rest:
            if isinstance(each, list):
                yield from texts_compared(each)


def has_code(field: Field, text: str) -> bool:
    """Whether a choice field can ever hold the code or name; other types can hold any text."""
    kind = TYPES.get(field.type)
    if kind is None or kind.shape not in (Shape.CHOICE, Shape.CHOICES) or field.type == "region":
        return True
    try:
        table = standards.table(table_of(field))
    except KeyError:
        return True  # the missing table is a problem of its own
    return any(text in (entry.code, entry.name) for entry in table.entries)
