"""The applicant's verbs: submit, withdraw, cancel."""

from django.db import transaction

from bole.cases import actions as cases
from bole.cases import queries as case_queries
from bole.cases.models import Case
from bole.definitions import queries as definitions
from bole.definitions.terms import Moment, Opener, Verdict
from bole.kernel import clock
from bole.kernel.actors import Actor
from bole.kernel.errors import Fault, Invalid, Refused
from bole.review import engine, queries, rules, seats
from bole.review.actions.effects import run_effects
from bole.review.actions.moving import append, lock
from bole.review.models import Movement, Task
from bole.review.terms import AuditWord, Decision


@transaction.atomic
def submit_case(*, case: Case, seen: int, by: Actor) -> Movement:
    """Send a complete case on its way (「确认无误上报」).

    What the unit filled in and the person confirmed passes the unit's own step by the same act, if this actor may
    decide there; otherwise it waits for somebody else of the unit. Raises Moved, Refused, SeatVacant, and Invalid
    with everything missing, each at "section.place".
    """
    case = lock(case, seen)
    rules.may_submit(by, case).demand()
    service = case_queries.service_of(case)
    if not service.window.open_on(clock.today()):
        raise Refused(f"「{service.name}」现在不在申报时间内，不能上报。已填写的内容会保留。")
    form = case_queries.form_of(case, service)
    if form.missing:
        raise Invalid(*(Fault(f"{item.section}.{item.at}", f"{item.name}：{item.say}") for item in form.missing))
    moves = queries.moves_of(case)
    skips = seats.skips_for(service, case, form.context)
    move = engine.submit(service.route, moves, skips)
    cases.keep_submission(case=case, form=form, facts=definitions.facts_of(service, form.values))
    row = append(case=case, service=service, moves=moves, move=move, word=AuditWord.SUBMITTED, by=by)
    run_effects(case=case, service=service, moment=Moment.SUBMITTED, by=by, form=form)
    step = engine.step_of(service.route, move.to)
    if case.opener == Opener.UNIT and rules.may_decide(by, case, step):
        moves = (*moves, move)
        passed = engine.advance(service.route, moves, Decision(step.step, Verdict.APPROVE), skips)
        row = append(case=case, service=service, moves=moves, move=passed, word=AuditWord.DECIDED, by=by)
    return row


@transaction.atomic
def withdraw_case(*, case: Case, seen: int, by: Actor) -> Movement:
    """Take the case back before the first desk has begun (「撤回」). Raises Moved, Refused with the reason."""
    case = lock(case, seen)
    rules.may_withdraw(by, case).demand()
    service = case_queries.service_of(case)
    moves = queries.moves_of(case)
    begun = Task.objects.filter(case=case, closed_at__isnull=True, begun_at__isnull=False).exists()
    move = engine.withdraw(service.route, moves, begun=begun, skips=seats.skips_for(service, case))
    row = append(case=case, service=service, moves=moves, move=move, word=AuditWord.WITHDRAWN, by=by)
    run_effects(case=case, service=service, moment=Moment.WITHDRAWN, by=by)
    return row


@transaction.atomic
def cancel_case(*, case: Case, seen: int, by: Actor) -> Movement:
    """End the declaration for good (「撤销」), while it is in the applicant's hands. Raises Moved, Refused."""
    case = lock(case, seen)
    rules.may_cancel(by, case).demand()
    service = case_queries.service_of(case)
    moves = queries.moves_of(case)
    return append(case=case, service=service, moves=moves, move=engine.cancel(moves), word=AuditWord.CANCELLED, by=by)
