"""Conditions for applying: that each can be judged, rests on named facts, and stops nobody by a guess."""

from collections.abc import Iterator
from typing import Any

from bole.definitions.answers.facts import FACT_NAMES
from bole.definitions.check.expressions import faults_of, has_code, texts_compared
from bole.definitions.conditions import ConditionInvalid, compiled
from bole.definitions.fields import TYPES, attributes_of
from bole.definitions.terms import (
    ARCHIVE,
    DETAILS,
    FACTS,
    Fact,
    Field,
    Requirement,
    Section,
    Service,
    Shape,
    SubjectKind,
    Take,
    is_fact,
)
from bole.kernel.privacy import Privacy
from bole.standards import queries as standards

_Found = Iterator[tuple[tuple[Any, ...], str]]
_RANKED = (Take.HIGHEST, Take.LOWEST, Take.LATEST)


def of_eligibility(service: Service) -> _Found:
    """What is wrong with the conditions of a service: the path and the sentence."""
    codes = [each.condition for each in service.eligibility]
    for place, requirement in enumerate(service.eligibility):
        at = ("eligibility", place)
        if codes.index(requirement.condition) != place:
            yield (*at, "condition"), f"条件代码「{requirement.condition}」用了两次"
        yield from (((*at, *path), say) for path, say in _requirement(service, requirement))
    if service.counted_to is not None and not service.eligibility:
        yield ("counted_to",), "没有申报条件（eligibility），counted_to 不起作用"


def _requirement(service: Service, requirement: Requirement) -> _Found:
    keys = [fact.key for fact in requirement.facts]
    if not keys:
        yield ("facts",), "要用 facts 写明条件依据哪些事实"
    for place, fact in enumerate(requirement.facts):
        at = ("facts", place)
        if keys.index(fact.key) != place or fact.key == "today":
            yield at, f"事实的名称「{fact.key}」已用过，请用 as 另起一个"
        yield from (((*at, *path), say) for path, say in _fact(service, fact))
    yield from ((("that",), say) for say in _that(service, requirement, keys))
    owners = {fact.owner for fact in requirement.facts}
    if requirement.stops and owners and not owners & {*FACTS, ARCHIVE}:
        yield ("stops",), "条件只看填报内容，填报前无从得知，不能写 stops"


def _that(service: Service, requirement: Requirement, keys: list[str]) -> Iterator[str]:
    try:
        condition = compiled(requirement.that)
    except ConditionInvalid as error:
        yield str(error)
        return
    for name in sorted(condition.names - {*keys, "today"}):
        yield f"条件里的「{name}」没有写进 facts，现有：{'、'.join(keys)}"
    for name in sorted(set(keys) - condition.names):
        yield f"事实「{name}」没有用在条件里"
    by_key = {fact.key: fact for fact in requirement.facts}
    for name, text in texts_compared(condition.tree):
        fact = by_key.get(name)
        plain = fact is not None and fact.take is not Take.COUNT and fact.attribute is None
        field = _field(service, fact) if fact is not None and plain else None
        if field is not None and not has_code(field, text):
            yield f"「{field.name}」的代码表里没有「{text}」"


def _fact(service: Service, fact: Fact) -> _Found:
    if fact.owner in FACTS:
        yield from _registered(service, fact)
        return
    section = _section(service, fact)
    if section is None:
        if fact.owner != ARCHIVE:
            yield ("fact",), f"「{fact.fact}」不是已知的事实：应为 person.、unit.、archive.种类. 或本表栏目"
        return
    if fact.owner == ARCHIVE and service.subject is SubjectKind.UNIT:
        yield ("fact",), f"以单位为对象的事项没有申报人的档案，不能引用「{fact.fact}」"
    yield from _picked(service, fact, section)
    names = {fact.field, *([fact.by] if fact.by else ())}
    if fact.when is not None:
        yield from ((("when",), say) for say in faults_of(fact.when, service, section))
        bare = _bare(fact.when)
        names |= bare
        if bare - {*section.by_code, "today"}:
            yield ("when",), f"when 里只能用「{section.name}」自己的栏目"
    for name in sorted(names & set(section.by_code)):
        if section.by_code[name].privacy is Privacy.SENSITIVE:
            yield ("fact",), f"敏感信息「{section.by_code[name].name}」不能作为申报条件的依据"


