"""What taking a case back would cost: whether and until when it could be handed in again (ALL-05)."""

from dataclasses import replace

from bole.cases import queries as cases
from bole.cases.models import Case
from bole.definitions import queries as definitions
from bole.kernel import clock
from bole.review.terms import Withdrawal


def withdrawal(case: Case) -> Withdrawal:
    """What the applicant has to know before 「撤回」. One query, three where the form chooses from governed catalogues.

    A case that had been returned before is returned again by it, and comes back after the last day where the service
    takes that; the first hand-in becomes a draft, for which days and catalogues of now hold.
    """
    window, today = cases.window_of(case), clock.today()
    returned = case.open_sections is not None
    if returned and window.again:
        return Withdrawal()
    _, closes = window.span(today)
    over = window.against(today)
    return Withdrawal(
        closes=closes,
        over=over,
        reopens=window.reopens(today) if over else None,
        per_unit=None if returned else window.per_unit,
        stale=() if returned else _stale(case),
        today=closes == today,
    )


def _stale(case: Case) -> tuple[str, ...]:
    """What was chosen from governed catalogues and could not be chosen any more: it is right only while handed in."""
    service = cases.service_of(case)
    sections = dict.fromkeys(section.section for section, _ in service.governed)
    if not sections:
        return ()
    typed = cases.typed_answers(case)
    stands = cases.context_of(case, typed)
    draft = replace(stands, chosen=frozenset(), memo={})  # what was found for the other is kept there
    found: list[str] = []
    for code in sections:
        now, then = (
            definitions.clean_section(service, code, typed.get(code), context=each).faults for each in (stands, draft)
        )
        found += [f"{service.by_code[code].name}：{fault.say}" for fault in then if fault not in now]
    return tuple(found)
