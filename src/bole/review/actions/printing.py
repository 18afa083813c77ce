"""Papers of a case as PDF: with a watermark at any time, and once final with a code by which they can be checked."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from bole.accounts import actions as accounts
from bole.cases import actions as case_actions
from bole.cases import queries as cases
from bole.cases.models import Case
from bole.cases.terms import AuditWord, FilledForm
from bole.definitions import queries as definitions
from bole.definitions.terms import Output, Service
from bole.documents import actions as documents
from bole.documents import queries as files
from bole.kernel import clock, ids
from bole.kernel.actors import Actor
from bole.review.queries import printing
from bole.review.terms import PAPER_CHECKS, FileCheck, PaperCheck


def print_paper(
    *, case: Case, service: Service, form: FilledForm, output: Output, base: str, by: Actor, remember: bool = False
) -> bytes:
    """The paper as PDF, for who sees the case; a look on record. `base` is the platform's address ("https://…").

    Until it is final its QR code leads to the case; with `remember` it is kept in memory for some minutes, for who
    turns its pages. Printed final for the first time it is given out: made and kept once, under a code that leads to
    the public check; whoever prints it again gets the same file. Raises Moved when the case went on meanwhile.
    """
    if printing.is_final(case, service, output):
        paper = _given_out(case, service, form, output, base, by)
        case_actions.look(case=case, by=by, word=AuditWord.PRINTED)
        return paper
    shown = printing.paper_shown(case, service, form, output, final=False)
    case_actions.look(case=case, by=by, word=AuditWord.PRINTED)
    address = f"{base}/{case.site}/cases/{case.number}/"
    return _made(case, output, shown, address, case.changed_at, remember=remember)


def _given_out(case: Case, service: Service, form: FilledForm, output: Output, base: str, by: Actor) -> bytes:
    """The final paper: as it was given out for the case as it stands, else made now and given out."""
    issued = cases.issued_of(case, output.print)
    if issued is None:
        shown = printing.paper_shown(case, service, form, output, final=True)
        source = printing.source_digest(case, round=case.round, revision=case.revision)
        code, at = case_actions.new_code(), clock.now()
        made = _made(case, output, _with_code(shown, code), f"{base}/{case.site}/verify/{code}/", at)
        issued = case_actions.issue_paper(
            case=case, output=output.print, shown=shown, source=source, code=code, at=at, content=made, by=by
        )
    elif issued.file is None:
        shown, address = _with_code(issued.shown, issued.code), f"{base}/{case.site}/verify/{issued.code}/"
        made = _made(case, output, shown, address, issued.issued_at)
        issued = case_actions.keep_paper(paper=issued, content=made, by=by)
    if issued.file is None:
        raise RuntimeError("a paper was given out without its file")
    return files.content(issued.file)


def _made(
    case: Case, output: Output, shown: Mapping[str, Any], address: str, stamp: datetime, *, remember: bool = False
) -> bytes:
    pictures = {"qr": documents.qr_svg(address).encode()}
    photo = cases.photo_of(case, output.photo) if output.photo else None
    if photo is not None:
        pictures["photo"] = photo
    template = definitions.print_template(case.site, output.print)
    return documents.render_pdf(template, shown, files=pictures, stamp=stamp, remember=remember)


def _with_code(shown: Mapping[str, Any], code: str) -> dict[str, Any]:
    """What stands on the paper, with its code in groups of four and the beginning of its digest."""
    digest = ids.digest(shown)[:16].upper()
    grouped = ["-".join(text[at : at + 4] for at in range(0, len(text), 4)) for text in (code, digest)]
    return {**shown, "code": grouped[0], "digest": grouped[1]}


def check_paper(*, site: str, code: str, by: Actor) -> PaperCheck | None:
    """Look a paper up by its code, for anybody. None for a code that was never given out here. Raises TooMany after
    many looks from one address; RuntimeError inside a transaction."""
    if not cases.plain_code(code):
        return None  # no look at anything
    _count(by)
    return printing.paper_check(site, code)


def check_file(*, site: str, code: str, sha256: str, by: Actor) -> FileCheck | None:
    """Whether a file that somebody holds is the very one given out, for anybody: by its digest alone, nothing of it is
    kept. Without a code the paper is looked for by the file. None for a code that was never given out here. Raises
    TooMany, RuntimeError as `check_paper`."""
    if code and not cases.plain_code(code):
        return None
    _count(by)
    return printing.file_check(site, code, sha256)


def _count(by: Actor) -> None:
    if by.address:
        accounts.reserve(PAPER_CHECKS, by.address)
