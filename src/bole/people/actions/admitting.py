"""What a decided registration, change, binding or transfer makes true; run by the platform alone (HA-02, HA-13)."""

from collections.abc import Sequence
from uuid import UUID

from django.db import transaction

from bole.accounts import actions as accounts
from bole.audit import actions as audit
from bole.kernel import clock
from bole.kernel.actors import Actor
from bole.kernel.contention import giving_way
from bole.kernel.errors import Absent, BoleError, Fault, Invalid, Refused
from bole.kernel.events import announce
from bole.kernel.ids import new_id
from bole.organizations import actions as organizing
from bole.people import rules
from bole.people.actions.tying import end_tie, locked_person, open_unit, tie
from bole.people.events import PersonAdmitted, PersonTransferred, RegistrationRefused
from bole.people.models import Admission, Person, Tie
from bole.people.terms import Cleaned, TieBasis

_CHANGED = {"title": 100, "school": 100, "major": 100}


def admit(*, person: UUID, unit: UUID | None = None, department: UUID | None = None, by: Actor) -> Person:
    """The unit approved the registration: the account opens and the person belongs to the unit. Twice is once.

    `unit` is the unit that decided, by default the one that was asked. Raises Refused for others than the platform,
    Absent when nothing was asked, Invalid for a unit that was closed meanwhile.
    """
    with transaction.atomic():
        rules.may_decide_coming(by).demand()
        row = locked_person(person)
        asked = Admission.objects.filter(person=row).order_by("-asked_at").first()
        if asked is None or row.account_id is None:
            raise Absent("没有找到这个人的注册申请，它可能已经撤回。")
        if asked.granted:
            return row
        asked.unit_id = unit or asked.unit_id
        asked.answered_at, asked.granted = clock.now(), True
        asked.save(update_fields=["unit", "answered_at", "granted"])
        tie(row, asked.unit_id, TieBasis.CASE, by, department=department or asked.department_id)
        accounts.activate_account(account=row.account_id, by=by)
        audit.record("people.person.admitted", by=by, kind="person", id=str(row.pk), unit=asked.unit_id)
        announce(PersonAdmitted(row.pk, row.account_id, asked.unit_id))
    return row


def refuse_registration(*, person: UUID, by: Actor) -> Person:
    """The unit refused the registration; the same person may register again. Raises Refused, Absent. Twice is once."""
    with transaction.atomic():
        rules.may_decide_coming(by).demand()
        row = locked_person(person)
        asked = Admission.objects.filter(person=row).order_by("-asked_at").first()
        if asked is None:
            raise Absent("没有找到这个人的注册申请，它可能已经撤回。")
        if asked.answered_at is not None:
            return row
        asked.answered_at, asked.granted = clock.now(), False
        asked.save(update_fields=["answered_at", "granted"])
        audit.record("people.person.not_admitted", by=by, kind="person", id=str(row.pk), unit=asked.unit_id)
        announce(RegistrationRefused(row.pk, asked.unit_id, row.site, new_id()))
    return row


def change_person(*, person: UUID, values: dict[str, str], by: Actor) -> Person:
    """An approved change of 专业技术职务, 毕业院校 or 所学专业 (HA-03); the same twice changes nothing.

    Raises Refused for others than the platform, Absent, Invalid for anything else.
    """
    with transaction.atomic():
        rules.may_decide_coming(by).demand()
        row = locked_person(person)
        faults = [
            Fault(name, "这一项不能这样修改") if name not in _CHANGED else Fault(name, f"最多 {_CHANGED[name]} 个字")
            for name, text in values.items()
            if name not in _CHANGED or len(text) > _CHANGED[name]
        ]
        if faults:
            raise Invalid(*faults)
        changed = [name for name, text in values.items() if getattr(row, name) != text]
        if not changed:
            return row
        for name in changed:
            setattr(row, name, values[name])
        row.revision += 1
        row.save(update_fields=[*changed, "revision"])
        audit.record("people.person.changed", by=by, kind="person", id=str(row.pk), detail={"changed": changed})
    return row


def bind_person(*, person: UUID, unit: UUID, department: UUID | None = None, by: Actor) -> Tie:
    """An approved 「个人绑定推荐单位」 (JL-03). Raises Refused for others than the platform and for who belongs to
    another unit by now, Absent, Invalid for a unit nobody can belong to. Twice is once."""
    with transaction.atomic():
        rules.may_decide_coming(by).demand()
        row = locked_person(person)
        standing = Tie.objects.select_related("unit").filter(person=row, until_on=None).first()
        if standing and standing.unit_id != unit:
            raise Refused(f"该人员已登记在{standing.unit.name}，请由该单位办理「人员调转」，或先由该单位解除。")
        return tie(row, unit, TieBasis.CASE, by, department=department)


def transfer(*, person: UUID, to: UUID, department: UUID | None = None, by: Actor) -> Tie:
    """「人员调转」, approved: the tie ends and begins in the same moment, roles in the old unit end with it (HA-13).

    The archive and the declarations stay the person's; what the person handled in the old unit stays there (GZ-06).
    Raises Refused for others than the platform and for somebody of no unit, Absent, Invalid at "unit". Twice is once.
    """
    with transaction.atomic():
        rules.may_decide_coming(by).demand()
        row = locked_person(person)
        standing = Tie.objects.select_related("unit").filter(person=row, until_on=None).first()
        if standing is None:
            raise Refused("该人员现在没有所在单位，不需要调转。请由新单位邀请，或由本人申请加入。")
        if standing.unit_id == to:
            return standing
        if open_unit(to).site != standing.unit.site:
            raise Invalid.at("unit", "调入单位不在本办事大厅，请重新选择")
        made = tie(row, to, TieBasis.CASE, by, department=department, transferred=True)
        if row.account_id is not None:
            organizing.end_all(account=row.account_id, unit=standing.unit_id, reason="人员调转", by=by)
        audit.record(
            "people.person.transferred",
            by=by,
            kind="person",
            id=str(row.pk),
            unit=to,
            detail={"before": str(standing.unit_id)},
        )
        announce(PersonTransferred(row.pk, standing.unit_id, to))
    return made


def clean_up(*, unit: UUID, persons: Sequence[UUID], reason: str, by: Actor) -> tuple[Cleaned, ...]:
    """Strike off leavers: the tie and every role in the unit end; each by itself, with a sentence for each.

    Raises Refused for who may not, Invalid without a reason.
    """
    rules.may_invite(by, unit).demand()
    if not reason.strip():
        raise Invalid.at("reason", "请填写清理原因")
    return tuple(_clean(unit, each, reason.strip(), by) for each in persons)


def _clean(unit: UUID, person: UUID, reason: str, by: Actor) -> Cleaned:
    try:
        with giving_way(), transaction.atomic():
            row = locked_person(person)
            if not Tie.objects.filter(person=row, unit_id=unit, until_on=None).exists():
                raise Refused("不是本单位现在的人员，没有变化。")
            end_tie(person=row.pk, by=by)
            if row.account_id is not None:
                organizing.end_all(account=row.account_id, unit=unit, reason=reason, by=by)
    except BoleError as refused:
        return Cleaned(person, False, refused.sentence)
    return Cleaned(person, True, "已清理。")
