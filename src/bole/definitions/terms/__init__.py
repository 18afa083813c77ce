"""The frozen words of this room; safe to import from every room above."""

from bole.definitions.terms.answers import (
    Cleaned,
    Context,
    DefinitionInvalid,
    EvidenceLine,
    Origin,
    Problem,
    Shown,
    ShownRow,
    ShownSection,
    Unasked,
)
from bole.definitions.terms.eligibility import ARCHIVE, Assessed, Fact, Held, Requirement, Used
from bole.definitions.terms.entering import (
    CASE_NUMBER,
    ENTER_RECORDS,
    RESULT_DAY,
    RESULT_DOCUMENT,
    RESULT_GRADE,
    RESULT_UNIT,
    SITE_AUTHORITY,
    TOLD,
    Drawn,
    Entered,
    Entering,
)
from bole.definitions.terms.known import Known
from bole.definitions.terms.lookup import UNIT_ATTRIBUTE, Choice, Governed, Lookup
from bole.definitions.terms.results import Results
from bole.definitions.terms.route import Dispatch, Option, Publicity, Route, Seat, Step
from bole.definitions.terms.service import (
    DECLARATIONS,
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
)
from bole.definitions.terms.windows import Window
from bole.definitions.terms.words import (
    APPLICANT,
    DETAILS,
    FACTS,
    Finding,
    Frozen,
    Level,
    Moment,
    Nothing,
    Opener,
    Pick,
    ResultEnd,
    SeatKind,
    SectionKind,
    SectionState,
    Shape,
    StepKind,
    SubjectKind,
    Take,
    UnitSource,
    Verdict,
    Width,
    is_fact,
)

__all__ = [
    "APPLICANT", "ARCHIVE", "CASE_NUMBER", "DECLARATIONS", "DETAILS", "ENTER_RECORDS", "FACTS", "RESULT_DAY",
    "RESULT_DOCUMENT", "RESULT_GRADE", "RESULT_UNIT", "SITE_AUTHORITY", "TOLD", "UNIT_ATTRIBUTE", "Assessed",
    "Check", "Choice", "Cleaned", "Column", "Context", "DefinitionInvalid", "Dispatch", "Drawn", "Effects",
    "Entered", "Entering", "Evidence", "EvidenceLine", "Fact", "Field", "Finding", "Frozen", "Governed", "Group",
    "Held", "Known", "Level", "Limits", "Lookup", "Many", "Moment", "Nothing", "Opener", "Option", "Origin",
    "Output", "Part", "Pick", "Problem", "Publicity", "RecordKind", "Requirement", "ResultEnd", "Results", "Route",
    "Sample", "Seat", "SeatKind", "Section", "SectionKind", "SectionState", "Service", "Shape", "Shown", "ShownRow",
    "ShownSection", "Stage", "Step", "StepKind", "SubjectKind", "Take", "Unasked", "UnitSource", "Used", "Verdict",
    "Width", "Window", "is_fact",
]  # fmt: skip
