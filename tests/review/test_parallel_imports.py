"""Two workers at one import, on PostgreSQL: each slice is taken once. The twin shows the guard behind the lock."""

from threading import Barrier, Thread
from unittest.mock import patch

import pytest
from django.db import IntegrityError, connection

from bole.documents import actions as documents
from bole.documents.terms import Column, RowsTaken
from bole.review import actions as review
from bole.review.actions import taking
from bole.review.models import Export, ImportSlice
from tests.factories.organizations import make_administrator, make_ground

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


def waiting() -> Export:
    ground = make_ground()
    by = make_administrator(ground.xingqing, "区管理", 2)
    data = documents.write_sheet([Column("单位名称")], [["甲"], ["乙"]])
    review.ask_import(list="import-units", title="导入单位", file="学校.xlsx", data=data, total=2, by=by)
    export = review.take_export(imports=True)
    assert export is not None
    return export


def both(export: Export) -> list[object]:
    """Two workers take the same first row at once: what each came to."""
    gate, given = Barrier(2, timeout=20), list[object]([None, None])

    def take() -> RowsTaken:
        return RowsTaken(created=1)

    def work(place: int) -> None:
        gate.wait()
        try:
            given[place] = review.take_slice(export=export, start=0, rows=1, take=take)
        except IntegrityError as error:
            given[place] = error
        finally:
            connection.close()

    threads = [Thread(target=work, args=(place,)) for place in (0, 1)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return given


def test_of_two_workers_one_takes_the_slice():
    export = waiting()
    assert sorted(map(str, both(export))) == ["False", "True"]
    assert ImportSlice.objects.filter(export=export).count() == 1


def test_without_the_lock_the_database_refuses_the_second():
    export = waiting()
    gate = Barrier(2, timeout=20)

    def both_reading(export: Export) -> Export | None:
        found = Export.objects.filter(pk=export.pk).first()
        gate.wait()
        return found

    with patch.object(taking, "running", both_reading):
        given = both(export)
    assert sorted(type(each).__name__ for each in given) == ["IntegrityError", "bool"]
    assert ImportSlice.objects.filter(export=export).count() == 1
