"""A prepared query gives what Django's own gives, for every value and at every time."""

from datetime import date, timedelta

import psycopg
import pytest
from django.db import NotSupportedError, connection, transaction
from django.db.models import QuerySet
from django.db.transaction import TransactionManagementError
from django.test.utils import CaptureQueriesContext

from bole.kernel.prepared import Prepared
from bole.organizations.models import Appointment, Unit
from bole.organizations.terms import Role
from tests.factories.organizations import SPARE_NUMBERS, Ground, give_role, make_account, make_ground


def named(joined: bool, *, region: str, name: str) -> QuerySet[Unit]:
    rows = Unit.objects.filter(region=region, name__gte=name).order_by("name")
    return rows.select_related("parent") if joined else rows.only("name")


def test_it_gives_the_rows_of_the_query_that_it_was_made_from(ground: Ground):
    ask = Prepared(named)
    places = [(unit.region, unit.name) for unit in (ground.school, ground.xingqing, ground.province)]

    for joined in (True, False, True):
        for region, name in [*places, *places, ("999999", "'\"%s")]:
            with CaptureQueriesContext(connection) as ours:
                found = ask(joined, region=region, name=name)
            with CaptureQueriesContext(connection) as theirs:
                wanted = list(named(joined, region=region, name=name))
            assert (
                ask(joined, region=region, name=name) == found
            )  # PostgreSQL gets the values apart when nobody listens
            assert [each["sql"] for each in ours] == [each["sql"] for each in theirs]
            assert [row.__dict__.keys() for row in found] == [row.__dict__.keys() for row in wanted]
            assert found == wanted
            assert all(mine.parent == other.parent for mine, other in zip(found, wanted, strict=True))


def test_plain_values_come_as_tuples(ground: Ground):
    def lines(many: int, *, region: str) -> QuerySet[Unit, tuple[str, str]]:
        arms = [Unit.objects.filter(region=region).values_list("name", "path") for _ in range(many)]
        return (arms[0].union(*arms[1:], all=True) if many > 1 else arms[0]).order_by("path")

    ask = Prepared(lines)
    for unit in (ground.school, ground.province):
        for many in (1, 2, 1):
            assert ask(many, region=unit.region) == list(lines(many, region=unit.region)) != []


def test_days_are_values_too(ground: Ground):
    ask = Prepared(lambda *, day: Appointment.objects.live(day).order_by("id"))

    for day in (date(1999, 12, 31), date(2026, 3, 1)):
        assert ask(day=day) == list(Appointment.objects.live(day).order_by("id"))


def test_a_value_that_does_not_stand_in_the_query_is_refused(ground: Ground):
    with pytest.raises(TypeError, match="name"):
        Prepared(lambda *, name: Unit.objects.filter(name=f"{name}…"))(name="兴庆区第一中学")


@pytest.mark.postgres
def test_postgresql_plans_a_statement_once(ground: Ground):
    ask = Prepared(named)
    for _ in range(8):
        ask(False, region=ground.school.region, name="")

    with connection.cursor() as cursor:
        cursor.execute("SELECT statement, generic_plans + custom_plans FROM pg_prepared_statements")
        plans = [times for statement, times in cursor.fetchall() if '"name" >= $1' in statement]
    assert plans == [3]  # from the sixth time on


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_a_column_that_a_migration_widened_meanwhile_fails_nobody():
    ask, region = Prepared(named), make_ground().school.region
    for _ in range(8):
        ask(False, region=region, name="")
    data = connection.settings_dict
    with psycopg.connect(
        host=data["HOST"], port=data["PORT"], user=data["USER"], password=data["PASSWORD"], dbname=data["NAME"],
        autocommit=True,
    ) as migration:  # fmt: skip
        try:
            migration.execute("ALTER TABLE organizations_unit ALTER COLUMN name TYPE varchar(121)")
            with pytest.raises(NotSupportedError), transaction.atomic():
                ask(False, region=region, name="")  # what was done before it cannot be done again here
            for _ in range(8):
                assert ask(False, region=region, name="")
            migration.execute("ALTER TABLE organizations_unit ALTER COLUMN name TYPE varchar(122)")
            assert ask(False, region=region, name="")
        finally:
            migration.execute("ALTER TABLE organizations_unit ALTER COLUMN name TYPE varchar(120)")
    connection.close()


@pytest.mark.django_db(transaction=True)
def test_rows_are_locked_in_transactions_alone():
    ask = Prepared(lambda *, region: Unit.objects.select_for_update().filter(region=region))

    with transaction.atomic():
        assert ask(region="640104") == []
    if connection.features.has_select_for_update:
        with pytest.raises(TransactionManagementError):
            ask(region="640104")


def test_instants_are_values_too(ground: Ground):
    ask = Prepared(lambda *, at, until: Appointment.objects.filter(appointed_at__gte=at, appointed_at__lt=until))
    give_role(ground.school, Role.ADMINISTRATOR, make_account("周敏", SPARE_NUMBERS[0]))
    first = Appointment.objects.get()
    soon = first.appointed_at + timedelta(microseconds=1)

    assert ask(at=first.appointed_at, until=soon) == [first]
    assert ask(at=soon, until=soon) == []


def test_the_oldest_look_goes_when_there_are_too_many(ground: Ground):
    written: list[int] = []

    def build(place: int, *, region: str) -> QuerySet[Unit]:
        written.append(place)
        return Unit.objects.filter(region=region).order_by("name")[: place + 1]

    ask = Prepared(build, most=2)
    for place in (0, 1, 0, 2, 1, 0):
        assert len(ask(place, region=ground.xingqing.region)) <= place + 1
    assert written == [0, 1, 2, 0]
