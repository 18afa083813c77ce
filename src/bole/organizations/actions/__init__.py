"""What can be done in the organizations room."""

from bole.organizations.actions.administering import appoint_in_emergency, hand_over, remove_administrator
from bole.organizations.actions.appointing import (
    accept_appointment,
    appoint,
    decline_appointment,
    end_appointment,
    install_holder,
)
from bole.organizations.actions.attaching import attach_unit, close_unit, resume_review, suspend_review
from bole.organizations.actions.business_roles import disable_role, enable_role, keep_role
from bole.organizations.actions.changing import change_unit
from bole.organizations.actions.collection import enable_collection
from bole.organizations.actions.departments import (
    disable_department,
    enable_department,
    keep_department,
    move_department,
)
from bole.organizations.actions.describing import describe_unit
from bole.organizations.actions.granting import grant, offer_role
from bole.organizations.actions.holding import lock_unit
from bole.organizations.actions.importing import import_units, unit_template
from bole.organizations.actions.importing_subordinates import subordinates_import, subordinates_template
from bole.organizations.actions.lapsing import lapse_due
from bole.organizations.actions.leaving import clean_up, end_all
from bole.organizations.actions.operators import import_operators, operator_template, operators_import
from bole.organizations.actions.renewing import renew_offer
from bole.organizations.actions.subordinates import create_subordinate, register_unit
from bole.organizations.actions.tree import create_unit, move_unit
from bole.organizations.actions.unit_accounts import open_unit_account
from bole.organizations.portals import load_sites

__all__ = [
    "accept_appointment",
    "appoint",
    "appoint_in_emergency",
    "attach_unit",
    "change_unit",
    "clean_up",
    "close_unit",
    "create_subordinate",
    "create_unit",
    "decline_appointment",
    "describe_unit",
    "disable_department",
    "disable_role",
    "enable_collection",
    "enable_department",
    "enable_role",
    "end_all",
    "end_appointment",
    "grant",
    "hand_over",
    "import_operators",
    "import_units",
    "install_holder",
    "keep_department",
    "keep_role",
    "lapse_due",
    "load_sites",
    "lock_unit",
    "move_department",
    "move_unit",
    "offer_role",
    "open_unit_account",
    "operator_template",
    "operators_import",
    "register_unit",
    "remove_administrator",
    "renew_offer",
    "resume_review",
    "subordinates_import",
    "subordinates_template",
    "suspend_review",
    "unit_template",
]
