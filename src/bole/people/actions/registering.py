"""Registration of a personal account (NX-03).

The answer is the same whether the number was free, has an account already, or stands on a roster under another
name or phone: a stranger learns nothing, the owner is told at the registered phone (AC-09).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from uuid import UUID

from django.db import IntegrityError, transaction

from bole.accounts import actions as accounts
from bole.accounts import queries as account_queries
from bole.accounts.models import Account
from bole.accounts.terms import HashedPassword, Purpose, clean_email, clean_phone
from bole.audit import actions as audit
from bole.kernel import clock
from bole.kernel.actors import Actor, Way
from bole.kernel.errors import Absent, Fault, Invalid, Refused
from bole.kernel.events import announce
from bole.organizations import queries as organizations
from bole.organizations.terms import PersonsCome, Role, TiesCome, UnitsCome, person_name
from bole.people import queries, rules
from bole.people.actions.correcting import ethnic_faults
from bole.people.actions.tying import demand_department, tie
from bole.people.events import PersonRegistered, RegistrationHeld, RegistrationRepeated
from bole.people.models import Admission, Person
from bole.people.terms import (
    APPROVAL_HINT,
    APPROVAL_SENTENCE,
    DETAILS,
    INVITED_SENTENCE,
    Registration,
    TieBasis,
    name_faults,
)
from bole.standards import queries as standards
from bole.standards.terms import Identity

Then = Callable[[Person, Actor], None]


@dataclass(frozen=True)
class Form:
    """A registration as read: checked, in stored form."""

    site: str
    identity: Identity
    name: str
    phone: str
    ethnic_group: str
    unit: UUID | None
    department: UUID | None = None
    email: str = ""
    user_name: str = ""
    details: Mapping[str, str] = field(default_factory=dict)


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
    department: UUID | None = None,
    email: str = "",
    details: Mapping[str, str] | None = None,
    then: Then | None = None,
    founder: bool = False,
    by: Actor,
) -> Registration:
    """Open a personal account with its person; take over the person that a roster brought, if name and phone agree.

    Where the unit approves registrations (HA-02) the account waits, and `then` is called with the person and the
    account's owner as actor in the same transaction, to open the case. `details` holds 毕业院校, 所学专业, 籍贯.
    `founder`: somebody without a unit who registers one next, where units come by an approved registration (HA-07).
    Raises Refused where units invite, Invalid with the faults of what was typed (identity number, name, 民族, unit,
    phone, one-time code, password) before anything is looked up, Absent for an unknown site.
    """
    portal = organizations.site(site)
    founds = founder and unit is None and UnitsCome.APPROVED in portal.units
    policy = PersonsCome.THEMSELVES if founds else portal.persons
    if policy is PersonsCome.INVITED:
        raise Refused(INVITED_SENTENCE)
    found, clean, phone = read_identity(kind, number, name, ethnic_group, phone)
    form = Form(
        site, found, clean, phone, ethnic_group, unit, department, _email(email), details=clean_details(details or {})
    )
    _demand_place(form, policy)
    accounts.check_password(password, login=found.number, name=clean, phone=phone)
    accounts.check_code(purpose=Purpose.REGISTER, phone=phone, code=code)
    if policy is PersonsCome.APPROVED:
        if then is None or unit is None:
            raise ValueError(f"{site}: registrations are approved, so a case must be opened")
        _twice(lambda: _apply(form, unit, password, then, by))
        return Registration(APPROVAL_SENTENCE, APPROVAL_HINT)
    _twice(lambda: _open(form, password, by))
    return Registration()


def _twice(act: Callable[[], None]) -> None:
    try:
        act()
    except (IntegrityError, Invalid):
        # Somebody else registered the number in the same instant: the second look finds that account.
        act()


def _open(form: Form, password: str, by: Actor) -> None:
    with transaction.atomic():
        person, account = known(form)
        if account is not None or (person is not None and not _agrees(person, form)):
            turn_away(form, password, person, account)
            return
        enter(form, password, person, TieBasis.PERSON, by)


def _apply(form: Form, unit: UUID, password: str, then: Then, by: Actor) -> None:
    """The same where the unit approves: the account waits, and what it waits for begins (HA-02)."""
    with transaction.atomic():
        person, account = known(form)
        if person is not None and account is not None and _was_refused(person, account, form):
            accounts.renew_waiting(account=account.pk, password=password, by=by)
            _describe(person, form)
            person.save()
        elif account is not None or (person is not None and not _agrees(person, form)):
            turn_away(form, password, person, account)
            return
        else:
            person = enter(form, password, person, TieBasis.CASE, by, active=False)
        Admission(person=person, unit_id=unit, department_id=form.department, asked_at=clock.now()).save()
        then(person, Actor(Way.PERSON, person.account_id, person.name, person.pk, site=form.site, address=by.address))


def known(form: Form) -> tuple[Person | None, Account | None]:
    """The person with this number, locked, and the account; what they are shows in no answer (AC-09)."""
    rows = Person.objects.select_for_update(no_key=True)
    person = rows.filter(
        identity_kind=form.identity.kind.value, identity_index=queries.identity_index(form.identity.number)
    ).first()
    return person, account_queries.account_by_login(form.identity.number)


def turn_away(form: Form, password: str, person: Person | None, account: Account | None) -> None:
    """The number cannot be registered: tell its owner, do the same work, say the same (AC-09)."""
    accounts.spend_password(password)  # the same work as for a new account, or the clock would tell
    if account is not None:
        announce(RegistrationRepeated(account.pk, form.site))
    elif person is not None:
        announce(RegistrationHeld(person.pk, form.site))


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
    found, clean, mobile = read_identity(kind, number, name, ethnic_group, phone)
    if unit is not None:
        _demand_unit(unit, site)
    form = Form(site, found, clean, mobile, ethnic_group, unit)
    with transaction.atomic():
        standing = queries.person_by_identity(kind, found.number)
        return enter(form, password, standing, TieBasis.ROSTER, by)


def enter(
    form: Form,
    password: str | HashedPassword,
    person: Person | None,
    basis: TieBasis,
    by: Actor,
    *,
    active: bool = True,
) -> Person:
    """Account, person and tie of a checked form, inside the caller's transaction; no tie while it waits."""
    made = accounts.create_account(
        login=form.identity.number,
        name=form.name,
        phone=form.phone,
        password=password,
        user_name=form.user_name,
        email=form.email,
        active=active,
        by=by,
    )
    person = person or new_person(form.identity, form.name, form.site)
    person.account, person.phone = made, form.phone
    _describe(person, form)
    person.save()
    audit.record("people.person.registered", by=by, kind="person", id=str(person.pk), detail={"site": form.site})
    if active and form.unit is not None and queries.current_tie(person.pk) is None:
        tie(person, form.unit, basis, by, department=form.department)
    announce(PersonRegistered(person.pk, made.pk, form.site))
    return person


