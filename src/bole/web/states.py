"""States and what they look like, in one place: one word, one kind (ui.md §5)."""

KINDS: dict[str, tuple[str, ...]] = {
    "idle": ("未上报", "未填报", "待提交", "未绑定", "未上传", "未认定", "待评议", "草稿", "待答复", "待本人接受"),
    "wait": ("待单位确认", "待审核", "待送审", "不完整", "可复议", "待本人确认", "未到起始日期"),
    "run": ("评审中", "公示中", "进行中", "评议中"),
    "back": ("退回修改", "已退回", "审核不通过", "未通过", "未达标", "密码错误锁定"),
    "pass": ("审核通过", "通过", "合格", "已绑定", "已归口", "已办结", "达到法定人数", "已发布", "已答复", "已生效"),
    "end": (
        "资格不符，终止审核",
        "已撤销",
        "已离职",
        "须回避",
        "已撤下",
        "邀请已过期",
        "已过截止日期",
        "已停用",
        "备案已到期",
        "角色已停用",
        "已禁用",
    ),
    "plain": ("已填报", "无此项", "正常", "已评议", "已上传"),
}
ICONS = {"idle": "idle", "wait": "wait", "run": "run", "back": "back", "pass": "check", "end": "stop"}
_KIND_OF = {word: kind for kind, words in KINDS.items() for word in words}


ENDED = "end"  # the kind of what a service calls the end of a result


def kind_of(word: str) -> str:
    """The kind of a state word. Raises KeyError for a word that is no state of the design."""
    return _KIND_OF[word]
