"""Whose account an assertion opens: linked by (issuer, subject), found once by number and name, or bound by its owner.

All of this happens after the provider has authenticated the person, so the sentences may be plain; what they say
concerns nobody but whoever holds that identity (AC-09).
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction

from bole.accounts import queries
from bole.accounts.actions import devices
from bole.accounts.actions.federation.flow import Assertion
from bole.accounts.actions.federation.providers import Provider, provider_names, providers
from bole.accounts.actions.passwords import lift
from bole.accounts.events import IdentityLinked, IdentityUnlinked
from bole.accounts.models import Account, Device, ExternalIdentity
from bole.accounts.terms import CLOSED, NOT_YET, AccountKind
from bole.audit import actions as audit
from bole.kernel import sealing
from bole.kernel.actors import Actor, Way
from bole.kernel.clock import now
from bole.kernel.errors import Absent, Refused
from bole.kernel.events import announce
from bole.kernel.ids import new_id


@dataclass(frozen=True, slots=True)
class LinkedIdentity:
    """A provider as 「账号与安全」 lists it; `id` is None while the account is not bound to it."""

    code: str
    name: str
    id: UUID | None = None
    linked_at: datetime | None = None
    used_at: datetime | None = None


def log_in_by_identity(*, assertion: Assertion, device: str | None, address: str) -> Account | None:
    """The account that the assertion opens, linked to it from now on; None when there is none yet.

    Ends a lock of the log-in, as any verified way does (AC-11). `device` is the token of the device's cookie.
    Raises Refused with what to do: another name in the account, another identity linked, an account that may not
    come in.
    """
    try:
        return _entered(assertion, device, address)
    except IntegrityError:  # the same first log-in came twice at once: now the link is there
        return _entered(assertion, device, address)


def _entered(assertion: Assertion, device: str | None, address: str) -> Account | None:
    with transaction.atomic():
        link = _link_of(assertion)
        account = link.account if link else _account_of(assertion)
        if account is None:
            return None
        account = Account.objects.select_for_update().get(pk=account.pk)
        link = _link_of(assertion)  # again: another window may have linked it while we waited
        by = Actor(way=Way.PERSON, account=account.pk, name=account.name, address=address)
        refusal = _refusal(account, assertion, link)
        if not refusal:
            if link is None:
                _link(account, assertion, by)
            else:
                ExternalIdentity.objects.filter(pk=link.pk).update(used_at=now())
            _note_entry(account, assertion, devices.known_device(device, account), by)
    if refusal:
        audit.record_refusal(
            "accounts.account.entered",
            by=by,
            kind="account",
            id=str(account.pk),
            detail={"provider": assertion.provider},
        )
        raise Refused(refusal)
    return account


def _refusal(account: Account, assertion: Assertion, link: ExternalIdentity | None) -> str:
    """Why the account is not entered; blank when it is."""
    if link is not None and link.account_id != account.pk:
        return f"这个「{assertion.provider_name}」身份刚刚绑定了另一个账号。请重新登录。"
    if not account.is_active:
        return NOT_YET if account.closed_at is None else CLOSED
    if link is None and _folded(account.name) != _folded(assertion.name):
        return (
            f"「{assertion.provider_name}」中的姓名与本平台这个证件号码的账号不一致，没有让您登录。"
            "请用密码登录后核对姓名；姓名有误的，联系当地人社部门更正。"
        )
    if link is None and account.identities.filter(issuer=assertion.issuer).exists():
        return (
            f"您的账号已绑定另一个「{assertion.provider_name}」身份。"
            "请用密码登录，在「账号与安全」解除原来的绑定，再重新绑定。"
        )
    return ""


def _note_entry(account: Account, assertion: Assertion, known: Device | None, by: Actor) -> None:
    lift(account)
    account.last_login = now()
    account.save(update_fields=["last_login"])
    if known is not None:
        Device.objects.filter(pk=known.pk).update(seen_at=now())
    audit.record(
        "accounts.account.logged_in_by_identity",
        by=by,
        kind="account",
        id=str(account.pk),
        detail={"provider": assertion.provider, "factor": assertion.factor, "known_device": known is not None},
    )


def bind_identity(*, assertion: Assertion, by: Actor) -> None:
    """Link one's own account, in which one is logged in, to the identity that just came back from its provider.

    Raises Refused when the identity belongs to another account, or tells another number or name than the account's.
    """
    with transaction.atomic():
        account = Account.objects.select_for_update().get(pk=by.who)
        link = _link_of(assertion)
        if link is not None and link.account_id != account.pk:
            raise Refused(f"这个「{assertion.provider_name}」身份已绑定另一个账号，不能再绑定到您的账号。")
        if link is not None:
            return
        if account.kind != AccountKind.PERSON.value:
            raise Refused("单位账号不绑定个人身份。请用密码登录。")
        if account.identities.filter(issuer=assertion.issuer).exists():
            raise Refused(f"您的账号已绑定「{assertion.provider_name}」。要换一个身份，请先解除原来的绑定。")
        if assertion.number and queries.login_index(assertion.number) != account.login_index:
            raise Refused(
                f"「{assertion.provider_name}」中的证件号码与您的账号不一致，不能绑定。只能绑定您本人的身份。"
            )
        if assertion.number and _folded(assertion.name) != _folded(account.name):
            raise Refused(f"「{assertion.provider_name}」中的姓名与您的账号不一致，不能绑定。请先更正姓名。")
        try:
            with transaction.atomic():
                _link(account, assertion, by)
        except IntegrityError:
            raise Refused(f"这个「{assertion.provider_name}」身份刚刚绑定了另一个账号。") from None


def unbind_identity(*, identity: UUID, by: Actor) -> None:
    """Take a link away from one's own account. Raises Absent for a link that is not one's own, Refused without a
    fresh proof of who one is, or when there would be no way left to log in."""
    with transaction.atomic():
        account = Account.objects.select_for_update().get(pk=by.who)
        link = ExternalIdentity.objects.filter(pk=identity, account=account).first()
        if link is None:
            raise Absent("没有找到这个绑定，它可能已经解除。")
        by.demand_fresh()
        if not account.has_usable_password():
            raise Refused("您的账号还没有设置密码，解除后将无法登录。请先设置密码。")
        name = provider_names().get(link.issuer, link.issuer)
        link.delete()
        audit.record("accounts.identity.unlinked", by=by, kind="account", id=str(account.pk))
        announce(IdentityUnlinked(account.pk, name, new_id()))


def linked_identities(*, account: UUID, site: str) -> tuple[LinkedIdentity, ...]:
    """The providers of a site and the account's links to them, then links to providers that are offered no more."""
    links = {row.issuer: row for row in ExternalIdentity.objects.filter(account_id=account).order_by("linked_at")}
    offered = [_listed(each, links.pop(each.issuer, None)) for each in providers(site)]
    names = provider_names()
    former = [
        LinkedIdentity("", names.get(issuer, issuer), row.pk, row.linked_at, row.used_at)
        for issuer, row in links.items()
    ]
    return (*offered, *former)


