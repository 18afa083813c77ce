"""Further log-in names: a user name of 6 to 14 letters or digits (深圳), or the proven phone number.

A name that is taken is refused to whoever is logged in, with another one to take; strangers learn nothing by it,
since a user name says nothing about whom it belongs to.
"""

from uuid import UUID

from django.db import IntegrityError, transaction

from bole.accounts import queries
from bole.accounts.actions import codes
from bole.accounts.models import Account, Alias
from bole.accounts.terms import AliasKind, Purpose, clean_user_name
from bole.audit import actions as audit
from bole.kernel.actors import Actor
from bole.kernel.clock import now
from bole.kernel.errors import Absent, Invalid

_SUGGESTED = 100


def suggest_alias(wanted: str) -> str:
    """A user name near the wanted one that is free now; blank when none is near. Raises Invalid at "name"."""
    plain = clean_user_name(wanted)
    stems = [plain[: 14 - len(str(number))] + str(number) for number in range(1, _SUGGESTED)]
    indexes = {queries.login_index(each): each for each in stems}
    taken = set(Alias.objects.filter(index__in=indexes).values_list("index", flat=True))
    taken |= set(Account.objects.filter(login_index__in=indexes).values_list("login_index", flat=True))
    return next((each for index, each in indexes.items() if index not in taken), "")


def put_name(account: Account, wanted: str) -> Alias:
    """Give the account this user name, inside the caller's transaction. Raises Invalid at "name"."""
    plain = clean_user_name(wanted)
    made = _make(account, AliasKind.NAME, plain)
    if made is None:
        other = suggest_alias(plain)
        raise Invalid.at("name", f"用户名「{plain}」已有人使用，请另取一个{f'，例如「{other}」' if other else ''}")
    return made


def add_alias(*, name: str, by: Actor) -> Alias:
    """Take a user name as a further log-in name in place of a former one. Raises Invalid at "name", Refused."""
    by.demand_fresh()
    with transaction.atomic():
        account = Account.objects.select_for_update().get(pk=by.who)
        Alias.objects.filter(account=account, kind=AliasKind.NAME.value).exclude(
            index=queries.login_index(clean_user_name(name))
        ).delete()
        made = put_name(account, name)
        audit.record("accounts.alias.added", by=by, kind="account", id=str(account.pk), detail={"kind": made.kind})
    return made


def add_phone_alias(*, code: str, by: Actor) -> Alias:
    """Log in with the registered phone number from now on; the code of Purpose.PHONE_NAME proves that it is at hand.

    Raises Invalid at "code" or "phone", Refused when not fresh; RuntimeError inside a transaction.
    """
    by.demand_fresh()
    known = queries.account(by.who)
    if not known.phone:
        raise Invalid.at("phone", "还没有登记手机号码，请先登记")
    codes.check_code(purpose=Purpose.PHONE_NAME, phone=known.phone, code=code)
    with transaction.atomic():
        account = Account.objects.select_for_update().get(pk=known.pk)
        made = _make(account, AliasKind.PHONE, known.phone) if account.phone == known.phone else None
        if made is None:
            raise Invalid.at("phone", "这个手机号码已是另一个账号的登录名。一个号码只能用来登录一个账号。")
        audit.record("accounts.alias.added", by=by, kind="account", id=str(account.pk), detail={"kind": made.kind})
    return made


def remove_alias(*, alias: UUID, by: Actor) -> None:
    """Log in by this name no more. Raises Absent for somebody else's, Refused when not fresh."""
    by.demand_fresh()
    with transaction.atomic():
        row = Alias.objects.select_for_update().filter(pk=alias, account_id=by.who).first()
        if row is None:
            raise Absent
        row.delete()
        audit.record("accounts.alias.removed", by=by, kind="account", id=str(by.who), detail={"kind": row.kind})


def _make(account: Account, kind: AliasKind, text: str) -> Alias | None:
    """The alias, or None when the name is taken; its own one again is fine."""
    index = queries.login_index(text)
    own = Alias.objects.filter(account=account, index=index).first()
    if own is not None:
        return own
    if Account.objects.filter(login_index=index).exists():
        return None
    try:
        with transaction.atomic():
            return Alias.objects.create(account=account, kind=kind.value, text=text, index=index, made_at=now())
    except IntegrityError:
        return None
