"""Verbs that need both towers."""

from bole.bindings import queries
from bole.cases import actions as cases
from bole.cases.models import Case
from bole.definitions.terms import Service
from bole.kernel.actors import Actor, Way
from bole.kernel.errors import Refused
from bole.organizations.models import Unit
from bole.people import queries as people
from bole.people.models import Person


def open_case(*, service: Service, person: Person, unit: Unit | None, by: Actor) -> Case:
    """Open a case with what the archive offers typed in.

    A person opens for themselves; a unit only for a person tied to it. Raises Refused with the reason.
    """
    if by.way is Way.UNIT:
        people.may_open_for(by, person).demand()
    elif by.person != person.id:
        raise Refused("只能为本人申报。")
    if unit is None:
        raise Refused("您还没有所在单位，不能申报。请先在「我的档案」中选择所在单位，或请单位把您加入人员名册。")
    return cases.open_case(
        service=service, person=person, unit=unit, prefill=queries.prefill(service, person.id), by=by
    )
