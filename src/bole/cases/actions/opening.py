"""Opening a case."""

from collections.abc import Mapping

from django.db import IntegrityError, transaction
from django.db.models import F

from bole.audit import actions as audit
from bole.cases import queries, rules
from bole.cases.models import Attachment, Case, NumberSeries, SectionAnswer, Typist
from bole.cases.terms import AuditWord, Purpose, Typed
from bole.definitions import answers as cleaning
from bole.definitions.terms import Opener, Service, SubjectKind, UnitSource
from bole.kernel import clock
from bole.kernel.actors import STAFF, Actor
from bole.kernel.errors import Refused
from bole.organizations.models import Unit
from bole.organizations.terms import UNIT_KIND_NAMES
from bole.people.models import Person


def next_number(*, prefix: str) -> str:
    """A fresh case number such as CJ2026-0418-00236: prefix, day, serial within the day. Never given twice.

    Sites that have a service in common have its numbers in common.
    """
    day = clock.today()
    key = f"{prefix}/{day:%Y%m%d}"
    NumberSeries.objects.get_or_create(key=key)
    NumberSeries.objects.filter(key=key).update(last=F("last") + 1)
    serial = NumberSeries.objects.values_list("last", flat=True).get(key=key)
    return f"{prefix}{day:%Y}-{day:%m%d}-{serial:05d}"


def open_case(
    *,
    service: Service,
    person: Person | None,
    unit: Unit,
    prefill: Mapping[str, Typed],
    former: Case | None = None,
    by: Actor,
) -> Case:
    """Open a case for a person, or for the unit itself, with what the archive offers and what stands already typed in.

    `unit` is the one that it belongs to: the person's own, the one acting, or the one chosen. `former` is the closed
    case that it takes up again (「重新申报」), whose files it holds too where they have a place. Raises Refused for
    who may not open it, outside the declaration window, for a unit that is closed or of another site (nobody there
    could open the case) or of a kind that cannot be chosen, or when an open case exists and the service allows only
    one; ValueError when the subject is not what the service is about.
    """
    if (person is None) is not (service.subject is SubjectKind.UNIT):
        raise ValueError("a service is about persons or about units")
    opener = Opener.UNIT if by.way in STAFF else Opener.SUBJECT
    if opener not in service.opened_by:
        raise Refused(
            "这项业务不接受单位代为填报。" if opener is Opener.UNIT else "这项业务由单位办理，请联系所在单位。"
        )
    rules.may_open(by, service, person, unit).demand()
    closed = service.window.against(clock.today())
    if closed:
        raise Refused(f"「{service.name}」{closed}，现在不能新增申报。请留意通知公告。")
    if unit.site != service.site or unit.closed_on is not None:
        raise Refused(_closed(service, unit))
    if service.unit is UnitSource.CHOSEN and unit.kind not in service.chosen_kinds:
        kinds = "、".join(UNIT_KIND_NAMES[kind] for kind in service.chosen_kinds)
        raise Refused(f"「{unit.name}」不能办理这项业务，请选择{kinds}。")
    if person is not None:
        queries.may_declare_this_year(service, person.pk).demand()
    single = service.limits.open_per_subject == 1
    at = clock.now()
    try:
        with transaction.atomic():
            case = Case.objects.create(
                number=next_number(prefix=service.number),
                site=service.site,
                service=service.service,
                service_version=service.version,
                service_hash=service.hash,
                person=person,
                unit=unit,
                filed_by=service.filed_by,
                opener=opener,
                opened_by=by.who,
                opened_at=at,
                changed_at=at,
                open_key=_open_key(service, person, unit) if single else None,
                former=former,
            )
            _prefill(case, service, prefill)
            if former is not None:
                _copy_files(case, former, by)
            audit.record(
                AuditWord.OPENED, by=by, kind="case", id=case.number, unit=unit.id,
                person=person.id if person else None, detail={"service": service.service},
            )  # fmt: skip
    except IntegrityError:
        if not single or not Case.objects.filter(open_key=_open_key(service, person, unit)).exists():
            raise
        whose = "已有" if person else "本单位已有"
        raise Refused(f"{whose}一份「{service.name}」正在办理，不能重复申报。请在原来那份上继续。") from None
    return case


def _open_key(service: Service, person: Person | None, unit: Unit) -> str:
    """One at a time of each subject and service."""
    return f"{service.site}/{service.service}/{person.id if person else f'unit/{unit.id}'}"


def _closed(service: Service, unit: Unit) -> str:
    where = "不在这个办事大厅，或已经停用。"
    if service.unit is UnitSource.CHOSEN:
        return f"「{unit.name}」{where}请重新选择单位。"
    if service.subject is SubjectKind.UNIT:
        return f"本单位「{unit.name}」{where}请联系上级部门。"
    return f"所在单位「{unit.name}」{where}请先在「基本资料」中选择现在的所在单位。"


def _prefill(case: Case, service: Service, prefill: Mapping[str, Typed]) -> None:
    """Write what the archive offers and what stands of what is to be changed; nobody counts as its typist."""
    offered = {code: typed for code, typed in prefill.items() if code in service.by_code and typed}
    for place, value in queries.context_of(case, {}).stood.items():
        section, _, field = place.partition(".")
        held = offered.get(section, {})
        if isinstance(held, dict):
            offered[section] = {**held, field: value}
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


def _copy_files(case: Case, former: Case, by: Actor) -> None:
    """The files of the former case hang here too, at records of the same keys; the stored files are the same ones.

    A file whose place is not asked for any more shows as 「未归属材料」, to be hung elsewhere or left.
    """
    places = {(line.section, line.record, line.category) for line in queries.form_of(case).slots}
    rows = queries.attachments_of(former).filter(purpose=Purpose.EVIDENCE)
    kept = [row for row in rows if (row.section, row.record, row.category) in places]
    Attachment.objects.bulk_create(
        [
            Attachment(
                case=case, section=row.section, record=row.record, category=row.category, purpose=row.purpose,
                file=row.file, position=row.position, turn=row.turn, round=0, added_at=case.opened_at, added_by=by.who,
            )
            for row in kept
        ]
    )  # fmt: skip


def remember_typist(case: Case, by: Actor) -> None:
    """Note that this account typed into the case."""
    if by.account is not None:
        Typist.objects.get_or_create(case=case, account=by.account)
