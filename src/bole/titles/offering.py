"""What can be chosen from a catalogue, and why something cannot: pure, no database.

Nothing is offered outside its days; a committee besides only within its filing (TR-14), its window, and its scope.
"""

from collections.abc import Iterator
from uuid import UUID

from bole.organizations.terms import covers
from bole.titles.terms import Applicant, Committee, Entry, Kind, Snapshot, Span, day_text


def entries(snapshot: Snapshot, kind: Kind, parent: UUID | None, applicant: Applicant) -> tuple[Entry, ...]:
    """The entries below another one that stand on the day."""
    found = snapshot.children.get(parent, ())
    return tuple(entry for entry in found if entry.kind is kind and entry.span.holds(applicant.day))


def committees(snapshot: Snapshot, title: UUID, applicant: Applicant) -> tuple[Committee, ...]:
    """The committees that take a declaration of this title from the applicant on the day."""
    return tuple(
        committee
        for committee in snapshot.committees.values()
        if serves(snapshot, committee, title) and not committee_fault(committee, applicant)
    )


def departments(committee: Committee, applicant: Applicant) -> tuple[UUID, ...]:
    """The units that do the committee's daily work on the day."""
    return tuple(unit for unit, span in committee.departments if span.holds(applicant.day))


def serves(snapshot: Snapshot, committee: Committee, title: UUID) -> bool:
    """Whether a title lies within what the committee judges: its series, its majors or titles, its level."""
    line = {entry.kind: entry for entry in snapshot.line(title)}
    if Kind.SERIES not in line or line[Kind.SERIES].id != committee.series:
        return False
    within = not committee.scope or any(entry.id in committee.scope for entry in line.values())
    return within and committee.judges(line[Kind.TITLE].level if Kind.TITLE in line else "")


def entry_fault(entry: Entry, applicant: Applicant) -> str:
    """Why an entry cannot be chosen on the day; empty when it can."""
    return _outside(f"{entry.kind.label}「{entry.name}」", entry.span, applicant, f"请选择其他{entry.kind.label}")


def committee_fault(committee: Committee, applicant: Applicant) -> str:
    """Why a committee takes no declaration from the applicant on the day, and what to do; empty when it does."""
    return next(_against(committee, applicant), "")


def _against(committee: Committee, applicant: Applicant) -> Iterator[str]:
    name, other = f"「{committee.name}」", "请选择其他评委会"
    ask = f"没有其他评委会的，请联系组建单位「{committee.founder_name}」"
    yield from filter(None, (_outside(name, committee.span, applicant, f"{other}。{ask}"),))
    filed = committee.filed
    if filed.until is not None and filed.until < applicant.day:
        yield f"{name}的备案有效期到{day_text(filed.until)}为止，现在不能受理申报，{other}。{ask}"
    if filed.since is not None and filed.since > applicant.day:
        yield f"{name}的备案从{day_text(filed.since)}起有效，现在不能受理申报，{other}。{ask}"
    yield from _window(committee, applicant, name, f"{other}。{ask}")
    if not _for(committee, applicant):
        yield f"{name}不受理您所在单位的申报，{other}。{ask}"


def _window(committee: Committee, applicant: Applicant, name: str, then: str) -> Iterator[str]:
    day = applicant.day
    if any(window.opens <= day <= window.closes for window in committee.windows.values()):
        return
    window = committee.windows.get(day.year)
    if window is None:
        yield f"{name}还没有公布{day.year}年度的申报时间，现在不能选择，{then}"
    elif day < window.opens:
        yield f"{name}{window.year}年度的申报时间是{window.told}，还没有开始，{then}"
    else:
        yield f"{name}{window.year}年度的申报时间是{window.told}，已经截止，{then}"


def _for(committee: Committee, applicant: Applicant) -> bool:
    """Whether the applicant's unit is one of those served."""
    if not committee.regions and not committee.units:
        return True
    in_region = any(covers(region, applicant.region) for region in committee.regions if applicant.region)
    return in_region or bool(committee.units & applicant.units)


def _outside(name: str, span: Span, applicant: Applicant, then: str) -> str:
    if span.until is not None and span.until < applicant.day:
        return f"{name}已于{day_text(span.until)}停用，{then}"
    if span.since is not None and span.since > applicant.day:
        return f"{name}从{day_text(span.since)}起启用，现在不能选择，{then}"
    return ""


def department_fault(committee: Committee, unit: UUID, name: str, applicant: Applicant) -> str:
    """Why a unit does not do the committee's daily work on the day; empty when it does."""
    span = next((span for each, span in committee.departments if each == unit), None)
    if span is None:
        return f"「{name}」不是「{committee.name}」的日常工作部门，请重新选择日常工作部门"
    return _outside(f"日常工作部门「{name}」", span, applicant, "请重新选择日常工作部门")
