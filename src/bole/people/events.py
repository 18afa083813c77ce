"""Facts of the people room, announced after commit."""

from dataclasses import dataclass, field
from datetime import datetime
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


@dataclass(frozen=True, slots=True)
class PersonAdmitted:
    """A registration was approved: the person can log in and belongs to the unit."""

    person: UUID
    account: UUID
    unit: UUID


@dataclass(frozen=True, slots=True)
class RegistrationRefused:
    """A registration was refused; the person may register again."""

    person: UUID
    unit: UUID
    site: str
    key: UUID


@dataclass(frozen=True, slots=True)
class PersonInvited:
    """A unit invites somebody: the code must reach the phone, and the account if there is one of this name."""

    invitation: UUID
    unit: UUID
    site: str
    account: UUID | None
    phone: str = field(repr=False)
    code: str = field(repr=False)
    expires_at: datetime
    key: UUID


@dataclass(frozen=True, slots=True)
class InvitationRepeated:
    """Somebody took an invitation for a number that has an account: its owner is told to log in and accept."""

    account: UUID
    unit: UUID
    site: str


@dataclass(frozen=True, slots=True)
class PersonTransferred:
    """A person belongs to another unit by an approved transfer; roles in the former one have ended (HA-13)."""

    person: UUID
    before: UUID
    unit: UUID


@dataclass(frozen=True, slots=True)
class UnitRegistered:
    """A unit registered itself with an administrator; `account` is one that existed and is told, None for a new one."""

    unit: UUID
    site: str
    account: UUID | None
