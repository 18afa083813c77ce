"""Papers of a case as PDF: with a watermark at any time, and once final with a code by which they can be checked."""

from typing import Any

from bole.accounts import actions as accounts
from bole.cases import actions as case_actions
from bole.cases import queries as cases
from bole.cases.models import Case, IssuedPaper
from bole.cases.terms import AuditWord, FilledForm
from bole.definitions import queries as definitions
from bole.definitions.terms import Output, Service
from bole.documents import actions as documents
from bole.kernel.actors import Actor
from bole.review.queries import printing
from bole.review.terms import PAPER_CHECKS, PaperCheck


def print_paper(
    *, case: Case, service: Service, form: FilledForm, output: Output, base: str, by: Actor, remember: bool = False
) -> bytes:
    """The paper as PDF, for who sees the case; a look on record. `base` is the platform's address ("https://…").

    Until it is final its QR code leads to the case. Printed final for the first time, it is given out: kept as it is,
    under a code that leads to the public check. With `remember` the file is kept in memory for some minutes, for who
    turns its pages. Raises Moved when the case went on meanwhile.
    """
    final = printing.is_final(case, service, output)
    shown = printing.paper_shown(case, service, form, output, final=final)
    stamp, address = case.changed_at, f"{base}/{case.site}/cases/{case.number}/"
    if final:
        paper = _issued(case, output, shown, by)
        shown, stamp = _with_code(paper), paper.issued_at
        address = f"{base}/{case.site}/verify/{paper.code}/"
    case_actions.look(case=case, by=by, word=AuditWord.PRINTED)
    files = {"qr": documents.qr_svg(address).encode()}
    photo = cases.photo_of(case, output.photo) if output.photo else None
    if photo is not None:
        files["photo"] = photo
    template = definitions.print_template(case.site, output.print)
    return documents.render_pdf(template, shown, files=files, stamp=stamp, remember=remember)


def _issued(case: Case, output: Output, shown: dict[str, Any], by: Actor) -> IssuedPaper:
    issued = cases.issued_of(case, output.print)
    if issued is not None:
        return issued
    source = printing.source_digest(case, round=case.round, revision=case.revision)
    return case_actions.issue_paper(case=case, output=output.print, shown=shown, source=source, by=by)


def _with_code(paper: IssuedPaper) -> dict[str, Any]:
    """What stands on the paper, with its code in groups of four and the beginning of its digest."""
    code, digest = paper.code, paper.digest[:16].upper()
    grouped = ["-".join(text[at : at + 4] for at in range(0, len(text), 4)) for text in (code, digest)]
    return {**paper.shown, "code": grouped[0], "digest": grouped[1]}


def check_paper(*, site: str, code: str, by: Actor) -> PaperCheck | None:
    """Look a paper up by its code, for anybody. None for a code that was never given out here. Raises TooMany after
    many looks from one address; RuntimeError inside a transaction."""
    if not cases.plain_code(code):
        return None  # no look at anything
    if by.address:
        accounts.reserve(PAPER_CHECKS, by.address)
    return printing.paper_check(site, code)
