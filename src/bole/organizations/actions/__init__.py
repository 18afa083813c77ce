"""What can be done in the organizations room."""

from bole.organizations.actions.appointing import (
    accept_appointment,
    appoint,
    decline_appointment,
    end_appointment,
    install_holder,
)
from bole.organizations.actions.collection import enable_collection
from bole.organizations.actions.describing import describe_unit
from bole.organizations.actions.importing import import_units, unit_template
from bole.organizations.actions.tree import create_unit, move_unit
from bole.organizations.portals import load_sites

__all__ = [
    "accept_appointment",
    "appoint",
    "create_unit",
    "decline_appointment",
    "describe_unit",
    "enable_collection",
    "end_appointment",
    "import_units",
    "install_holder",
    "load_sites",
    "move_unit",
    "unit_template",
]
