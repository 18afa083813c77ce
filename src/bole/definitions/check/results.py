"""The block `results`: the grade asked for is there and is a code of the grades that can be given."""

from collections.abc import Iterator, Mapping
from typing import Any

from bole.definitions.check.naming import unit_named
from bole.definitions.terms import Known, Moment, ResultEnd, Results, SeatKind, Service
from bole.kernel.privacy import Privacy

_Found = Iterator[tuple[tuple[Any, ...], str]]
# What every list calls the states of a result; an end that was called the same could not be told from them.
_STATES = ("未认定", "通过", "未通过", "评审中")
_LONGEST = 12  # signs of what an end is called: it stands in a chip


def of_results(service: Service, known: Known) -> _Found:
    """What is wrong with the block, and effects of results without one: the path and the sentence."""
    if service.results is None:
        if service.on.awarded:
            yield ("on", "awarded"), "没有写 results，不会公布结果，awarded 不起作用"
        yield from _given_ends(service)
        return
    if service.ends:
        yield ("ends",), "有评审结果的事项，失效情形写在 results 的 ends 里"
    yield from _names(service.results, known)
    yield from _keeper(service, service.results)
    yield from _ends(service.results.ends, ("results", "ends"))
    if ResultEnd.OBJECTED in service.results.ends and service.results.publicity is None:
        say = "没有写 publicity（结果公示几个工作日），结果不公示，不会有公示未通过"
        yield ("results", "ends", ResultEnd.OBJECTED.value), say
    if service.results.applied is not None:
        yield from _applied(service, service.results)


def _names(results: Results, known: Known) -> _Found:
    if known.roles is not None and results.role not in known.roles:
        yield ("results", "role"), f"没有角色「{results.role}」"
    if results.table is not None and known.tables is not None and results.table not in known.tables:
        yield ("results", "table"), f"没有代码表「{results.table}」"


def _keeper(service: Service, results: Results) -> _Found:
    if (results.level is None) is (results.seat is None):
        yield ("results",), "由谁录入结果要写 level（哪一级人社部门）或 seat（席位），只写一个"
        return
    if results.seat is None:
        return
    match results.seat.kind:
        case SeatKind.ANSWER if results.seat.field is not None:
            yield from ((("results", "seat"), say) for say in unit_named(service, results.seat.field))
        case SeatKind.AUTHORITY if results.seat.level is not None:
            return
        case SeatKind.ANSWER | SeatKind.AUTHORITY:
            needed = "field" if results.seat.kind is SeatKind.ANSWER else "level"
            yield ("results", "seat"), f"席位 {results.seat.kind.value} 要写明 {needed}"
        case _:
            yield ("results", "seat"), "结果由 authority（人社部门）或 answer（表中填写的单位）录入"


def _given_ends(service: Service) -> _Found:
    """What completion itself gave can only be revoked, and only where it enters something that then goes."""
    yield from _ends(service.ends, ("ends",))
    if ResultEnd.OBJECTED in service.ends:
        yield ("ends", ResultEnd.OBJECTED.value), "没有写 results，不公布结果，不会有公示未通过"
    if service.ends and not any(each.on is Moment.COMPLETED for each in service.enters):
        yield ("ends",), "办结时没有记入档案的内容（enters 的 on: completed），没有可以撤销的"


def _ends(ends: Mapping[str, str], path: tuple[str, ...]) -> _Found:
    """Each end is one of those known and has a word of its own."""
    words = list(ends.values())
    for place, (name, word) in enumerate(ends.items()):
        at = (*path, name)
        if name not in list(ResultEnd):
            known = "、".join(f"{end.value}（{end.word}）" for end in ResultEnd)
            yield at, f"没有失效情形「{name}」，只能写 {known}"
        if not word.strip():
            yield at, f"失效情形 {name} 要写明叫法，例如「{ResultEnd.REVOKED.word}」"
        elif len(word) > _LONGEST:
            yield at, f"失效情形的叫法最多{_LONGEST}个字，现在是{len(word)}个"
        elif word in _STATES:
            yield at, f"失效情形不能叫「{word}」，与结果状态的叫法相同"
        elif words.index(word) != place:
            yield at, f"两种失效情形都叫「{word}」，无法区分"


def _applied(service: Service, results: Results) -> _Found:
    at = ("results", "applied")
    code, _, name = (results.applied or "").partition(".")
    section = service.by_code.get(code)
    field = section.by_code.get(name) if section is not None else None
    if section is None or field is None:
        yield at, f"申请级别引用的「{results.applied}」不存在"
    elif section.many is not None or field.table is None:
        yield at, f"申请级别引用的「{field.name}」应为不在多条栏目里的代码字段"
    elif field.privacy is Privacy.SENSITIVE:
        yield at, f"敏感信息「{field.name}」不能出现在列表中"
    elif results.table is not None and field.table != results.table:
        yield at, f"申请级别的代码表是 {field.table}，与评定级别的 {results.table} 不是同一个"
