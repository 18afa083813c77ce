"""「申请开放其他模块」: after a return the applicant asks for more; the desk that returned it answers."""

from collections.abc import Sequence

from django.db import IntegrityError, transaction

from bole.audit import actions as audit
from bole.cases import actions as cases
from bole.cases import queries as case_queries
from bole.cases.models import Case
from bole.kernel import clock
from bole.kernel.actors import Actor
from bole.kernel.errors import Absent, Invalid, Refused
from bole.kernel.events import announce
from bole.review import engine, queries, rules
from bole.review.actions.moving import append
from bole.review.events import OpeningAnswered, OpeningAsked
from bole.review.models import OpeningRequest
from bole.review.terms import AuditWord

LONGEST = 300


def ask_opening(*, case: Case, sections: Sequence[str], reason: str, by: Actor) -> OpeningRequest:
    """Ask for further sections of a returned case, with the reason. One request waits at a time.

    Raises Refused, Invalid at "sections" or "reason".
    """
    try:
        with transaction.atomic():
            return _ask(case, sections, reason.strip(), by)
    except IntegrityError:
        raise Refused("已经有一份申请等待答复，请等审核单位答复后再申请。") from None


def _ask(case: Case, sections: Sequence[str], reason: str, by: Actor) -> OpeningRequest:
    case = cases.locked(case.id)
    rules.may_ask_opening(by, case).demand()
    if queries.waiting_opening(case) is not None:
        raise Refused("已经有一份申请等待答复，请等审核单位答复后再申请。")
    service = case_queries.service_of(case)
    wanted = list(dict.fromkeys(sections))
    if not wanted or any(code not in service.by_code for code in wanted):
        raise Invalid.at("sections", "请勾选需要开放的模块。")
    places = case_queries.open_places(case, case_queries.form_of(case, service), service)
    there = [service.by_code[code].name for code in wanted if places.whole(code)]
    if there:
        raise Invalid.at("sections", f"「{'」「'.join(there)}」已经可以修改，不需要申请。")
    if not reason:
        raise Invalid.at("reason", "请写明为什么需要修改这些模块。")
    if len(reason) > LONGEST:
        raise Invalid.at("reason", f"原因最多{LONGEST}个字，现在是{len(reason)}个。")
    returned = queries.last_return(case)
    if returned is None or returned.unit is None:
        raise Refused("没有找到退回的单位，请撤销后重新申报，或联系当地人社部门。")
    row: OpeningRequest = OpeningRequest.objects.create(
        case=case,
        sections=wanted,
        reason=reason,
        unit=returned.unit,
        role=engine.step_of(service.route, returned.step).role,
        asked_at=clock.now(),
        asked_by=by.who,
    )
    detail = {"sections": wanted}
    audit.record(AuditWord.OPENING_ASKED, by=by, kind="case", id=case.number, unit=case.unit_id, detail=detail)
    announce(OpeningAsked(request=row.pk))
    return row


@transaction.atomic
def answer_opening(*, case: Case, granted: bool, say: str, by: Actor) -> OpeningRequest:
    """Open what was asked for, or refuse with a sentence; the applicant is told.

    Raises Absent when nothing waits, Refused, Invalid at "say".
    """
    case = cases.locked(case.id)
    row = queries.waiting_opening(case)
    if row is None:
        raise Absent("没有等待答复的申请：可能已经答复，或申报人已经再次上报。请刷新页面查看。")
    rules.may_answer_opening(by, case, row.unit_id, row.role).demand()
    say = say.strip()
    if not granted and not say:
        raise Invalid.at("say", "不同意开放时请写明原因，申报人会看到。")
    if len(say) > LONGEST:
        raise Invalid.at("say", f"答复最多{LONGEST}个字，现在是{len(say)}个。")
    row.answered_at, row.answered_by, row.answered_name = clock.now(), by.who, by.name
    row.granted, row.say = granted, say or None
    row.save()
    if granted:
        moves = queries.moves_of(case)
        move = engine.open_up(moves, row.sections)
        append(
            case=case, service=case_queries.service_of(case), moves=moves, move=move, word=AuditWord.OPENING_ANSWERED,
            opinion=say, by=by,
        )  # fmt: skip
    else:
        detail = {"granted": False, "sections": row.sections}
        audit.record(AuditWord.OPENING_ANSWERED, by=by, kind="case", id=case.number, unit=case.unit_id, detail=detail)
    announce(OpeningAnswered(request=row.pk))
    return row
