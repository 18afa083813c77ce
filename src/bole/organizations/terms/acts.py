"""What each kind of account may and may not do: the one table (GZ-01 … GZ-04, GZ-08 … GZ-10).

Whether the unit concerned is one's own or below one's own is the second half; both are tested in full in
tests/organizations/test_acts.py.
"""

from dataclasses import dataclass
from enum import StrEnum

from bole.kernel.actors import Way
from bole.organizations.terms.roles import Role


class Act(StrEnum):
    """Something that is done to accounts and units."""

    CREATE_UNIT = "create-unit"
    CLOSE_UNIT = "close-unit"
    SUSPEND_REVIEW = "suspend-review"
    NAME_ADMINISTRATOR = "name-administrator"
    APPOINT_IN_EMERGENCY = "appoint-in-emergency"
    REMOVE_ADMINISTRATOR = "remove-administrator"
    HAND_OVER = "hand-over"
    NAME_DEPUTY = "name-deputy"
    GRANT = "grant"
    CLEAN_UP = "clean-up"
    START_RESET = "start-reset"
    KEEP_ROLES = "keep-roles"
    KEEP_DEPARTMENTS = "keep-departments"
    INVITE_PERSON = "invite-person"
    ASK_ATTACHMENT = "ask-attachment"
    CHANGE_UNIT = "change-unit"
    REVIEW_ACCOUNTS = "review-accounts"
    SEE_TREE = "see-tree"
    DO_BUSINESS = "do-business"
    APPLY = "apply"


ACT_NAMES: dict[Act, str] = {
    Act.CREATE_UNIT: "新增下级单位",
    Act.CLOSE_UNIT: "停用单位",
    Act.SUSPEND_REVIEW: "关闭审核权限",
    Act.NAME_ADMINISTRATOR: "设置单位管理员",
    Act.APPOINT_IN_EMERGENCY: "应急指定管理员",
    Act.REMOVE_ADMINISTRATOR: "移除下级单位管理员",
    Act.HAND_OVER: "移交管理员",
    Act.NAME_DEPUTY: "设置副管理员",
    Act.GRANT: "新增经办账号和授权",
    Act.CLEAN_UP: "清理离岗人员账号",
    Act.START_RESET: "发起密码重置",
    Act.KEEP_ROLES: "维护业务角色",
    Act.KEEP_DEPARTMENTS: "管理内设部门",
    Act.INVITE_PERSON: "新增申报人员",
    Act.ASK_ATTACHMENT: "申请绑定或更换上级单位",
    Act.CHANGE_UNIT: "申请修改单位信息",
    Act.REVIEW_ACCOUNTS: "审核账户",
    Act.SEE_TREE: "查看组织机构",
    Act.DO_BUSINESS: "办理业务",
    Act.APPLY: "本人申报",
}


@dataclass(frozen=True, slots=True)
class Reach:
    """On which units a kind of account may carry out an act: the own one, those below it.

    Below is what hangs under one's own unit, however deep. For an authority it is also what stands on its ground and
    hangs under nobody: a unit that has not been attached yet must have somebody who looks after it.
    `overseeing`: only an authority's accounts reach below (GZ-05).
    """

    own: bool = False
    below: bool = False
    overseeing: bool = False


_OWN, _BELOW, _BOTH = Reach(own=True), Reach(below=True), Reach(own=True, below=True)

# A kind of account that does not stand in an act's row may not do it at all; a foreign unit is never reached.
ACTS: dict[Act, dict[Way, Reach]] = {
    Act.CREATE_UNIT: {Way.ADMINISTRATOR: _BOTH},  # the unit is the superior of the new one
    Act.CLOSE_UNIT: {Way.ADMINISTRATOR: _BELOW},
    Act.SUSPEND_REVIEW: {Way.ADMINISTRATOR: _BELOW},
    Act.NAME_ADMINISTRATOR: {Way.UNIT_ACCOUNT: _OWN},  # the first one comes with CREATE_UNIT
    Act.APPOINT_IN_EMERGENCY: {Way.ADMINISTRATOR: _BELOW},
    Act.REMOVE_ADMINISTRATOR: {Way.ADMINISTRATOR: _BELOW},
    Act.HAND_OVER: {Way.ADMINISTRATOR: _OWN},
    Act.NAME_DEPUTY: {Way.ADMINISTRATOR: _OWN, Way.UNIT_ACCOUNT: _OWN},
    Act.GRANT: {Way.ADMINISTRATOR: _OWN},
    Act.CLEAN_UP: {Way.ADMINISTRATOR: _OWN},
    Act.START_RESET: {Way.ADMINISTRATOR: _BOTH},
    Act.KEEP_ROLES: {Way.ADMINISTRATOR: _OWN},
    Act.KEEP_DEPARTMENTS: {Way.ADMINISTRATOR: _OWN},
    Act.INVITE_PERSON: {Way.ADMINISTRATOR: _OWN, Way.UNIT: _OWN},
    Act.ASK_ATTACHMENT: {Way.ADMINISTRATOR: _OWN},
    Act.CHANGE_UNIT: {Way.ADMINISTRATOR: _OWN},
    Act.REVIEW_ACCOUNTS: {Way.ADMINISTRATOR: _OWN, Way.UNIT: Reach(own=True, below=True, overseeing=True)},
    Act.SEE_TREE: {Way.ADMINISTRATOR: _BOTH, Way.UNIT: _BOTH, Way.UNIT_ACCOUNT: _OWN},
    Act.DO_BUSINESS: {Way.UNIT: _OWN},
    Act.APPLY: {Way.PERSON: _OWN},  # about oneself; no unit is asked for
}

# Which of an operator's roles an act asks for; an act that does not stand here is open to any.
OPERATORS: dict[Act, frozenset[Role]] = {
    Act.INVITE_PERSON: frozenset({Role.COLLECTION_ADMINISTRATOR, Role.REGISTRAR}),
    Act.REVIEW_ACCOUNTS: frozenset({Role.REGISTRAR}),
}

# A deputy stands in for the administrator, but says nothing about who administers (SZ-01).
NOT_FOR_DEPUTIES = frozenset(
    {
        Act.HAND_OVER,
        Act.NAME_DEPUTY,
        Act.APPOINT_IN_EMERGENCY,
        Act.REMOVE_ADMINISTRATOR,
    }
)
