"""Tables of the review room."""

from bole.review.models.movements import (
    AppendOnly,
    DecisionDraft,
    DeskTally,
    EffectRun,
    Kept,
    KeptQuerySet,
    Movement,
    Phrase,
    Task,
)
from bole.review.models.outcomes import Export, ImportSlice, Outcome, OutcomeChange, SavedFilter
from bole.review.models.papers import DispatchPaper, OpeningRequest, UnitPublicity

__all__ = [
    "AppendOnly",
    "DecisionDraft",
    "DeskTally",
    "DispatchPaper",
    "EffectRun",
    "Export",
    "ImportSlice",
    "Kept",
    "KeptQuerySet",
    "Movement",
    "OpeningRequest",
    "Outcome",
    "OutcomeChange",
    "Phrase",
    "SavedFilter",
    "Task",
    "UnitPublicity",
]
