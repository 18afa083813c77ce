"""In which capacities an account may act on a site, and when a second factor is asked before that."""

from dataclasses import dataclass
from uuid import UUID

from django.conf import settings

from bole.accounts import queries as accounts
from bole.accounts.models import Account
from bole.accounts.terms import AccountKind
from bole.kernel.actors import STAFF, Way
from bole.organizations import queries as organizations
from bole.organizations.terms import CAPACITY_NAMES, ROLE_NAMES, Capacity
from bole.people import queries as people
from bole.web.sessions import Visit


@dataclass(frozen=True, slots=True)
class Choice:
    """One line of 「选择身份」: a person, or a unit with one way of acting for it."""

    way: Way
    name: str
    note: str
    person: UUID | None = None
    capacity: Capacity | None = None

    @property
    def role(self) -> str:
        """The way of acting, in a word."""
        return CAPACITY_NAMES[self.way]

    @property
    def unit(self) -> UUID | None:
        """The unit acted for; None for oneself."""
        return self.capacity.unit if self.capacity else None

    @property
    def key(self) -> str:
        """What a form sends to choose it."""
        return f"{self.way.value}/{self.unit or ''}"


def of_account(account: UUID, kind: str) -> tuple[Capacity, ...]:
    """The units that an account acts for, each with its way; the unit account acts for its own unit alone."""
    if kind == AccountKind.UNIT.value:
        own = organizations.unit_capacity(account)
        return (own,) if own else ()
    return organizations.capacities(account)


def held(visit: Visit) -> Capacity | None:
    """The capacity of a visit as it stands now; None when it was lost."""
    account, actor = visit.account, visit.actor
    if account is None:
        return None
    found = of_account(account.pk, account.kind)
    return next((each for each in found if each.unit == actor.unit and each.way is actor.way), None)


def choices(account: Account, site: str) -> list[Choice]:
    """Everything that the account may act as on a site: the person first, then units in the order of the tree."""
    person = people.person_of(account.pk)
    found = [Choice(Way.PERSON, account.name, "办理本人的申报和档案", person=person.pk)] if person else []
    for each in of_account(account.pk, account.kind):
        if each.site == site:
            roles = "、".join(ROLE_NAMES[role] for role in each.roles) or CAPACITY_NAMES[each.way]
            found.append(Choice(each.way, each.name, roles, capacity=each))
    return found


def demands_factor(way: Way, account: UUID) -> bool:
    """Whether a second factor is asked before the account acts in this way.

    Administrators and unit accounts always; operators when the installation says so (BOLE_OPERATOR_SECOND_FACTOR), and
    everybody who set one up.
    """
    if way in STAFF and way is not Way.UNIT:
        return True
    if way is Way.UNIT and settings.BOLE_OPERATOR_SECOND_FACTOR:
        return True
    return bool(accounts.factors(account))
