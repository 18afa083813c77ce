"""Reads of the titles room. The catalogue of a site is small and read often: it is held until its edition changes."""

import time
from collections.abc import Iterable
from datetime import date
from uuid import UUID

from django.db.models import Q, QuerySet

from bole.kernel.errors import Absent
from bole.organizations import queries as organizations
from bole.standards.terms import search_key
from bole.titles.models import Catalogue, DailyWork, DeclarationWindow, TitleCommittee, TitleEntry
from bole.titles.offering import committee_fault as committee_fault
from bole.titles.offering import committees as committees
from bole.titles.offering import department_fault as department_fault
from bole.titles.offering import departments as departments
from bole.titles.offering import entries as entries
from bole.titles.offering import entry_fault as entry_fault
from bole.titles.offering import serves as serves
from bole.titles.rules import may_keep as may_keep
from bole.titles.standard import standard_lines as standard_lines
from bole.titles.terms import Applicant, Committee, CommitteeLevel, Entry, Kind, Review, Snapshot, Span, Window

NAMES_HELD = 1.0  # seconds for which a name may be an old one; what decides is always asked anew

_held: dict[str, tuple[Snapshot, float]] = {}


def snapshot(site: str) -> Snapshot:
    """The catalogue of a site as it stands. One query, and five more after a change."""
    edition = Catalogue.objects.filter(site=site).values_list("edition", flat=True).first()
    held = _held.get(site)
    found = held[0] if held is not None and held[0].edition == edition else _load(site, edition)
    _held[site] = (found, time.monotonic())
    return found


def holding(value: UUID) -> Snapshot | None:
    """A catalogue that has this entry or committee, of whatever site; None where none has. For names of old choices."""
    now = time.monotonic()
    for found, asked in list(_held.values()):
        if value in found.entries or value in found.committees:
            return found if now - asked < NAMES_HELD else snapshot(found.site)
    site = TitleEntry.objects.filter(pk=value).values_list("site", flat=True).first()
    site = site or TitleCommittee.objects.filter(pk=value).values_list("site", flat=True).first()
    return snapshot(site) if site is not None else None


def applicant(day: date, *, region: str, unit: UUID | None, served: bool) -> Applicant:
    """For whom something is offered; `served` says whether the units above matter, which costs two queries."""
    above = organizations.unit_line(unit) if unit is not None and served else frozenset[UUID]()
    return Applicant(day, region, above)


def find_entries(site: str, kind: Kind, *, text: str = "", below: UUID | None = None) -> QuerySet[TitleEntry]:
    """The lines of one rung in the order of the tree, with what they hang under; by name, pinyin, initials or code."""
    rows = TitleEntry.objects.filter(_spelt(text), site=site, kind=kind.value).select_related("parent__parent__parent")
    if below is not None:
        rows = rows.filter(Q(parent=below) | Q(parent__parent=below) | Q(parent__parent__parent=below))
    above = ["parent__" * depth + "code" for depth in range(list(Kind).index(kind), -1, -1)]
    return rows.order_by(*above, "since", "pk")


def find_committees(site: str, *, text: str = "", series: UUID | None = None) -> QuerySet[TitleCommittee]:
    """The committees by code, found as above."""
    rows = TitleCommittee.objects.filter(_spelt(text), site=site)
    rows = rows.select_related("series", "founder").prefetch_related("windows")
    return (rows.filter(series=series) if series is not None else rows).order_by("code", "pk")


def _spelt(text: str) -> Q:
    word = search_key(text)
    if not word:
        return Q()
    found = Q(name__contains=text.strip()) | Q(code__startswith=text.strip())
    return found | Q(pinyin__contains=word) | Q(initials__contains=word) if word.isascii() else found


def entry(site: str, id: UUID) -> TitleEntry:
    """One line. Raises Absent."""
    found = TitleEntry.objects.select_related("parent__parent__parent").filter(site=site, pk=id).first()
    if found is None:
        raise Absent("没有找到这一条目录。")
    return found


def committee(site: str, id: UUID) -> TitleCommittee:
    """One committee. Raises Absent."""
    found = TitleCommittee.objects.filter(site=site, pk=id).first()
    if found is None:
        raise Absent("没有找到这个评委会。")
    return found


def _load(site: str, edition: UUID | None) -> Snapshot:
    if edition is None:
        return Snapshot(site, None, {}, {})
    rows = TitleEntry.objects.filter(site=site).order_by("code", "since", "pk")
    entries_ = {row.pk: _entry(row) for row in rows}
    windows: dict[UUID, dict[int, Window]] = {}
    for window in DeclarationWindow.objects.filter(committee__site=site):
        told = Window(window.year, window.opens, window.closes)
        windows.setdefault(window.committee_id, {})[window.year] = told
    works: dict[UUID, list[tuple[UUID, Span]]] = {}
    for work in DailyWork.objects.filter(committee__site=site).order_by("since", "pk"):
        works.setdefault(work.committee_id, []).append((work.unit_id, Span(work.since, work.until)))
    found = TitleCommittee.objects.filter(site=site).select_related("founder").prefetch_related("scope", "units")
    committees_ = {
        row.pk: _committee(row, windows.get(row.pk, {}), works.get(row.pk, ())) for row in found.order_by("code", "pk")
    }
    return Snapshot(site, edition, entries_, committees_)


def _entry(row: TitleEntry) -> Entry:
    return Entry(row.pk, Kind(row.kind), row.code, row.name, row.parent_id, row.level, Span(row.since, row.until))


def _committee(row: TitleCommittee, windows: dict[int, Window], works: Iterable[tuple[UUID, Span]]) -> Committee:
    return Committee(
        id=row.pk,
        code=row.code,
        name=row.name,
        level=CommitteeLevel(row.level),
        judges_lower=row.judges_lower,
        series=row.series_id,
        review=Review(row.review),
        founder=row.founder_id,
        founder_name=row.founder.name,
        filing_number=row.filing_number,
        filed=Span(row.filed_on, row.filed_until),
        span=Span(row.since, row.until),
        scope=frozenset(each.pk for each in row.scope.all()),
        regions=tuple(row.regions),
        units=frozenset(each.pk for each in row.units.all()),
        departments=tuple(works),
        windows=windows,
    )
