"""Words of the organizations room, by subject: units, roles, appointments, sites, names, and who may do what."""

from bole.organizations.terms.acts import ACT_NAMES, ACTS, NOT_FOR_DEPUTIES, OPERATORS, Act, Reach
from bole.organizations.terms.appointments import OFFER_LASTS, Holder, Invitation, Offer, Standing
from bole.organizations.terms.names import person_name
from bole.organizations.terms.roles import (
    ADMINISTRATIVE,
    CAPACITY_NAMES,
    IMPLIED,
    MODULE_NAMES,
    MODULES,
    ROLE_KINDS,
    ROLE_NAMES,
    SOLE,
    Capacity,
    Module,
    Role,
    way_of,
)
from bole.organizations.terms.sites import EntryTarget, PersonsCome, Site, SiteEntry, TiesCome, UnitsCome
from bole.organizations.terms.units import BELOW, UNIT_KIND_NAMES, Level, UnitChoice, UnitKind, ancestor, covers, span
from bole.organizations.terms.views import (
    DepartmentRow,
    PastAdministrator,
    RoleCard,
    RoleHeld,
    RoleUser,
    RoleUsers,
    RowResult,
    StaffMember,
    TreeAt,
    TreeNode,
    TreePage,
    UnitHit,
)

__all__ = [
    "ACTS", "ACT_NAMES", "ADMINISTRATIVE", "BELOW", "CAPACITY_NAMES", "IMPLIED", "MODULES", "MODULE_NAMES",
    "NOT_FOR_DEPUTIES", "OFFER_LASTS", "OPERATORS", "ROLE_KINDS", "ROLE_NAMES", "SOLE", "UNIT_KIND_NAMES", "Act",
    "Capacity", "DepartmentRow", "EntryTarget", "Holder", "Invitation", "Level", "Module", "Offer",
    "PastAdministrator", "PersonsCome", "Reach", "Role", "RoleCard", "RoleHeld", "RoleUser", "RoleUsers", "RowResult",
    "Site", "SiteEntry", "StaffMember", "Standing", "TiesCome", "TreeAt", "TreeNode", "TreePage", "UnitChoice",
    "UnitHit", "UnitKind", "UnitsCome", "ancestor", "covers", "person_name", "span", "way_of",
]  # fmt: skip
