"""Verbs of the cases room; the only writers of its tables."""

from bole.cases.actions.attesting import attest
from bole.cases.actions.evidence import (
    attach,
    declare_gap,
    detach,
    move_attachment,
    order_attachments,
    replace_attachment,
    withdraw_gap,
)
from bole.cases.actions.filling import (
    declare_none,
    drop_draft,
    keep_draft,
    remove_record,
    save_record,
    save_section,
)
from bole.cases.actions.opening import open_case
from bole.cases.actions.standing import keep_submission, locked, look, set_standing

__all__ = [
    "attach",
    "attest",
    "declare_gap",
    "declare_none",
    "detach",
    "drop_draft",
    "keep_draft",
    "keep_submission",
    "locked",
    "look",
    "move_attachment",
    "open_case",
    "order_attachments",
    "remove_record",
    "replace_attachment",
    "save_record",
    "save_section",
    "set_standing",
    "withdraw_gap",
]
