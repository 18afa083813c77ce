"""Choices from code tables: one, several, yes or no."""

from datetime import date
from typing import Any

from bole.definitions.conditions import Coded
from bole.definitions.fields.base import Around, FieldType, Wrong, excerpt, single
from bole.definitions.terms import Field, Shape
from bole.kernel import clock
from bole.standards import queries as standards
from bole.standards.terms import CodeEntry, CodeTable


def table_of(field: Field) -> str:
    """The table a choice is made from."""
    return field.table or "yes-no"


def choices(field: Field, on: date, parent: str | None = None) -> tuple[CodeEntry, ...]:
    """What can be chosen on a day: below the parent's code, at the top, or anywhere in the table."""
    table = standards.table(table_of(field))
    if field.parent is not None:
        found = table.children(parent, on) if parent else ()
    elif field.roots:
        found = table.children(None, on)
    else:
        found = tuple(entry for entry in table.entries_on(on) if entry.selectable)
    return tuple(entry for entry in found if entry.code in field.codes) if field.codes else found


def name_of(field: Field, code: str) -> str:
    """The name of a code, valid today or not; the code itself when the table never had it."""
    try:
        return standards.table(table_of(field)).entry(code).name
    except KeyError:
        return code


class Code(FieldType):
    """One code. A name is taken for its code where only one entry has it, so that pages without script work."""

    code = "code"
    shape = Shape.CHOICE
    settings = frozenset({"table", "parent", "roots", "codes", "pick"})
    needs = frozenset({"table"})

    def clean(self, typed: Any, field: Field, around: Around) -> str:
        return self.chosen(single(typed, field), field, around)

    def chosen(self, text: str, field: Field, around: Around) -> str:
        """The code of an entry. Raises Wrong."""
        table = standards.table(table_of(field))
        if field.parent is not None and around.parent is None:
            raise Wrong(f"请先选择{around.parent_name}，再选择{field.name}")
        found = choices(field, around.today, around.parent)
        if any(entry.code == text for entry in found):
            return text
        offered = {entry.code for entry in found}
        named = [code for code in self._named(table, text, around.today, offered) if code in offered]
        if len(named) == 1:
            return named[0]
        if len(named) > 1:
            raise Wrong(f"{field.name}里有{len(named)}个「{excerpt(text)}」，请从列表中选择")
        if text in table and not table.entry(text, around.today).valid_on(around.today):
            raise Wrong(f"{field.name}「{name_of(field, text)}」已停用，请重新选择")
        shown = name_of(field, text)
        place = f"「{name_of_parent(field, around.parent)}」下" if around.parent else field.name + "里"
        raise Wrong(f"{place}没有「{excerpt(shown)}」，请从列表中选择{field.name}")

    def _named(self, table: CodeTable, text: str, day: date, offered: set[str]) -> list[str]:
        exact = [code for code in offered if table.entry(code, day).name == text]
        return exact or [entry.code for entry in table.named(text, day)]

    def table(self, field: Field) -> str:
        return table_of(field)

    def offered(self, field: Field, on: date, parent: str | None = None) -> tuple[CodeEntry, ...]:
        return choices(field, on, parent)

    def text(self, value: Any, field: Field) -> str:
        return name_of(field, value)

    def compare(self, value: Any, field: Field) -> Coded:
        return Coded(value, name_of(field, value))

    def sample(self, field: Field) -> str:
        return choices(field, clock.today(), self._first_parent(field))[0].code

    def _first_parent(self, field: Field) -> str | None:
        table = standards.table(table_of(field))
        return next((entry.parent for entry in table.entries if entry.parent), None) if field.parent else None

    def bad_samples(self, field: Field) -> tuple[Any, ...]:
        return ("no-such-code", "没有的选项", ["1"], 1, "<script>alert(1)</script>", "../codes/sex")


def name_of_parent(field: Field, parent: str | None) -> str:
    """The name of the parent's code; cascades lie within one table."""
    return name_of(field, parent or "")


class YesNo(Code):
    """是 or 否."""

    code = "yes-no"
    settings = frozenset({"pick"})
    needs = frozenset()


class Codes(Code):
    """Several codes, at most `max`; kept in the table's order, each once."""

    code = "codes"
    shape = Shape.CHOICES
    settings = frozenset({"table", "codes", "max", "min"})

    def clean(self, typed: Any, field: Field, around: Around) -> list[str]:  # type: ignore[override]  # several
        entries = [typed] if isinstance(typed, str) else typed
        if not isinstance(entries, list) or not all(isinstance(each, str) for each in entries) or len(entries) > 500:
            raise Wrong(f"请从列表中选择{field.name}")
        found = {self.chosen(single(each, field), field, around) for each in entries if each.strip()}
        if field.max is not None and len(found) > field.max:
            raise Wrong(f"{field.name}最多选择{field.max}项，现在是{len(found)}项")
        if len(found) < (field.min or 1):
            raise Wrong(f"{field.name}至少选择{field.min or 1}项")
        return [entry.code for entry in choices(field, around.today) if entry.code in found]

    def text(self, value: Any, field: Field) -> str:
        return "、".join(name_of(field, each) for each in value)

    def compare(self, value: Any, field: Field) -> Any:
        return tuple(Coded(each, name_of(field, each)) for each in value)

    def sample(self, field: Field) -> list[str]:  # type: ignore[override]  # several
        return [entry.code for entry in choices(field, clock.today())[: min(2, field.max or 2)]]

    def bad_samples(self, field: Field) -> tuple[Any, ...]:
        return (["no-such-code"], "没有的选项", [1], {"a": 1}, [["1"]], ["<script>"])
