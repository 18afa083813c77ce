"""Final papers given out: each with a code by which whoever holds it can have it checked."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from bole.audit import actions as audit
from bole.cases import printed
from bole.cases.actions.standing import locked
from bole.cases.models import Case, IssuedPaper
from bole.cases.terms import AuditWord
from bole.kernel import clock, ids
from bole.kernel.actors import Actor
from bole.kernel.errors import Moved


@transaction.atomic
def issue_paper(*, case: Case, output: str, shown: Mapping[str, Any], source: str, by: Actor) -> IssuedPaper:
    """The final paper of the case as it stands now, given out once: asked for again, it is the one given out before.

    The caller has made sure that it is final and that the actor sees the case. Raises Moved when the case went on
    meanwhile.
    """
    row = locked(case.pk)
    if row.revision != case.revision:
        raise Moved("这份申报刚刚又有办理，请重新打开后再打印。")
    issued = printed.issued_of(case, output)
    if issued is not None:
        return issued
    issued = IssuedPaper.objects.create(
        case=row, output=output, code=ids.short_id(12).upper(), shown=dict(shown), digest=ids.digest(shown),
        source=source, round=row.round, revision=row.revision, issued_at=clock.now(), issued_by=by.account,
    )  # fmt: skip
    audit.record(AuditWord.ISSUED, by=by, kind="case", id=row.number, person=row.person_id, unit=row.unit_id,
                 detail={"paper": output, "digest": issued.digest})  # fmt: skip
    return issued
