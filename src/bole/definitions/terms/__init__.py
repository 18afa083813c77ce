"""The frozen words of this room; safe to import from every room above."""

from bole.definitions.terms.answers import (
    Cleaned,
    Context,
    DefinitionInvalid,
    EvidenceLine,
    Problem,
    Shown,
    ShownRow,
    ShownSection,
)
from bole.definitions.terms.known import Known
from bole.definitions.terms.route import Dispatch, Option, Route, Seat, Step
from bole.definitions.terms.service import (
    Check,
    Column,
    Effects,
    Evidence,
    Field,
    Group,
    Limits,
    Many,
    Output,
    Part,
    RecordKind,
    Sample,
    Section,
    Service,
    Stage,
    Window,
)
from bole.definitions.terms.words import (
    APPLICANT,
    FACTS,
    Frozen,
    Level,
    Moment,
    Nothing,
    Opener,
    Pick,
    SeatKind,
    SectionKind,
    SectionState,
    Shape,
    StepKind,
    SubjectKind,
    Take,
    Verdict,
    Width,
)

__all__ = [
    "APPLICANT", "FACTS", "Check", "Cleaned", "Column", "Context", "DefinitionInvalid", "Dispatch", "Effects",
    "Evidence", "EvidenceLine", "Field", "Frozen", "Group", "Known", "Level", "Limits", "Many", "Moment", "Nothing",
    "Opener", "Option", "Output", "Part", "Pick", "Problem", "RecordKind", "Route", "Sample", "Seat", "SeatKind",
    "Section", "SectionKind", "SectionState", "Service", "Shape", "Shown", "ShownRow", "ShownSection", "Stage",
    "Step", "StepKind", "SubjectKind", "Take", "Verdict", "Width", "Window",
]  # fmt: skip
