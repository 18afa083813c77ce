"""The difference between two versions of a service, in words."""

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from bole.definitions.terms import Evidence, Field, Requirement, Section, Service, Step

_FIELD_WORDS = {
    "name": "名称",
    "type": "类型",
    "required": "是否必填",
    "max": "最大长度",
    "min": "最小长度",
    "table": "代码表",
    "show": "显示条件",
    "help": "提示",
    "hint": "说明",
    "privacy": "隐私级别",
    "nothing": "可声明的空缺",
    "codes": "可选范围",
    "fixed": "固定来源",
    "was": "原值来源",
    "lookup": "查找或目录",
    "default": "预填值",
    "past": "不晚于今天",
    "parent": "上级字段",
}
_SECTION_WORDS = {"name": "名称", "required": "是否必填", "title": "标题", "note": "说明"}
_STEP_WORDS = {
    "name": "名称",
    "role": "角色",
    "skip_when": "跳过条件",
    "due": "办理时限（工作日）",
    "seat": "席位",
    "verdicts": "结论",
    "send_back_to": "可退回到",
    "overseen": "上级可代为办理",
}
_REQUIREMENT_WORDS = {
    "name": "名称",
    "clause": "依据",
    "that": "判断",
    "facts": "事实",
    "remedy": "办法",
    "stops": "不符合时不能申报",
    "present": "按当日判断",
}
_SERVICE_WORDS = {
    "name": "名称",
    "basis": "依据",
    "category": "事项类别",
    "menu": "服务菜单",
    "desk_name": "审核菜单名称",
    "form_name": "申报表名称",
    "unit": "办理单位",
    "chosen_kinds": "可选单位类别",
    "filed_by": "单位填报角色",
    "window": "申报时间",
    "limits": "申报限制",
    "declaration": "承诺",
    "counted_to": "年限计算到",
    "opened_by": "填报人",
    "progress": "进度条",
    "outputs": "打印件",
    "columns": "列表栏目",
    "on": "办结动作",
    "enters": "记入档案",
    "results": "评审结果",
    "ends": "失效情形",
    "in_force": "施行日期",
}


def compare(a: Service, b: Service) -> list[str]:
    """What `b` changes of `a`, one sentence each; nothing when they are the same."""
    return [
        *(_changes("", a, b, _SERVICE_WORDS)),
        *_eligibility(a, b),
        *_sections(a, b),
        *_evidence(a, b),
        *_steps(a, b),
    ]


def _eligibility(a: Service, b: Service) -> Iterator[str]:
    pairs = _paired(a.eligibility, b.eligibility, lambda requirement: requirement.condition, "申报条件")
    for old, new, say in pairs:
        if old is None or new is None:
            yield say
        else:
            yield from _changes(f"申报条件「{new.name}」的", old, new, _REQUIREMENT_WORDS)


def _sections(a: Service, b: Service) -> Iterator[str]:
    for old, new, name in _paired(a.sections, b.sections, lambda section: section.section, "栏目"):
        if old is None or new is None:
            yield name
            continue
        yield from _changes(f"栏目「{new.name}」的", old, new, _SECTION_WORDS)
        yield from _many(old, new)
        yield from _fields(old, new)


def _many(old: Section, new: Section) -> Iterator[str]:
    before, after = (section.many.max if section.many else 1 for section in (old, new))
    if before != after:
        yield f"栏目「{new.name}」最多条数由{before}改为{after}"


def _fields(old: Section, new: Section) -> Iterator[str]:
    for before, after, say in _paired(old.fields, new.fields, lambda field: field.field, f"栏目「{new.name}」的字段"):
        if before is None or after is None:
            yield say
        else:
            yield from _changes(f"「{new.name}」的「{after.name}」", before, after, _FIELD_WORDS)
    checks_before, checks_after = ({check.that: check.say for check in each.checks} for each in (old, new))
    yield from (f"「{new.name}」新增检查：{say}" for that, say in checks_after.items() if that not in checks_before)
    yield from (f"「{new.name}」不再检查：{say}" for that, say in checks_before.items() if that not in checks_after)


def _evidence(a: Service, b: Service) -> Iterator[str]:
    before, after = ({(each.section, each.category): each for each in service.evidence} for service in (a, b))
    for code, wanted in after.items():
        name = _evidence_name(b, wanted)
        if code not in before:
            yield f"「{name}」新增附件要求"
        elif before[code] != wanted:
            yield f"「{name}」的附件要求有改动"
    yield from (f"「{_evidence_name(a, gone)}」不再要求附件" for code, gone in before.items() if code not in after)


def _evidence_name(service: Service, wanted: Evidence) -> str:
    return wanted.heading if wanted.category else service.section(wanted.section).name


def _steps(a: Service, b: Service) -> Iterator[str]:
    for old, new, say in _paired(a.route.steps, b.route.steps, lambda step: step.step, "审核环节"):
        if old is None or new is None:
            yield say
        else:
            yield from _changes(f"审核环节「{new.name}」的", old, new, _STEP_WORDS)


def _paired(
    before: Iterable[Any], after: Iterable[Any], key: Callable[[Any], str], word: str
) -> Iterator[tuple[Any, Any, str]]:
    """The same things of both versions; what is new or gone comes with its sentence; a new order is told once."""
    olds, news = {key(each): each for each in before}, {key(each): each for each in after}
    for code, new in news.items():
        yield olds.get(code), new, f"新增{word}「{new.name}」"
    for code, old in olds.items():
        if code not in news:
            yield old, None, f"取消{word}「{old.name}」"
    if [code for code in olds if code in news] != [code for code in news if code in olds]:
        yield None, None, f"{word}的顺序有调整"


def _changes(
    of: str, old: Service | Section | Field | Step | Requirement, new: Any, words: dict[str, str]
) -> Iterator[str]:
    for attribute, word in words.items():
        before, after = getattr(old, attribute), getattr(new, attribute)
        if before != after:
            yield f"{of}{word}由「{_said(before)}」改为「{_said(after)}」"


def _said(value: Any) -> str:
    """A setting as a reader of Chinese would put it."""
    if value is None or value == "" or value == ():
        return "无"
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, tuple):
        return "、".join(_said(each) for each in value)
    if hasattr(value, "model_dump"):
        kept = value.model_dump(mode="json", exclude_defaults=True)
        return "，".join(_said(each) for each in kept.values()) or "无"
    if isinstance(value, dict):
        return "、".join(_said(each) for each in value.values()) or "无"
    return str(getattr(value, "value", value))
