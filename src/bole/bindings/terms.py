"""Words of the bindings room."""

from dataclasses import dataclass
from enum import StrEnum


class CopyKind(StrEnum):
    """Why something that was copied is marked."""

    OBJECTED = "objected"
    STALE = "stale"
    CHECKED = "checked"

    @property
    def word(self) -> str:
        """As the form shows it."""
        return {"objected": "上次被指出", "stale": "现在不再适用", "checked": "后来已核验"}[self.value]


@dataclass(frozen=True, slots=True)
class CopyMark:
    """One thing of a copied form to look at: where it is, why, and in which words."""

    kind: CopyKind
    section: str
    record: str
    say: str
