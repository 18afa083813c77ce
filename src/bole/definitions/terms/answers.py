"""Answers on their way: what is known around them, what cleaning makes of them, how they are shown."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from bole.definitions.terms.words import SectionState, Shape
from bole.kernel.errors import BoleError, Fault
from bole.kernel.privacy import Privacy


@dataclass(frozen=True)
class Context:
    """What stands around an answer: the day, the facts of subject and unit, the other sections as typed.

    `facts` is {"person": {...}, "unit": {...}} with the names of `words.FACTS`; without "person" where a unit is the
    subject. `stood` is what stood for each field with `was`, by "section.field". `chosen` are the keys of catalogue
    lines that were handed in before: they stay right when a line ends. `memo` keeps what look-ups answered.
    """

    today: date
    facts: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    answers: Mapping[str, Any] = field(default_factory=dict)
    stood: Mapping[str, Any] = field(default_factory=dict)
    site: str = ""
    chosen: frozenset[str] = frozenset()
    memo: dict[Any, Any] = field(default_factory=dict, compare=False, repr=False)

    def fact(self, path: str) -> Any:
        """The fact at "person.name", or the answer of a single section at "plan.title"; None when it is not known."""
        owner, _, name = path.partition(".")
        answer = self.answers.get(owner) if owner not in self.facts else None
        if isinstance(answer, Mapping):
            return answer.get(name)
        return self.facts.get(owner, {}).get(name)


@dataclass(frozen=True)
class Cleaned:
    """A section after cleaning. `values` holds what is valid (a mapping; many: a list of mappings with "id").

    Each fault is at "field", "<record id>.field", or "" for the section as a whole.
    """

    section: str
    values: Any
    faults: tuple[Fault, ...]
    state: SectionState

    @property
    def valid(self) -> bool:
        """Whether nothing stands against handing it in."""
        return not self.faults and self.state is not SectionState.INCOMPLETE


@dataclass(frozen=True)
class EvidenceLine:
    """One line of 「附件管理」. `key` is "section:record id", or "section:" for a single section; ":category" follows
    where the definition tells several categories of a section apart. `min` is 0 where nothing is demanded, and
    `reason` says why it is or is not.
    """

    key: str
    section: str
    record: str
    caption: str
    min: int
    max: int
    instead: str | None
    category: str = ""
    heading: str = ""
    reason: str = ""
    portrait: bool = False


@dataclass(frozen=True)
class Unasked:
    """A category of evidence for which there is no line: nothing is asked of this person, and why."""

    section: str
    category: str
    heading: str
    reason: str


@dataclass(frozen=True)
class Shown:
    """One label with its text, as preview, review and print show it. `at` is the place for links and faults.

    `was` is the text that stood before, where the answer changes it; None where there is nothing to compare.
    """

    field: str
    label: str
    text: str
    privacy: Privacy
    shape: Shape
    at: str
    masked: bool = False
    blank: bool = False
    missing: bool = False
    listed: bool = True
    was: str | None = None


@dataclass(frozen=True)
class ShownRow:
    """One record of a section of many."""

    id: str
    caption: str
    cells: tuple[Shown, ...]


@dataclass(frozen=True, slots=True)
class Origin:
    """Where the answers of a drawn part are known from: the unit that verified them, or the source of the record."""

    verified: bool
    told: str


@dataclass(frozen=True)
class ShownSection:
    """A section as it is read: pairs of a single record, or rows under column heads; `none` is 「无此项」."""

    code: str
    name: str
    heading: str
    state: SectionState
    pairs: tuple[Shown, ...] = ()
    heads: tuple[str, ...] = ()
    rows: tuple[ShownRow, ...] = ()

    @property
    def kind(self) -> str:
        """`table` for many records, `pairs` for one."""
        return "table" if self.heads else "pairs"


@dataclass(frozen=True)
class Problem:
    """One thing wrong with the catalogue, where it is, in words for those who keep it."""

    file: str
    line: int
    say: str
    warning: bool = False

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.say}"


class DefinitionInvalid(BoleError):
    """The catalogue cannot be used; every problem at once."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__("\n".join(str(problem) for problem in problems))
        self.problems = problems
