"""Facts of the organizations room, announced after commit."""

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True)
class AppointmentOffered:
    """A role was offered; `account` is the registered person concerned, None when nobody is (yet)."""

    appointment: UUID
    unit: UUID
    role: str
    account: UUID | None


@dataclass(frozen=True, slots=True)
class AppointmentEnded:
    """A role or an offer ended, by either side; `account` held it, None for an offer nobody had accepted."""

    appointment: UUID
    unit: UUID
    role: str
    account: UUID | None
    ended_by: UUID | None


@dataclass(frozen=True, slots=True)
class RegionCorrected:
    """A unit's 所属地区 changed: open cases may have to be re-routed (JL-11)."""

    unit: UUID
    before: str
    after: str
