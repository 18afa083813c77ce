"""One entry at a time: what was typed in a field, and what it comes to."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bole.definitions.fields import Around, Wrong, tidy, type_of
from bole.definitions.terms import Context, Field, Nothing, Section, Shape

REASON_MAX = 100
# What people type where there is nothing: no value where the definition offers a kind of nothing (ALL-14, D26).
_STAND_IN = re.compile(r"9{6,}|0{6,}|[-—－/／\\.。]+|[Nn]/?[Aa]", re.ASCII)


@dataclass(frozen=True, slots=True)
class Entry:
    """What a field holds: a value, a declared nothing (with its reason), a sentence of what is wrong, or blank."""

    value: Any = None
    nothing: Nothing | None = None
    reason: str = ""
    wrong: str = ""

    @property
    def blank(self) -> bool:
        """Whether nothing at all was entered."""
        return self.value is None and self.nothing is None and not self.wrong

    @property
    def answer(self) -> Any:
        """The entry as it stands among cleaned values."""
        if self.nothing is None:
            return self.value
        told = {"nothing": self.nothing.value}
        return told | {"reason": self.reason} if self.reason else told


BLANK = Entry()


def read_record(section: Section, typed: Any, context: Context) -> dict[str, Entry]:
    """Every field's entry, parents before children, whether shown or not. Never raises, whatever was typed."""
    record = typed if isinstance(typed, dict) else {}
    entries: dict[str, Entry] = {}
    for field in section.fields:
        given = context.fact(field.fixed) if field.fixed else record.get(field.field)
        if field.fixed and given is not None and not isinstance(given, str | list | dict):
            given = given.isoformat() if hasattr(given, "isoformat") else str(given)
        entries[field.field] = read_entry(field, given, around(section, field, entries, context))
    return entries


def around(section: Section, field: Field, entries: Mapping[str, Entry], context: Context) -> Around:
    """What a field's type may look at; its parent stands before it (the catalogue's check sees to that)."""
    parent = section.by_code.get(field.parent or "")
    held = entries.get(parent.field) if parent else None
    code = held.value if held is not None and isinstance(held.value, str) else None
    wrong = held is not None and bool(held.wrong)
    return Around(context.today, code, parent.name if parent else "", context, wrong)


def read_entry(field: Field, typed: Any, nearby: Around) -> Entry:
    """The entry of one field."""
    if is_blank(typed):
        return BLANK
    if isinstance(typed, dict) and "nothing" in typed:
        return _declared(field, typed)
    if field.nothing and isinstance(typed, str) and not field.fixed:
        text = tidy(typed)
        if text in ("无", "没有") and Nothing.NONE in field.nothing:
            return Entry(nothing=Nothing.NONE)
        if _STAND_IN.fullmatch(text):
            words = "、".join(f"「{kind.word}」" for kind in field.nothing)
            return Entry(wrong=f"{field.name}不要用「{text}」代替，没有可填的请选择{words}")
    try:
        value = type_of(field).clean(typed, field, nearby)
    except Wrong as wrong:
        # A fact that this form cannot read is shown as it is: the person cannot change it here.
        return Entry(value=typed) if field.fixed and isinstance(typed, str) else Entry(wrong=str(wrong))
    return BLANK if value in ("", []) else Entry(value=value)


def is_blank(typed: Any) -> bool:
    """Whether an entry is as good as none: only spaces, an empty list, a mapping of blanks."""
    if typed is None:
        return True
    if isinstance(typed, str):
        return not tidy(typed)
    if isinstance(typed, list):
        return all(is_blank(each) for each in typed)
    return isinstance(typed, dict) and "nothing" not in typed and all(is_blank(each) for each in typed.values())


def _declared(field: Field, typed: Mapping[str, Any]) -> Entry:
    kind = next((kind for kind in field.nothing if kind.value == typed.get("nothing")), None)
    if kind is None:
        return Entry(wrong=f"{field.name}不能这样填写，请填写内容")
    if kind is not Nothing.INAPPLICABLE:
        return Entry(nothing=kind)
    reason = tidy(typed["reason"]) if isinstance(typed.get("reason"), str) else ""
    if not reason:
        return Entry(wrong=f"请填写{field.name}不适用的原因")
    if len(reason) > REASON_MAX:
        return Entry(wrong=f"{field.name}不适用的原因最多{REASON_MAX}个字符，现在是{len(reason)}个")
    return Entry(nothing=kind, reason=reason)


def demand(field: Field) -> str:
    """The sentence for a required field left blank."""
    match type_of(field).shape:
        case Shape.CHOICE | Shape.CHOICES | Shape.LOOKUP:
            return f"请选择{field.name}"
        case Shape.FILE:
            return f"请上传{field.name}"
        case _:
            return f"请填写{field.name}"
