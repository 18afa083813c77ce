"""Units, staff, roles and departments as pages list them."""

from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from bole.organizations.terms.roles import Role
from bole.organizations.terms.units import UnitKind


@dataclass(frozen=True, slots=True)
class TreeNode:
    """A unit in the tree: enough for one line of it. `children` counts the open units directly under it."""

    id: UUID
    name: str
    kind: UnitKind
    code: str
    region: str
    path: str
    parent: UUID | None
    children: int
    review_closed: bool = False
    provisional: bool = False


@dataclass(frozen=True, slots=True)
class TreePage:
    """Some siblings; `after` is what to hand in for the next ones, blank when these were the last."""

    nodes: tuple[TreeNode, ...]
    after: str = ""


@dataclass(frozen=True, slots=True)
class TreeAt:
    """The tree opened down to one unit: the units from the top to it, for each the page of siblings that it stands
    in or before, and the first units under the last."""

    chain: tuple[TreeNode, ...]
    levels: tuple[TreePage, ...]
    below: TreePage


@dataclass(frozen=True, slots=True)
class UnitHit:
    """A unit found by a search, with its superiors from the top so that the tree can be opened there."""

    node: TreeNode
    superiors: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RoleHeld:
    """One appointment or offer of somebody in a unit."""

    appointment: UUID
    title: str
    role: Role | None
    services: tuple[str, ...]
    state: str  # 已生效, 待本人接受, 邀请已过期, 未到起始日期, 已过截止日期, 角色已停用
    live: bool
    since: date | None
    until: date | None
    appointed_at: datetime


@dataclass(frozen=True, slots=True)
class StaffMember:
    """Somebody with roles or offers in a unit. `account` is None while nothing was accepted; then `name` is masked."""

    account: UUID | None
    name: str
    invitee: str
    roles: tuple[RoleHeld, ...]

    @property
    def live(self) -> bool:
        """Whether any of the roles is in force now."""
        return any(role.live for role in self.roles)


@dataclass(frozen=True, slots=True)
class RoleCard:
    """A business role as 「业务角色管理」 shows it. `province`: kept for the whole site; `own`: kept by this unit."""

    id: UUID
    name: str
    note: str
    keeper: str
    province: bool
    own: bool
    functions: tuple[Role, ...]
    services: tuple[str, ...]
    users: int
    revision: int
    disabled: bool


@dataclass(frozen=True, slots=True)
class RoleUser:
    """Somebody who holds a business role, with the unit and the other roles held there."""

    appointment: UUID
    name: str
    invitee: str
    unit: UUID
    unit_name: str
    others: tuple[str, ...]
    granted_at: datetime
    live: bool


@dataclass(frozen=True, slots=True)
class RoleUsers:
    """A page of the users of a role, and how many there are."""

    total: int
    rows: tuple[RoleUser, ...] = field(default=())


@dataclass(frozen=True, slots=True)
class DepartmentRow:
    """A department in the tree of its unit, in the order in which it is shown; `depth` begins at 1."""

    id: UUID
    name: str
    parent: UUID | None
    depth: int
    position: int
    disabled: bool


@dataclass(frozen=True, slots=True)
class RowResult:
    """What became of one row of an act on many: the account, whose name it is, and the sentence."""

    account: UUID
    name: str
    ok: bool
    say: str


@dataclass(frozen=True, slots=True)
class PastAdministrator:
    """Somebody who administered a unit before, masked, with why it ended."""

    invitee: str
    title: str
    emergency: bool
    since_at: datetime
    until_at: datetime
    reason: str
