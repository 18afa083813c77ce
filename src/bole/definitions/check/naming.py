"""Answers that name a unit: a desk there, or results kept there, must be named whenever the case is handed in."""

from collections.abc import Iterator

from bole.definitions.fields import attributes_of
from bole.definitions.terms import UNIT_ATTRIBUTE, Field, Service


def unit_named(service: Service, path: str) -> Iterator[str]:
    """What is wrong with the answer at "section.field" as the name of a unit."""
    code, _, name = path.partition(".")
    section = service.by_code.get(code)
    field = section.by_code.get(name) if section else None
    if section is None or field is None:
        yield f"席位引用的「{path}」不存在"
    elif not _names_unit(field):
        yield f"席位引用的「{field.name}」应为 unit 类型或以单位为值的目录字段，现在是 {field.type}"
    elif section.many or section.required is not True or field.required is not True or field.show:
        yield f"席位引用的「{field.name}」应为必填、始终显示、不在多条栏目里的字段"


def _names_unit(field: Field) -> bool:
    """Whether the field's value is the key of a unit: a search of units, or a catalogue whose lines are units."""
    if field.type != "governed":
        return field.type == "unit"
    known = attributes_of(field)
    return known is None or UNIT_ATTRIBUTE in known
