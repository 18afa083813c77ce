"""The catalogue as a workbook, out and in again: all rows or none, after a look at what would change."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db import transaction

from bole.audit import actions as audit
from bole.documents import actions as documents
from bole.documents import queries as sheets
from bole.documents.terms import Column, Sheet, SheetRow
from bole.kernel.actors import Actor
from bole.kernel.errors import BoleError, Fault, Invalid, Moved
from bole.titles import queries, rules
from bole.titles.actions.committees import keep_committee
from bole.titles.actions.entries import keep_entry
from bole.titles.actions.holding import held
from bole.titles.actions.wording import day_told, read_committee, read_day, told, whole
from bole.titles.models import TitleCommittee, TitleEntry
from bole.titles.terms import (
    ADDED,
    ALTERED,
    COMMITTEE_COLUMNS,
    COMMITTEE_SHEET,
    ENTRY_COLUMNS,
    ENTRY_SHEET,
    FAULTY,
    SAME,
    AuditWord,
    ImportLine,
    ImportPlan,
    Kind,
    Line,
    Snapshot,
    Span,
)

MOST_ROWS = 3000  # of one sheet; beyond that an office imports in parts
_CODES, _NAMES = ENTRY_COLUMNS[0:8:2], ENTRY_COLUMNS[1:8:2]
_SINCE, _UNTIL = ENTRY_COLUMNS[8:]
_LEVEL_WIDTH = 16


def plan_import(data: bytes, *, site: str, by: Actor) -> ImportPlan:
    """What the workbook would change, row by row; nothing is kept. Raises Refused, Invalid for what is no workbook."""
    with transaction.atomic():
        plan = _run(data, site, by)
        transaction.set_rollback(True)
    return plan


@transaction.atomic
def import_catalogue(data: bytes, *, site: str, seen: UUID, by: Actor) -> ImportPlan:
    """Take the workbook, all of its rows, as it was looked over on the edition `seen`.

    Raises Moved when somebody changed the catalogue since, Invalid at "file" when a row stands against it, Refused.
    """
    edition = held(site, by).edition
    if edition != seen:
        raise Moved("资格目录在您核对之后又有人改过，请重新上传表格，核对新的差异后再导入。")
    plan = _run(data, site, by)
    if plan.faulty:
        raise Invalid.at("file", "表格里还有错误，一行也没有导入。请改好后重新上传。")
    counts = {"added": plan.count(ADDED), "altered": plan.count(ALTERED), "same": plan.count(SAME)}
    audit.record(AuditWord.IMPORTED, by=by, kind="title-catalogue", id=site, unit=by.unit, detail=counts)
    return plan


def export_catalogue(*, site: str, by: Actor) -> bytes:
    """The whole catalogue, retired lines included, in the columns that an import reads. On record. Raises Refused."""
    rules.may_keep(by, site).demand()
    snapshot = queries.snapshot(site)
    rows = [_written(line) for line in _lines(snapshot)]
    committees = whole(TitleCommittee.objects.filter(site=site).order_by("code"))
    others = [[told(row)[key] for key in COMMITTEE_COLUMNS] for row in committees]
    detail = {"entries": len(rows), "committees": len(others)}
    audit.record(AuditWord.EXPORTED, by=by, kind="title-catalogue", id=site, unit=by.unit, detail=detail)
    return _workbook(rows, others)


def catalogue_template(*, site: str, by: Actor) -> bytes:
    """A workbook to begin with: the 27 series with their levels and titles by the national table, no committees."""
    rules.may_keep(by, site).demand()
    names: dict[tuple[str, ...], Line] = {}
    rows = []
    for line in queries.standard_lines():
        names[line.path] = line
        rows.append(_written([names[line.path[: end + 1]] for end in range(len(line.path))]))
    return _workbook(rows, [])


def _workbook(entries: list[list[str]], committees: list[list[str]]) -> bytes:
    more = {"level": ("高级", "中级", "初级"), "judges_lower": ("否", "是"), "review": ("网上评审", "纸质评审")}
    notes = {
        "scope": "专业代码，或 专业代码/级别代码/资格代码；几项用、隔开；整个系列都评审的留空",
        "windows": "例如 2026-03-01至2026-06-30；几个年度用、隔开",
        "departments": "单位全称或统一社会信用代码；几个用、隔开",
        "regions": "六位行政区划代码；不限地区的留空",
    }
    columns = [Column(name, 20, more.get(key, ()), notes.get(key, "")) for key, name in COMMITTEE_COLUMNS.items()]
    widths = [Column(name, _LEVEL_WIDTH) for name in ENTRY_COLUMNS]
    room = 300
    return documents.write_workbook(
        [Sheet(ENTRY_SHEET, widths, entries, room), Sheet(COMMITTEE_SHEET, columns, committees, room)]
    )


def _lines(snapshot: Snapshot) -> Iterator[list[Any]]:
    """Every line with those above it, from the top, as a reader goes through a tree."""

    def below(parent: UUID | None, above: list[Any]) -> Iterator[list[Any]]:
        for entry in snapshot.children.get(parent, ()):
            yield [*above, entry]
            yield from below(entry.id, [*above, entry])

    return below(None, [])


def _written(line: list[Any]) -> list[str]:
    cells = [cell for each in line for cell in (each.path[-1] if isinstance(each, Line) else each.code, each.name)]
    last = line[-1].span
    return [*cells, *[""] * (8 - len(cells)), day_told(last.since), day_told(last.until)]


@dataclass
class _Run:
    """One import under way: what the tree has by codes from the top, filled as rows are taken."""

    site: str
    by: Actor
    tree: dict[tuple[str, ...], TitleEntry] = field(default_factory=dict)


def _run(data: bytes, site: str, by: Actor) -> ImportPlan:
    catalogue = held(site, by)
    edition = catalogue.edition
    run = _Run(site, by)
    rows = {row.pk: row for row in TitleEntry.objects.filter(site=site)}
    for row in rows.values():
        run.tree[_path(row, rows)] = row
    entries = sheets.read_rows(
        data, header=ENTRY_COLUMNS[:2], optional=ENTRY_COLUMNS, sheet=ENTRY_SHEET, max_rows=MOST_ROWS
    )
    header = list(COMMITTEE_COLUMNS.values())
    committees = sheets.read_rows(data, header=header[:2], optional=header, sheet=COMMITTEE_SHEET, max_rows=MOST_ROWS)
    lines = [_tried(ENTRY_SHEET, row, lambda values: _entry(run, values)) for row in entries]
    lines += [_tried(COMMITTEE_SHEET, row, lambda values: _committee(run, values)) for row in committees]
    if not lines:
        raise Invalid.at("file", "表格里没有任何一行内容，请填写后再上传")
    return ImportPlan(edition, tuple(lines))


def _path(row: TitleEntry, rows: Mapping[UUID, TitleEntry]) -> tuple[str, ...]:
    above = _path(rows[row.parent_id], rows) if row.parent_id else ()
    return (*above, row.code)


Taken = tuple[str, dict[str, str], dict[str, str]]


def _tried(sheet: str, row: SheetRow, take: Callable[[Mapping[str, str]], Taken]) -> ImportLine:
    """The row as taken, or what is wrong with it; a row that cannot be taken leaves no trace."""
    names = _NAMES if sheet == ENTRY_SHEET else (COMMITTEE_COLUMNS["name"],)
    name = next((row.values[each] for each in reversed(names) if row.values.get(each)), "")
    if row.problems:
        return ImportLine(sheet, row.number, name, FAULTY, fault="；".join(row.problems))
    try:
        with transaction.atomic():
            name, before, after = take(row.values)
    except BoleError as error:
        return ImportLine(sheet, row.number, name, FAULTY, fault=error.sentence)
    changes = tuple((key, before.get(key, ""), after[key]) for key in after if before.get(key, "") != after[key])
    verb = ADDED if not before else ALTERED if changes else SAME
    return ImportLine(sheet, row.number, name, verb, changes if before else ())


def _entry(run: _Run, values: Mapping[str, str]) -> Taken:
    """The lowest line that the row names; those above it must stand already, in the catalogue or further up."""
    codes = [values.get(column, "").strip() for column in _CODES]
    names = [" ".join(values.get(column, "").split()) for column in _NAMES]
    depth = max((place for place, code in enumerate(codes, start=1) if code), default=0)
    if not depth or not all(codes[:depth]):
        raise Invalid.at("code", "代码应从系列起逐级填写，中间不能空")
    for place in range(1, depth):
        above = run.tree.get(tuple(codes[:place]))
        if above is None:
            raise Invalid.at("parent", f"目录里没有{_CODES[place - 1]}「{codes[place - 1]}」，请在前面的行里先写上它")
        if names[place - 1] and names[place - 1] != above.name:
            say = f"{_NAMES[place - 1]}「{names[place - 1]}」与目录里的「{above.name}」不一致，请核对代码"
            raise Invalid.at("parent", say)
    path, kind = tuple(codes[:depth]), list(Kind)[depth - 1]
    row, faults = run.tree.get(path), list[Fault]()
    span = Span(read_day(values.get(_SINCE, ""), _SINCE, "since", faults),
                read_day(values.get(_UNTIL, ""), _UNTIL, "until", faults))  # fmt: skip
    if faults:
        raise Invalid(*faults)
    before = _cells(row) if row is not None else {}
    parent = run.tree[path[:-1]].pk if depth > 1 else None
    kept = keep_entry(
        site=run.site, kind=kind, code=path[-1], name=names[depth - 1], parent=parent, span=span,
        level=(row.level if row is not None else path[-1]) if kind is Kind.LEVEL else "",
        id=row.pk if row is not None else None, seen=row.revision if row is not None else 0, by=run.by,
    )  # fmt: skip
    run.tree[path] = kept
    return kept.name, before, _cells(kept)


def _cells(row: TitleEntry) -> dict[str, str]:
    name = _NAMES[list(Kind).index(Kind(row.kind))]
    return {name: row.name, _SINCE: day_told(row.since), _UNTIL: day_told(row.until)}


def _committee(run: _Run, values: Mapping[str, str]) -> Taken:
    keyed = {key: values.get(name, "") for key, name in COMMITTEE_COLUMNS.items()}
    draft = read_committee(run.site, keyed)
    row = whole(TitleCommittee.objects.filter(site=run.site, code=draft.code)).first()
    before = _named(told(row)) if row is not None else {}
    kept = keep_committee(
        site=run.site, draft=draft, id=row.pk if row is not None else None,
        seen=row.revision if row is not None else 0, by=run.by,
    )  # fmt: skip
    return kept.name, before, _named(told(whole(TitleCommittee.objects.filter(pk=kept.pk)).get()))


def _named(values: Mapping[str, str]) -> dict[str, str]:
    return {name: values[key] for key, name in COMMITTEE_COLUMNS.items()}
