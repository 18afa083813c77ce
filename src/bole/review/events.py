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


@dataclass(frozen=True, slots=True)
class ResultPublished:
    """The result of a case was published, or a published one corrected: it stands as of `revision`."""

    outcome: UUID
    revision: int
    corrected: bool


@dataclass(frozen=True, slots=True)
class ResultsPublished:
    """Somebody published results of these units, so many each; told to the units once, not case by case."""

    occasion: str
    service: str
    units: tuple[tuple[UUID, int], ...]


@dataclass(frozen=True, slots=True)
class OpeningAsked:
    """The applicant of a returned case asks for more to be opened."""

    request: UUID


@dataclass(frozen=True, slots=True)
class OpeningAnswered:
    """The desk that returned the case has answered."""

    request: UUID


@dataclass(frozen=True, slots=True)
class TaskHandedOver:
    """A colleague is to decide on the case; `name` is who handed it over."""

    task: UUID
    account: UUID
    name: str
