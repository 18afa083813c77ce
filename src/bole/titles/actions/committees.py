"""Adding, changing and retiring committees with their filing, scope, windows and daily work departments."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from uuid import UUID

from django.db import transaction

from bole.kernel import clock
from bole.kernel.actors import Actor
from bole.kernel.errors import Absent, Fault, Invalid
from bole.organizations import queries as organizations
from bole.organizations.models import Unit
from bole.organizations.terms import covers
from bole.standards import queries as standards
from bole.titles.actions.entries import CODE, LONGEST
from bole.titles.actions.holding import day, demand_seen, differences, held, new_edition, note, span_faults, stamp
from bole.titles.actions.wording import told, whole
from bole.titles.models import DailyWork, DeclarationWindow, TitleCommittee, TitleEntry
from bole.titles.terms import FILING_YEARS, AuditWord, CommitteeDraft, Kind, Span, day_text


@transaction.atomic
def keep_committee(
    *, site: str, draft: CommitteeDraft, by: Actor, id: UUID | None = None, seen: int = 0
) -> TitleCommittee:
    """Add a committee, or with `id` change the one that was seen at revision `seen`.

    A department that is left out ends yesterday and is still shown in old cases; a window left out is gone. Raises
    Refused, Invalid at the fields of the draft, Moved when it was changed meanwhile, Absent for a foreign one.
    """
    catalogue = held(site, by)
    row = TitleCommittee(site=site) if id is None else _row(site, id)
    if id is not None:
        demand_seen(row, seen)
    faults = [*_faults(site, draft, row.pk if id is not None else None)]
    if faults:
        raise Invalid(*faults)
    before = told(row) if id is not None else {}
    row.code, row.name, row.level = draft.code.strip(), " ".join(draft.name.split()), draft.level.value
    row.judges_lower, row.series_id, row.founder_id = draft.judges_lower, draft.series, draft.founder
    row.review, row.filing_number = draft.review.value, draft.filing_number.strip()
    row.filed_on, row.filed_until, row.regions = draft.filed_on, draft.filed_until, list(draft.regions)
    row.since, row.until = draft.span.since, draft.span.until
    stamp(row, by)
    row.save()
    row.scope.set(TitleEntry.objects.filter(pk__in=draft.scope))
    row.units.set(Unit.objects.filter(pk__in=draft.units))
    _keep_windows(row, draft)
    _keep_departments(row, draft)
    row = _row(site, row.pk)
    changes = differences(before, told(row))
    if id is not None and not changes:
        return row
    if id is not None:
        row.revision += 1
        row.save(update_fields=["revision"])
    new_edition(catalogue)
    note(AuditWord.CHANGED if id is not None else AuditWord.ADDED, row, by, {"kind": "committee", "changes": changes})
    return row


@transaction.atomic
def retire_committee(*, site: str, id: UUID, until: date, seen: int, by: Actor) -> TitleCommittee:
    """End a committee after a day; cases that chose it go on. Raises as `retire_entry`."""
    catalogue = held(site, by)
    row = _row(site, id)
    demand_seen(row, seen)
    faults = span_faults(Span(row.since, until))
    if faults:
        raise Invalid(*faults)
    before, row.until = row.until, until
    row.revision += 1
    stamp(row, by)
    row.save()
    new_edition(catalogue)
    note(AuditWord.RETIRED, row, by, {"kind": "committee", "until": [day(before), day(until)]})
    return row


def _row(site: str, id: UUID) -> TitleCommittee:
    row = whole(TitleCommittee.objects.filter(site=site, pk=id)).first()
    if row is None:
        raise Absent("没有找到这个评委会，它可能属于其他办事大厅。")
    return row


def _keep_windows(row: TitleCommittee, draft: CommitteeDraft) -> None:
    kept = {window.year: window for window in draft.windows}
    row.windows.exclude(year__in=kept).delete()
    for year, window in kept.items():
        DeclarationWindow.objects.update_or_create(
            committee=row, year=year, defaults={"opens": window.opens, "closes": window.closes}
        )


def _keep_departments(row: TitleCommittee, draft: CommitteeDraft) -> None:
    kept, ended = dict(draft.departments), clock.today() - timedelta(days=1)
    for work in row.departments.exclude(unit__in=kept):
        if work.since is not None and work.since > ended:
            work.delete()
        elif work.until is None or work.until > ended:
            work.until = ended
            work.save(update_fields=["until"])
    for unit, span in kept.items():
        DailyWork.objects.update_or_create(
            committee=row, unit_id=unit, defaults={"since": span.since, "until": span.until}
        )


def _faults(site: str, draft: CommitteeDraft, own: UUID | None) -> Iterable[Fault]:
    if not CODE.fullmatch(draft.code.strip()):
        yield Fault("code", "代码应为 1 到 40 个字母、数字、点或短横，以字母或数字开头")
    elif _taken(site, draft.code.strip(), own):
        yield Fault("code", f"代码「{draft.code.strip()}」已用于另一个评委会，请换一个；停用的代码也不能再用")
    if not 4 <= len(" ".join(draft.name.split())) <= LONGEST:
        yield Fault("name", f"评委会名称应为 4 到 {LONGEST} 个字")
    yield from span_faults(draft.span)
    yield from _filing_faults(draft)
    yield from _scope_faults(site, draft)
    yield from _whom_faults(site, draft)
    yield from _window_faults(draft)


def _filing_faults(draft: CommitteeDraft) -> Iterable[Fault]:
    """The filing lasts at most three years (人社部令第40号第八条)."""
    if not 2 <= len(draft.filing_number.strip()) <= 60:
        yield Fault("filing_number", "请填写备案文号，2 到 60 个字")
    if draft.filed_until < draft.filed_on:
        yield Fault("filed_until", "备案有效期不能早于备案日期")
        return
    last = _years_later(draft.filed_on, FILING_YEARS) - timedelta(days=1)
    if draft.filed_until > last:
        say = f"备案有效期最长 {FILING_YEARS} 年，从{day_text(draft.filed_on)}起最晚到{day_text(last)}"
        yield Fault("filed_until", say)


def _years_later(start: date, years: int) -> date:
    """The same day some years later; 29 February becomes 1 March where there is none."""
    try:
        return start.replace(year=start.year + years)
    except ValueError:
        return date(start.year + years, 3, 1)


def _scope_faults(site: str, draft: CommitteeDraft) -> Iterable[Fault]:
    """A committee spanning several series is not allowed (第六条)."""
    series = TitleEntry.objects.filter(site=site, pk=draft.series, kind=Kind.SERIES.value).first()
    if series is None:
        yield Fault("series", "请选择申报系列")
        return
    rows = TitleEntry.objects.filter(site=site, pk__in=draft.scope).select_related("parent__parent__parent")
    found = {row.pk: row for row in rows}
    for key in draft.scope:
        row = found.get(key)
        if row is None or row.kind not in (Kind.MAJOR.value, Kind.TITLE.value):
            yield Fault("scope", "评审范围应为目录中的专业或资格名称，请重新选择")
        elif series.pk not in _above(row):
            yield Fault("scope", f"「{row.name}」不属于「{series.name}」，评委会不能跨系列，请重新选择")


def _above(row: TitleEntry) -> list[UUID]:
    keys, at = [], row.parent
    while at is not None:
        keys.append(at.pk)
        at = at.parent
    return keys


def _whom_faults(site: str, draft: CommitteeDraft) -> Iterable[Fault]:
    """The founding unit, the departments, and for whom the committee works."""
    ground, today = organizations.site(site).region, clock.today()
    known = {entry.code for entry in standards.table("region").entries_on(today)}
    for region in draft.regions:
        if region not in known or not covers(ground, region):
            yield Fault("regions", f"「{region}」不是本办事大厅辖区内的地区，请重新选择")
    units = [draft.founder, *draft.units, *(unit for unit, _ in draft.departments)]
    open_units = set(Unit.objects.open().filter(site=site, pk__in=units).values_list("pk", flat=True))
    if draft.founder not in open_units:
        yield Fault("founder", "请选择组建单位，应为本办事大厅没有停用的单位")
    if any(unit not in open_units for unit in draft.units):
        yield Fault("units", "适用单位应为本办事大厅没有停用的单位，请重新选择")
    if not draft.departments:
        yield Fault("departments", "请至少选择一个日常工作部门，申报材料由它受理")
    for unit, span in draft.departments:
        if unit not in open_units and span.holds(today):
            yield Fault("departments", "日常工作部门应为本办事大厅没有停用的单位，请重新选择")
        yield from (Fault("departments", fault.say) for fault in span_faults(span))


def _window_faults(draft: CommitteeDraft) -> Iterable[Fault]:
    years: Sequence[int] = [window.year for window in draft.windows]
    if len(set(years)) != len(years):
        yield Fault("windows", "每个年度只能填写一段申报时间")
    for window in draft.windows:
        if window.closes < window.opens:
            yield Fault("windows", f"{window.year}年度的申报截止日期不能早于开始日期")
        elif window.opens.year != window.year:
            yield Fault("windows", f"{window.year}年度的申报开始日期应在{window.year}年内")
        elif window.opens > draft.filed_until:
            say = f"{window.year}年度的申报时间晚于备案有效期（到{day_text(draft.filed_until)}），请先重新备案"
            yield Fault("windows", say)


def _taken(site: str, code: str, own: UUID | None) -> bool:
    rows = TitleCommittee.objects.filter(site=site, code=code)
    return any(key != own for key in rows.values_list("pk", flat=True))