def _bare(source: str) -> frozenset[str]:
    try:
        names = compiled(source).names
    except ConditionInvalid:
        return frozenset()
    return names


def _registered(service: Service, fact: Fact) -> _Found:
    if not is_fact(fact.fact):
        yield ("fact",), f"没有「{fact.fact}」这项事实"
    elif fact.owner == "person" and service.subject is SubjectKind.UNIT:
        yield ("fact",), f"以单位为对象的事项没有申报人，不能引用「{fact.fact}」"
    elif fact.fact not in FACT_NAMES and not fact.fact.startswith(DETAILS):
        yield ("fact",), f"「{fact.fact}」涉及隐私或不适合作为申报条件的依据"
    elif fact.fact.startswith(DETAILS) and not fact.name:
        yield ("name",), f"「{fact.fact}」要用 name 写明叫什么"
    if fact.take or fact.by or fact.when or fact.top or fact.attribute:
        yield (), "take、by、when、top、attribute 只用于档案记录和填报内容"


def _picked(service: Service, fact: Fact, section: Section) -> _Found:
    """Which of the records is meant, and whether they can be put in order."""
    field = section.by_code.get(fact.field)
    if field is None:
        yield ("fact",), f"「{section.name}」里没有栏目「{fact.field}」"
        return
    several = section.many is not None
    if fact.owner == ARCHIVE:
        several = any(each.many is not None for each in service.sections if each.record == fact.kind)
    if several and fact.take is None:
        yield ("take",), f"「{section.name}」可以有多条，要写 take：any、highest、lowest、latest 或 count"
    if fact.owner != ARCHIVE and not several and fact.take is not None:
        yield ("take",), f"「{section.name}」只有一条，不写 take"
    by = section.by_code.get(fact.by or fact.field)
    if fact.by is not None and by is None:
        yield ("by",), f"「{section.name}」里没有栏目「{fact.by}」"
    elif fact.by is not None and fact.take not in _RANKED:
        yield ("by",), "by 只与 highest、lowest、latest 一起用"
    elif (
        by is not None
        and fact.take in _RANKED
        and by.type in ("text", "long-text", "codes", "photo", "region", "governed")
    ):
        yield ("by",), f"「{by.name}」分不出高低先后，请用 by 写明按哪个栏目比较"
    if fact.top and (field.table is None or _shape(field) is not Shape.CHOICE):
        yield ("top",), "top 只用于单选的代码栏目"
    if fact.attribute is not None and (fact.top or not _tells(field, fact.attribute)):
        yield ("attribute",), f"「{field.name}」的代码表里没有「{fact.attribute}」这一列"


def _tells(field: Field, column: str) -> bool:
    """Whether the table or catalogue of a choice says anything under this column."""
    if field.type == "governed":
        told = attributes_of(field)
        return told is None or column in told
    if field.table is None or _shape(field) is not Shape.CHOICE:
        return False
    try:
        return any(column in entry.attrs for entry in standards.table(field.table).entries)
    except KeyError:
        return True  # the missing table is a problem of its own


def _shape(field: Field) -> Shape | None:
    kind = TYPES.get(field.type)
    return kind.shape if kind else None


def _section(service: Service, fact: Fact) -> Section | None:
    """The section, or the kind of record read as one."""
    if fact.owner != ARCHIVE:
        found = service.by_code.get(fact.owner)
        return found if found is not None and found.fields and not fact.fact.count(".") > 1 else None
    kind = next((each for each in service.archive if each.record == fact.kind), None)
    return None if kind is None else Section(section=kind.record, name=kind.name, fields=kind.fields)


def _field(service: Service, fact: Fact) -> Field | None:
    section = _section(service, fact) if fact.owner not in FACTS else None
    return section.by_code.get(fact.field) if section else None
