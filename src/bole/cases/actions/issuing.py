"""Final papers given out: each with a code by which whoever holds it can have it checked, and the file itself."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from bole.audit import actions as audit
from bole.cases import printed
from bole.cases.actions.standing import locked
from bole.cases.models import Case, IssuedPaper
from bole.cases.terms import AuditWord
from bole.documents import actions as documents
from bole.documents.models import StoredFile
from bole.documents.terms import MediaType
from bole.kernel import ids
from bole.kernel.actors import Actor
from bole.kernel.errors import Moved

_PURPOSE = "issued-paper"


def new_code() -> str:
    """A check code for a paper that is about to be made."""
    return ids.short_id(12).upper()


@transaction.atomic
def issue_paper(
    *,
    case: Case,
    output: str,
    shown: Mapping[str, Any],
    source: str,
    code: str,
    at: datetime,
    content: bytes,
    by: Actor,
) -> IssuedPaper:
    """Give out the final paper of the case as it stands now, once: somebody else was faster, it is the one of theirs.

    `content` is the file, with `code` on it and made `at`. The caller has made sure that the paper is final and that
    the actor sees the case. Raises Moved when the case went on meanwhile.
    """
    row = locked(case.pk)
    if row.revision != case.revision:
        raise Moved("这份申报刚刚又有办理，请重新打开后再打印。")
    issued = printed.issued_of(case, output)
    if issued is not None:
        return issued
    file = _kept(row, content, by)
    issued = IssuedPaper.objects.create(
        case=row, output=output, code=code, shown=dict(shown), digest=ids.digest(shown), source=source, file=file,
        sha256=file.stored_sha256, round=row.round, revision=row.revision, issued_at=at, issued_by=by.account,
    )  # fmt: skip
    audit.record(AuditWord.ISSUED, by=by, kind="case", id=row.number, person=row.person_id, unit=row.unit_id,
                 detail={"paper": output, "digest": issued.digest, "sha256": issued.sha256})  # fmt: skip
    return issued


@transaction.atomic
def keep_paper(*, paper: IssuedPaper, content: bytes, by: Actor) -> IssuedPaper:
    """Keep the file of a paper that was given out when none was kept; it is what is given out from now on."""
    case = locked(paper.case_id)
    row = IssuedPaper.objects.select_related("file").get(pk=paper.pk)
    if row.file is None:
        row.file = _kept(case, content, by)
        row.sha256 = row.file.stored_sha256
        row.save(update_fields=["file", "sha256"])
    return row


def _kept(case: Case, content: bytes, by: Actor) -> StoredFile:
    return documents.keep_made(content, media_type=MediaType.PDF, name=case.number, purpose=_PURPOSE, by=by)
