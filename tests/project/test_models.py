"""The mark of the database: one row, and demo data only on a demonstration."""

import pytest
from django.db import IntegrityError, transaction

from bole.kernel import clock
from bole.project.models import Installation

pytestmark = pytest.mark.django_db


def test_a_second_mark_cannot_be_written():
    Installation.objects.create(demo=False, created_at=clock.now())

    with pytest.raises(IntegrityError), transaction.atomic():
        Installation.objects.create(demo=True, created_at=clock.now())
    with pytest.raises(IntegrityError), transaction.atomic():
        Installation.objects.create(demo=True, only=False, created_at=clock.now())

    assert [row.demo for row in Installation.objects.all()] == [False]


def test_demo_data_are_never_loaded_on_a_real_database():
    real = Installation.objects.create(demo=False, created_at=clock.now())
    real.demo_loaded_at = clock.now()

    with pytest.raises(IntegrityError), transaction.atomic():
        real.save()
