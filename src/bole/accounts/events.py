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


@dataclass(frozen=True, slots=True)
class FactorChanged:
    """A second factor was added to an account or removed from it; `kind` is of FactorKind, `verb` added or removed."""

    account: UUID
    kind: str
    verb: str
    key: UUID


@dataclass(frozen=True, slots=True)
class ResetStarted:
    """Somebody who manages accounts let the owner set a new password; nobody but the owner got the code."""

    account: UUID
    by_name: str
    key: UUID


@dataclass(frozen=True, slots=True)
class AccountActivated:
    """An account that was made in advance has an owner now who set a password."""

    account: UUID
    key: UUID


@dataclass(frozen=True, slots=True)
class IdentityLinked:
    """The account can be entered by way of an identity provider (`name`) from now on."""

    account: UUID
    name: str
    key: UUID


@dataclass(frozen=True, slots=True)
class IdentityUnlinked:
    """The account can no longer be entered by way of this identity provider."""

    account: UUID
    name: str
    key: UUID
