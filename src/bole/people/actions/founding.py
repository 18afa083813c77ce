"""「单位用户注册」: a unit registers itself, its administrator checked against the insurance register (SZ-01).

The answer is the same whether or not the administrator's number has an account: a known one finds the role waiting
after the log-in, and its owner is told (AC-09).
"""

from dataclasses import dataclass, replace
from datetime import timedelta
from uuid import UUID

from django.db import IntegrityError, transaction

from bole.accounts import actions as accounts
from bole.accounts import queries as account_queries
from bole.accounts.terms import Limit, Purpose, clean_email, clean_phone, clean_user_name
from bole.audit import actions as audit
from bole.kernel.actors import Actor, system
from bole.kernel.errors import Fault, Invalid, Moved, Refused, Unproved
from bole.kernel.events import announce
from bole.organizations import actions as organizing
from bole.organizations import queries as organizations
from bole.organizations.models import Unit
from bole.organizations.terms import ROLE_NAMES, Role, UnitKind, UnitsCome, person_name
from bole.people import queries
from bole.people.actions.insuring import ask_insurance
from bole.people.actions.registering import Form, enter, known
from bole.people.actions.tying import locked_person, tie
from bole.people.events import RegistrationHeld, UnitRegistered
from bole.people.models import Person
from bole.people.terms import (
    UNIT_SENTENCE,
    InsuranceFinding,
    InsuranceQuestion,
    Registration,
    TieBasis,
    name_faults,
)
from bole.standards import queries as standards

_ADDRESS = Limit(
    scope="founding-address",
    most=20,
    within=timedelta(hours=1),
    sentence="这个网络提交单位注册的次数过多，请{wait}后再试，或到当地人社部门办理。",
)
_UNIT = replace(_ADDRESS, scope="founding-unit", sentence="该单位的注册信息核对次数过多，请{wait}后再试。")
_BLANK = {
    "insurance_number": "请填写单位社保号",
    "computer_number": "请填写管理员社保电脑号",
    "telephone": "请填写管理员电话",
}
TAKEN_UNIT = (
    "该单位已经注册单位管理员，一个单位只能有一名管理员。需要更换的，请由现任管理员办理「移交管理员」；"
    "管理员已离职或无法联系的，请由上级人社部门「应急指定管理员」。"
)


@dataclass(frozen=True)
class _Typed:
    """What was typed, in stored form."""

    question: InsuranceQuestion
    form: Form


def found_unit(
    *,
    site: str,
    organization_code: str,
    insurance_number: str,
    name: str,
    number: str,
    computer_number: str,
    email: str,
    user_name: str,
    password: str,
    telephone: str,
    phone: str,
    code: str,
    by: Actor,
) -> Registration:
    """Unit, accounts, person and administrator in one transaction, once the register agrees and the phone is proven.

    The unit can do its business from then on; its own account waits to be activated by the administrator's phone.

    Who is logged in registers with the own account; number, name, password and user name are not read then. Raises
    Refused where units do not come this way, for a unit that has an administrator, and for a register out of reach;
    Invalid with every fault; TooMany; RuntimeError inside a transaction.
    """
    if UnitsCome.CHECKED not in organizations.site(site).units:
        raise Refused("本办事大厅的单位不在这里注册，请从首页的入口进入。")
    own = queries.person_of(by.account) if by.account is not None else None
    if own is not None and not by.assured:  # a remembered device becomes nobody's administrator
        raise Unproved("请先重新输入密码，再注册单位。")
    typed = _read(
        site,
        {
            "organization_code": organization_code,
            "insurance_number": insurance_number,
            "computer_number": computer_number,
            "telephone": telephone,
            "phone": phone,
            "email": email,
            "name": own.name if own else name,
            "number": own.identity_number if own else number,
            "user_name": "" if own else user_name,
        },
        named=own is None,
    )
    form = typed.form
    if own is None:
        accounts.check_password(password, login=form.identity.number, name=form.name, phone=form.phone)
    if by.address:
        accounts.reserve(_ADDRESS, by.address)
    accounts.reserve(_UNIT, f"{site}/{typed.question.organization_code}")
    finding = _agreed(typed.question)
    accounts.check_code(purpose=Purpose.REGISTER, phone=form.phone, code=code)
    try:
        _found(typed, finding, password, own, by)
    except (IntegrityError, Moved):
        # The same unit or number was registered in the same instant: the second look finds it.
        _found(typed, finding, password, own, by)
    return Registration(UNIT_SENTENCE)


def _found(typed: _Typed, finding: InsuranceFinding, password: str, own: Person | None, by: Actor) -> None:
    platform = replace(system("单位用户注册"), address=by.address)
    form, site = typed.form, typed.form.site
    with transaction.atomic():
        unit = _unit(typed.question, finding, platform)
        _at_work(unit, platform)
        if own is not None and own.account_id is not None:
            person = locked_person(own.pk)
            organizing.install_holder(unit=unit.pk, role=Role.ADMINISTRATOR, account=own.account_id, by=platform)
            if queries.current_tie(person.pk) is None:
                tie(person, unit.pk, TieBasis.CASE, platform)
            told: UUID | None = own.account_id
        else:
            told = _person(form, unit, password, platform)
        audit.record("people.unit.founded", by=by, kind="unit", id=str(unit.pk), unit=unit.pk, detail={"site": site})
        announce(UnitRegistered(unit.pk, site, told))


