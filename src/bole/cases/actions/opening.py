"""Opening a case."""

from collections.abc import Mapping

from django.db import IntegrityError, transaction
from django.db.models import F

from bole.audit import actions as audit
from bole.cases import queries
from bole.cases.models import Case, NumberSeries, SectionAnswer, Typist
from bole.cases.terms import OPEN, AuditWord, Typed
from bole.definitions import answers as cleaning
from bole.definitions.terms import Opener, Service
from bole.kernel import clock
from bole.kernel.actors import Actor, Way
from bole.kernel.errors import Refused
from bole.organizations.models import Unit
from bole.people.models import Person


def next_number(*, site: str, prefix: str) -> str:
    """A fresh case number such as CJ2026-0418-00236: prefix, day, serial within the day. Never given twice."""
    day = clock.today()
    key = f"{site}/{prefix}/{day:%Y%m%d}"
    NumberSeries.objects.get_or_create(key=key)
    NumberSeries.objects.filter(key=key).update(last=F("last") + 1)
    serial = NumberSeries.objects.values_list("last", flat=True).get(key=key)
    return f"{prefix}{day:%Y}-{day:%m%d}-{serial:05d}"


def open_case(
    *,
    service: Service,
    person: Person,
    unit: Unit,
    prefill: Mapping[str, Typed],
    by: Actor,
) -> Case:
    """Open a case for a person, with what the archive offers already typed in.

    Whether the actor may open it for this person is asked by the caller (`people.rules.may_open_for`). Raises
    Refused outside the declaration window, for a unit that is closed or of another site (nobody there could open the
    case), or when an open case exists and the service allows only one.
    """
    opener = Opener.UNIT if by.way is Way.UNIT else Opener.SUBJECT
    if opener not in service.opened_by:
        raise Refused(
            "这项业务不接受单位代为填报。" if opener is Opener.UNIT else "这项业务由单位办理，请联系所在单位。"
        )
    if not service.window.open_on(clock.today()):
        raise Refused(f"「{service.name}」现在不在申报时间内，请留意通知公告。")
    if unit.site != service.site or unit.closed_on is not None:
        raise Refused(f"所在单位「{unit.name}」不在这个办事大厅，或已经停用。请先在「基本资料」中选择现在的所在单位。")
    single = service.limits.open_per_subject == 1
    at = clock.now()
    try:
        with transaction.atomic():
            case = Case.objects.create(
                number=next_number(site=service.site, prefix=service.number),
                site=service.site,
                service=service.service,
                service_version=service.version,
                service_hash=service.hash,
                person=person,
                unit=unit,
                opener=opener,
                opened_by=by.who,
                opened_at=at,
                changed_at=at,
                open_key=f"{service.site}/{service.service}/{person.id}" if single else None,
            )
            _prefill(case, service, prefill)
            audit.record(AuditWord.OPENED, by=by, kind="case", id=case.number, unit=unit.id, person=person.id,
                         detail={"service": service.service})  # fmt: skip
    except IntegrityError:
        existing = Case.objects.filter(site=service.site, service=service.service, person=person, status__in=OPEN)
        if not existing.exists():
            raise
        raise Refused(f"已有一份「{service.name}」正在办理，不能重复申报。请在原来那份上继续。") from None
    return case


def _prefill(case: Case, service: Service, prefill: Mapping[str, Typed]) -> None:
    """Write what the archive offers, only for sections that the service has; nobody counts as its typist."""
    offered = {code: typed for code, typed in prefill.items() if code in service.by_code and typed}
    cleaned = cleaning.clean_all(service, offered, queries.context_of(case, offered))
    SectionAnswer.objects.bulk_create(
        [
            SectionAnswer(
                case=case,
                section=code,
                typed=typed,
                state=cleaned[code].state,
                version=1,
                changed_at=case.opened_at,
            )
            for code, typed in offered.items()
        ]
    )


def remember_typist(case: Case, by: Actor) -> None:
    """Note that this account typed into the case."""
    if by.account is not None:
        Typist.objects.get_or_create(case=case, account=by.account)
