"""What every field type answers; one type per file, none of them knows a page."""

import unicodedata
from abc import ABC, abstractmethod
from dataclasses import dataclass, field
from datetime import date
from typing import Any, ClassVar

from bole.definitions.terms import Context, Field, Pick, Shape
from bole.kernel import privacy
from bole.standards.terms import CodeEntry


class Wrong(ValueError):  # named for what it says, like the kernel's errors
    """What was entered cannot be taken; the message is the sentence shown at the field."""


@dataclass(frozen=True, slots=True)
class Around:
    """What a type may look at beside the entry: the day, and what its parent field holds.

    `parent` is the cleaned code of the field named by `parent:`; `parent_name` its label; `parent_wrong` says that it
    holds something that cannot be taken, which is told there; `context` is all that is known.
    """

    today: date
    parent: str | None = None
    parent_name: str = ""
    context: Context = field(default_factory=lambda: Context(date.min))
    parent_wrong: bool = False


class FieldType(ABC):
    """A type of field. Entries (`typed`) may be anything at all; cleaned values are JSON."""

    code: ClassVar[str]
    shape: ClassVar[Shape]
    # Which of the field's settings beyond the common ones mean something for this type, and which it needs.
    settings: ClassVar[frozenset[str]] = frozenset()
    needs: ClassVar[frozenset[str]] = frozenset()
    # What a page may want to know: the kind of keyboard, an example of the form, and how a choice is usually made.
    keyboard: ClassVar[str] = "text"
    example: ClassVar[str] = ""
    pick: ClassVar[Pick | None] = None
    # Whether a save changes an entry when what it hangs on changed.
    settles: ClassVar[bool] = False

    @abstractmethod
    def clean(self, typed: Any, field: Field, around: Around) -> Any:
        """The value of a non-blank entry. Raises Wrong with the sentence for the person."""

    def text(self, value: Any, field: Field) -> str:
        """The value as it is shown."""
        return str(value)

    def compact(self, value: Any, field: Field) -> str:
        """The value in captions that ask for `{field:compact}`."""
        return self.text(value, field)

    def compare(self, value: Any, field: Field) -> Any:
        """The value as conditions see it."""
        return value

    def raw(self, typed: Any, field: Field) -> str:
        """What the control shows of an entry, valid or not."""
        return typed if isinstance(typed, str) else ""

    def settle(self, typed: Any, field: Field, around: Around) -> Any:
        """The entry as it is kept when the record is saved, `around.parent` being chosen."""
        return typed

    def table(self, field: Field) -> str:
        """The table that a choice is made from; empty for other types."""
        return ""

    def offered(self, field: Field, on: date, parent: str | None = None) -> tuple[CodeEntry, ...]:
        """What can be chosen on a day below a parent's code; nothing where it is too much to list."""
        return ()

    def listing(self, field: Field, site: str, on: date) -> tuple[tuple[str, str], ...]:
        """What lists of cases are narrowed and put in order by: (word of the filter, name as it stands in the list)."""
        return tuple((entry.code, entry.name) for entry in self.offered(field, on))

    def mask(self, shown: str) -> str:
        """A sensitive value as it is shown to those who need not see the whole."""
        return privacy.mask_text(shown)

    @abstractmethod
    def sample(self, field: Field) -> Any:
        """A good entry, for demos and tests."""

    @abstractmethod
    def bad_samples(self, field: Field) -> tuple[Any, ...]:
        """Entries that must be refused."""


def single(typed: Any, field: Field) -> str:
    """The entry as one line of tidy text. Raises Wrong when it is no text."""
    if not isinstance(typed, str):
        raise Wrong(f"{field.name}应为文字，请重新填写")
    return tidy(typed)


def tidy(text: str, *, lines: bool = False) -> str:
    """Composed (NFC, never NFKC: compatibility forms of Han are names), without control and format characters.

    Line breaks stay when `lines`; otherwise they and tabs become spaces. Unassigned and private characters stay:
    they are Han that this Python does not know yet.
    """
    text = unicodedata.normalize("NFC", text)
    if text.isprintable():  # nothing below would be changed; nearly every entry is such
        return text.strip()
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    kept = []
    for char in text:
        if char in "\n\t":
            kept.append("\n" if lines and char == "\n" else " ")
        elif unicodedata.category(char) not in {"Cc", "Cf", "Cs", "Zl", "Zp"}:
            kept.append(char)
    return "".join(kept).strip()


def excerpt(text: str) -> str:
    """As much of an entry as a sentence can quote."""
    return text if len(text) <= 20 else text[:20] + "…"


def halfwidth(text: str) -> str:
    """Full-width digits and signs as ASCII; for numbers, days and phones only, never for words."""
    return text.translate(_HALF)


_HALF = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: 0x20}
