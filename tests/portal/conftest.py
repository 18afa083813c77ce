"""An authority with an editor, and two who are none."""

from dataclasses import dataclass

import pytest

from bole.accounts.models import Account
from bole.kernel.actors import Actor
from bole.organizations.terms import Role
from tests.factories.organizations import Ground, as_unit, give_role, make_account, make_ground


@dataclass(frozen=True)
class Press:
    """Wu edits for the province's portal; Chen has the same role, but in a county."""

    ground: Ground
    wu: Account
    chen: Account
    editor: Actor
    outsider: Actor


@pytest.fixture
def press(db: None) -> Press:
    """The editor of Ningxia's portal, and an editor of a county authority."""
    ground = make_ground()
    wu, chen = make_account("吴海燕"), make_account("陈国栋")
    give_role(ground.province, Role.EDITOR, wu)
    give_role(ground.xingqing, Role.EDITOR, chen)
    return Press(ground, wu, chen, as_unit(wu, ground.province), as_unit(chen, ground.xingqing))
