"""Unit accounts follow the code and the name of their unit."""

from uuid import UUID

from django.db import IntegrityError, transaction

from bole.accounts import queries
from bole.accounts.models import Account
from bole.accounts.terms import AccountKind, clean_login
from bole.audit import actions as audit
from bole.kernel.actors import Actor
from bole.kernel.errors import Invalid, Refused


def rename_unit_account(*, account: UUID, login: str, name: str, by: Actor) -> None:
    """Give a unit's account the unit's present code as its log-in name, and its present name.

    The caller has asked whether `by` may. Raises Invalid at "credit_code" for a log-in name that is taken, Refused for
    an account that is a person's own.
    """
    with transaction.atomic():
        row = Account.objects.select_for_update().get(pk=account)
        if row.kind != AccountKind.UNIT.value:
            raise Refused("个人账号只属于本人，不能转交。")
        if (row.login_index, row.name) == (queries.login_index(login), name):
            return
        row.login, row.login_index, row.name = clean_login(login), queries.login_index(login), name
        try:
            with transaction.atomic():
                row.save(update_fields=["login", "login_index", "name"])
        except IntegrityError:
            raise Invalid.at("credit_code", "该代码已经用作其他账号的登录名，请核对代码，或联系系统管理员") from None
        audit.record("accounts.account.renamed", by=by, kind="account", id=str(account))
