"""The JSON Schema (2020-12) of a service's answers as typed, for machines."""

from datetime import date
from typing import Any, assert_never

from bole.definitions.fields import type_of
from bole.definitions.fields.text import USUAL_MAX
from bole.definitions.terms import Field, Nothing, Section, SectionKind, Service, Shape

ENUM_MOST = 60
_NONE = {"type": "object", "properties": {"nothing": {"const": "none"}}, "required": ["nothing"]}


def service_schema(service: Service, day: date) -> dict[str, Any]:
    """The schema of `answers`, keyed by section. Choices are those of the day; x- keys say what schemas cannot."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"urn:bole:{service.site}:{service.service}:{service.version}",
        "title": service.name,
        "type": "object",
        "additionalProperties": False,
        "properties": {
            section.section: _section(section, day)
            for section in service.sections
            if section.kind is SectionKind.FIELDS
        },
        "required": [
            section.section
            for section in service.sections
            if section.required is True and section.kind is SectionKind.FIELDS
        ],
    }


def _section(section: Section, day: date) -> dict[str, Any]:
    record = _record(section, day)
    if section.many is None:
        found = record
    else:
        record["properties"] = {"id": {"type": "string"}, **record["properties"]}
        found = {"type": "array", "items": record, "maxItems": section.many.max}
        if section.required is True or section.many.min:
            found["minItems"] = max(1, section.many.min)
    if section.required is not True:
        found = {"anyOf": [found, _NONE]}
    told = {"title": section.name, **found}
    if isinstance(section.required, str):
        told["x-required"] = section.required
    if section.checks:
        told["x-checks"] = [{"that": check.that, "say": check.say} for check in section.checks]
    return told


def _record(section: Section, day: date) -> dict[str, Any]:
    needed = [field.field for field in section.fields if field.required is True and not field.show and not field.fixed]
    return {
        "type": "object",
        "additionalProperties": False,
        "properties": {field.field: _field(field, day) for field in section.fields},
        "required": needed,
    }


def _field(field: Field, day: date) -> dict[str, Any]:
    found = _shape(field, day)
    if field.nothing:
        found = {"anyOf": [found, *(_nothing(kind) for kind in field.nothing)]}
    told: dict[str, Any] = {"title": field.name, **found}
    if field.help or field.hint:
        told["description"] = " ".join(word for word in (field.help, field.hint) if word)
    if field.fixed:
        told["readOnly"] = True
    if field.default is not None:
        told["default"] = field.default
    extra = {"x-table": type_of(field).table(field), "x-parent": field.parent, "x-show": field.show}
    told |= {key: value for key, value in extra.items() if value}
    if isinstance(field.required, str):
        told["x-required"] = field.required
    return told


def _nothing(kind: Nothing) -> dict[str, Any]:
    properties: dict[str, Any] = {"nothing": {"const": kind.value}}
    if kind is not Nothing.INAPPLICABLE:
        return {"type": "object", "properties": properties, "required": ["nothing"]}
    properties["reason"] = {"type": "string", "minLength": 1}
    return {"type": "object", "properties": properties, "required": ["nothing", "reason"]}


def _shape(field: Field, day: date) -> dict[str, Any]:
    kind = type_of(field)
    match kind.shape:
        case Shape.TEXT | Shape.LONG_TEXT:
            most = {"maxLength": field.max or USUAL_MAX} if "max" in kind.settings else {}
            return {"type": "string", **most, **({"minLength": field.min} if field.min else {})}
        case Shape.NUMBER:
            return {"type": "string", "pattern": r"^[+-]?[0-9]+(\.[0-9]+)?$"}
        case Shape.DATE:
            return {"type": "string", "examples": [kind.sample(field)]}
        case Shape.PERIOD:
            ends = {"from": {"type": "string"}, "to": {"type": ["string", "null"]}}
            return {"type": "object", "properties": ends, "required": ["from"]}
        case Shape.CHOICE:
            return {"type": "string", **_enum(field, day)}
        case Shape.CHOICES:
            return {"type": "array", "items": {"type": "string", **_enum(field, day)}, "uniqueItems": True}
        case Shape.LOOKUP:
            return {"type": "string", "format": "uuid", "x-lookup": field.lookup}
        case Shape.FILE:
            return {"type": "string", "format": "uuid"}
        case Shape.TABLE:
            raise TypeError("a section of many records is no field")
        case shape:
            assert_never(shape)


def _enum(field: Field, day: date) -> dict[str, Any]:
    """The codes, where they are few and depend on nothing; else the table's name must do."""
    entries = () if field.parent else type_of(field).offered(field, day)
    return {"enum": [entry.code for entry in entries]} if 0 < len(entries) <= ENUM_MOST else {}
