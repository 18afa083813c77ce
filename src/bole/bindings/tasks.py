"""Messages for facts of rooms that may not know the notices room."""

from bole.kernel import clock
from bole.notices import actions as notices
from bole.organizations import queries as organizations
from bole.organizations.terms import Role
from bole.people import queries as people
from bole.people.events import PersonTied, RegistrationHeld, RegistrationRepeated


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
    for holder in organizations.holders(event.unit, Role.COLLECTION_ADMINISTRATOR):
        notices.tell(
            holder.account,
            kind="tie",
            title=f"{person.name}登记为{unit.name}的人员",
            body="这个人在「基本资料」中选择了本单位。不是本单位人员的，请联系当地人社部门更正，上报的材料可以退回。",
            channels=("inbox",),
        )