def _at_work(unit: Unit, platform: Actor) -> None:
    """The unit can do its business at once where no operator opens units one by one, and has its account. That waits
    in nobody's hands for the administrator: whoever is only offered the role has not shown who they are (AC-28)."""
    by_hand = UnitsCome.AUTHORIZED in organizations.site(unit.site).units
    if not by_hand and unit.kind in (UnitKind.UNIT.value, UnitKind.DEPARTMENT.value):
        organizing.enable_collection(unit=unit.pk, by=platform)
    # Of two units with one organization code, on two sites, the first has the log-in of that name.
    if not hasattr(unit, "unit_account") and account_queries.account_by_login(unit.code) is None:
        organizing.open_unit_account(unit=unit.pk, holder_name="", phone="", by=platform)


def _person(form: Form, unit: Unit, password: str, platform: Actor) -> UUID | None:
    """A new administrator with account and role; a known number gets an offer that waits for its owner."""
    person, account = known(form)
    if account is None and (person is None or _agrees(person, form)):
        made = enter(form, password, person, TieBasis.CASE, platform)
        if queries.current_tie(made.pk) is None:
            tie(made, unit.pk, TieBasis.CASE, platform)
        holder = _account(made)
        organizing.install_holder(unit=unit.pk, role=Role.ADMINISTRATOR, account=holder, by=platform)
        return None
    accounts.spend_password(password)
    number, name = form.identity.number, form.name
    organizing.appoint(unit=unit.pk, role=Role.ADMINISTRATOR, number=number, name=name, by=platform)
    if account is None and person is not None:
        announce(RegistrationHeld(person.pk, form.site))
    return account.pk if account else None


def _account(person: Person) -> UUID:
    if person.account_id is None:
        raise ValueError(person.pk)
    return person.account_id


def _agrees(person: Person, form: Form) -> bool:
    return person.name == form.name and person.phone in (None, "", form.phone)


def _unit(question: InsuranceQuestion, finding: InsuranceFinding, platform: Actor) -> Unit:
    """The unit of this organization code, made if it is not there. Raises Refused where it has an administrator."""
    same = organizations.units_visible_to(platform).filter(
        site=question.site, organization_code=question.organization_code
    )
    unit = same.open().order_by("created_at", "pk").first()
    if unit is None:
        authority = organizations.authority_at(question.site, finding.region) or organizations.authority_at(
            question.site, organizations.site(question.site).region
        )
        unit = organizing.create_unit(
            site=question.site,
            kind=UnitKind.UNIT,
            name=finding.unit_name,
            region=finding.region,
            parent=authority.pk if authority else None,
            organization_code=question.organization_code,
            insurance_number=question.insurance_number,
            by=platform,
        )
        # From here on the tree is held: somebody who was faster stands there already.
        if same.open().exclude(pk=unit.pk).exists():
            raise Moved("同一单位刚刚由其他人登记，请查询后再操作。")
    # Who was removed from above must not come back by registering the unit once more (AC-28).
    had = any(each.title == ROLE_NAMES[Role.ADMINISTRATOR] for each in organizations.past_administrators(unit.pk))
    if had or any(Role.ADMINISTRATOR is each.role for each in organizations.standings(unit.pk)):
        raise Refused(TAKEN_UNIT)
    if unit.kind == UnitKind.AUTHORITY.value:
        raise Refused("人社部门的管理员由上级人社部门设置，不在这里注册。请联系上级人社部门。")
    return unit


def _agreed(question: InsuranceQuestion) -> InsuranceFinding:
    """What the register says, when it agrees. Raises Invalid with what does not, never with whose it is."""
    finding = ask_insurance(question)
    if not finding.unit_agrees:
        raise Invalid.at("insurance_number", "机构代码与单位社保号和参保登记不一致，请对照组织机构代码证和社保登记核对")
    if not finding.person_agrees:
        raise Invalid.at(
            "computer_number",
            "管理员姓名、身份证号、社保电脑号和本单位的参保登记不一致。管理员须当前在所填单位社保号下参保，请核对这三项",
        )
    return finding


def _read(site: str, typed: dict[str, str], *, named: bool) -> _Typed:
    """Everything in stored form. Raises Invalid with every fault; `named`: number, name and user name are asked."""
    faults = [Fault(at, say) for at, say in _BLANK.items() if not typed[at].strip()]
    clean = person_name(typed["name"])
    kept: dict[str, str] = {}
    cleaners = {
        "organization_code": standards.organization_code,
        "phone": clean_phone,
        "email": clean_email,
        **({"user_name": clean_user_name} if named else {}),
    }
    for at, cleaner in cleaners.items():
        try:
            kept[at] = cleaner(typed[at])
        except Invalid as wrong:
            faults += [Fault(at, fault.say) for fault in wrong.faults]
    identity = None
    try:
        identity = standards.identity("resident", typed["number"])
    except Invalid as wrong:
        faults += wrong.faults
    faults += name_faults(clean)
    if len(typed["telephone"].strip()) > 20:
        faults.append(Fault("telephone", "管理员电话最多 20 位"))
    if "user_name" in kept and account_queries.account_named(kept["user_name"]):
        other = accounts.suggest_alias(kept["user_name"])
        faults.append(Fault("user_name", f"用户名「{kept['user_name']}」已有人使用，请另取一个，例如「{other}」"))
    if faults or identity is None:
        raise Invalid(*faults)
    question = InsuranceQuestion(
        site=site,
        organization_code=kept["organization_code"],
        insurance_number="".join(typed["insurance_number"].split()),
        name=clean,
        number=identity.number,
        computer_number=typed["computer_number"],
    )
    details = {"telephone": typed["telephone"].strip()}
    form = Form(site, identity, clean, kept["phone"], "", None, None, kept["email"], kept.get("user_name", ""), details)
    return _Typed(question, form)
