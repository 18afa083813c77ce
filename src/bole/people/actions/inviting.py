"""A unit invites, the person sets the own secret (SZ-03). Nobody types another's password.

An invitation is written alike for known and unknown numbers, and its answers are one and the same: the inviting side
never learns who is registered, nor does somebody who got hold of the code (AC-09).
"""

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

from django.db import IntegrityError, transaction

from bole.accounts import actions as accounts
from bole.accounts import queries as account_queries
from bole.accounts.terms import Limit, Purpose, clean_user_name
from bole.audit import actions as audit
from bole.kernel import clock, sealing
from bole.kernel.actors import Actor, Way
from bole.kernel.errors import Absent, Invalid, Moved, Refused, TooMany
from bole.kernel.events import announce
from bole.kernel.ids import new_id, short_id
from bole.kernel.privacy import mask_name, mask_number
from bole.organizations import queries as organizations
from bole.organizations.terms import TiesCome, person_name
from bole.people import queries, rules
from bole.people.actions.registering import Form, enter, known, read_identity
from bole.people.actions.tying import demand_department, locked_person, tie
from bole.people.events import InvitationRepeated, PersonInvited, RegistrationHeld
from bole.people.models import Invitation, Person, Tie
from bole.people.terms import INVITED_LIFETIME, TAKEN_SENTENCE, Invited, Registration, TieBasis, name_faults
from bole.standards import queries as standards
from bole.standards.terms import Identity

MOST_INVITATIONS_A_DAY = 200  # the figure for operators in the threat model (AC-09)
_CODE_LENGTH = 10
_ADDRESS = Limit(
    scope="invitation-address",
    most=30,
    within=timedelta(hours=1),
    sentence="这个网络填写邀请码的次数过多，请{wait}后再试。",
)
_GONE = "没有找到这项邀请，它可能已经撤回或接受。请联系邀请您的单位。"
_WRONG = "邀请码、证件号码或姓名不对，请对照短信和证件核对；单位登记有误的，请联系单位重新邀请"


def invite(
    *,
    unit: UUID,
    kind: str = "resident",
    number: str,
    name: str,
    phone: str,
    alias: str = "",
    department: UUID | None = None,
    by: Actor,
) -> Invited:
    """「新增」申报人员: the code goes to the phone; who has an account finds the invitation after the log-in.

    Raises Refused (who may not, a closed unit, somebody of this unit already, an invitation that still waits), Invalid
    with every fault, among them a taken user name with another one to take, TooMany after 200 in a day.
    """
    rules.may_invite(by, unit).demand()
    found, clean, plain = read_identity(kind, number, name, "", phone)
    with transaction.atomic():
        row = organizations.unit(unit)
        rules.may_invite(by, unit).demand()
        if row.closed_on is not None:
            raise Refused("该单位已停用，不能再邀请人员。")
        _demand_measure(by)
        if by.account is not None and account_queries.account(by.account).login == found.number:
            raise Refused("不能邀请自己，请由本单位其他管理员或经办员办理。")
        index = queries.invitation_index(found.number)
        standing = Invitation.objects.open().filter(unit=row, number_index=index).first()
        _demand_new(unit, found, standing)
        user_name = _user_name(alias, besides=standing)
        if standing is not None:
            _end(standing, by)
        demand_department(department, unit)
        made = Invitation(
            unit=row,
            department_id=department,
            kind=found.kind.value,
            number=found.number,
            number_index=index,
            name=clean,
            phone=plain,
            alias=user_name,
        )
        _send(made, by)
        _audit("made", made, by)
    return _told(made)


def renew_invitation(*, invitation: UUID, by: Actor) -> Invited:
    """「重发」: another code for another thirty days; the former one opens nothing any more. Raises Refused, Absent."""
    with transaction.atomic():
        row = _locked(invitation, by)
        _demand_measure(by)
        _send(row, by)
        _audit("renewed", row, by)
    return _told(row)


def change_invitation(
    *, invitation: UUID, kind: str, number: str, name: str, phone: str, alias: str = "", by: Actor
) -> Invited:
    """「修改」 what was typed of somebody who has not accepted yet: the former invitation ends, another goes out.

    Raises as `invite` does; nothing is withdrawn when the new one is refused.
    """
    with transaction.atomic():
        row = _locked(invitation, by)
        _end(row, by)
        return invite(
            unit=row.unit_id,
            kind=kind,
            number=number,
            name=name,
            phone=phone,
            alias=alias,
            department=row.department_id,
            by=by,
        )


def withdraw_invitation(*, invitation: UUID, by: Actor) -> None:
    """「删除」 somebody who has not accepted yet. Raises Refused, Absent once it was accepted or withdrawn."""
    with transaction.atomic():
        row = _locked(invitation, by)
        _end(row, by)
        _audit("withdrawn", row, by)


