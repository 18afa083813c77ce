"""Numbers, kept as the text of their digits so that nothing is rounded on the way."""

import re
from decimal import Decimal
from typing import Any

from bole.definitions.fields.base import Around, FieldType, Wrong, excerpt, halfwidth, single
from bole.definitions.terms import Field, Shape

_LONGEST = 15


class Number(FieldType):
    """A number between `min` and `max` with at most `decimals` places."""

    code = "number"
    shape = Shape.NUMBER
    keyboard = "decimal"
    settings = frozenset({"max", "min", "decimals", "suffix"})

    def clean(self, typed: Any, field: Field, around: Around) -> str:
        text = halfwidth(single(typed, field)).replace(",", "").replace(" ", "")
        if not re.fullmatch(r"[+-]?[0-9]+(\.[0-9]+)?", text, re.ASCII) or len(text) > _LONGEST:
            raise Wrong(f"{field.name}应为数字，现在是「{excerpt(text)}」")
        number = Decimal(text).normalize()
        places = -int(number.as_tuple().exponent)
        if places > field.decimals:
            limit = f"最多{field.decimals}位小数" if field.decimals else "应为整数"
            raise Wrong(f"{field.name}{limit}，现在是「{text}」")
        if field.min is not None and number < field.min:
            raise Wrong(f"{field.name}不能小于{field.min}")
        if field.max is not None and number > field.max:
            raise Wrong(f"{field.name}不能大于{field.max}")
        return f"{number:f}" if number else "0"

    def text(self, value: Any, field: Field) -> str:
        return f"{value}{field.suffix}"

    def compact(self, value: Any, field: Field) -> str:
        return str(value)

    def compare(self, value: Any, field: Field) -> Decimal:
        return Decimal(value)

    def sample(self, field: Field) -> str:
        return str(field.min if field.min is not None else min(7, field.max if field.max is not None else 7))

    def bad_samples(self, field: Field) -> tuple[Any, ...]:
        over = () if field.max is None else (str(field.max + 1),)
        under = () if field.min is None else (str(field.min - 1),)
        finer = "1." + "1" * (field.decimals + 1)
        return ("十", "1e5", "NaN", "٣", "1.2.3", finer, "9" * 40, 7, ["1"], *over, *under)
