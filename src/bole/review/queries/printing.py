"""Papers made of a case: whether they are final, what stands on them, and whether one given out still holds."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from bole.cases import queries as cases
from bole.cases.models import Case, IssuedPaper
from bole.cases.terms import EDITABLE, FilledForm, Status
from bole.definitions.faces.printing import print_data
from bole.definitions.terms import Moment, Output, Service, Verdict
from bole.kernel import clock, ids
from bole.kernel.privacy import mask_name
from bole.kernel.sealing import Unsealable
from bole.review import engine, seats
from bole.review.awarding import state_word
from bole.review.models import Movement, UnitPublicity
from bole.review.queries.histories import moves_of
from bole.review.queries.outcomes import ended_outcome, published_outcome
from bole.review.queries.publicizing import publicities_in
from bole.review.queries.routes import route_preview
from bole.review.terms import FileCheck, FileMatch, MoveKind, PaperCheck, PaperState, Result

_WATERMARKS = {
    Status.DRAFT: "草稿",
    Status.RETURNED: "草稿",
    Status.IN_REVIEW: "未审核",
    Status.COMPLETED: "结果未公布",
    Status.TERMINATED: "未通过",
    Status.CANCELLED: "已撤销",
}
_DECIDED = (*engine.FORWARD, MoveKind.TERMINATED)


def is_final(case: Case, service: Service, output: Output) -> bool:
    """Whether the paper loses its watermark: `after` has come, and neither the case was returned or ended since, nor a
    published 通过 has ended."""
    if ended_outcome(case, service) is not None:
        return False
    match output.after:
        case Moment.SUBMITTED.value:
            return case.status in (Status.IN_REVIEW, Status.COMPLETED)
        case Moment.COMPLETED.value:
            return case.status == Status.COMPLETED
        case Moment.AWARDED.value:
            result = published_outcome(case) if case.status == Status.COMPLETED else None
            return result is not None and result.state == Result.PASSED
    if case.status not in (Status.IN_REVIEW, Status.COMPLETED):
        return False
    passed, skips = engine.passed(service.route, moves_of(case)), seats.skips_for(service, case)
    place = service.route.steps.index(service.route.step(output.after))
    return all(step.step in passed or skips(step) for step in service.route.steps[: place + 1])


def paper_shown(case: Case, service: Service, form: FilledForm, output: Output, *, final: bool) -> dict[str, Any]:
    """All that stands on the paper, as JSON for its template; see `definitions.faces.printing` for the answers.

    `opinions` has one box for each desk of the case, in order; `evidence` one line for each record to be proved.
    """
    rows = list(Movement.objects.filter(case=case).order_by("revision"))
    return {
        **print_data(
            service,
            form.typed,
            form.context,
            cover=output.cover,
            states={code: section.state for code, section in form.sections.items()},
        ),
        "title": output.name,
        "number": case.number,
        "unit": case.unit.name,
        "subject": case.person.name if case.person is not None else case.unit.name,
        "filled_on": _day(case.submitted_at or case.changed_at),
        "approved_on": _day(_approved_at(output, rows) or case.changed_at) if final else "",
        "watermark": "" if final else _watermark(case, service),
        "evidence": [
            {"caption": slot.caption, "files": len(slot.attachments), "gap": slot.gap_reason or ""}
            for slot in form.slots
        ],
        "opinions": _opinions(case, service, form, rows),
    }


def _watermark(case: Case, service: Service) -> str:
    ended = ended_outcome(case, service)
    return _WATERMARKS[Status(case.status)] if ended is None else state_word(service, Result(ended.state))


def _approved_at(output: Output, rows: Sequence[Movement]) -> datetime | None:
    """When the step was passed that made the paper final; of a moment, when the case went on last."""
    there = [row for row in engine.in_force(rows) if row.kind in engine.FORWARD and row.step == output.after]
    return (there[-1] if there else rows[-1]).moved_at if rows else None


def _opinions(case: Case, service: Service, form: FilledForm, rows: Sequence[Movement]) -> list[dict[str, str]]:
    """One box for each desk of the route: who decided what, when. What was sent back since says nothing any more."""
    said: dict[str, list[Movement]] = defaultdict(list)
    for row in engine.in_force(rows):
        for anew in engine.begun_anew(service.route, row):
            said.pop(anew, None)
        if row.kind in _DECIDED:
            said[row.step].append(row)
    if case.status in EDITABLE:
        said.clear()
    public = {row.task.step: row for row in publicities_in(case)}
    boxes = []
    for step in route_preview(case, service, context=form.context, chairs=False):
        if not step.skipped:
            there = said.get(step.step, [])
            box = {"unit": step.unit, **_box(service, there), "publicity": ""}
            if there and step.step in public:
                box["publicity"] = _publicity(public[step.step])
            boxes.append({"step": step.step, "name": step.name, **box})
    return boxes


def _box(service: Service, rows: Sequence[Movement]) -> dict[str, str]:
    """The verdict of a desk, with what it wrote as it passed the case and as it sent it on."""
    if not rows:
        return {"verdict": "", "opinion": "", "who": "", "on": ""}
    first, last = rows[0], rows[-1]
    verdict = Verdict.TERMINATE if last.kind == MoveKind.TERMINATED else Verdict.APPROVE
    option = service.route.step(first.step).option(verdict)
    box = {
        "verdict": option.name if option is not None else verdict.word,
        "opinion": "\n".join(dict.fromkeys(row.opinion for row in rows if row.opinion)),
        "who": last.account_name,
        "on": _day(last.moved_at),
    }
    return box | {"unit": last.unit_name} if last.unit_name else box


def _publicity(row: UnitPublicity) -> str:
    span = f"{row.starts:%Y年%-m月%-d日}至{row.ends:%Y年%-m月%-d日}"
    return f"{span}在{row.place}公示" + (f"，结果：{row.word}" if row.word else "")


def _day(moment: datetime) -> str:
    return f"{clock.china(moment):%Y年%-m月%-d日}"


def source_digest(case: Case, *, round: int, revision: int) -> str:
    """One digest over what a paper is made from: what was handed in at the round, and the movements up to then."""
    rows = list(Movement.objects.filter(case=case, revision__lte=revision).order_by("revision"))
    handed = [row.moved_at for row in rows if row.kind == MoveKind.SUBMITTED]
    moves = [
        [row.kind, row.step, row.to, row.unit_name, row.account_name, row.opinion, row.moved_at.isoformat()]
        for row in rows
    ]
    answers = cases.handed_in_digest(case, round, handed[round - 1]) if len(handed) >= round > 0 else ""
    return ids.digest({"answers": answers, "moves": moves})


def paper_check(site: str, code: str) -> PaperCheck | None:
    """What a check code opens to everybody: whether the paper holds, and no more of the person than a masked name.

    None for a code that was never given out on this site.
    """
    try:
        row = cases.issued_paper(site, code)
    except Unsealable:
        return PaperCheck(code=code, state=PaperState.ALTERED)
    if row is None:
        return None
    case, shown = row.case, row.shown
    name = mask_name(shown["subject"]) if case.person_id else shown["subject"]
    later, state = cases.latest_issue(case, row.output), _state(row)
    ended, ended_on = _ended(case) if state is PaperState.WITHDRAWN else ("", None)
    return PaperCheck(
        code=row.code, state=state, title=shown["title"], name=name, number=case.number, unit=shown["unit"],
        approved_on=shown["approved_on"], issued_at=row.issued_at, digest=row.digest,
        newer_at=later.issued_at if later is not None and later.pk != row.pk else None,
        ended=ended, ended_on=ended_on,
    )  # fmt: skip


def _ended(case: Case) -> tuple[str, date | None]:
    """What has become of a result that ended, in the service's word, and the day of it."""
    service = cases.service_of(case)
    found = ended_outcome(case, service)
    if found is None:
        return "", None
    return state_word(service, Result(found.state)), clock.china(found.ended_at).date() if found.ended_at else None


