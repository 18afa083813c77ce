"""Appointments as others see them: offers, invitations, holders."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from bole.organizations.terms.roles import Role

OFFER_LASTS = timedelta(days=30)  # an invitation that nobody answered in this time is no longer one


@dataclass(frozen=True, slots=True)
class Offer:
    """What the appointing side is told: nothing but what it typed itself, masked (AC-09)."""

    id: UUID
    unit: UUID
    role: Role | None
    invitee: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Invitation:
    """An appointment that waits for the appointee's own acceptance; `title` is the role's name."""

    id: UUID
    unit: UUID
    unit_name: str
    role: Role | None
    appointed_at: datetime
    title: str = ""
    until: date | None = None

    @property
    def expires_at(self) -> datetime:
        """When it can no longer be accepted."""
        return self.appointed_at + OFFER_LASTS


@dataclass(frozen=True, slots=True)
class Holder:
    """Somebody who holds a role in a unit."""

    account: UUID
    name: str


@dataclass(frozen=True, slots=True)
class Standing:
    """One role or offer in a unit as its authority sees it: masked, with how far it has come."""

    id: UUID
    role: Role | None
    invitee: str
    live: bool
    appointed_at: datetime
    title: str = ""
    until: date | None = None
    expired: bool = False

    @property
    def state(self) -> str:
        """The word shown in the list."""
        if self.expired:
            return "邀请已过期"
        return "已生效" if self.live else "待本人接受"
