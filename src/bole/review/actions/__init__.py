"""Verbs of the review room; the only writers of its tables."""

from bole.review.actions.deciding import begin, decide
from bole.review.actions.effects import bind_effect, bound_effects
from bole.review.actions.phrasing import keep_phrase, remove_phrase
from bole.review.actions.sending import cancel_case, submit_case, withdraw_case

__all__ = [
    "begin",
    "bind_effect",
    "bound_effects",
    "cancel_case",
    "decide",
    "keep_phrase",
    "remove_phrase",
    "submit_case",
    "withdraw_case",
]
