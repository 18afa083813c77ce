"""Users of a unit as pages list them: who they are, what they hold, how far offers have come."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from bole.kernel.actors import Way
from bole.organizations.terms import ADMINISTRATIVE, RoleHeld, StaffMember
from bole.web.pages.staff.forms import at, service_names
from bole.web.requests import PageRequest

EXPIRED = "邀请已过期"
WAITING = frozenset({"待本人接受", EXPIRED})


@dataclass(frozen=True)
class Grant:
    """A role that somebody holds, or was offered."""

    id: UUID
    title: str
    range: str
    dates: str
    at: datetime
    state: str
    end_address: str
    administrative: bool = False


@dataclass(frozen=True)
class User:
    """Somebody with roles in the unit."""

    id: UUID
    name: str
    number: str
    way_name: str
    grants: Sequence[Grant]
    state: str
    address: str
    reset_address: str = ""
    chosen: bool = False

    def ticked(self, chosen: bool) -> "User":
        """The same user, chosen or not."""
        return replace(self, chosen=chosen)


@dataclass(frozen=True)
class Invited:
    """An offer that waits, or waited too long."""

    id: UUID
    name: str
    number: str
    title: str
    at: datetime
    state: str
    end_address: str
    again_address: str


def name_and_number(invitee: str) -> tuple[str, str]:
    """An invitee as stored, "林*远 9901**********2418", in its two parts."""
    name, _, number = invitee.rpartition(" ")
    return name, number


def way_name(roles: Sequence[RoleHeld]) -> str:
    """The kind of account that the roles make."""
    return "管理员账号" if _administers(roles) else "经办账号"


def _administers(roles: Sequence[RoleHeld]) -> bool:
    return any(each.role in ADMINISTRATIVE for each in roles)


def grant_of(request: PageRequest, held: RoleHeld) -> Grant:
    """A role as a line of a list."""
    return Grant(
        id=held.appointment,
        title=held.title,
        range="、".join(service_names(request.here.code, held.services)) or "全部业务",
        dates=dates_of(held),
        at=held.appointed_at,
        state=held.state,
        end_address=at(request, "staff-grant-end", held.appointment),
        administrative=held.role in ADMINISTRATIVE,
    )


def dates_of(held: RoleHeld) -> str:
    """From when until when, in words."""
    if held.since is None and held.until is None:
        return "长期"
    since = held.since.isoformat() if held.since else "即日"
    return f"{since} 起" if held.until is None else f"{since} 至 {held.until.isoformat()}"


def accepted(member: StaffMember) -> list[RoleHeld]:
    """What the member has taken on, past and future days included."""
    return [each for each in member.roles if each.state not in WAITING]


def users_of(request: PageRequest, unit: UUID, members: Sequence[StaffMember]) -> list[User]:
    """Those who hold something in the unit, masked where it is not one's own."""
    return [
        user_of(request, unit, each.account, each) for each in members if each.account is not None and accepted(each)
    ]


def user_of(request: PageRequest, unit: UUID, account: UUID, member: StaffMember) -> User:
    """One of them. A person manages own access elsewhere: no reset of one's own password here."""
    roles, masked = accepted(member), unit != request.actor.unit
    hidden, number = name_and_number(member.invitee)
    manages = request.actor.way is Way.ADMINISTRATOR
    # Operators of a lower unit are its own administrator's to help.
    resets = manages and account != request.actor.account and (not masked or _administers(roles))
    return User(
        id=account,
        name=hidden if masked else member.name,
        number=number,
        way_name=way_name(roles),
        grants=[grant_of(request, each) for each in roles],
        state="正常" if member.live else roles[0].state,
        address=at(request, "staff-member", account) if manages and not masked else "",
        reset_address=at(request, "staff-reset", unit, account) if resets else "",
    )


def invited_of(request: PageRequest, members: Sequence[StaffMember]) -> list[Invited]:
    """Offers that nobody has answered, with 「撤回」 and, once they are too old, 「再次邀请」."""
    found = []
    for member in members:
        name, number = name_and_number(member.invitee)
        found += [
            Invited(
                id=each.appointment,
                name=member.name if member.account else name,
                number=number,
                title=each.title,
                at=each.appointed_at,
                state=each.state,
                end_address=at(request, "staff-grant-end", each.appointment),
                again_address=at(request, "staff-grant-again", each.appointment) if each.state == EXPIRED else "",
            )
            for each in member.roles
            if each.state in WAITING
        ]
    return found
