"""Who acts. Built once per request or command; always handed on as the keyword `by=`."""

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from bole.kernel.errors import Refused


class Way(StrEnum):
    """How somebody came in: 「个人」, 「单位」, or the platform itself (imports, sealing, demo)."""

    PERSON = "person"
    UNIT = "unit"
    SYSTEM = "system"


@dataclass(frozen=True, slots=True)
class Actor:
    """One account acting in one capacity.

    `unit` is the organization acted for and only ever set with Way.UNIT. An actor carries no rights:
    rules ask the database, so that a revoked role ends at the next act and not at the next log-in.
    `assured` is false for a session resumed by a remembered device until the password is given again.
    """

    way: Way
    account: UUID | None = None
    name: str = ""
    person: UUID | None = None
    unit: UUID | None = None
    site: str = ""
    address: str = ""
    assured: bool = True

    @property
    def who(self) -> UUID:
        """The account. Raises Refused when nobody is logged in: no actor means no."""
        if self.account is None:
            raise Refused("请先登录。")
        return self.account

    @property
    def place(self) -> UUID:
        """The unit acted for. Raises Refused for somebody who acts for none."""
        if self.unit is None:
            raise Refused("请以「单位」方式登录后办理。")
        return self.unit


def system(name: str) -> Actor:
    """The platform acting on its own, under a name that says which part of it."""
    return Actor(way=Way.SYSTEM, name=name)