def accept_invitation(*, invitation: UUID, by: Actor) -> Tie:
    """The invited person accepts, logged in with the own account; the tie to the unit begins.

    Raises Absent for anybody else's, Refused for an expired one, a closed unit, and where another unit has the person.
    """
    with transaction.atomic():
        row, person = _own(invitation, by)
        made = _join(person, row, by)
        _take(row, person, by)
    return made


def decline_invitation(*, invitation: UUID, by: Actor) -> None:
    """The invited person declines. Raises Absent for anybody else's."""
    with transaction.atomic():
        row, _ = _own(invitation, by)
        _end(row, by)
        _audit("declined", row, by)


def open_invitation(*, site: str, code: str, kind: str, number: str, name: str, by: Actor) -> Invitation:
    """Code, number and name of an invitation, asked before the phone is proven; a stranger who guesses is slowed down.

    Raises Invalid with one sentence whichever of the three is wrong, Refused for an expired one or a closed unit,
    TooMany; RuntimeError inside a transaction.
    """
    found, clean = standards.identity(kind, number), person_name(name)
    faults = name_faults(clean)
    if faults:
        raise Invalid(*faults)
    if by.address:
        accounts.reserve(_ADDRESS, by.address)
    row = Invitation.objects.open().select_related("unit").filter(secret_hash=_hash(code), unit__site=site).first()
    if row is None or row.number_index != queries.invitation_index(found.number) or row.name != clean:
        raise Invalid.at("invitation", _WRONG)
    _demand_live(row)
    return row


def take_invitation(
    *,
    site: str,
    code: str,
    kind: str,
    number: str,
    name: str,
    phone_code: str,
    password: str,
    user_name: str = "",
    by: Actor,
) -> Registration:
    """The invited person opens the account with a secret of the own, by the code of the invitation and of the phone.

    Says the same when the number has an account or stands on a roster with another name or phone: then the invitation
    keeps waiting for the owner's log-in, and the owner is told. Raises as `open_invitation` does, Invalid at
    "phone_code", "password" or "user_name".
    """
    row = open_invitation(site=site, code=code, kind=kind, number=number, name=name, by=by)
    found = standards.identity(kind, number)
    wanted = _user_name(user_name, besides=row) if user_name.strip() else ""
    accounts.check_password(password, login=found.number, name=row.name, phone=row.phone)
    try:
        accounts.check_code(purpose=Purpose.REGISTER, phone=row.phone, code=phone_code)
    except Invalid as wrong:
        raise Invalid(*(replace(fault, at="phone_code") for fault in wrong.faults)) from None
    form = Form(site, found, row.name, row.phone, "", row.unit_id, row.department_id, user_name=wanted)
    try:
        _open(form, row.pk, password, by)
    except (IntegrityError, Invalid):
        # Somebody else registered the number in the same instant: the second look finds that account.
        _open(form, row.pk, password, by)
    return Registration(TAKEN_SENTENCE)


def _open(form: Form, invitation: UUID, password: str, by: Actor) -> None:
    with transaction.atomic():
        row = Invitation.objects.select_related("unit").select_for_update(of=("self",)).get(pk=invitation)
        if row.ended_at is not None:
            raise Moved("这项邀请刚刚已经接受或撤回。请直接登录，或联系邀请您的单位。")
        person, account = known(form)
        other = queries.current_tie(person.pk) if person else None
        foreign = other is not None and other.unit_id != row.unit_id
        differs = person is not None and (person.name != form.name or person.phone not in (None, "", form.phone))
        if account is not None or differs or foreign:
            accounts.spend_password(password)  # the same work as for a new account, or the clock would tell
            if account is not None:
                announce(InvitationRepeated(account.pk, row.unit_id, form.site))
            elif person is not None:
                announce(RegistrationHeld(person.pk, form.site))
            return
        row.alias = ""  # from here on the account holds it
        made = enter(replace(form, unit=None), password, person, TieBasis.INVITED, by)
        tie(made, row.unit_id, TieBasis.INVITED, by, department=row.department_id)
        _take(row, made, by)


def _user_name(text: str, besides: Invitation | None = None) -> str:
    """The user name, if it is free. Raises Invalid at "alias" with one that is."""
    if not text.strip():
        return ""
    try:
        plain = clean_user_name(text)
    except Invalid as wrong:
        raise Invalid(*(replace(fault, at="alias") for fault in wrong.faults)) from None
    others = Invitation.objects.open().filter(alias=plain)
    if besides is not None:
        others = others.exclude(pk=besides.pk)
    if others.exists() or account_queries.account_named(plain) is not None:
        other = accounts.suggest_alias(plain)
        raise Invalid.at("alias", f"登录账号「{plain}」已有人使用，请另取一个{f'，例如「{other}」' if other else ''}")
    return plain


