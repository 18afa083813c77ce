"""Once in a year: what counts as one declaration of a person, whichever of several services it is made with."""

from datetime import datetime
from uuid import UUID

from bole.cases.models import Case
from bole.cases.terms import Status
from bole.definitions.terms import Service
from bole.kernel import clock
from bole.kernel.answers import YES, Answer, no


def may_declare_this_year(service: Service, person: UUID, *, but: UUID | None = None) -> Answer:
    """Whether nothing that counts as one with this service was handed in this year (in China), `but` this case.

    What was taken back, cancelled or ended on the way does not count; what is on its way or completed does.
    """
    if service.limits.per_year is None:
        return YES
    first = datetime(clock.today().year, 1, 1, tzinfo=clock.CHINA)
    rows = Case.objects.filter(person_id=person, site=service.site, status__in=(Status.IN_REVIEW, Status.COMPLETED))
    rows = rows.filter(service__in=(service.service, *service.limits.together), submitted_at__gte=first)
    rows = rows.exclude(pk=but) if but is not None else rows
    there = rows.order_by("submitted_at").first()
    if there is None:
        return YES
    return no(
        f"今年已经申报过（受理编号{there.number}），同一年度只能申报一次。没有办结的请在原来那份上继续；"
        "已经办结的请明年再申报。"
    )
