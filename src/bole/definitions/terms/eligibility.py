"""Who may apply: conditions over what the platform knows already, and what is found of each (ALL-13)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import BeforeValidator
from pydantic import Field as Key

from bole.definitions.terms.route import FieldCode, Name
from bole.definitions.terms.words import FACTS, Finding, Frozen, Take

ARCHIVE = "archive"


class Fact(Frozen):
    """One fact that a condition rests on, under the name that it has there.

    `fact` is person.x or unit.x, archive.kind.field, or section.field of the form, which nobody knows before filling.
    Of many records, those stand that `when` (over the record's own fields) lets through, and `take` says what of
    them: every value, how many, or the one of the record that is first by `by`. `top` takes the uppermost entry of
    the code's table, a doctor's degree of whatever field; `attribute` what a further column of the table says of it.
    """

    fact: Annotated[str, Key(pattern=r"^[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*){1,2}$")]
    named: FieldCode | None = Key(default=None, alias="as")
    name: str = ""
    take: Take | None = None
    by: FieldCode | None = None
    when: str | None = None
    top: bool = False
    attribute: FieldCode | None = None

    @property
    def owner(self) -> str:
        """What knows it: person, unit, archive, or a section."""
        return self.fact.partition(".")[0]

    @property
    def kind(self) -> str:
        """The kind of archive record; empty for other facts."""
        return self.fact.split(".")[1] if self.owner == ARCHIVE else ""

    @property
    def field(self) -> str:
        """The last part of the path."""
        return self.fact.rpartition(".")[2]

    @property
    def key(self) -> str:
        """Its name in the condition: its own, the whole path of a fact of person or unit, or the field's."""
        return self.named or (self.fact if self.owner in FACTS else self.field)


def _fact(value: Any) -> Any:
    return {"fact": value} if isinstance(value, str) else value


class Requirement(Frozen):
    """One condition for applying, with the clause it rests on and what would satisfy it.

    Where it `stops`, nobody opens a case who is known not to meet it. Others are shown and left to the reviewers.
    A `present` one asks how things are on the day of asking, whatever day the service counts years to.
    """

    condition: FieldCode
    name: Name
    clause: Name
    that: str
    facts: tuple[Annotated[Fact, BeforeValidator(_fact)], ...]
    remedy: Name
    stops: bool = False
    present: bool = False


@dataclass(frozen=True, slots=True)
class Held:
    """One record of the archive as others hand it in: as typed, whence it came, and who verified it, if anybody."""

    data: Mapping[str, Any]
    source: str = ""
    verified: str = ""


@dataclass(frozen=True, slots=True)
class Used:
    """One fact as a finding used it: its name, its text (empty while not known), where it is from, who verified it.

    `firm` says that it was registered or verified, rather than only typed by somebody.
    """

    name: str
    text: str
    source: str
    verified: str = ""
    firm: bool = False

    @property
    def known(self) -> bool:
        """Whether there is anything to show."""
        return bool(self.text)


@dataclass(frozen=True, slots=True)
class Assessed:
    """What was found of one condition, and the facts it was found by."""

    requirement: Requirement
    finding: Finding
    used: tuple[Used, ...]

    @property
    def stops(self) -> bool:
        """Whether it keeps a case from being opened: known not to be met, by nothing that nobody has checked."""
        firm = all(each.firm for each in self.used if each.known)
        return self.requirement.stops and self.finding is Finding.UNMET and firm
