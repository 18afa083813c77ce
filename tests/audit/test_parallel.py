"""Several connections at once: recording waits for nobody, sealing goes one at a time."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Event

import pytest
from django.db import connection, transaction

from bole.audit import actions, queries
from bole.audit.models import Entry, Seal
from bole.kernel.actors import system

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]
BY = system("tests")


def alone(work: Callable[[], object]) -> object:
    """Run on this thread's own connection and close it."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SET lock_timeout = '3s'")
        return work()
    finally:
        connection.close()


def record(subject: str) -> None:
    actions.record("cases.case.saved", by=BY, kind="case", id=subject)


def test_an_open_transaction_holds_up_neither_recording_nor_sealing():
    opened, finish = Event(), Event()

    def slow() -> None:
        with transaction.atomic():
            record("slow")
            opened.set()
            assert finish.wait(10)

    with ThreadPoolExecutor(2) as pool:
        first = pool.submit(alone, slow)
        assert opened.wait(10)
        pool.submit(alone, lambda: record("quick")).result(10)
        assert actions.seal_pending() == 1
        assert Entry.objects.get(pk=Seal.objects.get().entry).subject == "quick"
        finish.set()
        first.result(10)
    assert actions.seal_pending() == 1
    assert queries.verify() == queries.Verification(True, 2, [])


def test_many_sealers_and_writers_at_once_make_one_chain():
    def write() -> None:
        for number in range(10):
            record(str(number))

    with ThreadPoolExecutor(8) as pool:
        work = [pool.submit(alone, write) for _ in range(4)]
        work += [pool.submit(alone, lambda: [actions.seal_pending(limit=7) for _ in range(5)]) for _ in range(4)]
        for task in work:
            task.result(60)
    while actions.seal_pending():
        pass
    assert list(Seal.objects.order_by("leaf_index").values_list("leaf_index", flat=True)) == list(range(40))
    assert queries.verify() == queries.Verification(True, 40, [])
