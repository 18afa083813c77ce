"""What a reviewer typed on the review page and has not decided yet; for the own eyes."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, OuterRef, Q

from bole.audit import actions as audit
from bole.cases.models import Case
from bole.kernel import clock
from bole.kernel.actors import Actor, system
from bole.kernel.errors import Absent, Invalid
from bole.organizations import queries as organizations
from bole.review import rules
from bole.review.models import DecisionDraft
from bole.review.terms import AuditWord

_LONGEST = 100_000  # characters of one draft; far above any honest one


@transaction.atomic
def keep_draft(*, case: Case, step: str, seen: int, typed: Mapping[str, Any], by: Actor) -> DecisionDraft | None:
    """Keep what stands typed, in place of what stood before; nothing typed is no draft. Nobody else sees it.

    It is kept whether or not the case has moved since `seen`: what was typed is not lost by that. Raises Absent for
    a case that the actor may not see, Invalid at "" for too much.
    """
    if not rules.cases_visible_to(by).filter(pk=case.pk).exists():
        raise Absent
    if not typed:
        drop_draft(case=case, by=by)
        return None
    if len(str(typed)) > _LONGEST:
        raise Invalid.at("", "暂存的内容太长，没有保存。请缩短审核意见和问题说明。")
    row: DecisionDraft
    row, _ = DecisionDraft.objects.update_or_create(
        case=case,
        account=by.who,
        defaults={"step": step[:40], "seen": seen, "typed": dict(typed), "changed_at": clock.now()},
    )
    return row


def drop_drafts_without_seat(*, account: UUID) -> int:
    """Forget the account's drafts on cases that it cannot open any more, since no role of it sees them; how many.

    The words were for the own eyes: nobody else takes them up, and whoever sits there again begins anew.
    """
    seen = Q(pk__in=[])
    for held in organizations.capacities(account):
        seen |= Q(Exists(rules.desk_tasks(held).filter(case_id=OuterRef("case_id"))))
    rows = DecisionDraft.objects.filter(account=account).exclude(seen).select_related("case")
    lost = list(rows.select_for_update(of=("self",)).order_by("id"))
    for row in lost:
        audit.record(
            AuditWord.DRAFT_DROPPED, by=system("review"), kind="case", id=row.case.number, unit=row.case.unit_id,
            detail={"from": str(account)},
        )  # fmt: skip
    DecisionDraft.objects.filter(pk__in=[row.pk for row in lost]).delete()
    return len(lost)


def drop_draft(*, case: Case, by: Actor) -> None:
    """Forget the own draft: it was decided, or thrown away by its typist."""
    DecisionDraft.objects.filter(case=case, account=by.who).delete()
