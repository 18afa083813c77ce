"""Changes of superior that take effect on a later day (HA-08)."""

from datetime import date
from uuid import UUID

from django.db import transaction

from bole.audit import actions as audit
from bole.bindings import following
from bole.bindings.events import AttachmentFailed
from bole.bindings.lookups import knot
from bole.bindings.models import PostponedAttachment
from bole.kernel import clock
from bole.kernel.actors import Actor, Way
from bole.kernel.errors import BoleError, Refused
from bole.kernel.events import announce
from bole.organizations import actions, queries
from bole.review.terms import EffectContext

_REPLACED = "已由后来的申请代替"


def attach(*, unit: UUID, to: UUID, by: Actor) -> None:
    """Attach at once, refusing what would tie a knot by now; open cases follow, and what was postponed is over.

    Raises Refused, Absent.
    """
    say = knot(queries.unit(unit), queries.unit(to))
    if say:
        raise Refused(f"{say}。上下级关系在申请之后已有变化，请终止这份申请。")
    actions.attach_unit(unit=unit, parent=to, by=by)
    following.follow(unit=unit, by=by)
    _replace(unit)


def postpone(context: EffectContext, *, to: UUID, on: date) -> PostponedAttachment:
    """Keep a passed change of superior for its day. One waits for a unit: the latest."""
    _replace(context.unit)
    row: PostponedAttachment = PostponedAttachment.objects.create(
        case=context.number,
        unit_id=context.unit,
        superior_id=to,
        due_on=on,
        decided_by=context.on_behalf.who,
        decided_name=context.on_behalf.name,
        decided_at=clock.now(),
    )
    detail = {"case": context.number, "superior": str(to), "on": str(on)}
    audit.record(
        "bindings.attachment.postponed", by=context.by, kind="unit", id=str(context.unit), unit=context.unit,
        detail=detail,
    )  # fmt: skip
    return row


def carry_out_due() -> int:
    """Attach every unit whose day has come, each in its own transaction; how many were attached.

    What cannot be any more is given up, with the reason, and told.
    """
    waiting = PostponedAttachment.objects.filter(done_at=None, due_on__lte=clock.today()).order_by("due_on", "id")
    return sum(_carry_out(id) for id in waiting.values_list("pk", flat=True))


def _carry_out(id: UUID) -> bool:
    with transaction.atomic():
        row = PostponedAttachment.objects.select_for_update().filter(pk=id, done_at=None).first()
        if row is None:
            return False
        by = Actor(way=Way.SYSTEM, account=row.decided_by, name=row.decided_name, site=queries.unit(row.unit_id).site)
        row.done_at = clock.now()
        row.save(update_fields=["done_at"])
        try:
            with transaction.atomic():
                attach(unit=row.unit_id, to=row.superior_id, by=by)
        except BoleError as refused:
            row.outcome = refused.sentence[:300]
            row.save(update_fields=["outcome"])
            announce(AttachmentFailed(row.unit_id, row.superior_id, row.case, refused.sentence))
            return False
        return True


def _replace(unit: UUID) -> None:
    waiting = PostponedAttachment.objects.filter(unit_id=unit, done_at=None)
    waiting.update(done_at=clock.now(), outcome=_REPLACED)
