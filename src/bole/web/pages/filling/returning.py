"""What a return says, all at once: every fault with its place, what to change, and a link to where it is changed."""

from collections.abc import Callable
from dataclasses import dataclass

from bole.cases.models import Case
from bole.cases.terms import FilledForm
from bole.definitions.faces.reading import read_section
from bole.definitions.terms import Service
from bole.review.terms import Faulty
from bole.web.pages.naming import told_place


@dataclass(frozen=True, slots=True)
class FaultLine:
    """One fault: the section it lies in, the name of its place, what to change, and where."""

    section: str
    name: str
    say: str
    url: str


def fault_lines(
    case: Case, service: Service, form: FilledForm, address: Callable[[Faulty], str], *, mask: bool
) -> list[FaultLine]:
    """Every fault of the last return in its order; `address` gives the page where it is seen to."""
    faults = [fault for fault in case.faults or [] if fault["section"] in service.by_code]
    captions: dict[tuple[str, str], str] = {}
    for code in {fault["section"] for fault in faults if fault.get("record")}:
        shown = read_section(service, code, form.sections[code].typed, context=form.context, mask=mask)
        captions |= {(code, row.id): row.caption for row in shown.rows}
    return [
        FaultLine(
            section=fault["section"],
            name=told_place(service, fault, captions),
            say=fault.get("say", ""),
            url=address(Faulty.read(fault)),
        )
        for fault in faults
    ]
