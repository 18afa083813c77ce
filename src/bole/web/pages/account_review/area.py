"""What 「审核账户」 is, for its pages and for exports."""

from bole.organizations.terms import MODULE_NAMES, Module, Role
from bole.review import queries as review
from bole.web.pages.work.desks import WorkArea

ACCOUNTS = WorkArea(
    "account-review",
    "account-review",
    MODULE_NAMES[Module.ACCOUNT_REVIEW],
    frozenset({Role.REGISTRAR}),
    review.REGISTRY,
    "已审核",
    "人员注册、绑定和单位登记、信息修改提交后会出现在这里，并收到消息提醒。",
    by_desk=True,
)
