"""AC-14 and G16: what is done with a right is done before the right ends, or not at all."""

from collections.abc import Callable
from threading import Event, Thread

import pytest
from django.db import connection, transaction

from bole.cases import actions as case_actions
from bole.cases.models import Case
from bole.definitions.terms import Verdict
from bole.kernel import clock
from bole.kernel.actors import Actor
from bole.organizations import actions as organizing
from bole.organizations.models import Appointment
from bole.organizations.terms import Role
from bole.review import actions as review
from bole.review.models import Movement
from tests.attacks.conftest import Stage
from tests.factories import cases as made
from tests.factories.organizations import SETUP

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


class Running:
    """An act in a thread of its own."""

    def __init__(self, act: Callable[[], object]) -> None:
        self.outcome: object = None
        self.done = Event()
        self._thread = Thread(target=self._run, args=(act,), daemon=True)
        self._thread.start()

    def _run(self, act: Callable[[], object]) -> None:
        try:
            self.outcome = act()
        except Exception as error:
            self.outcome = error
        finally:
            connection.close()
            self.done.set()

    def join(self) -> object:
        assert self.done.wait(20)
        return self.outcome


def racing(case: Case, act: Callable[[], object], role: Appointment) -> tuple[Running, Running]:
    """The act has asked whether it may and is held up at its first row; meanwhile the role is ended.

    Held up by a row that another transaction has half written: the place of the next movement.
    """
    with transaction.atomic():
        Movement.objects.create(
            case=case, revision=case.revision + 1, kind="withdrawn", to="x", faulty=[], opinion="",
            account=case.opened_by, account_name="x", moved_at=clock.now(),
        )  # fmt: skip
        acting = Running(act)
        acting.done.wait(1)
        assert not acting.done.is_set()
        ending = Running(lambda: organizing.end_appointment(appointment=role.pk, reason="调离", by=SETUP))
        ending.done.wait(1)
        finished_first = ending.done.is_set()
        transaction.set_rollback(True)
    acting.join()
    ending.join()
    assert not finished_first, "the role had ended and the act still went on"
    return acting, ending


def live(account: object, role: Role) -> Appointment:
    return Appointment.objects.live().get(account=account, role=role.value)


@pytest.fixture
def stage(live_stage: Stage) -> Stage:
    return live_stage


def decide(case: Case, by: Actor) -> Callable[[], object]:
    return lambda: review.decide(
        case=Case.objects.get(pk=case.pk),
        step=case.step,
        seen=case.revision,
        verdict=Verdict.APPROVE,
        opinion="",
        by=by,
    )


def test_a_decision_and_the_end_of_the_role_wait_for_each_other(stage: Stage):
    case = made.approve(made.submitted_case(stage.world.lin, stage.lin), stage.clerk)
    acting, _ = racing(case, decide(case, stage.county), live(stage.world.cast.chen, Role.REVIEWER))
    assert isinstance(acting.outcome, Movement)
    ended = Appointment.objects.get(account=stage.world.cast.chen, role=Role.REVIEWER.value).ended_at
    assert ended is not None
    assert acting.outcome.moved_at <= ended


def test_a_hand_in_for_a_person_and_the_end_of_the_role_wait_for_each_other(stage: Stage):
    case = stage.by_unit()
    case_actions.attest(case=case, way=case_actions.attesting.Confirmation.LOG_IN, by=stage.lin)
    acting, _ = racing(
        case,
        lambda: review.submit_case(case=Case.objects.get(pk=case.pk), seen=0, by=stage.clerk),
        live(stage.world.cast.zhou, Role.COLLECTION_ADMINISTRATOR),
    )
    assert isinstance(acting.outcome, Movement)
