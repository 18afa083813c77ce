"""Verbs of the cases room; the only writers of its tables."""

from bole.cases.actions.attesting import attest
from bole.cases.actions.evidence import (
    answer_check,
    attach,
    declare_gap,
    detach,
    move_attachment,
    order_attachments,
    place_attachment,
    replace_attachment,
    turn_attachment,
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
from bole.cases.actions.issuing import issue_paper, keep_paper, new_code
from bole.cases.actions.opening import open_case
from bole.cases.actions.standing import keep_submission, locked, look, rehome, set_standing

__all__ = [
    "answer_check",
    "attach",
    "attest",
    "declare_gap",
    "declare_none",
    "detach",
    "drop_draft",
    "issue_paper",
    "keep_draft",
    "keep_paper",
    "keep_submission",
    "locked",
    "look",
    "move_attachment",
    "new_code",
    "open_case",
    "order_attachments",
    "place_attachment",
    "rehome",
    "remove_record",
    "replace_attachment",
    "save_record",
    "save_section",
    "set_standing",
    "turn_attachment",
    "withdraw_gap",
]