def _listed(provider: Provider, row: ExternalIdentity | None) -> LinkedIdentity:
    if row is None:
        return LinkedIdentity(provider.code, provider.name)
    return LinkedIdentity(provider.code, provider.name, row.pk, row.linked_at, row.used_at)


def _subject_index(assertion: Assertion) -> str:
    """To the letter: subjects that differ in case only are two persons."""
    said = f"{assertion.issuer}\n{assertion.subject}".encode()
    return sealing.mac(said, "accounts.identity").hex()[:40]


def _link_of(assertion: Assertion) -> ExternalIdentity | None:
    rows = ExternalIdentity.objects.select_related("account")
    return rows.filter(issuer=assertion.issuer, subject_index=_subject_index(assertion)).first()


def _account_of(assertion: Assertion) -> Account | None:
    """The person's account by the number that the provider verified; never a unit's, never by a further name."""
    if not assertion.number:
        return None
    return Account.objects.filter(
        login_index=queries.login_index(assertion.number), kind=AccountKind.PERSON.value
    ).first()


def _link(account: Account, assertion: Assertion, by: Actor) -> None:
    moment = now()
    ExternalIdentity.objects.create(
        account=account,
        issuer=assertion.issuer,
        subject=assertion.subject,
        subject_index=_subject_index(assertion),
        linked_at=moment,
        used_at=moment,
    )
    audit.record(
        "accounts.identity.linked",
        by=by,
        kind="account",
        id=str(account.pk),
        detail={"provider": assertion.provider},
    )
    announce(IdentityLinked(account.pk, assertion.provider_name, new_id()))


def _folded(name: str) -> str:
    """Names are the same whatever dot and spaces were typed between their parts."""
    return "".join(char for char in name if char not in " \u3000·•・‧∙⋅.．")
