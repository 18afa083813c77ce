"""Registration of a personal account (NX-03).

The answer is the same whether the number was free, has an account already, or stands on a roster under another
name or phone: a stranger learns nothing, the owner is told at the registered phone (AC-09).
"""

from uuid import UUID

from django.db import transaction

from bole.accounts import actions as accounts
from bole.accounts import queries as account_queries
from bole.audit import actions as audit
from bole.kernel import clock
from bole.kernel.actors import Actor
from bole.kernel.errors import Absent, Fault, Invalid
from bole.kernel.events import announce
from bole.organizations import queries as organizations
from bole.organizations.terms import person_name
from bole.people import queries
from bole.people.actions.correcting import ethnic_faults
from bole.people.actions.tying import tie
from bole.people.events import PersonRegistered, RegistrationHeld, RegistrationRepeated
from bole.people.models import Person
from bole.people.terms import Registration, TieBasis, name_faults
from bole.standards import queries as standards
from bole.standards.terms import Identity

CODE_PURPOSE = "register"


def register_person(
    *,
    site: str,
    kind: str,
    number: str,
    name: str,
    phone: str,
    code: str,
    password: str,
    ethnic_group: str = "",
    unit: UUID | None = None,
    by: Actor,
) -> Registration:
    """Open a personal account with its person; take over the person that a roster brought, if name and phone agree.

    Raises Invalid with the faults of what was typed (identity number, name, 民族, unit, phone, one-time code,
    password) before anything is looked up, Absent for an unknown site.
    """
    organizations.site(site)
    found, clean = _read(kind, number, name, ethnic_group)
    if unit is not None:
        _demand_unit(unit, site)
    accounts.check_password(password, login=found.number, name=clean)
    accounts.check_code(purpose=CODE_PURPOSE, phone=phone, code=code)
    with transaction.atomic():
        rows = Person.objects.select_for_update(no_key=True).filter(
            identity_kind=found.kind.value, identity_index=queries.identity_index(found.number)
        )
        person = rows.first()
        account = account_queries.account_by_login(found.number)
        if account is not None:
            accounts.spend_password(password)  # the same work as for a new account, or the clock would tell
            announce(RegistrationRepeated(account.pk, site))
            return Registration()
        if person is not None and not _agrees(person, clean, phone):
            accounts.spend_password(password)
            announce(RegistrationHeld(person.pk, site))
            return Registration()
        made = accounts.create_account(login=found.number, name=clean, phone=phone, password=password, by=by)
        person = person or new_person(found, clean, site)
        person.account, person.phone = made, phone
        person.ethnic_group = ethnic_group or person.ethnic_group
        person.save()
        audit.record("people.person.registered", by=by, kind="person", id=str(person.pk), detail={"site": site})
        if unit is not None and queries.current_tie(person.pk) is None:
            tie(person, unit, TieBasis.PERSON, by)
        announce(PersonRegistered(person.pk, made.pk, site))
    return Registration()


def new_person(found: Identity, name: str, site: str) -> Person:
    """A person as the document describes it, not saved yet."""
    pinyin, initials = standards.pinyin(name)
    return Person(
        identity_kind=found.kind.value,
        identity_number=found.number,
        identity_index=queries.identity_index(found.number),
        name=name,
        pinyin=pinyin,
        initials=initials,
        sex=found.sex_code or "",
        birth_on=found.birth_on,
        site=site,
        created_at=clock.now(),
    )


def _read(kind: str, number: str, name: str, ethnic_group: str) -> tuple[Identity, str]:
    faults: list[Fault] = []
    clean = person_name(name)
    try:
        found = standards.identity(kind, number)
    except Invalid as wrong:
        raise Invalid(*wrong.faults, *name_faults(clean)) from None
    faults += name_faults(clean)
    faults += ethnic_faults(ethnic_group) if ethnic_group else []
    if faults:
        raise Invalid(*faults)
    return found, clean


def _demand_unit(unit: UUID, site: str) -> None:
    try:
        row = organizations.unit(unit)
    except Absent:
        raise Invalid.at("unit", "没有找到所在单位，请重新选择") from None
    if row.site != site or row.closed_on is not None:
        raise Invalid.at("unit", "该单位已停用或不属于本办事大厅，请重新选择")


def _agrees(person: Person, name: str, phone: str) -> bool:
    """Whether who registers is who the roster means: same name, and the phone on the roster when there is one."""
    return person.name == name and (not person.phone or person.phone == phone)
