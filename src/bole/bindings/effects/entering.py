"""What a decided case enters in the archive of its person, by the mapping of its definition (`enters`)."""

from bole.definitions import queries as definitions
from bole.definitions.terms import (
    CASE_NUMBER,
    RESULT_DAY,
    RESULT_DOCUMENT,
    RESULT_GRADE,
    RESULT_UNIT,
    SITE_AUTHORITY,
    Moment,
)
from bole.kernel import clock
from bole.kernel.errors import Refused
from bole.organizations import queries as organizations
from bole.people import actions as people
from bole.people.terms import Offered
from bole.review.terms import EffectContext, Result


def enter_records(context: EffectContext) -> None:
    """Enter every record of this moment as verified by the unit that decided; take it out where the result is not
    通过 any more (40号令 Art 39: a title that was revoked holds no more).

    Raises Refused when nobody decided for a unit: nothing is verified by nobody.
    """
    if context.person is None:
        return
    if context.by.unit is None:
        raise Refused("只有人社部门作出决定后才能记入档案。")
    source = f"{context.service.name}（{'公布结果' if context.moment is Moment.AWARDED else '审核通过'}）"
    told = _told(context)
    for place, entering in enumerate(context.service.enters):
        if entering.on is not context.moment:
            continue
        key = f"case/{context.number}" + (f"/{place}" if place else "")
        if context.result is not None and context.result.state is not Result.PASSED:
            people.take_back_record(
                person=context.person, kind=entering.record, key=key, source=source, source_case=context.number,
                by=context.on_behalf,
            )  # fmt: skip
            continue
        people.enter_record(
            person=context.person,
            kind=entering.record,
            record=Offered(key, definitions.entered_record(context.service, entering, context.values, told)),
            source=source,
            source_case=context.number,
            unit=context.by.unit,
            by=context.on_behalf,
        )


def _told(context: EffectContext) -> dict[str, str]:
    """What the platform says of the case, by the words of the language."""
    result = context.result
    day = result.decided_on if result is not None else clock.today()
    return {
        RESULT_DAY: day.isoformat() if day is not None else "",
        RESULT_DOCUMENT: result.document if result is not None else "",
        RESULT_GRADE: result.awarded if result is not None else "",
        RESULT_UNIT: organizations.unit(context.by.place).name,
        CASE_NUMBER: context.number,
        SITE_AUTHORITY: organizations.site(context.service.site).authority,
    }
