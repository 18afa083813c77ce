"""Facts of the organizations room, announced after commit."""

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True)
class CollectionEnabled:
    """「开通网上采集功能」 was done for a unit."""

    unit: UUID


@dataclass(frozen=True, slots=True)
class AppointmentOffered:
    """A role was offered; `account` is the registered person concerned, None when nobody is (yet)."""

    appointment: UUID
    unit: UUID
    role: str
    account: UUID | None


@dataclass(frozen=True, slots=True)
class AppointmentAccepted:
    """The appointee accepted; the role is live."""

    appointment: UUID
    unit: UUID
    role: str
    account: UUID
    appointed_by: UUID | None


@dataclass(frozen=True, slots=True)
class AppointmentEnded:
    """A role or an offer ended, by either side."""

    appointment: UUID
    unit: UUID
    role: str
    account: UUID | None


@dataclass(frozen=True, slots=True)
class RegionCorrected:
    """A unit's 所属地区 changed: open cases may have to be re-routed (JL-11)."""

    unit: UUID
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class UnitMoved:
    """A unit was attached to another superior; paths copied onto cases and persons follow."""

    unit: UUID
    before: str
    after: str
