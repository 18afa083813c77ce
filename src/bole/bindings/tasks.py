"""Messages for facts of rooms that may not know the notices room."""

from uuid import UUID

from bole.bindings.events import AttachmentFailed
from bole.bindings.postponing import carry_out_due as carry_out_due
from bole.kernel import clock
from bole.kernel.ids import new_id
from bole.notices import actions as notices
from bole.notices.terms import Channel, Note
from bole.organizations import queries as organizations
from bole.organizations.events import UnitClosed
from bole.organizations.terms import Role, TiesCome
from bole.people import queries as people
from bole.people.events import (
    InvitationRepeated,
    PersonAdmitted,
    PersonInvited,
    PersonTied,
    PersonTransferred,
    RegistrationHeld,
    RegistrationRefused,
    RegistrationRepeated,
    UnitRegistered,
)

_AT_ONCE = 500  # messages of one statement


def tell_registration_repeated(event: RegistrationRepeated) -> None:
    """The owner of an account hears when somebody registers the same identity number again."""
    notices.tell(
        event.account,
        kind="security",
        title="有人用您的证件号码注册",
        body="您的账号没有变化。如果是您本人，请直接登录或用「忘记密码」找回；不是您本人的，请联系当地人社部门。",
        sms="有人用您的证件号码注册，您的账号没有变化",
    )


def tell_registration_held(event: RegistrationHeld) -> None:
    """Who stands on a roster hears at the roster's phone that somebody else used the number; once a day (AC-09)."""
    person = people.person(event.person)
    if person.phone:
        text = "有人用您的证件号码注册，姓名或手机号与单位登记的不一致，没有成功。如果是您本人，请单位核对登记信息。"
        notices.send_text(phone=person.phone, text=text, key=f"held:{person.pk}:{clock.today()}")


def tell_person_tied(event: PersonTied) -> None:
    """The unit hears who named it as their own, so that a stranger does not stay unnoticed."""
    person, unit = people.person(event.person), organizations.unit(event.unit)
    if organizations.site(unit.site).ties is TiesCome.CASE:
        return  # the unit itself passed it
    notices.tell_each(
        _holders(event.unit, Role.COLLECTION_ADMINISTRATOR),
        kind="tie",
        key=f"tied:{new_id()}",  # who leaves and comes again is told of again
        title=f"{person.name}登记为{unit.name}的人员",
        body="这个人在「基本资料」中选择了本单位。不是本单位人员的，请联系当地人社部门更正，上报的材料可以退回。",
        channels=("inbox",),
    )


def _holders(unit: UUID, role: Role) -> list[UUID]:
    return [holder.account for holder in organizations.holders(unit, role)]


def tell_person_admitted(event: PersonAdmitted) -> None:
    """Who waited for the first log-in hears that it is open (HA-02)."""
    unit = organizations.unit(event.unit)
    notices.tell(
        event.account,
        kind="account",
        key=f"admitted:{event.account}:{event.unit}",
        title="注册已通过单位审核",
        body=f"{unit.name}已通过您的注册，现在可以用证件号码和密码登录。",
        link=f"/{unit.site}/me/",
        sms="您的注册已通过单位审核，现在可以登录",
    )


def tell_registration_refused(event: RegistrationRefused) -> None:
    """Who cannot log in is told at the phone; the reason is the unit's to give (AC-27)."""
    person, unit = people.person(event.person), organizations.unit(event.unit)
    if person.phone:
        text = f"您的注册未通过{unit.name}审核，原因请联系该单位。信息有误的，可以更正后重新注册。"
        notices.send_text(phone=person.phone, text=text, key=f"refused:{event.key}")


def tell_person_invited(event: PersonInvited) -> None:
    """The code to the phone and nowhere else; who has an account finds the invitation on the own home page (SZ-03)."""
    unit, site = organizations.unit(event.unit), organizations.site(event.site)
    until = clock.china(event.expires_at)
    text = (
        f"{unit.name}邀请您成为申报人员，邀请码 {event.code}，{until.month}月{until.day}日前有效。"
        f"请打开{site.name}，在「激活账户」凭邀请码和本人证件号码设置密码。不是您本人的，请不要理会。"
    )
    notices.send_text(phone=event.phone, text=text, key=f"invited:{event.key}", expires_at=event.expires_at)
    if event.account is not None:
        _tell_waiting(event.account, event.unit, f"invited:{event.key}:inbox")


