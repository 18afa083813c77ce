"""Adding, changing and retiring lines of the tree. Nothing is deleted: old cases show what they chose."""

import re
from datetime import date
from uuid import UUID

from django.db import transaction

from bole.kernel.actors import Actor
from bole.kernel.errors import Absent, Fault, Invalid
from bole.standards import queries as standards
from bole.titles.actions.holding import day, demand_seen, differences, held, new_edition, note, span_faults, stamp
from bole.titles.models import TitleEntry
from bole.titles.terms import AuditWord, Kind, Span

CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9.-]{0,39}")
LONGEST = 120


@transaction.atomic
def keep_entry(
    *,
    site: str,
    kind: Kind,
    code: str,
    name: str,
    by: Actor,
    parent: UUID | None = None,
    level: str = "",
    span: Span = Span(),  # noqa: B008  # frozen and empty
    id: UUID | None = None,
    seen: int = 0,
) -> TitleEntry:
    """Add a line, or with `id` change the one that was seen at revision `seen`; its place in the tree stays.

    `level` is a code of the table `title-level`, for levels only; titles have that of their level. Raises Refused,
    Invalid at code, name, level, parent or until, Moved when it was changed meanwhile, Absent for a foreign line.
    """
    catalogue = held(site, by)
    row = TitleEntry(site=site, kind=kind.value, parent_id=parent) if id is None else _row(site, id)
    if id is not None:
        demand_seen(row, seen)
    before = _told(row) if id is not None else {}
    row.code, row.name = code.strip(), " ".join(name.split())
    row.since, row.until = span.since, span.until
    faults = _place_faults(row, level)
    faults += [*_word_faults(row), *span_faults(span)]
    if faults:
        raise Invalid(*faults)
    changes = differences(before, _told(row))
    if id is not None and not changes:
        return row
    row.revision += 1 if id is not None else 0
    stamp(row, by)
    row.save()
    if id is not None and "level" in changes:
        TitleEntry.objects.filter(parent=row).update(level=row.level)
    new_edition(catalogue)
    note(AuditWord.CHANGED if id is not None else AuditWord.ADDED, row, by, {"kind": row.kind, "changes": changes})
    return row


@transaction.atomic
def retire_entry(*, site: str, id: UUID, until: date, seen: int, by: Actor) -> TitleEntry:
    """End a line after a day: offered until then, afterwards only shown where it was chosen, with what hangs below.

    Raises Refused, Moved, Absent, and Invalid for a day before its first.
    """
    catalogue = held(site, by)
    row = _row(site, id)
    demand_seen(row, seen)
    faults = span_faults(Span(row.since, until))
    if faults:
        raise Invalid(*faults)
    before = row.until
    row.until = until
    row.revision += 1
    stamp(row, by)
    row.save()
    new_edition(catalogue)
    note(AuditWord.RETIRED, row, by, {"kind": row.kind, "until": [day(before), day(until)]})
    return row


def _row(site: str, id: UUID) -> TitleEntry:
    row = TitleEntry.objects.select_related("parent").filter(site=site, pk=id).first()
    if row is None:
        raise Absent("没有找到这一条目录，它可能属于其他办事大厅。")
    return row


def _told(row: TitleEntry) -> dict[str, str]:
    return {
        "code": row.code, "name": row.name, "level": row.level, "since": day(row.since), "until": day(row.until),
    }  # fmt: skip


def _place_faults(row: TitleEntry, level: str) -> list[Fault]:
    """The line above, and the level that the line has."""
    kind = Kind(row.kind)
    above = TitleEntry.objects.filter(site=row.site, pk=row.parent_id).first() if row.parent_id else None
    if (above.kind if above else None) != (kind.above.value if kind.above else None):
        return [Fault("parent", f"请选择{kind.above.label if kind.above else '最上级'}")]
    if kind is Kind.LEVEL:
        row.level = level
        if level not in standards.table("title-level"):
            return [Fault("level", "请选择职称级别")]
    else:
        row.level = above.level if above is not None and kind is Kind.TITLE else ""
    return []


def _word_faults(row: TitleEntry) -> list[Fault]:
    label, faults = Kind(row.kind).label, []
    if not CODE.fullmatch(row.code):
        faults.append(Fault("code", "代码应为 1 到 40 个字母、数字、点或短横，以字母或数字开头"))
    if not 1 <= len(row.name) <= LONGEST:
        faults.append(Fault("name", f"{label}的名称应为 1 到 {LONGEST} 个字"))
    beside = TitleEntry.objects.filter(site=row.site, kind=row.kind, parent_id=row.parent_id).exclude(pk=row.pk)
    for other in beside:
        if other.code == row.code:
            faults.append(Fault("code", f"代码「{row.code}」已用于「{other.name}」，请换一个；停用的代码也不能再用"))
        elif other.name == row.name and _overlap(other, row):
            faults.append(Fault("name", f"同一上级下已有「{row.name}」（代码 {other.code}），有效期重叠，请核对"))
    return faults


def _overlap(one: TitleEntry, other: TitleEntry) -> bool:
    first, last = date.min, date.max
    return (one.since or first) <= (other.until or last) and (other.since or first) <= (one.until or last)
