"""Registration of a personal account (NX-03).

The answer is the same whether the number was free, has an account already, or stands on a roster under another
name or phone: a stranger learns nothing, the owner is told at the registered phone (AC-09).
"""

from dataclasses import dataclass
from uuid import UUID

from django.db import IntegrityError, transaction

from bole.accounts import actions as accounts
from bole.accounts import queries as account_queries
from bole.accounts.terms import HashedPassword, Purpose, clean_phone
from bole.audit import actions as audit
from bole.kernel import clock
from bole.kernel.actors import Actor, Way
from bole.kernel.errors import Absent, Fault, Invalid, Refused
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


@dataclass(frozen=True)
class _Form:
    """A registration as read: checked, in stored form."""

    site: str
    identity: Identity
    name: str
    phone: str
    ethnic_group: str
    unit: UUID | None


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
    found, clean, phone = _read(kind, number, name, ethnic_group, phone)
    if unit is not None:
        _demand_unit(unit, site)
    accounts.check_password(password, login=found.number, name=clean, phone=phone)
    accounts.check_code(purpose=Purpose.REGISTER, phone=phone, code=code)
    form = _Form(site, found, clean, phone, ethnic_group, unit)
    try:
        _open(form, password, by)
    except (IntegrityError, Invalid):
        # Somebody else registered the number in the same instant: the second look finds that account.
        _open(form, password, by)
    return Registration()


def _open(form: _Form, password: str, by: Actor) -> None:
    with transaction.atomic():
        person = (
            Person.objects.select_for_update(no_key=True)
            .filter(identity_kind=form.identity.kind.value, identity_index=queries.identity_index(form.identity.number))
            .first()
        )
        account = account_queries.account_by_login(form.identity.number)
        if account is not None or (person is not None and not _agrees(person, form.name, form.phone)):
            accounts.spend_password(password)  # the same work as for a new account, or the clock would tell
            if account is not None:
                announce(RegistrationRepeated(account.pk, form.site))
            elif person is not None:
                announce(RegistrationHeld(person.pk, form.site))
            return
        _enter(form, password, person, TieBasis.PERSON, by)


def install_person(
    *,
    site: str,
    kind: str,
    number: str,
    name: str,
    phone: str,
    password: str | HashedPassword,
    ethnic_group: str = "",
    unit: UUID | None = None,
    by: Actor,
) -> Person:
    """Open a personal account with its person outright, for the installation itself (data taken over).

    Raises Refused for others, Invalid with what is wrong, among it a number that has an account already.
    """
    if by.way is not Way.SYSTEM:
        raise Refused("请由本人注册。")
    organizations.site(site)
    found, clean, mobile = _read(kind, number, name, ethnic_group, phone)
    if unit is not None:
        _demand_unit(unit, site)
    form = _Form(site, found, clean, mobile, ethnic_group, unit)
    with transaction.atomic():
        known = queries.person_by_identity(kind, found.number)
        return _enter(form, password, known, TieBasis.ROSTER, by)


def _enter(form: _Form, password: str | HashedPassword, person: Person | None, basis: TieBasis, by: Actor) -> Person:
    """Account, person and tie of a checked form, inside the caller's transaction."""
    made = accounts.create_account(
        login=form.identity.number, name=form.name, phone=form.phone, password=password, by=by
    )
    person = person or new_person(form.identity, form.name, form.site)
    person.account, person.phone = made, form.phone
    person.ethnic_group = form.ethnic_group or person.ethnic_group
    person.save()
    audit.record("people.person.registered", by=by, kind="person", id=str(person.pk), detail={"site": form.site})
    if form.unit is not None and queries.current_tie(person.pk) is None:
        tie(person, form.unit, basis, by)
    announce(PersonRegistered(person.pk, made.pk, form.site))
    return person


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


def _read(kind: str, number: str, name: str, ethnic_group: str, phone: str) -> tuple[Identity, str, str]:
    """What was typed in its stored form: identity, name, phone. Raises Invalid with every fault."""
    clean, mobile = person_name(name), ""
    found: Identity | None = None
    faults: list[Fault] = []
    try:
        found = standards.identity(kind, number)
    except Invalid as wrong:
        faults += wrong.faults
    faults += name_faults(clean)
    faults += ethnic_faults(ethnic_group) if ethnic_group else []
    try:
        mobile = clean_phone(phone)
    except Invalid as wrong:
        faults += wrong.faults
    if faults or found is None:
        raise Invalid(*faults)
    return found, clean, mobile


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
