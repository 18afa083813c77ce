"""The numbered steps of a stepped service, and what of a copied form needs another look."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bole.bindings import queries as bindings
from bole.bindings.terms import CopyMark
from bole.review.terms import Faulty

if TYPE_CHECKING:
    from bole.web.pages.filling.casework import CasePage


@dataclass(frozen=True)
class FlowStep:
    """One numbered step of a stepped service. `mark` is done, now or empty."""

    name: str
    url: str
    mark: str


def flow(page: "CasePage", current: str, *, last: bool = False) -> tuple[FlowStep, ...]:
    """「1 选择申报资格 → … → 4 提交单位审核」: the groups of a stepped service, and handing in."""
    groups = page.service.groups
    if not page.service.stepped or not page.fillable:
        return ()
    lacking = {missing.section for missing in page.form.missing}
    lacking |= {item.code for item in page.rail() if item.required and not item.done}
    behind = [place for place, group in enumerate(groups) if lacking.intersection(group.sections)]
    at = next((place for place, group in enumerate(groups) if current in group.sections), None)
    now = len(groups) if last else at if at is not None else min(behind, default=len(groups))

    def mark(place: int) -> str:
        return "now" if place == now else "done" if place < len(groups) and place not in behind else ""

    names = [*(group.name for group in groups), page.service.hand_in]
    return tuple(FlowStep(name, _url(page, place), mark(place)) for place, name in enumerate(names))


def _url(page: "CasePage", place: int) -> str:
    if place == len(page.service.groups):
        return page.url("preview")
    sections = page.service.groups[place].sections
    return page.section_url(sections[0]) if len(sections) == 1 else f"{page.url('case')}#g{place + 1}"


def copied(page: "CasePage", current: str) -> list[tuple[CopyMark, str, str]]:
    """What of a form that was copied needs another look (in one section): mark, words for the place, address."""
    if not page.fillable or page.case.former_id is None:
        return []
    return [
        (mark, page.service.by_code[mark.section].name, page.fault_url(Faulty(mark.section, record=mark.record)))
        for mark in bindings.copy_marks(page.case, page.service, page.form)
        if not current or mark.section == current
    ]