def _describe(person: Person, form: Form) -> None:
    person.ethnic_group = form.ethnic_group or person.ethnic_group
    for name, value in form.details.items():
        setattr(person, name, value)


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


def read_identity(kind: str, number: str, name: str, ethnic_group: str, phone: str) -> tuple[Identity, str, str]:
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


def clean_details(details: Mapping[str, str]) -> dict[str, str]:
    """毕业院校, 所学专业, 籍贯 and 电话 in stored form. Raises Invalid with every fault."""
    faults, clean = [], {}
    for name, text in details.items():
        clean[name] = " ".join(text.split())
        label, longest = DETAILS[name]
        if len(clean[name]) > longest:
            faults.append(Fault(name, f"{label}最多 {longest} 个字"))
    place = clean.get("native_place", "")
    if place and place not in standards.table("region"):
        faults.append(Fault("native_place", "请选择籍贯"))
    if faults:
        raise Invalid(*faults)
    return clean


def _email(text: str) -> str:
    return clean_email(text) if text.strip() else ""


def _demand_place(form: Form, policy: PersonsCome) -> None:
    """The unit typed can be belonged to in this way. Raises Invalid at "unit" or "department"."""
    if form.unit is None:
        if policy is PersonsCome.APPROVED:
            raise Invalid.at("unit", "请选择所在单位，注册信息由所在单位审核")
        return
    _demand_unit(form.unit, form.site)
    demand_department(form.department, form.unit)
    if policy is PersonsCome.APPROVED and not organizations.holders(form.unit, Role.REGISTRAR):
        raise Invalid.at("unit", "该单位还没有管理员，暂时不能审核注册信息。请先联系单位或其上级部门设置管理员")
    if policy is not PersonsCome.APPROVED and organizations.site(form.site).ties is TiesCome.CASE:
        raise Invalid.at("unit", rules.tie_guidance(form.site, tied=False))


def _demand_unit(unit: UUID, site: str) -> None:
    try:
        row = organizations.unit(unit)
    except Absent:
        raise Invalid.at("unit", "没有找到所在单位，请重新选择") from None
    if row.site != site or row.closed_on is not None:
        raise Invalid.at("unit", "该单位已停用或不属于本办事大厅，请重新选择")


def _agrees(person: Person, form: Form) -> bool:
    """Whether who registers is who the roster means: same name, the phone on the roster when there is one, and no
    unit other than the one that its roster was imported for."""
    if person.name != form.name or (person.phone and person.phone != form.phone):
        return False
    standing = queries.current_tie(person.pk) if organizations.site(form.site).ties is TiesCome.CASE else None
    return standing is None or form.unit is None or standing.unit_id == form.unit


def _was_refused(person: Person, account: Account, form: Form) -> bool:
    """Whether this is somebody refused who tries again: the same name, the same phone, proven just now (HA-02)."""
    if account.is_active or account.closed_at is not None or person.account_id != account.pk:
        return False
    waiting = Admission.objects.filter(person=person, answered_at=None).exists()
    return not waiting and person.name == form.name and account.phone == form.phone
