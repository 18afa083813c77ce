"""One line of text."""

from typing import Any

from bole.definitions.fields.base import Around, FieldType, Wrong, single, tidy
from bole.definitions.terms import Field, Shape

USUAL_MAX = 200


class Text(FieldType):
    """Anything one may write; `max` and `min` count characters."""

    code = "text"
    shape = Shape.TEXT
    settings = frozenset({"max", "min"})
    usual_max = USUAL_MAX

    def clean(self, typed: Any, field: Field, around: Around) -> str:
        return self.measured(single(typed, field), field)

    def measured(self, text: str, field: Field) -> str:
        """The text if its length fits. Raises Wrong."""
        most = field.max or self.usual_max
        if len(text) > most:
            raise Wrong(f"{field.name}最多{most}个字符，现在是{len(text)}个")
        if field.min and len(text) < field.min:
            raise Wrong(f"{field.name}至少{field.min}个字符，现在是{len(text)}个")
        return text

    def sample(self, field: Field) -> str:
        text = "安澜市第一人民医院𠮷·丽"[: field.max or None]
        return text.ljust(field.min or 0, "文")

    def bad_samples(self, field: Field) -> tuple[Any, ...]:
        return ("字" * ((field.max or self.usual_max) + 1), 7, ["a"], {"a": 1}, True)


class LongText(Text):
    """Several lines of text."""

    code = "long-text"
    shape = Shape.LONG_TEXT
    usual_max = 2000

    def clean(self, typed: Any, field: Field, around: Around) -> str:
        single(typed, field)
        return self.measured(tidy(typed, lines=True), field)
