"""「账号与安全」: everything about one's own account in one place (issue 3, 7)."""

from functools import wraps
from typing import Any, cast
from uuid import UUID

from django.http import HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from bole.accounts import actions as accounts
from bole.accounts import queries
from bole.accounts.models import Account
from bole.accounts.terms import ALIAS_NAMES, FACTOR_NAMES, Purpose
from bole.documents import actions as documents
from bole.kernel.actors import STAFF, Way
from bole.kernel.errors import Absent, Invalid, Refused, TooMany
from bole.kernel.privacy import mask_phone
from bole.organizations import queries as organizations
from bole.organizations.terms import CAPACITY_NAMES, ROLE_NAMES
from bole.web import capacities
from bole.web.doors import View, assured, stepped_up
from bole.web.flash import say
from bole.web.pages.account.proving import relying_party
from bole.web.requests import PageRequest
from bole.web.shapes import Typed

MANAGING = STAFF - {Way.UNIT}  # nobody is in these ways without a second factor
_STAFF_FIRST = (
    "您有单位管理权限，请先在右上角「切换身份」进入单位身份并通过第二验证，再更换手机号码或设置第二验证方式。"
    "手机号码已不能使用的，请联系上级单位的管理员。"
)


def staff_by_second_factor(view: View) -> View:
    """What proves who one is, is set up or changed only after it was proved, by whoever may manage a unit's accounts.

    A stolen password opens the personal way; it must not bring its own second factor, or its own phone for the codes,
    and go on from there to the unit (AC-12, AC-28). Raises Refused with the way to go.
    """

    @wraps(view)
    def guarded(request: PageRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        account = _own(request)
        held = capacities.of_account(account.pk, account.kind)
        demanded = any(capacities.demands_factor(each.way, account.pk) for each in held)
        if demanded and not request.session.get("factor") and request.actor.way not in MANAGING:
            raise Refused(_STAFF_FIRST)
        return view(request, *args, **kwargs)

    return cast(View, guarded)


@require_safe
@assured
def home(request: PageRequest) -> HttpResponse:
    """The page: names, phone, second factors, log-ins that are open, capacities, the last log-ins."""
    account = _own(request)
    sites = {site.code: site.short for site in organizations.sites()}
    held = [
        (each, sites.get(each.site, ""), CAPACITY_NAMES[each.way], "、".join(ROLE_NAMES[role] for role in each.roles))
        for each in capacities.of_account(account.pk, account.kind)
    ]
    context: dict[str, Any] = {
        "here": "security",
        "own": account,
        "aliases": [(each, ALIAS_NAMES[each.kind]) for each in queries.aliases(account.pk)],
        "factors": [(each, FACTOR_NAMES[each.kind]) for each in queries.factors(account.pk)],
        "codes_left": queries.recovery_codes_left(account.pk),
        "visits": queries.open_sessions(account.pk),
        "present": UUID(request.session["record"]),
        "devices": queries.devices(account.pk),
        "held": held,
        "log_ins": queries.recent_log_ins(account.pk),
    }
    return _page(request, "security", context)


@require_http_methods(["GET", "HEAD", "POST"])
@stepped_up
def add_name(request: PageRequest) -> HttpResponse:
    """「设置用户名」: 6 to 14 letters or digits; one that is taken is refused with another to take."""
    form = Typed.posted(request.POST)
    if request.method == "POST":
        try:
            made = accounts.add_alias(name=form["name"], by=request.actor)
            return _home(request, f"以后也可以用用户名「{made.text}」登录。")
        except Invalid as error:
            return _form(request, "name", form.with_faults(error), status=422)
    return _form(request, "name", form)


@require_http_methods(["GET", "HEAD", "POST"])
@stepped_up
def add_phone_name(request: PageRequest) -> HttpResponse:
    """「用手机号码登录」, once a code shows that the phone is at hand."""
    phone = _own(request).phone or ""
    shown: dict[str, Any] = {"phone": mask_phone(phone) if phone else ""}
    form = Typed.posted(request.POST, "code")
    if request.method != "POST":
        return _form(request, "phone-name", form, **shown)
    try:
        if form["do"] == "send":
            accounts.send_code(purpose=Purpose.PHONE_NAME.value, phone=phone, by=request.actor)
            return _form(request, "phone-name", form, sent=True, **shown)
        accounts.add_phone_alias(code=request.POST.get("code", ""), by=request.actor)
        return _home(request, "以后也可以用手机号码登录。")
    except Invalid as error:
        return _form(request, "phone-name", form.with_faults(error), sent=form["do"] != "send", status=422, **shown)
    except TooMany as error:
        return _form(request, "phone-name", form, reason=error.sentence, status=429, **shown)


@require_http_methods(["GET", "HEAD", "POST"])
@stepped_up
def remove_name(request: PageRequest, alias: UUID) -> HttpResponse:
    """Asks first, then the name opens nothing any more."""
    found = next((each for each in queries.aliases(_own(request).pk) if each.id == alias), None)
    if found is None:
        raise Absent
    if request.method == "POST":
        accounts.remove_alias(alias=alias, by=request.actor)
        return _home(request, f"不能再用这个{ALIAS_NAMES[found.kind]}登录。")
    text = f"删除后不能再用{ALIAS_NAMES[found.kind]}登录。证件号码不受影响。"
    return _ask(request, f"删除登录名「{found.text}」？", text, "删除")


@require_http_methods(["GET", "HEAD", "POST"])
@assured
@staff_by_second_factor
def phone(request: PageRequest) -> HttpResponse:
    """「更换手机号码」: the password, and a code sent to the new number; the former one is told."""
    form = Typed.posted(request.POST, "code", "password")
    if request.method != "POST":
        return _form(request, "phone", form)
    try:
        if form["do"] == "send":
            accounts.send_code(purpose=Purpose.PHONE.value, phone=form["phone"], by=request.actor)
            return _form(request, "phone", form, sent=True)
        code, password = request.POST.get("code", ""), request.POST.get("password", "")
        accounts.change_phone(phone=form["phone"], code=code, password=password, by=request.actor)
        return _home(request, "手机号码已更换，原号码会收到通知。")
    except Invalid as error:
        return _form(request, "phone", form.with_faults(error), status=422)
    except TooMany as error:
        return _form(request, "phone", form, reason=error.sentence, status=429)


@require_http_methods(["GET", "HEAD", "POST"])
@assured
def email(request: PageRequest) -> HttpResponse:
    """「电子邮箱」: the password, and the address; blank takes it away."""
    if request.method != "POST":
        return _form(request, "email", Typed({"email": _own(request).email or ""}))
    form = Typed.posted(request.POST, "password")
    try:
        accounts.change_email(email=form["email"], password=request.POST.get("password", ""), by=request.actor)
        return _home(request, "电子邮箱已更新。" if form["email"].strip() else "电子邮箱已删除。")
    except Invalid as error:
        return _form(request, "email", form.with_faults(error), status=422)
    except TooMany as error:
        return _form(request, "email", form, reason=error.sentence, status=429)


@require_http_methods(["GET", "HEAD", "POST"])
@stepped_up
@staff_by_second_factor
def authenticator(request: PageRequest) -> HttpResponse:
    """「添加身份验证器」: begun by a press, the secret as a QR code and in letters, then a first code of it."""
    form, status, reason = Typed.posted(request.POST, "code"), 200, ""
    if request.method == "POST":
        try:
            if form["do"] == "begin":
                accounts.begin_totp(by=request.actor)
                return HttpResponseRedirect(request.path)
            accounts.confirm_totp(code=request.POST.get("code", ""), name=form["name"], by=request.actor)
            say(request, "身份验证器已添加。")
            return _after_factor(request)
        except Invalid as error:
            form, status = form.with_faults(error), 422
        except (TooMany, Refused) as error:
            reason, status = error.sentence, 429 if isinstance(error, TooMany) else 403
    account = _own(request)
    shown: dict[str, Any] = {}
    if secret := queries.begun_totp(account.pk):
        address = accounts.totp_address(secret=secret, name=account.name, issuer=request.here.name)
        letters = " ".join(secret[at : at + 4] for at in range(0, len(secret), 4))
        shown = {"qr": documents.qr_address(address), "secret": letters}
    return _form(request, "authenticator", form, reason=reason, status=status, **shown)


@require_http_methods(["GET", "HEAD", "POST"])
@stepped_up
@staff_by_second_factor
def passkey(request: PageRequest) -> HttpResponse:
    """「添加通行密钥」 of this device or of a security key, by the browser's own dialog."""
    rp_id, origin = relying_party(request)
    form, status = Typed.posted(request.POST, "answer"), 200
    if request.method == "POST":
        try:
            accounts.finish_passkey(
                answer=request.POST.get("answer", ""), name=form["name"], rp_id=rp_id, origin=origin, by=request.actor
            )
            say(request, "通行密钥已添加。")
            return _after_factor(request)
        except Invalid as error:
            form, status = form.with_faults(error), 422
    options = accounts.begin_passkey(rp_id=rp_id, rp_name=request.here.name, by=request.actor)
    return _form(request, "passkey", form, status=status, options=options)


@require_http_methods(["GET", "HEAD", "POST"])
@stepped_up
def recovery(request: PageRequest) -> HttpResponse:
    """「恢复码」: asks first, since new ones end the former; they are shown once and never again."""
    if request.method == "POST":
        made = accounts.make_recovery_codes(by=request.actor)
        return _page(request, "recovery_codes", {"codes": made})
    text = "会生成 10 个新的恢复码，只显示这一次，请打印或抄下来妥善保管。原来的恢复码随即失效。"
    return _ask(request, "生成恢复码？", text, "生成恢复码", danger=False)


@require_http_methods(["GET", "HEAD", "POST"])
@stepped_up
def remove_factor(request: PageRequest, factor: UUID) -> HttpResponse:
    """Asks first, then the factor proves nothing any more."""
    found = next((each for each in queries.factors(_own(request).pk) if each.id == factor), None)
    if found is None:
        raise Absent
    if request.method == "POST":
        accounts.remove_factor(factor=factor, by=request.actor)
        return _home(request, f"{FACTOR_NAMES[found.kind]}「{found.name}」已删除。")
    text = "删除后不能再用它验证身份。删除最后一个时，恢复码一并失效，以后用登记手机的短信验证码验证。"
    return _ask(request, f"删除{FACTOR_NAMES[found.kind]}「{found.name}」？", text, "删除")


@require_POST
@assured
def end_session(request: PageRequest, visit: UUID) -> HttpResponse:
    """「退出此设备」, from the next click on."""
    accounts.end_visit(visit=visit, by=request.actor)
    return _home(request, "已退出，那台设备再操作时需要重新登录。")


@require_http_methods(["GET", "HEAD", "POST"])
@assured
def end_others(request: PageRequest) -> HttpResponse:
    """「退出其他全部设备」: asks first; only the present log-in goes on."""
    if request.method == "POST":
        ended = accounts.end_other_visits(keep=UUID(request.session["record"]), by=request.actor)
        return _home(request, f"已退出其他 {ended} 处登录，「两周内免登录」也已取消。")
    text = "其他设备上的登录都会退出，「两周内免登录」一并取消。那里没有保存的内容会丢失。"
    return _ask(request, "退出其他全部设备？", text, "退出其他全部设备")


@require_POST
@assured
def forget_device(request: PageRequest, device: UUID) -> HttpResponse:
    """「不再记住」: the device resumes nothing by itself and has no log-in tries of its own any more."""
    accounts.forget_device(device=device, by=request.actor)
    return _home(request, "不再记住那台设备，下次在那里需要输入密码登录。")


def _own(request: PageRequest) -> Account:
    assert request.account is not None  # noqa: S101  # the door lets nobody else in
    return request.account


def _after_factor(request: PageRequest) -> HttpResponse:
    """The first second factor leads on to the recovery codes; without them a lost phone locks its owner out."""
    wanted = "security" if queries.recovery_codes_left(_own(request).pk) else "recovery-codes"
    return HttpResponseRedirect(reverse(wanted, args=[request.here.code]))


def _home(request: PageRequest, sentence: str) -> HttpResponse:
    say(request, sentence)
    return HttpResponseRedirect(reverse("security", args=[request.here.code]))


def _ask(request: PageRequest, title: str, text: str, button: str, *, danger: bool = True) -> HttpResponse:
    return _page(request, "security_ask", {"title": title, "text": text, "button": button, "danger": danger})


def _form(request: PageRequest, kind: str, form: Typed, *, status: int = 200, **more: Any) -> HttpResponse:
    return _page(request, "security_form", {"kind": kind, "form": form, **more}, status=status)


def _page(request: PageRequest, name: str, context: dict[str, Any], *, status: int = 200) -> HttpResponse:
    shell = "web/shells/workbench.html" if request.capacity else "web/shells/personal.html"
    return render(request, f"web/account/{name}.html", {"here": "security", "shell": shell, **context}, status=status)
