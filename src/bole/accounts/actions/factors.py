"""Second factors: a code of an authenticator app, a recovery code, a code to the registered phone (C7).

Each try is reserved before it is looked at, three wrong ones in a row make a pause, and no code opens twice.
"""

import secrets
from hmac import compare_digest
from uuid import UUID

import pyotp
from django.db import transaction

from bole.accounts import queries
from bole.accounts.actions import codes, limiter
from bole.accounts.actions.fixed import fixed
from bole.accounts.events import FactorChanged
from bole.accounts.models import Account, Factor, RecoveryCode
from bole.accounts.terms import (
    CLEAR_SIGNS,
    FACTOR,
    FACTOR_NAMES,
    FACTORS_MOST,
    RECOVERY_CODES,
    WRONG_CODE,
    FactorKind,
    Purpose,
)
from bole.audit import actions as audit
from bole.kernel import sealing
from bole.kernel.actors import Actor
from bole.kernel.clock import now
from bole.kernel.errors import Absent, Invalid, Refused
from bole.kernel.events import announce
from bole.kernel.ids import new_id

_STEP = 30  # seconds; RFC 6238
_DRIFT = (0, -1, 1)  # steps by which the clock of a phone may be wrong
_MOST = f"最多设置 {FACTORS_MOST} 个第二验证方式，请先删除不用的"


def begin_totp(*, by: Actor) -> str:
    """A new secret for an authenticator app (base32); it counts once `confirm_totp` got a code of it.

    One begun some minutes ago and not confirmed is given again. Raises Refused when not fresh or when there are too
    many.
    """
    by.demand_fresh()
    with transaction.atomic():
        account = Account.objects.select_for_update().get(pk=by.who)
        begun = queries.begun_totp(account.pk)
        if begun:
            return begun
        demand_room(account)
        Factor.objects.filter(account=account, kind=FactorKind.TOTP.value, confirmed_at=None).delete()
        secret = pyotp.random_base32()
        Factor.objects.create(
            account=account,
            kind=FactorKind.TOTP.value,
            name=FACTOR_NAMES[FactorKind.TOTP],
            secret=secret,
            made_at=now(),
        )
        return secret


def totp_address(*, secret: str, name: str, issuer: str) -> str:
    """What the QR code of an authenticator app says."""
    return pyotp.TOTP(secret, interval=_STEP).provisioning_uri(name=name, issuer_name=issuer)


def confirm_totp(*, code: str, name: str = "", by: Actor) -> Factor:
    """The app shows right codes: from now on it is a second factor, and its owner is told.

    Raises Invalid at "code", TooMany, Refused when nothing was begun; RuntimeError inside a transaction.
    """
    by.demand_fresh()
    attempt = limiter.reserve(FACTOR, str(by.who))
    with transaction.atomic(durable=True):
        row = (
            Factor.objects.select_for_update()
            .filter(account_id=by.who, kind=FactorKind.TOTP.value, confirmed_at=None)
            .first()
        )
        if row is None:
            raise Refused("请先打开「添加身份验证器」，用验证器扫描二维码。")
        step = _step(row, code)
        if step is not None:
            row.last_step, row.confirmed_at = step, now()
            row.name = name.strip()[:60] or row.name
            row.save(update_fields=["last_step", "confirmed_at", "name"])
            note_change(row, "added", by)
    if step is None:
        raise Invalid.at("code", "验证码不对。请确认手机时间准确，再输入验证器现在显示的 6 位数字。")
    limiter.clear(attempt.limit, attempt.subject)
    return row


def check_totp(*, code: str, by: Actor) -> None:
    """A code of one of the actor's authenticator apps, taken once (a replayed one is refused).

    Raises Invalid at "code", TooMany after three wrong ones; RuntimeError inside a transaction.
    """
    attempt = limiter.reserve(FACTOR, str(by.who))
    with transaction.atomic(durable=True):
        rows = Factor.objects.select_for_update().filter(
            account_id=by.who, kind=FactorKind.TOTP.value, confirmed_at__isnull=False
        )
        used = next((row for row in rows.order_by("made_at") if _take(row, code)), None)
    finish(attempt, used is not None, FactorKind.TOTP.value, by)


def check_recovery_code(*, code: str, by: Actor) -> int:
    """One of the actor's recovery codes, used up by this; returns how many are left.

    Raises Invalid at "code", TooMany after three wrong ones; RuntimeError inside a transaction.
    """
    attempt = limiter.reserve(FACTOR, str(by.who))
    taken = RecoveryCode.objects.filter(account_id=by.who, code_mac=_mac(by.who, code), used_at=None).update(
        used_at=now()
    )
    finish(attempt, taken == 1, "recovery-code", by)
    return queries.recovery_codes_left(by.who)


