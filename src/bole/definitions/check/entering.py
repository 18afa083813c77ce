"""What a case enters in the archive (`enters`) and what a part draws from it: every field has a source that fits."""

from collections.abc import Iterator
from typing import Any

from bole.definitions.fields import TYPES
from bole.definitions.terms import (
    ENTER_RECORDS,
    RESULT_DAY,
    RESULT_DOCUMENT,
    RESULT_GRADE,
    TOLD,
    Drawn,
    Entered,
    Entering,
    Field,
    Known,
    Moment,
    Part,
    RecordKind,
    Section,
    Service,
    SubjectKind,
)
from bole.kernel.privacy import Privacy
from bole.standards import queries as standards

_Found = Iterator[tuple[tuple[Any, ...], str]]
_MOMENTS = (Moment.COMPLETED, Moment.AWARDED)
_TEXTS = ("text", "long-text")
# Which days a field can be filled from: never from one that says less.
_DAYS = {"date": ("date",), "month": ("date", "month"), "year": ("date", "month", "year")}
_STRICTNESS = list(Privacy)


def of_entering(service: Service, known: Known) -> _Found:
    """What is wrong with `enters`, and with the effect that carries it out: the path and the sentence."""
    moments = {each.on for each in service.enters}
    for moment, names in service.on.model_dump().items():
        if ENTER_RECORDS in names and moment not in moments:
            yield ("on", moment), f"写了 {ENTER_RECORDS}，但 enters 里没有 on: {moment} 的记录"
    for place, entering in enumerate(service.enters):
        at = ("enters", place)
        yield from (((*at, *path), say) for path, say in _moment(service, entering))
        kind = _kind(service, entering.record)
        if kind is not None:  # else told by parsing
            yield from (((*at, "fields", *path), say) for path, say in _fields(service, entering, kind, known))


def _moment(service: Service, entering: Entering) -> _Found:
    if service.subject is SubjectKind.UNIT:
        yield ("record",), "以单位为对象的事项没有申报人的档案，不能写 enters"
    if entering.on not in _MOMENTS:
        yield ("on",), "记入档案的时机只能是 completed（办结）或 awarded（公布结果为通过）"
        return
    if entering.on is Moment.AWARDED and service.results is None:
        yield ("on",), "没有写 results，不会公布结果，应写 on: completed"
    if entering.on is Moment.COMPLETED and service.results is not None:
        yield ("on",), "这个事项另有结果，办结时还没有结果，应写 on: awarded"
    if ENTER_RECORDS not in getattr(service.on, entering.on.value):
        yield ("on",), f"on 的 {entering.on.value} 里没有写 {ENTER_RECORDS}，这条记录不会记入档案"


def _kind(service: Service, record: str) -> RecordKind | None:
    return next((kind for kind in service.archive if kind.record == record), None)


def _fields(service: Service, entering: Entering, kind: RecordKind, known: Known) -> _Found:
    if not entering.fields:
        yield (), "没有写任何栏目"
    by_code = {field.field: field for field in kind.fields}
    names = [each.field for each in entering.fields]
    for place, entered in enumerate(entering.fields):
        field = by_code.get(entered.field)
        if field is None:
            yield (place, "field"), f"「{kind.name}」里没有栏目「{entered.field}」"
        elif names.index(entered.field) != place:
            yield (place, "field"), f"栏目「{field.name}」写了两次"
        elif (entered.source is None) is (entered.value is None):
            yield (place,), f"栏目「{field.name}」要写 from（取自哪里）或 value（固定的值），只写一个"
        elif entered.value is not None:
            yield from (((place, *path), say) for path, say in _value(field, entered, known))
        else:
            yield from (((place, *path), say) for path, say in _source(service, entering, field, entered, known))


def _value(field: Field, entered: Entered, known: Known) -> _Found:
    if field.type == "code":
        yield from ((("value",), say) for say in _strange(field, [entered.value or ""], known))
    elif field.type not in _TEXTS:
        yield ("value",), f"「{field.name}」是 {field.type} 类型，不能写固定的值"
    elif field.max is not None and len(entered.value or "") > field.max:
        yield ("value",), f"「{field.name}」最多{field.max}个字符"
    if entered.codes:
        yield ("codes",), "codes 只与 from 一起写"


def _source(service: Service, entering: Entering, field: Field, entered: Entered, known: Known) -> _Found:
    if entered.source in TOLD:
        yield from ((("from",), say) for say in _told(service, entering, field, entered))
    else:
        section, asked = _answer(service, entered.source or "")
        if section is None or asked is None:
            yield ("from",), f"没有「{entered.source}」：应为 栏目.字段，或 {'、'.join(TOLD)} 之一"
            return
        if section.many is not None:
            yield ("from",), f"「{section.name}」可以有多条，不知道取哪一条，应取自单条栏目"
        if _STRICTNESS.index(asked.privacy) > _STRICTNESS.index(field.privacy):
            yield ("from",), _looser(asked, field)
        if not entered.codes:
            yield from ((("from",), say) for say in _misfit(field, asked))
    if entered.codes:
        yield from ((("codes",), say) for say in _codes(service, field, entered, known))


