"""Unified social credit codes of units, checked by the standard's check character."""

from typing import Any

from bole.definitions.fields.base import Around, FieldType, Wrong, single
from bole.definitions.terms import Field, Shape
from bole.kernel.errors import Invalid
from bole.standards import queries as standards


class Credit(FieldType):
    """A code of GB 32100 in upper case, however it was typed; provisional codes are none (AC-15)."""

    code = "credit-code"
    shape = Shape.TEXT
    example = "18 位统一社会信用代码"

    def clean(self, typed: Any, field: Field, around: Around) -> str:
        try:
            return standards.credit_code(single(typed, field)).code
        except Invalid as error:
            raise Wrong(error.faults[0].say) from None

    def sample(self, field: Field) -> str:
        return "126401004000004210"

    def bad_samples(self, field: Field) -> tuple[Any, ...]:
        return (
            "126401004000004211",
            "12640100400000421",
            "12640100400000421001",
            "某单位的代码",
            126401004000004210,
            [],
        )
