"""Work of the background worker, and what the room does when others announce something."""

from bole.accounts.events import (
    AccountActivated,
    CodeIssued,
    CodeWithheld,
    FactorChanged,
    IdentityLinked,
    IdentityUnlinked,
    LogInLocked,
    PasswordChanged,
    PhoneChanged,
    ResetStarted,
)
from bole.accounts.terms import FACTOR_NAMES, PURPOSE_NAMES, FactorKind, Purpose
from bole.kernel.clock import now
from bole.kernel.privacy import mask_phone
from bole.notices import actions
from bole.notices.models import Delivery
from bole.notices.sending import attempt
from bole.notices.terms import DeliveryState
from bole.organizations import queries as organizations
from bole.organizations.events import (
    AppointmentAccepted,
    AppointmentEnded,
    AppointmentGranted,
    AppointmentOffered,
    UnitAttached,
)
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
    if purpose is Purpose.SLIP:
        way = "请在登录页点「忘记密码」或「账号激活」，选「用凭条办理」。"
        text = f"一次性凭条 {event.code}，用于{PURPOSE_NAMES[purpose]}，24 小时内有效。{way}{advice}"
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


def tell_factor_changed(event: FactorChanged) -> None:
    """Whoever did not do it must hear of it, on the phone as well."""
    word = f"{FACTOR_NAMES[FactorKind(event.kind)]}已{'添加' if event.verb == 'added' else '删除'}"
    actions.tell(
        event.account,
        kind="security",
        key=f"factor:{event.key}",
        title=f"第二验证方式变化：{word}",
        body="如果不是您本人操作，请立即修改密码，在「账号与安全」退出其他全部设备，并联系当地人社部门。",
        sms=f"您账号的{word}。如果不是您本人操作，请立即修改密码",
    )


def tell_identity_linked(event: IdentityLinked) -> None:
    """A further way into the account: whoever did not open it must hear of it."""
    actions.tell(
        event.account,
        kind="security",
        key=f"identity:{event.key}",
        title=f"您的账号已绑定「{event.name}」",
        body=f"以后可以用「{event.name}」登录您的账号。如果不是您本人操作，请在「账号与安全」解除绑定并修改密码。",
        sms=f"您的账号已绑定「{event.name}」。如果不是您本人操作，请登录后在「账号与安全」解除绑定",
    )


def tell_identity_unlinked(event: IdentityUnlinked) -> None:
    """A way into the account is gone."""
    actions.tell(
        event.account,
        kind="security",
        key=f"identity:{event.key}",
        title=f"您的账号已解除与「{event.name}」的绑定",
        body=f"不能再用「{event.name}」登录您的账号。如果不是您本人操作，请立即修改密码。",
        sms=f"您的账号已解除与「{event.name}」的绑定。如果不是您本人操作，请立即修改密码",
    )


def tell_reset_started(event: ResetStarted) -> None:
    """The owner hears who started it, whether or not they use it."""
    actions.tell(
        event.account,
        kind="security",
        key=f"reset:{event.key}",
        title="管理员为您发起了密码重置",
        body=f"由 {event.by_name} 发起。一次性凭条只发给您本人，原来的密码仍然有效。没有提出过的不用理会，请告知单位。",
        channels=("inbox",),
    )


def tell_activated(event: AccountActivated) -> None:
    """Somebody set the first password of an account made in advance; its owner must know of it."""
    actions.tell(
        event.account,
        kind="security",
        key=f"activated:{event.key}",
        title="您的账号已激活",
        body="建议在「账号与安全」设置身份验证器或通行密钥。如果不是您本人激活，请立即联系当地人社部门。",
        sms="您的账号已激活。如果不是您本人操作，请立即联系当地人社部门",
    )


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
        title=f"请确认：担任{unit.name}的{event.title or ROLE_NAMES[Role(event.role)]}",
        body="请以「个人」方式登录，在首页接受或谢绝。接受后，选择「单位」方式登录即可办理单位业务。",
        link=f"/{unit.site}/me/",
        sms="有一项单位授权等待您确认",
    )


def tell_role_ended(event: AppointmentEnded) -> None:
    """Who held a role hears that it ended; who laid it down knows."""
    if event.account is None or event.account == event.ended_by:
        return
    unit, why = organizations.unit(event.unit), f"原因：{event.reason}。" if event.reason else ""
    actions.tell(
        event.account,
        kind="appointment",
        key=f"ended:{event.appointment}",
        title=f"已解除：{unit.name}的{event.title or ROLE_NAMES[Role(event.role)]}",
        body=f"{why}您不再以这个身份办理业务。如有疑问，请联系该单位的管理员，或所属地区人社部门的经办人员。",
    )


def tell_granted(event: AppointmentGranted) -> None:
    """A further role needs no acceptance; so its holder hears of it."""
    unit = organizations.unit(event.unit)
    actions.tell(
        event.account,
        kind="appointment",
        key=f"granted:{event.appointment}",
        title=f"新增授权：{unit.name}的{event.title}",
        body="以该单位身份登录即可办理。不应由您办理的，可以在「我的身份」中解除，或联系该单位的管理员。",
    )


def tell_accepted(event: AppointmentAccepted) -> None:
    """Who made an offer hears that it was taken."""
    if event.offered_by is None or event.offered_by == event.account:
        return
    unit = organizations.unit(event.unit)
    actions.tell(
        event.offered_by,
        kind="appointment",
        key=f"accepted:{event.appointment}",
        title=f"已接受：{unit.name}的{event.title}",
        body="您发出的授权邀请已由本人接受，即时生效。",
        channels=("inbox",),
    )


def tell_attached(event: UnitAttached) -> None:
    """Both superiors hear that a unit came or went (JL-02)."""
    unit = organizations.unit(event.unit)
    for superior, word in ((event.before, "不再归口到"), (event.after, "已归口到")):
        if superior is None:
            continue
        there = organizations.unit(superior)
        actions.tell_each(
            [holder.account for holder in organizations.holders(superior, Role.ADMINISTRATOR)],
            kind="appointment",
            key=f"attached:{unit.pk}:{superior}:{word}:{unit.path}",
            title=f"{unit.name}{word}{there.name}",
            body="单位的上下级关系已变更，业务按新的归口关系流转；变更前已在办理的，由原处室办完或按改派方案处理。",
            channels=("inbox",),
        )