def _told(service: Service, entering: Entering, field: Field, entered: Entered) -> Iterator[str]:
    """What the platform itself tells: the day and number of a result, its grade, the case's number, the authority."""
    if entered.source in (RESULT_DOCUMENT, RESULT_GRADE) and entering.on is not Moment.AWARDED:
        yield f"「{entered.source}」只有公布结果（on: awarded）时才有"
    elif entered.source == RESULT_GRADE:
        table = service.results.table if service.results is not None else None
        if table is None:
            yield "results 里没有 table，结果不带级别"
        elif field.type == "code" and field.table != table and not entered.codes:
            yield f"结果级别的代码表是 {table}，与「{field.name}」的 {field.table} 不是同一个"
    if entered.source == RESULT_DAY and field.type not in _DAYS:
        yield f"「{field.name}」是 {field.type} 类型，不能取自日期"
    elif entered.source == RESULT_GRADE and field.type not in ("code", *_TEXTS):
        yield f"「{field.name}」是 {field.type} 类型，不能取自结果级别"
    elif entered.source not in (RESULT_DAY, RESULT_GRADE) and field.type not in _TEXTS:
        yield f"「{field.name}」是 {field.type} 类型，不能取自文字"


def _misfit(field: Field, asked: Field) -> Iterator[str]:
    """Why an answer cannot fill the field. A line of a governed catalogue fills a code by its code, or by its name
    below the code entered above it."""
    told = f"「{field.name}」（{field.type}）不能取自「{asked.name}」（{asked.type}）"
    if field.type in _TEXTS:
        return
    if field.type in _DAYS:
        if asked.type not in _DAYS[field.type]:
            yield told
    elif field.type == "code":
        if asked.type == "code" and asked.table != field.table:
            tables = f"「{asked.name}」的代码表是 {asked.table}，「{field.name}」的是 {field.table}"
            yield f"{tables}；可以用 codes 写明对应关系"
        elif asked.type not in ("code", "governed"):
            yield told
    elif asked.type != field.type or asked.table != field.table or asked.lookup != field.lookup:
        yield told


def _looser(asked: Field, field: Field) -> str:
    return f"「{asked.name}」的隐私级别是 {asked.privacy.value}，「{field.name}」只是 {field.privacy.value}"


def _codes(service: Service, field: Field, entered: Entered, known: Known) -> Iterator[str]:
    if field.type != "code":
        yield f"「{field.name}」不是代码栏目，不能写 codes"
        return
    _, asked = _answer(service, entered.source or "")
    if asked is not None and asked.type == "code":
        yield from _strange(asked, list(entered.codes), known)
    elif (asked is not None and asked.type != "governed") or (asked is None and entered.source != RESULT_GRADE):
        yield "codes 只用于取自代码、目录或结果级别的栏目"
    yield from _strange(field, list(entered.codes.values()), known)


def _strange(field: Field, codes: list[str], known: Known) -> Iterator[str]:
    if field.table is None or (known.tables is not None and field.table not in known.tables):
        return  # told where the field is declared
    try:
        table = standards.table(field.table)
    except (KeyError, ValueError, RuntimeError):
        return
    yield from (f"代码表「{table.name}」里没有「{code}」" for code in codes if code not in table)


def _answer(service: Service, path: str) -> tuple[Section | None, Field | None]:
    code, _, name = path.partition(".")
    section = service.by_code.get(code)
    return section, section.by_code.get(name) if section is not None else None


def of_drawing(service: Service) -> _Found:
    """What is wrong with what parts draw from the archive: the path and the sentence."""
    for place, section in enumerate(service.sections):
        taken: set[str] = set()
        for number, part in enumerate(section.parts):
            if part.drawn is None:
                continue
            at = ("sections", place, "parts", number, "drawn")
            if service.subject is SubjectKind.UNIT or section.many is not None:
                yield at, "只有办理对象为个人的单条栏目可以取自档案"
            for name in sorted(taken & part.drawn.fields.keys()):
                yield (*at, "fields", name), f"字段「{name}」已在前面取自档案"
            taken |= part.drawn.fields.keys()
            kind = _kind(service, part.drawn.record)
            if kind is not None:
                yield from (((*at, *path), say) for path, say in _drawn(section, part, part.drawn, kind))


def _drawn(section: Section, part: Part, drawn: Drawn, kind: RecordKind) -> _Found:
    by_code = {field.field: field for field in kind.fields}
    if drawn.latest not in by_code or by_code[drawn.latest].type not in _DAYS:
        yield ("latest",), f"latest 应为「{kind.name}」的日期栏目，现在是「{drawn.latest}」"
    if section.record == drawn.record:
        yield ("record",), f"栏目「{section.name}」本来就取自「{kind.name}」，不用再写 drawn"
    for name, sources in drawn.fields.items():
        field = section.by_code.get(name)
        if field is None or name not in part.fields or field.fixed is not None or field.type not in TYPES:
            yield ("fields", name), f"「{name}」应为「{part.name}」里可以填写的字段"
            continue
        for source in sources:
            asked = by_code.get(source)
            if asked is None:
                yield ("fields", name), f"「{kind.name}」里没有栏目「{source}」"
            elif _STRICTNESS.index(asked.privacy) > _STRICTNESS.index(field.privacy):
                yield ("fields", name), _looser(asked, field)
            else:
                yield from ((("fields", name), say) for say in _misfit(field, asked))
