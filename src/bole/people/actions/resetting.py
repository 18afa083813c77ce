"""「重置密码」 for a unit's own people: the person is sent the way to a new one, nobody sees a secret (SZ-03)."""

from uuid import UUID

from bole.accounts import actions as accounts
from bole.kernel.actors import Actor
from bole.kernel.errors import Refused
from bole.people import queries, rules
from bole.people.terms import NOT_OF_UNIT, RESET_SENTENCE


def start_reset(*, person: UUID, by: Actor) -> str:
    """Start a reset for somebody of the own unit; the sentence is the same whether or not there is an account.

    Raises Refused for who may not, without fresh proof, and for others' people; TooMany; RuntimeError inside a
    transaction.
    """
    rules.may_invite(by, by.unit).demand()
    by.demand_fresh()
    if not queries.belongs_to(person, by.place):
        raise Refused(NOT_OF_UNIT)
    account = queries.person(person).account_id
    if account is not None:
        accounts.start_reset(account=account, by=by)
    return RESET_SENTENCE
