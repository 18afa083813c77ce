"""Looking accounts up."""

from collections.abc import Collection, Sequence
from uuid import UUID

from django.db.models import QuerySet

from bole.accounts.models import Account, AccountSession, Alias, Device, Factor, RecoveryCode
from bole.accounts.terms import (
    CODE_LIFETIME,
    LOG_IN_ACTIONS,
    SESSION_IDLE,
    SESSION_LONGEST,
    AliasKind,
    Contact,
    EnrolledFactor,
    FactorKind,
    KnownDevice,
    LogIn,
    OpenSession,
    OwnAlias,
    clean_login,
)
from bole.audit import queries as audit
from bole.audit.terms import Outcome
from bole.kernel import sealing
from bole.kernel.clock import now
from bole.kernel.errors import Absent
from bole.kernel.prepared import Prepared


def login_index(login: str) -> str:
    """The look-up key of a log-in name."""
    return sealing.blind_index(clean_login(login), "accounts.login")


def phone_index(phone: str) -> str:
    """The look-up key of a phone number in its clean form."""
    return sealing.blind_index(phone, "accounts.phone")


def account(id: UUID) -> Account:
    """The account with this id. Raises Absent."""
    try:
        return Account.objects.get(pk=id)
    except Account.DoesNotExist:
        raise Absent from None


def account_by_login(login: str) -> Account | None:
    """The account of a log-in name, or None. What it answers must not show to somebody not logged in (AC-09)."""
    return Account.objects.filter(login_index=login_index(login)).first()


def account_named(name: str) -> Account | None:
    """The account of a log-in name of any kind: its own first, then a user name or a proven phone.

    The same is asked for every name (AC-09); what it answers must not show to somebody not logged in.
    """
    index = login_index(name)
    own = Account.objects.filter(login_index=index).first()
    further = Account.objects.filter(aliases__index=index).first()
    return own or further


def names_of(account: Account) -> list[str]:
    """The look-up keys of all log-in names of an account."""
    return [account.login_index, *account.aliases.values_list("index", flat=True)]


def aliases(account: UUID) -> list[OwnAlias]:
    """The further log-in names of an account."""
    rows = Alias.objects.filter(account_id=account).order_by("kind")
    return [OwnAlias(row.pk, AliasKind(row.kind), row.text) for row in rows]


def user_names(accounts: Collection[UUID]) -> dict[UUID, str]:
    """The user names of several accounts, by account, where they have one; one query, for lists."""
    rows = Alias.objects.filter(account_id__in=set(accounts), kind=AliasKind.NAME.value)
    return {row.account_id: row.text for row in rows}


def _of_session(*, account: UUID, record: UUID) -> QuerySet[Account]:
    return Account.objects.filter(pk=account, is_active=True).filter(sessions__id=record, sessions__ended_at=None)


_OF_SESSION = Prepared(_of_session)


def session_account(id: UUID, stamp: str, record: UUID | None = None) -> Account | None:
    """The account that a session stands for, or None when the session has ended.

    `stamp` is `get_session_auth_hash()` of the moment the session was opened, `record` its entry in the owner's list.
    """
    if record is None:
        found = Account.objects.filter(pk=id, is_active=True).first()
    else:
        found = next(iter(_OF_SESSION(account=id, record=record)), None)
    if found is None or found.get_session_auth_hash() != stamp:
        return None
    return found


def open_sessions(account: UUID) -> list[OpenSession]:
    """The log-ins of an account that are still open, the last used first."""
    moment = now()
    rows = AccountSession.objects.filter(
        account_id=account, ended_at=None, opened_at__gt=moment - SESSION_LONGEST, seen_at__gt=moment - SESSION_IDLE
    ).order_by("-seen_at")
    return [OpenSession(row.pk, row.name, row.address or "", row.opened_at, row.seen_at) for row in rows[:50]]


def factors(account: UUID) -> list[EnrolledFactor]:
    """The second factors of an account that count, the oldest first."""
    rows = Factor.objects.filter(account_id=account, confirmed_at__isnull=False).order_by("made_at")
    return [EnrolledFactor(row.pk, FactorKind(row.kind), row.name, row.made_at, row.used_at) for row in rows]


def begun_totp(account: UUID) -> str:
    """The secret of the authenticator app that the owner is setting up at this moment; blank when none is."""
    rows = Factor.objects.filter(account_id=account, kind=FactorKind.TOTP.value, confirmed_at=None)
    found = rows.filter(made_at__gt=now() - CODE_LIFETIME).first()
    return str(found.secret) if found else ""


def recovery_codes_left(account: UUID) -> int:
    """How many recovery codes of the account are still good."""
    return RecoveryCode.objects.filter(account_id=account, used_at=None).count()


def contact(id: UUID) -> Contact:
    """Where messages for the account go; blank where nothing is known. Raises Absent."""
    return contacts([id])[id]


def contacts(ids: Collection[UUID]) -> dict[UUID, Contact]:
    """The same for several accounts, by key, in one query. Raises Absent when one is unknown."""
    wanted = sorted(set(ids))
    few = 0 < len(wanted) <= _FEW  # a decision tells two or three
    rows = _REACHED(len(wanted), **_by_place(wanted)) if few else _reached(len(wanted), **_by_place(wanted))
    found = {row.pk: Contact(row.name, phone=row.phone or "", email=row.email or "") for row in rows}
    if len(found) != len(wanted):
        raise Absent
    return found


def _by_place(ids: Sequence[UUID]) -> dict[str, UUID]:
    return {f"id{place}": id for place, id in enumerate(ids)}


def _reached(many: int, **ids: UUID) -> QuerySet[Account]:
    return Account.objects.filter(pk__in=[ids[f"id{place}"] for place in range(many)]).only("name", "phone", "email")


_FEW, _REACHED = 8, Prepared(_reached)


def devices(account: UUID) -> list[KnownDevice]:
    """The known devices of an account, the last used first."""
    rows = Device.objects.filter(account_id=account, ended_at=None).order_by("-seen_at")
    return [KnownDevice(row.id, row.name, row.seen_at, row.remembered_until) for row in rows]


def recent_log_ins(account: UUID, most: int = 20) -> list[LogIn]:
    """When and from where the account was entered or failed to be, the newest first, out of the ledger."""
    rows = audit.about("account", str(account)).filter(action__in=LOG_IN_ACTIONS)[:most]
    return [
        LogIn(row.at, LOG_IN_ACTIONS[row.action], row.address or "", row.outcome == Outcome.DONE.value) for row in rows
    ]
