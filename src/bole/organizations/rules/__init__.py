"""Who may do what in the organizations room. Every answer is read from the database at the moment of the act."""

from bole.organizations.rules.business import (
    may_appoint,
    may_authorize,
    may_create_unit,
    may_describe_unit,
    may_enable_collection,
    may_enter_unit_way,
    may_move_unit,
    sees_unit_from,
    units_seen_from,
    units_visible_to,
)
from bole.organizations.rules.managing import (
    acts_from,
    acts_on,
    can_be_granted_in,
    is_province,
    may_act,
    may_act_from,
    may_end_appointment,
    may_grant,
    may_keep_range,
    may_keep_role,
)
from bole.organizations.rules.positions import Position, position, position_of

__all__ = [
    "Position",
    "acts_from",
    "acts_on",
    "can_be_granted_in",
    "is_province",
    "may_act",
    "may_act_from",
    "may_appoint",
    "may_authorize",
    "may_create_unit",
    "may_describe_unit",
    "may_enable_collection",
    "may_end_appointment",
    "may_enter_unit_way",
    "may_grant",
    "may_keep_range",
    "may_keep_role",
    "may_move_unit",
    "position",
    "position_of",
    "sees_unit_from",
    "units_seen_from",
    "units_visible_to",
]