def tell_invitation_repeated(event: InvitationRepeated) -> None:
    """The owner of the account hears that the invitation waits for the own log-in."""
    _tell_waiting(event.account, event.unit, f"invited-again:{event.account}:{event.unit}:{clock.today()}")


def _tell_waiting(account: UUID, unit: UUID, key: str) -> None:
    row = organizations.unit(unit)
    notices.tell(
        account,
        kind="tie",
        key=key,
        title=f"{row.name}邀请您成为申报人员",
        body="请以「个人」方式登录，在首页接受或谢绝。接受之前没有任何变化。",
        link=f"/{row.site}/me/",
        channels=("inbox",),
    )


def tell_person_transferred(event: PersonTransferred) -> None:
    """The person hears of the new unit; the old one hears that it is done (HA-13)."""
    person, unit, before = people.person(event.person), organizations.unit(event.unit), organizations.unit(event.before)
    key = f"transferred:{event.person}:{event.before}:{event.unit}:{clock.today()}"
    if person.account_id is not None:
        notices.tell(
            person.account_id,
            kind="tie",
            key=key,
            title=f"您已调转到{unit.name}",
            body=f"您的申报材料和档案随您调转，在{before.name}的经办权限已经终止。如有疑问，请联系两家单位。",
            link=f"/{unit.site}/me/",
        )
    notices.tell_each(
        _holders(before.pk, Role.REGISTRAR),
        kind="tie",
        key=key,
        title=f"{person.name}已调转到{unit.name}",
        body="对方已确认调转，本单位的人员名单和权限已经更新。",
        channels=("inbox",),
    )


def tell_unit_registered(event: UnitRegistered) -> None:
    """Who had an account before hears that a unit registered with them as its administrator (SZ-01)."""
    if event.account is None:
        return
    unit = organizations.unit(event.unit)
    notices.tell(
        event.account,
        kind="appointment",
        key=f"unit-registered:{event.unit}:{event.account}",
        title=f"请确认：担任{unit.name}的单位管理员",
        body="有单位注册时填写您为单位管理员。是您本人办理的，请登录后在首页接受；不是您本人的，请谢绝。",
        link=f"/{unit.site}/me/",
        sms="有一项单位授权等待您确认",
    )


def tell_attachment_failed(event: AttachmentFailed) -> None:
    """A change of superior that could not take effect on its day: the unit must apply anew (HA-08)."""
    unit, superior = organizations.unit(event.unit), organizations.unit(event.superior)
    notices.tell_each(
        _holders(unit.pk, Role.ADMINISTRATOR),
        kind="tie",
        key=f"attachment:{event.case}",
        title="更换上级部门没有生效",
        body=f"受理编号 {event.case}，更换到{superior.name}没有生效：{event.say}请核对后重新申请。",
    )


def tell_people_of_closed_unit(event: UnitClosed) -> None:
    """Who belongs to a closed unit hears that they need another before they apply for anything."""
    unit = organizations.unit(event.unit)
    tied = people.people_of(unit.pk).filter(person__account__isnull=False).order_by("id")
    notes = [
        Note(
            account=account,
            key=f"closed-home:{unit.pk}:{account}",
            title=f"您所在的{unit.name}已停用",
            body="您的档案和申报都保留。新的申报要先有所在单位：请在「基本资料」中更换，或请新单位办理转入。",
            link=f"/{unit.site}/my/profile/",
            channels=(Channel.INBOX,),
            kind="tie",
        )
        for account in tied.values_list("person__account_id", flat=True)
    ]
    for start in range(0, len(notes), _AT_ONCE):
        notices.tell_all(notes[start : start + _AT_ONCE])
