"""The same identity at once, on PostgreSQL: one link, one account."""

import pytest

from bole.accounts.actions.federation import Assertion, bind_identity, log_in_by_identity
from bole.accounts.models import ExternalIdentity
from bole.kernel.actors import Actor, Way
from bole.kernel.errors import Refused
from tests.factories.organizations import NUMBERS, make_account
from tests.organizations.test_parallel import at_once

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]
ISSUER = "https://id.example.gov.cn"


def test_the_first_log_in_twice_at_once_makes_one_link():
    account = make_account("林致远")
    said = Assertion("p", "某平台", ISSUER, "lin", NUMBERS["林致远"], "林致远")

    given = at_once(*[lambda: log_in_by_identity(assertion=said, device=None, address="")] * 4)

    assert [getattr(each, "pk", each) for each in given] == [account.pk] * 4
    assert ExternalIdentity.objects.count() == 1


def test_two_accounts_bind_one_identity_at_once():
    accounts = [make_account(name) for name in ("林致远", "孙晓", "周敏")]
    said = Assertion("p", "某平台", ISSUER, "somebody")

    given = at_once(
        *(lambda each=each: bind_identity(assertion=said, by=Actor(Way.PERSON, each.pk)) for each in accounts)
    )

    assert [type(each) for each in given].count(Refused) == 2
    assert ExternalIdentity.objects.count() == 1
