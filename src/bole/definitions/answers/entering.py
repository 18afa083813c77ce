"""Between the answers of a form and the records of the archive: what a case enters, and what a part draws."""

from collections.abc import Mapping
from typing import Any

from bole.definitions.answers.captions import shown_text
from bole.definitions.answers.entries import read_record
from bole.definitions.fields.code import name_of
from bole.definitions.fields.governed import bound
from bole.definitions.terms import RESULT_GRADE, TOLD, Context, Entered, Entering, Field, Part, Section, Service
from bole.standards import queries as standards

_DAYS = {"date": 10, "month": 7, "year": 4}
_TEXTS = ("text", "long-text")


def entered_record(
    service: Service, entering: Entering, values: Mapping[str, Any], told: Mapping[str, str]
) -> dict[str, Any]:
    """The content of the record that a case enters: `values` are its cleaned answers by section, `told` what the
    platform itself says of it, by the words of `TOLD`.

    What is blank, was declared not to be, or has no counterpart in the table of the field is left out.
    """
    fields = {field.field: field for field in service.kept(entering.record).fields}
    found: dict[str, Any] = {}
    for entered in entering.fields:
        field = fields[entered.field]
        value = entered.value if entered.value is not None else _taken(service, entered, field, values, told, found)
        if value not in ("", None):
            found[field.field] = value
    return found


def _taken(
    service: Service, entered: Entered, field: Field, values: Mapping[str, Any], told: Mapping[str, str],
    found: Mapping[str, Any],
) -> Any:  # fmt: skip
    path = entered.source or ""
    if path in TOLD:
        text = told.get(path, "")
        if path == RESULT_GRADE and service.results is not None and field.type != "code":
            text = name_of(Field(field="grade", name="级别", type="code", table=service.results.table), text)
        return entered.codes.get(text) if entered.codes else _cut(field, text)
    section, _, name = path.partition(".")
    asked = service.by_code[section].by_code[name]
    value = (values.get(section) or {}).get(name)
    if entered.codes:
        return entered.codes.get(_code(asked, value))
    return fitted(field, asked, value, found.get(field.parent or ""))


def drawn_values(
    service: Service, section: Section, part: Part, data: Mapping[str, Any], context: Context
) -> dict[str, Any]:
    """What the drawn fields of a part take from the content of one record, as it would be typed."""
    if part.drawn is None:
        return {}
    kind = service.kept(part.drawn.record)
    read = read_record(Section(section=kind.record, name=kind.name, fields=kind.fields), data, context)
    found: dict[str, Any] = {}
    for name, sources in part.drawn.fields.items():
        for source in sources:
            asked = next(field for field in kind.fields if field.field == source)
            value = read[source].answer
            if read[source].wrong and asked.type == "code":  # an entry that ended since still has its name
                value = data.get(source)
            value = fitted(section.by_code[name], asked, value, None)
            if value not in ("", None):
                found[name] = value
                break
    return found


def fitted(field: Field, asked: Field, value: Any, above: Any) -> Any:
    """The value of one field as another one holds it; None where nothing of it fits. `above` is the code that the
    field's parent holds."""
    if value is None or (isinstance(value, dict) and "nothing" in value):
        return None
    if field.type in _TEXTS:
        return _cut(field, shown_text(asked, value))
    if field.type == "code" and asked.type == "governed":
        return _counterpart(field, asked, str(value), above)
    return _cut(field, value) if isinstance(value, str) else value


def _cut(field: Field, text: str) -> str:
    """As much of a text as the field holds, a day to the field's precision."""
    length = _DAYS.get(field.type) or (field.max if field.type in _TEXTS else None)
    return text[:length]


def _code(asked: Field, value: Any) -> str:
    """The code of a chosen entry, of a table or of a catalogue."""
    if not isinstance(value, str):
        return ""
    line = bound(asked).known(value) if asked.type == "governed" else None
    return line.code if line is not None else value


def _counterpart(field: Field, asked: Field, value: str, above: Any) -> str | None:
    """The entry of a code table that a line of a governed catalogue stands for: of the same code, or else of the same
    name below the entry above. A line that an authority added by itself may have none."""
    line, table = bound(asked).known(value), standards.table(field.table or "")
    if line is None or (field.parent is not None and not above):
        return None
    if line.code in table and (field.parent is None or table.entry(line.code).parent == above):
        return line.code
    below = table.children(above) if field.parent is not None else ()
    return next((entry.code for entry in below if entry.name == line.name), None)