def _demand_new(unit: UUID, found: Identity, standing: Invitation | None) -> None:
    """What the unit sees in its own list anyway may be told; nothing else."""
    person = queries.person_by_identity(found.kind.value, found.number)
    if person is not None and queries.belongs_to(person.pk, unit):
        raise Refused("该人员已在本单位的申报人员名单中，不需要再新增。")
    if standing is not None and standing.expires_at > clock.now():
        day = clock.china(standing.expires_at)
        raise Refused(
            f"该人员的邀请还在等待本人接受（{day.month}月{day.day}日前有效）。"
            "没有收到短信的，请在「待本人接受」中点「重发」；信息有误的，点「修改」。"
        )


def _demand_measure(by: Actor) -> None:
    if by.account is None:
        return
    since = clock.now() - timedelta(days=1)
    if Invitation.objects.filter(invited_by=by.account, invited_at__gte=since).count() >= MOST_INVITATIONS_A_DAY:
        raise TooMany(
            f"您 24 小时内已邀请 {MOST_INVITATIONS_A_DAY} 人，达到上限。请明天再办理，或由本单位其他经办员办理。"
        )


def _demand_live(row: Invitation) -> None:
    if row.unit.closed_on is not None:
        raise Refused(f"{row.unit.name}已停用，这项邀请不能再接受。")
    if row.expires_at <= clock.now():
        raise Refused(f"这项邀请已过期。请联系{row.unit.name}的管理员，在「申报人员」中点「重发」。")


def _send(row: Invitation, by: Actor) -> None:
    """A new code, good for thirty days; only its hash stays."""
    code = short_id(_CODE_LENGTH)
    row.secret_hash, row.invited_at, row.invited_by = _hash(code), clock.now(), by.account
    row.expires_at = row.invited_at + INVITED_LIFETIME
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError:
        raise Moved("刚刚有人邀请了同一个人，或使用了同一个登录账号。请刷新名单后再试。") from None
    registered = account_queries.account_by_login(row.number)
    known = registered.pk if registered and registered.name == row.name else None
    site = organizations.unit(row.unit_id).site
    announce(PersonInvited(row.pk, row.unit_id, site, known, row.phone, code, row.expires_at, new_id()))


def _locked(invitation: UUID, by: Actor) -> Invitation:
    """An open invitation of a unit whose people the actor keeps."""
    row = Invitation.objects.open().select_for_update().filter(pk=invitation).first()
    if row is None or (by.way is not Way.SYSTEM and row.unit_id != by.unit):
        raise Absent("没有找到这项邀请，它可能已经接受或撤回。请刷新名单。")
    rules.may_invite(by, row.unit_id).demand()
    return row


def _own(invitation: UUID, by: Actor) -> tuple[Invitation, Person]:
    """The invitation, if it is the actor's own to answer, and the actor's person."""
    if by.account is None or by.person is None:
        raise Absent(_GONE)
    if not by.assured:
        raise Refused("请先重新输入密码，再答复单位邀请。")
    person = locked_person(by.person)
    row = Invitation.objects.open().select_related("unit").select_for_update(of=("self",)).filter(pk=invitation).first()
    index = queries.invitation_index(person.identity_number)
    if row is None or row.number_index != index or row.name != person.name or person.account_id != by.account:
        raise Absent(_GONE)
    return row, person


def _join(person: Person, row: Invitation, by: Actor) -> Tie:
    _demand_live(row)
    standing = queries.current_tie(person.pk)
    if standing and standing.unit_id != row.unit_id and organizations.site(row.unit.site).ties is TiesCome.CASE:
        raise Refused(
            f"您现在登记在{standing.unit.name}，不能直接接受其他单位的邀请。"
            "请由该单位办理「人员调转」，或先由该单位解除，再接受邀请。"
        )
    return tie(person, row.unit_id, TieBasis.INVITED, by, department=row.department_id)


def _take(row: Invitation, person: Person, by: Actor) -> None:
    row.person, row.ended_at, row.ended_by = person, clock.now(), by.account
    row.save(update_fields=["person", "ended_at", "ended_by"])
    _audit("accepted", row, by)


def _end(row: Invitation, by: Actor) -> None:
    row.ended_at, row.ended_by = clock.now(), by.account
    row.save(update_fields=["ended_at", "ended_by"])


def _hash(code: str) -> str:
    plain = "".join(code.split()).replace("-", "").lower()
    return sealing.mac(plain.encode(), "people.invitation").hex()


def _told(row: Invitation) -> Invited:
    return Invited(row.pk, f"{mask_name(row.name)} {mask_number(row.number)}", clock.china(row.expires_at).date())


def _audit(verb: str, row: Invitation, by: Actor) -> None:
    audit.record(f"people.invitation.{verb}", by=by, kind="invitation", id=str(row.pk), unit=row.unit_id)
