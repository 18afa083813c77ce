"""The applicant's verbs: submit, withdraw, cancel."""

from django.db import transaction

from bole.cases import actions as cases
from bole.cases import queries as case_queries
from bole.cases.models import Case
from bole.cases.terms import Status
from bole.definitions import queries as definitions
from bole.definitions.terms import Moment, Opener, Service, Verdict, Window
from bole.kernel.actors import Actor
from bole.kernel.errors import Fault, Invalid, Refused
from bole.organizations import actions as organizations
from bole.people import actions as people
from bole.review import engine, queries, rules, seats
from bole.review.actions.effects import run_effects
from bole.review.actions.moving import append, lock
from bole.review.models import Movement, Task
from bole.review.terms import AuditWord, Decision


@transaction.atomic
def submit_case(*, case: Case, seen: int, by: Actor) -> Movement:
    """Send a complete case on its way (「确认无误上报」).

    What the unit filled in and the person confirmed passes the unit's own step by the same act, if this actor may
    decide there; otherwise it waits for somebody else of the unit. Raises Moved, Refused (outside the declaration
    window of today with its dates), SeatVacant, and Invalid with everything missing, each at "section.place".
    """
    service = case_queries.service_of(case)
    window = case_queries.window_of(case)
    if window.per_unit is not None:
        organizations.lock_unit(unit=case.unit_id)  # before the case, as everybody who needs both does
    if service.limits.per_year is not None and case.person_id is not None:
        people.locked_person(case.person_id)  # two declarations handed in at once would not see each other
    case = lock(case, seen)
    rules.may_submit(by, case).demand()
    if case.person_id is not None:
        case_queries.may_declare_this_year(service, case.person_id, but=case.pk).demand()
    _demand_room(case, service, window)
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


def _demand_room(case: Case, service: Service, window: Window) -> None:
    """Raises Refused, with the numbers, when the unit has handed in as many cases as the window allows (ALL-05).

    The caller holds the unit. A case that was handed in keeps its place, until it is taken back or cancelled.
    """
    most = window.per_unit
    if most is None or case.status == Status.RETURNED:
        return
    taken = case_queries.handed_in_within(window, unit=case.unit_id, service=service.service)
    count = taken.exclude(pk=case.pk).count()
    if count >= most:
        raise Refused(
            f"「{service.name}」本次申报每个单位限报{most}件，「{case.unit.name}」已经上报{count}件，不能再上报。"
            "已填写的内容会保留；需要调整人选的，请单位退回或终止已上报的申报。"
        )


@transaction.atomic
def withdraw_case(*, case: Case, seen: int, by: Actor) -> Movement:
    """Take the case back before the first desk has begun (「撤回」). Raises Moved, Refused with the reason."""
    case = lock(case, seen)
    rules.may_withdraw(by, case).demand()
    service = case_queries.service_of(case)
    moves = queries.moves_of(case)
    begun = Task.objects.filter(case=case, closed_at__isnull=True, begun_at__isnull=False).exists()
    move = engine.withdraw(moves, begun=begun)
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
