"""Verbs of the review room; the only writers of its tables."""

from bole.review.actions.claiming import claim, hand_over, release_claims
from bole.review.actions.deciding import begin, decide, decide_many
from bole.review.actions.dispatching import add_paper, dispatch, dispatch_many, remove_papers
from bole.review.actions.drafting import drop_draft, keep_draft
from bole.review.actions.effects import bind_effect, bound_effects
from bole.review.actions.exporting import (
    MOST_EXPORTED,
    ask_export,
    cancel_exports,
    clear_exports,
    fail_export,
    fetch_export,
    finish_export,
    note_progress,
    stop_export,
    take_export,
)
from bole.review.actions.filters import keep_filter, remove_filter
from bole.review.actions.opening_up import answer_opening, ask_opening
from bole.review.actions.phrasing import change_phrase, keep_phrase, move_phrase, remove_phrase
from bole.review.actions.printing import check_file, check_paper, print_paper
from bole.review.actions.publicizing import announce_publicity, close_publicity
from bole.review.actions.recalling import recall, recall_many
from bole.review.actions.rerouting import reroute, reroute_many
from bole.review.actions.results import (
    MOST_OUTCOMES,
    correct_outcome,
    end_outcome,
    enter_outcome,
    import_outcomes,
    publish_outcomes,
    restore_outcome,
)
from bole.review.actions.sending import cancel_case, submit_case, withdraw_case
from bole.review.actions.taking import ask_import, finish_import, take_slice

__all__ = [
    "MOST_EXPORTED",
    "MOST_OUTCOMES",
    "add_paper",
    "announce_publicity",
    "answer_opening",
    "ask_export",
    "ask_import",
    "ask_opening",
    "begin",
    "bind_effect",
    "bound_effects",
    "cancel_case",
    "cancel_exports",
    "change_phrase",
    "check_file",
    "check_paper",
    "claim",
    "clear_exports",
    "close_publicity",
    "correct_outcome",
    "decide",
    "decide_many",
    "dispatch",
    "dispatch_many",
    "drop_draft",
    "end_outcome",
    "enter_outcome",
    "fail_export",
    "fetch_export",
    "finish_export",
    "finish_import",
    "hand_over",
    "import_outcomes",
    "keep_draft",
    "keep_filter",
    "keep_phrase",
    "move_phrase",
    "note_progress",
    "print_paper",
    "publish_outcomes",
    "recall",
    "recall_many",
    "release_claims",
    "remove_filter",
    "remove_papers",
    "remove_phrase",
    "reroute",
    "reroute_many",
    "restore_outcome",
    "stop_export",
    "submit_case",
    "take_export",
    "take_slice",
    "withdraw_case",
]
