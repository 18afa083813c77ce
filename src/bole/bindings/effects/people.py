"""Effects on the archive: what was typed in a case is offered back to it, and verified once the case is approved."""

from bole.bindings.records import offered_records
from bole.kernel.errors import Refused
from bole.people import actions as people
from bole.review.terms import EffectContext


def offer_archive(context: EffectContext) -> None:
    """Offer the submitted records to the person's archive, unverified, with the case as their source (ALL-01)."""
    if context.person is None:
        return
    people.give_back_all(
        person=context.person,
        records=offered_records(context.service, context.typed, context.values),
        source=f"{context.service.name}（本人填报）",
        source_case=context.number,
        by=context.by,
    )


def verify_archive(context: EffectContext) -> None:
    """Mark the approved records in the archive as verified by the authority that decided.

    Raises Refused when nobody decided for a unit: nothing is verified by nobody.
    """
    if context.person is None:
        return
    if context.by.unit is None:
        raise Refused("只有人社部门审核通过后才能核验档案。")
    people.verify_all(
        person=context.person,
        records=offered_records(context.service, context.typed, context.values),
        source=f"{context.service.name}（审核通过）",
        source_case=context.number,
        by=context.by,
    )
