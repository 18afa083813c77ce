"""What a search must answer that a field is picked by; `bindings` binds each by its name."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

from bole.definitions.terms.answers import Context

# The attribute that a catalogue declares whose values are keys of units: a desk can then be named by the answer.
UNIT_ATTRIBUTE = "unit"


class Lookup(Protocol):
    """A way to find units. Values are keys as text, labels what people read."""

    def search(self, text: str, site: str, limit: int) -> tuple[tuple[str, str], ...]:
        """What fits the words, as (value, label), the best first; nothing for blank words."""

    def name(self, value: str) -> str:
        """What a value is called, closed or not; the value itself when there is none such."""

    def fault(self, value: str, context: Context) -> str:
        """Why this value cannot be taken, as a sentence; empty when it can. Facts of person and unit have an "id"."""


@dataclass(frozen=True, slots=True)
class Choice:
    """One line of a governed catalogue. `value` is its key, kept in answers; `code` and `name` are for conditions.

    `note` stands behind the name where one chooses. `attributes` says more to conditions, each as (code, name).
    """

    value: str
    name: str
    code: str = ""
    note: str = ""
    attributes: Mapping[str, tuple[str, str]] = field(default_factory=dict, hash=False)


class Governed(Protocol):
    """A catalogue that an authority keeps while cases run: lines begin and end, and old ones are still shown."""

    attributes: frozenset[str]

    def offered(self, parent: str | None, context: Context) -> tuple[Choice, ...]:
        """What can be chosen below the parent's value (at the top: below None), on the context's day, for its unit."""

    def known(self, value: str) -> Choice | None:
        """The line of a value, ended or not; None when there never was one."""

    def below(self, value: str, parent: str | None) -> bool:
        """Whether a value hangs under the parent's, whatever the day."""

    def fault(self, value: str, parent: str | None, context: Context) -> str:
        """Why a line that hangs there cannot be chosen anew, and what to do; empty when it can."""

    def listed(self, site: str) -> tuple[Choice, ...]:
        """Every line of a site in the catalogue's order, ended ones too: by these lists of cases are narrowed."""

    def vacant(self, parent: str | None, context: Context) -> str:
        """Why nothing is offered, and what to do; empty where nothing more can be said."""
