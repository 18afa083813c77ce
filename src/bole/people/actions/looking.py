"""Asking for persons, and writing down who saw them."""

from datetime import timedelta
from uuid import UUID

from bole.audit import actions as audit
from bole.kernel import clock
from bole.kernel.actors import Actor
from bole.kernel.errors import Refused, TooMany
from bole.kernel.events import announce
from bole.people import queries, rules
from bole.people.events import LookupLimitReached
from bole.people.models import Lookup, Person
from bole.people.terms import NOT_TIED_SENTENCE

MOST_LOOKUPS_A_DAY = 200  # the figure for operators in the threat model (AC-09)
_VERBS = frozenset({"viewed", "unmasked", "downloaded", "printed", "exported"})


def find_for_unit(*, kind: str, number: str, by: Actor) -> Person:
    """「立即申报」: the person with this number, if tied to the unit acted for (NX-15, AC-29).

    Every question counts, whatever the answer. Raises Refused with one and the same sentence for unknown,
    untied and foreign numbers, Invalid for an impossible number, TooMany after 200 questions in a day.
    """
    rules.collects_for_unit(by).demand()
    if by.account is None or by.unit is None:  # the rule has refused that already
        raise Refused(NOT_TIED_SENTENCE)
    since = clock.now() - timedelta(days=1)
    asked = Lookup.objects.filter(account=by.account, at__gte=since).count()
    if asked >= MOST_LOOKUPS_A_DAY:
        raise TooMany(f"您 24 小时内已查询 {MOST_LOOKUPS_A_DAY} 个证件号码，达到上限。请明天再办理，或请本人自行填报。")
    found = queries.person_by_identity(kind, number)
    # Outside any transaction of the refusal below: the count must outlive it.
    Lookup.objects.create(account=by.account, unit=by.unit, at=clock.now())
    if asked + 1 == MOST_LOOKUPS_A_DAY:
        announce(LookupLimitReached(by.account, by.unit))
    rules.may_open_for(by, found).demand()
    if found is None:  # the rule has refused that already
        raise Refused(NOT_TIED_SENTENCE)
    return found


def record_look(*, person: UUID, verb: str, what: str = "", by: Actor) -> None:
    """Write down that somebody sees a full record: viewed, unmasked, downloaded, printed or exported (ALL-09).

    `what` is a code such as a record kind, never personal data. Raises ValueError for another verb.
    """
    if verb not in _VERBS:
        raise ValueError(verb)
    audit.record(f"people.person.{verb}", by=by, kind="person", id=str(person), detail={"what": what})