def send_factor_code(*, by: Actor) -> None:
    """A code to the registered phone, for who has no other second factor. Raises Refused without a phone, TooMany."""
    account = queries.account(by.who)
    if queries.factors(account.pk):
        raise Refused("您已设置第二验证方式，请用验证器、通行密钥或恢复码验证。")
    if not account.phone:
        raise Refused("没有登记手机号码，也没有第二验证方式。请联系上级单位的管理员重新发放一次性凭条。")
    codes.send_to_account(Purpose.FACTOR, account, by)


def check_factor_code(*, code: str, by: Actor) -> None:
    """The code that `send_factor_code` sent. Raises Invalid at "code"; RuntimeError inside a transaction."""
    account = queries.account(by.who)
    if queries.factors(account.pk):
        raise Invalid.at("code", WRONG_CODE)
    codes.spend(Purpose.FACTOR, account.login_index, code)
    with transaction.atomic():
        audit.record("accounts.factor.proved", by=by, kind="account", id=str(by.who), detail={"by": "sms"})


def make_recovery_codes(*, by: Actor) -> list[str]:
    """Ten new recovery codes, shown this once and kept only as keyed hashes; former ones are good no more.

    Raises Refused when not fresh, or when there is no second factor that they could stand in for.
    """
    by.demand_fresh()
    made = [_recovery_code() for _ in range(RECOVERY_CODES)]
    with transaction.atomic():
        account = Account.objects.select_for_update().get(pk=by.who)
        if not queries.factors(account.pk):
            raise Refused("请先添加身份验证器或通行密钥，再生成恢复码。")
        RecoveryCode.objects.filter(account=account).delete()
        moment = now()
        RecoveryCode.objects.bulk_create(
            RecoveryCode(account=account, code_mac=_mac(account.pk, code), made_at=moment) for code in made
        )
        audit.record("accounts.recovery.made", by=by, kind="account", id=str(account.pk))
    return made


def remove_factor(*, factor: UUID, by: Actor) -> None:
    """Take a second factor away; with the last one go the recovery codes. The owner is told.

    Raises Absent for somebody else's, Refused when not fresh.
    """
    by.demand_fresh()
    with transaction.atomic():
        Account.objects.select_for_update().get(pk=by.who)
        row = Factor.objects.filter(pk=factor, account_id=by.who).first()
        if row is None:
            raise Absent
        note_change(row, "removed", by)
        row.delete()
        if not queries.factors(by.who):
            RecoveryCode.objects.filter(account_id=by.who).delete()


def finish(attempt: limiter.Attempt, right: bool, kind: str, by: Actor) -> None:
    """Write down how a try ended. Raises Invalid at "code" for a wrong one."""
    if not right:
        audit.record_refusal(
            "accounts.factor.proved", by=by, kind="account", id=str(by.who), detail={"by": kind, "last": attempt.last}
        )
        raise Invalid.at("code", "验证没有通过。每个验证码只能用一次，请输入新的验证码再试。")
    limiter.clear(attempt.limit, attempt.subject)
    with transaction.atomic():
        audit.record("accounts.factor.proved", by=by, kind="account", id=str(by.who), detail={"by": kind})


def demand_room(account: Account) -> None:
    """Raises Refused when the account has as many second factors as one may have."""
    if Factor.objects.filter(account=account, confirmed_at__isnull=False).count() >= FACTORS_MOST:
        raise Refused(_MOST)


def note_change(row: Factor, verb: str, by: Actor) -> None:
    """A second factor came or went: into the ledger, and to the owner, who may not have done it."""
    audit.record(f"accounts.factor.{verb}", by=by, kind="account", id=str(row.account_id), detail={"kind": row.kind})
    announce(FactorChanged(row.account_id, row.kind, verb, new_id()))


def _take(row: Factor, code: str) -> bool:
    """Whether it is a code of this app that was not taken before; then it is taken now."""
    step = _step(row, code)
    if step is None:
        return False
    row.last_step, row.used_at = max(step, row.last_step), now()
    row.save(update_fields=["last_step", "used_at"])
    return True


def _step(row: Factor, code: str) -> int | None:
    """The time step whose code this is, if it lies after the last one taken."""
    typed, present = "".join(code.split()), int(now().timestamp()) // _STEP
    if fixed.code is not None and compare_digest(typed.encode(), fixed.code.encode()):
        return row.last_step  # the demonstration's code is good any number of times
    app = pyotp.TOTP(row.secret, interval=_STEP)
    for drift in _DRIFT:
        step = present + drift
        if step > row.last_step and compare_digest(app.generate_otp(step).encode(), typed.encode()):
            return step
    return None


def _recovery_code() -> str:
    signs = "".join(secrets.choice(CLEAR_SIGNS) for _ in range(10))
    return f"{signs[:5]}-{signs[5:]}"


def _mac(account: UUID, code: str) -> str:
    plain = "".join(sign for sign in code.upper() if sign.isalnum())
    return sealing.mac(f"{account}|{plain}".encode(), "accounts.recovery").hex()
