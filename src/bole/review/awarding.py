"""Results as they are typed, on a form or in a workbook: the same sentences for both. Asks no database."""

import re
from collections.abc import Mapping
from datetime import date

from bole.cases.models import Case
from bole.definitions.terms import Results, Service
from bole.kernel import clock
from bole.kernel.errors import Fault, Invalid, Refused
from bole.review.models import Outcome
from bole.review.terms import ENTERED, OutcomeEntry, Result
from bole.standards import queries as standards
from bole.standards.terms import CodeEntry

LONGEST_DOCUMENT = 100
LONGEST_NOTE = 500
_DAY = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?")
_STATES = {each.value: each for each in ENTERED} | {each.word: each for each in ENTERED}


def results_of(service: Service) -> Results:
    """The service's block `results`. Raises Refused where it has none."""
    if service.results is None:
        raise Refused(f"「{service.name}」办结就是结果，没有评审结果要录入。")
    return service.results


def states_of(service: Service) -> tuple[Result, ...]:
    """The states that results of the service may have: those that are entered, and the ends that it names."""
    return (*ENTERED, *(Result(end.value) for end in service.endings))


def state_word(service: Service, state: Result) -> str:
    """What a state is called: an end as the service says."""
    return service.endings.get(state.end, state.word) if state.end is not None else state.word


def grades(service: Service) -> tuple[CodeEntry, ...]:
    """The grades that can be given today; none where there is only 通过 or 未通过. What stands below one in its table
    is what it is given for, not a grade."""
    table = results_of(service).table
    if table is None:
        return ()
    return tuple(entry for entry in standards.table(table).children(None, clock.today()) if entry.selectable)


def grade_name(service: Service, code: str) -> str:
    """What a grade given is called; the code itself when the table never had it."""
    return _named(results_of(service).table, code)


def applied_name(service: Service, code: str) -> str:
    """What the grade asked for is called."""
    section, _, field = (results_of(service).applied or "").partition(".")
    known = service.by_code.get(section)
    asked = known.by_code.get(field) if known is not None else None
    return _named(asked.table if asked is not None else None, code)


def applied_grades(service: Service) -> tuple[CodeEntry, ...]:
    """The grades that can be asked for; none where the form does not ask."""
    section, _, field = (results_of(service).applied or "").partition(".")
    known = service.by_code.get(section)
    asked = known.by_code.get(field) if known is not None else None
    if asked is None or asked.table is None:
        return ()
    rows = standards.table(asked.table).entries_on(clock.today())
    return tuple(
        row
        for row in rows
        if row.selectable and not (asked.roots and row.parent) and (not asked.codes or row.code in asked.codes)
    )


def _named(table: str | None, code: str) -> str:
    try:
        return standards.table(table).entry(code).name if table and code else code
    except KeyError:
        return code


def differs(outcome: Outcome, entry: OutcomeEntry) -> bool:
    """Whether the entry says anything else than what stands."""
    stands = (outcome.state, outcome.awarded, outcome.document, outcome.decided_on, outcome.note or "")
    return stands != (entry.state.value, entry.awarded, entry.document, entry.decided_on, entry.note)


def name_of(case: Case) -> str:
    """Whose case it is."""
    return case.person.name if case.person is not None else case.unit.name


def read_entry(service: Service, typed: Mapping[str, str]) -> OutcomeEntry:
    """What was typed, by "state", "awarded", "document", "decided_on", "note". Raises Invalid with every fault."""
    results, faults = results_of(service), list[Fault]()
    state = _STATES.get(typed.get("state", "").strip())
    if state is None:
        faults.append(Fault("state", f"{results.name}状态请填写{'、'.join(each.word for each in ENTERED)}之一"))
    awarded = _awarded(service, typed.get("awarded", "").strip(), state, faults)
    document, note = typed.get("document", "").strip(), typed.get("note", "").strip()
    if len(document) > LONGEST_DOCUMENT:
        faults.append(Fault("document", f"文号最多{LONGEST_DOCUMENT}个字符，现在是{len(document)}个"))
    if len(note) > LONGEST_NOTE:
        faults.append(Fault("note", f"备注最多{LONGEST_NOTE}个字符，现在是{len(note)}个"))
    day = _day(results, typed.get("decided_on", "").strip(), state, faults)
    if faults or state is None:
        raise Invalid(*faults)
    if state is Result.PENDING:
        return OutcomeEntry(state)
    return OutcomeEntry(state, awarded, document, day, note)


def _awarded(service: Service, text: str, state: Result | None, faults: list[Fault]) -> str:
    results = results_of(service)
    if results.table is None or state is not Result.PASSED:
        if text and state is not None and state is not Result.PASSED:
            faults.append(Fault("awarded", f"{results.name}状态为「{state.word}」的，不填写{results.name}级别"))
        return ""
    codes = {entry.code: entry.code for entry in grades(service)} | {each.name: each.code for each in grades(service)}
    if not text:
        faults.append(Fault("awarded", f"{results.name}状态为「通过」的，请填写{results.name}级别"))
    elif text not in codes:
        faults.append(Fault("awarded", f"没有{results.name}级别「{text[:40]}」，请从列出的级别中选择"))
    return codes.get(text, "")


def _day(results: Results, text: str, state: Result | None, faults: list[Fault]) -> date | None:
    name = f"{results.name}日期"
    if not text:
        if state in (Result.PASSED, Result.FAILED):
            faults.append(Fault("decided_on", f"请填写{name}"))
        return None
    found = _DAY.fullmatch(text)
    try:
        day = date(*(int(part) for part in found.groups())) if found else None
    except ValueError:
        day = None
    if day is None:
        faults.append(Fault("decided_on", f"{name}请写作 2026-04-18 这样的日期"))
    elif day > clock.today():
        faults.append(Fault("decided_on", f"{name}不能晚于今天"))
    return day
