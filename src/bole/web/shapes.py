"""Plain data that templates draw: typed forms with their faults, process bars, timelines."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.http import QueryDict

from bole.kernel.errors import Fault, Invalid


@dataclass
class Typed:
    """A form as it was typed, with what is wrong with it: {% input form "phone" … %} draws a field of it."""

    values: Mapping[str, str] = field(default_factory=dict)
    faults: tuple[Fault, ...] = ()
    prefix: str = "f"

    @classmethod
    def posted(cls, data: QueryDict, *secret: str, prefix: str = "f") -> "Typed":
        """What was posted; passwords and codes named in `secret` are not shown again."""
        values = {name: text for name, text in data.items() if isinstance(text, str) and name not in secret}
        return cls(values, prefix=prefix)

    def with_faults(self, error: Invalid | Iterable[Fault]) -> "Typed":
        """The same form with faults at their places."""
        faults = error.faults if isinstance(error, Invalid) else tuple(error)
        return Typed(self.values, (*self.faults, *faults), self.prefix)

    def __getitem__(self, name: str) -> str:
        return self.values.get(name, "")

    def id_of(self, name: str) -> str:
        """The id of the control of a field."""
        return f"{self.prefix}-{name}"

    def fault_of(self, name: str) -> str:
        """What is wrong with a field; empty when nothing is."""
        return next((fault.say for fault in self.faults if fault.at == name), "")


@dataclass(frozen=True, slots=True)
class Stage:
    """A point of a process bar. `mark` is done, now, back (returned or not passed) or empty for what is to come."""

    name: str
    mark: str = ""
    note: str = ""


def stages(
    names: Sequence[str], at: int, *, notes: Mapping[int, str] | None = None, returned: bool = False
) -> tuple[Stage, ...]:
    """A bar whose stage number `at` (from 0) is the present one; `at` past the end means all is done."""
    said = notes or {}
    return tuple(
        Stage(
            name, "done" if index < at else ("back" if returned else "now") if index == at else "", said.get(index, "")
        )
        for index, name in enumerate(names)
    )


@dataclass(frozen=True, slots=True)
class Moment:
    """An entry of a timeline, newest first: what happened, who and where, when, with which opinion."""

    title: str
    who: str = ""
    at: datetime | None = None
    quote: str = ""
    mark: str = "pass"
    chip: str = ""
    faulty: tuple[str, ...] = ()
