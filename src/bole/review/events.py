"""Facts announced after commit."""

from dataclasses import dataclass
from uuid import UUID

from bole.review.terms import MoveKind


@dataclass(frozen=True, slots=True)
class CaseMoved:
    """A case moved; `movement` says how. Messages, prints and indexes follow from it."""

    case: UUID
    movement: UUID
    kind: MoveKind
