"""What a reviewer typed on the review page and has not decided yet; for the own eyes."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from bole.cases.models import Case
from bole.kernel import clock
from bole.kernel.actors import Actor
from bole.kernel.errors import Absent, Invalid
from bole.review import rules
from bole.review.models import DecisionDraft

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


def drop_draft(*, case: Case, by: Actor) -> None:
    """Forget the own draft: it was decided, or thrown away by its typist."""
    DecisionDraft.objects.filter(case=case, account=by.who).delete()