def file_check(site: str, code: str, sha256: str) -> FileCheck | None:
    """What a held file is to the paper behind a code, or without a code to any paper of the site, by its SHA-256.

    Of a file that belongs to another paper nothing is told but that it is not this one. None for a code that was never
    given out on this site.
    """
    found = cases.plain_code(code) or cases.code_of_file(site, sha256)
    if not found:
        return FileCheck(FileMatch.UNLIKE)
    paper = paper_check(site, found)
    if paper is None:
        return None
    issues = cases.issues_beside(site, found)
    place = next(at for at, (issue, _, _) in enumerate(issues) if issue == paper.code)
    if issues[place][1] == sha256:
        return FileCheck(FileMatch.SAME, paper, issues[place][2])
    for at, (_, kept, issued_at) in enumerate(issues):
        if kept == sha256:
            return FileCheck(FileMatch.EARLIER if at > place else FileMatch.LATER, paper, issued_at)
    return FileCheck(FileMatch.UNLIKE if issues[place][1] else FileMatch.UNKEPT, paper)


def _state(row: IssuedPaper) -> PaperState:
    case = row.case
    as_given = ids.digest(row.shown) == row.digest
    if not as_given or source_digest(case, round=row.round, revision=row.revision) != row.source:
        return PaperState.ALTERED
    service = cases.service_of(case)
    if ended_outcome(case, service) is not None:
        return PaperState.WITHDRAWN
    output = next((each for each in service.outputs if each.print == row.output), None)
    if case.round != row.round or output is None or not is_final(case, service, output):
        return PaperState.VOID
    since = Movement.objects.filter(case=case, revision__gt=row.revision)
    return PaperState.OUTDATED if since.exists() else PaperState.GENUINE
