"""Facts of the accounts room, announced after commit."""

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True, slots=True)
class CodeIssued:
    """A one-time code must reach a phone. `key` is unique to the code, so that it is sent once."""

    phone: str = field(repr=False)
    code: str = field(repr=False)
    purpose: str
    expires_at: datetime
    key: UUID


@dataclass(frozen=True, slots=True)
class CodeWithheld:
    """A code was asked for that belongs to nobody. The same is done as for one, and nothing is sent (AC-09)."""

    expires_at: datetime
    key: UUID


@dataclass(frozen=True, slots=True)
class PasswordChanged:
    """The password of an account is another one now; all its sessions have ended."""

    account: UUID
    key: UUID


@dataclass(frozen=True, slots=True)
class PhoneChanged:
    """Codes go to another phone now; the former one is told."""

    account: UUID
    former: str = field(repr=False)
    key: UUID


@dataclass(frozen=True, slots=True)
class LogInLocked:
    """Too many wrong passwords from unknown devices, or on one known device."""

    account: UUID
    known_device: bool
    key: UUID
