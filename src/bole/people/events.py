"""Facts of the people room, announced after commit."""

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True)
class PersonRegistered:
    """A personal account was opened."""

    person: UUID
    account: UUID
    site: str


@dataclass(frozen=True, slots=True)
class RegistrationRepeated:
    """Somebody tried to register a number that has an account: its owner is told at the registered phone."""

    account: UUID
    site: str


@dataclass(frozen=True, slots=True)
class RegistrationHeld:
    """Name or phone differ from the roster: the unit must correct its roster, or somebody is posing as the person."""

    person: UUID
    site: str


@dataclass(frozen=True, slots=True)
class PersonTied:
    """A person belongs to another unit now; `before` is the unit left, None when there was none."""

    person: UUID
    unit: UUID
    before: UUID | None


@dataclass(frozen=True, slots=True)
class TieEnded:
    """A person left a unit and has none for now."""

    person: UUID
    unit: UUID


@dataclass(frozen=True, slots=True)
class LookupLimitReached:
    """An account asked for as many numbers as a day allows (AC-09): security administrators are alerted."""

    account: UUID
    unit: UUID
