"""A place of GB/T 2260, down to the county."""

from datetime import date
from typing import Any

from bole.definitions.conditions import Coded
from bole.definitions.fields.base import Around, FieldType, Wrong, excerpt, single
from bole.definitions.terms import Field, Pick, Shape
from bole.standards import queries as standards


class Region(FieldType):
    """A six-digit code, or a full name such as 宁夏回族自治区银川市兴庆区, which is taken for its code."""

    code = "region"
    shape = Shape.CHOICE
    settings = frozenset({"pick"})
    pick = Pick.SEARCH

    def table(self, field: Field) -> str:
        return "region"

    def clean(self, typed: Any, field: Field, around: Around) -> str:
        text = single(typed, field).replace(" ", "")
        found = self._known(text, around.today) or self._named(text, around.today)
        if found is None:
            raise Wrong(f"没有「{excerpt(text)}」这个地区，请从列表中选择{field.name}")
        return found

    def _known(self, text: str, day: date) -> str | None:
        if not (len(text) == 6 and text.isascii() and text.isdigit()):
            return None
        try:
            region = standards.region(text, day)
        except KeyError:
            return None
        return None if region.ended_on and region.ended_on < day else text

    def _named(self, text: str, day: date) -> str | None:
        """Walks down from the provinces while the rest of the text begins with a name."""
        above: str | None = None
        while text:
            below = standards.regions_under(above, day)
            step = max(
                (each for each in below if text.startswith(each.name)), key=lambda each: len(each.name), default=None
            )
            if step is None:
                return None
            above, text = step.code, text[len(step.name) :]
        return above

    def text(self, value: Any, field: Field) -> str:
        try:
            return standards.region(value).full_name
        except KeyError:
            return str(value)

    def compare(self, value: Any, field: Field) -> Coded:
        return Coded(value, self.text(value, field))

    def raw(self, typed: Any, field: Field) -> str:
        return self.text(typed, field) if isinstance(typed, str) and typed.isdigit() else super().raw(typed, field)

    def sample(self, field: Field) -> str:
        return "640104"

    def bad_samples(self, field: Field) -> tuple[Any, ...]:
        return ("999999", "乌托邦", "64010", "宁夏回族自治区火星市", 640104, ["640104"])
