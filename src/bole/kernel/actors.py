"""Who acts. Built once per request or command; always handed on as the keyword `by=`."""

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from bole.kernel.errors import Refused, Unproved


class Way(StrEnum):
    """In which capacity somebody acts: 「个人」, 经办 for a unit, its 管理员, the 单位账号, or the platform itself.

    The kinds of account exclude each other: what only an operator may do is refused to the administrator by this
    alone, and the other way round (GZ-01).
    """

    PERSON = "person"
    UNIT = "unit"
    ADMINISTRATOR = "administrator"
    UNIT_ACCOUNT = "unit-account"
    SYSTEM = "system"


STAFF = frozenset({Way.UNIT, Way.ADMINISTRATOR, Way.UNIT_ACCOUNT})


@dataclass(frozen=True, slots=True)
class Actor:
    """One account acting in one capacity.

    `unit` is the organization acted for and only ever set with a way of STAFF. An actor carries no rights:
    rules ask the database, so that a revoked role ends at the next act and not at the next log-in.
    `assured` is false for a session resumed by a remembered device until the password is given again; `fresh` is
    true only for some minutes after the person proved who they are (password, second factor): grave acts ask for it.
    """

    way: Way
    account: UUID | None = None
    name: str = ""
    person: UUID | None = None
    unit: UUID | None = None
    site: str = ""
    address: str = ""
    assured: bool = True
    fresh: bool = True

    @property
    def who(self) -> UUID:
        """The account. Raises Refused when nobody is logged in: no actor means no."""
        if self.account is None:
            raise Refused("请先登录。")
        return self.account

    def demand_fresh(self) -> None:
        """Before a grave act. Raises Unproved when the person did not prove who they are just now."""
        if self.way is not Way.SYSTEM and not (self.fresh and self.assured):
            raise Unproved("这一步影响较大，请先重新验证身份（密码或第二验证方式），再办理。")

    @property
    def place(self) -> UUID:
        """The unit acted for. Raises Refused for somebody who acts for none."""
        if self.unit is None:
            raise Refused("请以「单位」方式登录后办理。")
        return self.unit


def system(name: str) -> Actor:
    """The platform acting on its own, under a name that says which part of it."""
    return Actor(way=Way.SYSTEM, name=name)
