"""Work of the background worker, and what the room does when others announce something."""

from bole.accounts.events import CodeIssued, CodeWithheld, LogInLocked, PasswordChanged, PhoneChanged
from bole.accounts.terms import PURPOSE_NAMES, Purpose
from bole.kernel.clock import now
from bole.kernel.privacy import mask_phone
from bole.notices import actions
from bole.notices.models import Delivery
from bole.notices.sending import attempt
from bole.notices.terms import DeliveryState
from bole.organizations import queries as organizations
from bole.organizations.events import AppointmentEnded, AppointmentOffered
from bole.organizations.terms import ROLE_NAMES, Role


def deliver_pending(limit: int = 200) -> int:
    """Send what is due, the oldest first; returns how many were handed over. Several workers may do so at once."""
    due = Delivery.objects.filter(state=DeliveryState.PENDING.value, next_at__lte=now()).order_by("next_at")
    return sum([attempt(id) for id in due.values_list("pk", flat=True)[:limit]])


def send_code(event: CodeIssued) -> None:
    """The one-time code, to the phone and nowhere else."""
    purpose = Purpose(event.purpose)
    # The one code that a person hands on: to the clerk of the unit, to stand by what the unit filled in.
    advice = "确认内容无误后才可告诉单位经办人。" if purpose is Purpose.ATTEST else "任何工作人员都不会向您索要验证码。"
    text = f"验证码 {event.code}，用于{PURPOSE_NAMES[purpose]}，10 分钟内有效。{advice}"
    actions.send_text(phone=event.phone, text=text, key=f"code:{event.key}", expires_at=event.expires_at)


def spend_time(event: CodeWithheld) -> None:
    """A text to nobody, kept and ended like any other: the clock must not tell who is registered (AC-09)."""
    actions.send_text(phone="", text="", key=f"code:{event.key}", expires_at=event.expires_at)


def tell_password_changed(event: PasswordChanged) -> None:
    """Whoever did not do it must hear of it."""
    actions.tell(
        event.account,
        kind="security",
        key=f"password:{event.key}",
        title="您的登录密码已修改",
        body="所有设备上的登录都已退出。如果不是您本人操作，请立即用「忘记密码」重设，并联系当地人社部门。",
        sms="您的登录密码已修改。如果不是您本人操作，请立即用「忘记密码」重设",
    )


def tell_phone_changed(event: PhoneChanged) -> None:
    """The former phone hears of it, and so does the inbox."""
    actions.tell(
        event.account,
        kind="security",
        key=f"phone:{event.key}",
        title="您的手机号码已更换",
        body=f"原号码 {mask_phone(event.former)} 不再接收验证码。如果不是您本人操作，请立即修改密码，并联系人社部门。",
        sms="您账户的手机号码已更换为本号码",
    )
    text = "您账户的手机号码已更换，本号码不再接收验证码。如果不是您本人操作，请立即联系当地人社部门。"
    actions.send_text(phone=event.former, text=text, key=f"phone-former:{event.key}")


def tell_log_in_locked(event: LogInLocked) -> None:
    """In the inbox only: an SMS at each lock would be a means to pester somebody."""
    where = "一台您用过的设备" if event.known_device else "不认识的设备"
    actions.tell(
        event.account,
        kind="security",
        key=f"locked:{event.key}",
        title="有人连续输错您的登录密码",
        body=f"来自{where}的登录已暂时限制，您常用的设备不受影响。如果不是您本人，不需要做什么；担心时可以修改密码。",
        channels=("inbox",),
    )


def tell_offer(event: AppointmentOffered) -> None:
    """A role lives only once its holder accepts it; so the holder must hear of it."""
    if event.account is None:
        return
    unit = organizations.unit(event.unit)
    actions.tell(
        event.account,
        kind="appointment",
        key=f"offer:{event.appointment}",
        title=f"请确认：担任{unit.name}的{ROLE_NAMES[Role(event.role)]}",
        body="请以「个人」方式登录，在首页接受或谢绝。接受后，选择「单位」方式登录即可办理单位业务。",
        link=f"/{unit.site}/me/",
        sms="有一项单位授权等待您确认",
    )


def tell_role_ended(event: AppointmentEnded) -> None:
    """Who held a role hears that it ended; who laid it down knows."""
    if event.account is None or event.account == event.ended_by:
        return
    unit = organizations.unit(event.unit)
    actions.tell(
        event.account,
        kind="appointment",
        key=f"ended:{event.appointment}",
        title=f"已解除：{unit.name}的{ROLE_NAMES[Role(event.role)]}",
        body="您不再办理这个单位的业务。如有疑问，请联系所属地区人社部门的经办人员。",
    )
