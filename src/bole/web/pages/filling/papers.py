"""Printed papers of a case: the data for a template of the catalogue, with watermark until the case has passed."""

from typing import Any

from bole.cases import queries as cases
from bole.cases.terms import Status
from bole.definitions import queries as definitions
from bole.definitions.faces.printing import print_data
from bole.definitions.terms import Output
from bole.documents import actions as documents
from bole.kernel import clock
from bole.review import queries as review
from bole.review.terms import HistoryLine, MoveKind
from bole.web.pages.filling.casework import CasePage


def paper(page: CasePage, output: Output, *, address: str) -> bytes:
    """The paper as PDF. `address` is where the QR code leads: the case, for those who may see it."""
    case = page.case
    photo = cases.photo_of(case, output.photo) if output.photo else None
    files = {"qr": documents.qr_svg(address).encode()}
    if photo is not None:
        files["photo"] = photo
    data: dict[str, Any] = {
        **print_data(page.service, page.form.typed, page.form.context),
        "title": output.name,
        "number": case.number,
        "unit": case.unit.name,
        "filled_on": f"{clock.china(case.submitted_at or case.changed_at):%Y年%-m月%-d日}",
        "watermark": _WATERMARKS[Status(case.status)],
        "evidence": [
            {"caption": slot.caption, "files": len(slot.attachments), "gap": slot.gap_reason or ""}
            for slot in page.form.slots
        ],
        "opinions": _opinions(page),
    }
    template = definitions.print_template(case.site, output.print)
    return documents.render_pdf(template, data, files=files, stamp=case.changed_at)


_WATERMARKS = {
    Status.DRAFT: "未上报",
    Status.RETURNED: "未上报",
    Status.IN_REVIEW: "审核中",
    Status.COMPLETED: "",
    Status.TERMINATED: "未通过",
    Status.CANCELLED: "已撤销",
}


def _opinions(page: CasePage) -> list[dict[str, str]]:
    """One box for each desk of the route, filled with the last approval of the present round."""
    said: dict[str, HistoryLine] = {}
    for line in reversed(review.history(page.case, page.service)):
        if line.kind is MoveKind.SUBMITTED:
            said.clear()
        elif line.kind is MoveKind.PASSED:
            said[line.step] = line
    boxes = []
    for step in review.route_preview(page.case, page.service, context=page.form.context, chairs=False):
        if step.skipped:
            continue
        passed = said.get(step.name)
        boxes.append(
            {
                "name": step.name,
                "unit": step.unit,
                "verdict": "审核通过" if passed is not None else "",
                "opinion": passed.opinion if passed is not None else "",
                "who": passed.who if passed is not None else "",
                "on": f"{clock.china(passed.at):%Y年%-m月%-d日}" if passed is not None else "",
            }
        )
    return boxes
