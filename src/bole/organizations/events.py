"""Facts of the organizations room, announced after commit."""

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True)
class AppointmentOffered:
    """A role was offered; `account` is the registered person concerned, None when nobody is (yet).

    `title` is the role's name; `role` is blank where a business role was offered.
    """

    appointment: UUID
    unit: UUID
    role: str
    account: UUID | None
    title: str = ""


@dataclass(frozen=True, slots=True)
class AppointmentGranted:
    """A further role was given to somebody who served the unit already; it is live without an answer."""

    appointment: UUID
    unit: UUID
    title: str
    account: UUID


@dataclass(frozen=True, slots=True)
class AppointmentAccepted:
    """An offer was taken; `offered_by` made it (None: the platform)."""

    appointment: UUID
    unit: UUID
    title: str
    account: UUID
    offered_by: UUID | None


@dataclass(frozen=True, slots=True)
class AppointmentEnded:
    """A role or an offer ended, by either side or (`ended_by` None) by its date; `account` held it, None for an offer
    nobody had accepted."""

    appointment: UUID
    unit: UUID
    role: str
    account: UUID | None
    ended_by: UUID | None
    title: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class UnitAttached:
    """A unit hangs under another superior now; None: under nobody."""

    unit: UUID
    before: UUID | None
    after: UUID | None


@dataclass(frozen=True, slots=True)
class UnitClosed:
    """A unit was closed: its people need another, and what lies at its desks needs somebody above."""

    unit: UUID


@dataclass(frozen=True, slots=True)
class RegionCorrected:
    """A unit's 所属地区 changed: open cases may have to be re-routed (JL-11)."""

    unit: UUID
    before: str
    after: str
