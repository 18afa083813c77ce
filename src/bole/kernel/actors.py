"""Who acts. Built once per request or command; always handed on as the keyword `by=`."""

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID


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


def system(name: str) -> Actor:
    """The platform acting on its own, under a name that says which part of it."""
    return Actor(way=Way.SYSTEM, name=name)
