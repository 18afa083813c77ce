"""Two at once, on PostgreSQL: one open tie, one archive row, one person."""

import pytest

from bole.accounts.models import Account
from bole.kernel.errors import BoleError
from bole.people import actions, queries
from bole.people.models import ArchiveRecord, Person, Tie
from bole.people.terms import Offered
from tests.factories.organizations import SPARE_NUMBERS
from tests.factories.people import as_self, fresh_phone, make_world, obtain_code, submit
from tests.organizations.test_parallel import at_once

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


def test_two_units_chosen_at_once_leave_one_open_tie():
    world = make_world()
    units = [world.ground.hospital.pk, world.ground.institute.pk, world.ground.education.pk]
    given = at_once(
        *(lambda unit=unit: actions.tie_person(person=world.lin.pk, unit=unit, by=as_self(world.lin)) for unit in units)
    )
    assert not [each for each in given if isinstance(each, BoleError)]
    assert Tie.objects.filter(person=world.lin, until_on=None).count() == 1
    assert Tie.objects.filter(person=world.lin).count() == 4


def test_the_same_record_offered_at_once_stands_once():
    world = make_world()
    record = Offered("a", {"employer": "兴庆区第一中学"})

    def give() -> object:
        return actions.give_back(
            person=world.lin.pk, kind="work", records=[record], source="测试", by=as_self(world.lin)
        )

    given = at_once(give, give, give)
    assert sorted(each.added for each in given) == [0, 0, 1]
    assert ArchiveRecord.objects.filter(person=world.lin).count() == 1


def test_two_registrations_of_one_number_at_once_open_one_account():
    world = make_world()
    before = Account.objects.count()
    phones = [fresh_phone(), fresh_phone()]
    codes = [obtain_code(phone) for phone in phones]
    given = at_once(
        *(
            lambda phone=phone, code=code: submit("王娜", SPARE_NUMBERS[0], phone=phone, code=code)
            for phone, code in zip(phones, codes, strict=True)
        )
    )
    assert given[0] == given[1]
    assert Account.objects.count() == before + 1
    assert Person.objects.filter(name="王娜").count() == 1
    assert queries.current_unit(world.lin.pk) == world.ground.school
