"""Numbers of identity documents, checked by the standard's check digit."""

from typing import Any

from bole.definitions.fields.base import Around, FieldType, Wrong, single
from bole.definitions.terms import Field, Shape
from bole.kernel import privacy
from bole.kernel.errors import Invalid
from bole.standards import queries as standards


class Identity(FieldType):
    """A document number; `parent` names the field that holds the kind of document (resident card when none)."""

    code = "identity"
    shape = Shape.TEXT
    settings = frozenset({"parent"})

    def clean(self, typed: Any, field: Field, around: Around) -> str:
        try:
            return standards.identity(around.parent or "resident", single(typed, field)).number
        except Invalid as error:
            raise Wrong(error.faults[0].say) from None

    def mask(self, shown: str) -> str:
        return privacy.mask_number(shown)

    def sample(self, field: Field) -> str:
        return "11010519491231002X"

    def bad_samples(self, field: Field) -> tuple[Any, ...]:
        return ("110105194912310021", "110105194913310025", "1101051949", "甲乙丙", 110105194912310020, ["1"])
