"""Others hold what an act needs: it gives way with a sentence and nothing half-done, and can be tried again."""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Barrier, Event, Thread

import pytest
from django.db import OperationalError, connection, transaction

from bole.cases.models import Case
from bole.definitions.terms import Verdict
from bole.kernel.contention import busy
from bole.review import actions as review
from bole.review.models import Movement
from tests.factories import cases as made
from tests.factories.organizations import SPARE_NUMBERS
from tests.factories.people import as_self, register
from tests.web.staff.seats import Staff, page_of

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]
WAY_OUT = "这一次没有办成，什么也没有改变。请过几秒再办理一次"


def hold(*cases: Case) -> None:
    for case in cases:
        Case.objects.select_for_update().get(pk=case.pk)


@contextmanager
def held_elsewhere(case: Case) -> Iterator[None]:
    """Another connection holds the case; this one waits a moment only."""
    taken, over = Event(), Event()

    def holding() -> None:
        with transaction.atomic():
            hold(case)
            taken.set()
            over.wait(20)
        connection.close()

    other = Thread(target=holding)
    other.start()
    taken.wait(10)
    with connection.cursor() as cursor:
        cursor.execute("SET lock_timeout = '200ms'")
    try:
        yield
    finally:
        over.set()
        other.join()
        with connection.cursor() as cursor:
            cursor.execute("RESET lock_timeout")


def test_a_page_says_that_others_are_at_it_and_works_again_afterwards(staff: Staff):
    case = made.submitted_case(staff.world.lin, as_self(staff.world.lin))
    path = f"/ningxia/work/{case.number}/"
    sent = {"seen": case.revision, "step": case.step, "verdict": "approve", "opinion": ""}

    with held_elsewhere(case):
        answer = staff.clerk.post(path, sent)
    assert (answer.status_code, WAY_OUT in page_of(answer)) == (503, True)
    assert Movement.objects.filter(case=case).count() == 1  # its submission

    assert staff.clerk.post(path, sent).status_code == 302
    assert made.fresh(case).step == "county"


def test_in_a_batch_it_is_told_in_its_row_and_stops_no_other(staff: Staff):
    held = made.submitted_case(staff.world.lin, as_self(staff.world.lin))
    other = register("吴同行", number=SPARE_NUMBERS[2], unit=staff.world.ground.school)
    free = made.submitted_case(other, as_self(other))

    with held_elsewhere(held):
        chosen = [(case.number, case.revision) for case in (held, free)]
        rows = review.decide_many(cases=chosen, verdict=Verdict.APPROVE, opinion="", by=staff.zhou)
    assert [row.ok for row in rows] == [False, True]
    assert WAY_OUT in rows[0].say


def test_of_two_that_wait_for_each_other_one_gives_way(staff: Staff):
    other = register("吴同行", number=SPARE_NUMBERS[2], unit=staff.world.ground.school)
    pair = [made.open_case(person, as_self(person)) for person in (staff.world.lin, other)]
    both, given = Barrier(2, timeout=10), []

    def run(first: Case, second: Case) -> None:
        try:
            with transaction.atomic():
                hold(first)
                both.wait()
                hold(second)
        except OperationalError as error:
            given.append(busy(error))
        finally:
            connection.close()

    threads = [Thread(target=run, args=order) for order in (pair, pair[::-1])]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert [each is not None and WAY_OUT in each.sentence for each in given] == [True]


def test_another_failure_of_the_database_is_none_of_it(staff: Staff):
    with connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = '20ms'")
        with pytest.raises(OperationalError) as found:
            cursor.execute("SELECT pg_sleep(1)")
        cursor.execute("RESET statement_timeout")
    assert busy(found.value) is None
