"""The closed vocabularies of the catalogue language and the frozen base of everything parsed from it."""

from enum import StrEnum

from pydantic import BaseModel, ConfigDict


class Frozen(BaseModel):
    """A parsed part of a definition: unknown keys are refused, nothing changes after parsing."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


class SubjectKind(StrEnum):
    """Whom a case of the service is about."""

    PERSON = "person"
    UNIT = "unit"


class Opener(StrEnum):
    """Who may open and fill a case: the subject, or the subject's unit on its behalf."""

    SUBJECT = "subject"
    UNIT = "unit"


class UnitSource(StrEnum):
    """Which unit a case belongs to: the one that the person belongs to (or that files it), or one chosen at opening."""

    OWN = "own"
    CHOSEN = "chosen"


class Shape(StrEnum):
    """What a face has to know of a field; a face handles shapes, never types. `table` is a section of many records."""

    TEXT = "text"
    LONG_TEXT = "long-text"
    NUMBER = "number"
    DATE = "date"
    PERIOD = "period"
    CHOICE = "choice"
    CHOICES = "choices"
    LOOKUP = "lookup"
    FILE = "file"
    TABLE = "table"


class Nothing(StrEnum):
    """The kinds of nothing, each different from a blank (ALL-14)."""

    NONE = "none"
    UNKNOWN = "unknown"
    INAPPLICABLE = "inapplicable"

    @property
    def word(self) -> str:
        """As it is shown."""
        return {"none": "无", "unknown": "不详", "inapplicable": "不适用"}[self.value]


class Width(StrEnum):
    """How much of a row a control takes."""

    FULL = "full"
    HALF = "half"
    THIRD = "third"


class Pick(StrEnum):
    """How one code is picked; by the size of the table when not said."""

    RADIO = "radio"
    SELECT = "select"
    SEARCH = "search"


class SectionKind(StrEnum):
    """A section of fields, or the section that gathers the evidence of all others."""

    FIELDS = "fields"
    EVIDENCE = "evidence"


class StepKind(StrEnum):
    """What happens at a step of a route."""

    CONFIRMATION = "confirmation"
    REVIEW = "review"
    EVALUATION = "evaluation"
    PUBLICITY = "publicity"


class SeatKind(StrEnum):
    """Who sits at a step; resolved in the unit tree when the step is reached."""

    SUBJECT_UNIT = "subject_unit"
    SUPERIOR = "superior"
    AUTHORITY = "authority"
    DEPARTMENT = "department"
    COMMITTEE = "committee"
    ANSWER = "answer"


class Level(StrEnum):
    """The level of an authority's region."""

    COUNTY = "county"
    CITY = "city"
    PROVINCE = "province"


class Verdict(StrEnum):
    """What can be decided at a step."""

    APPROVE = "approve"
    SEND_BACK = "send_back"
    TERMINATE = "terminate"

    @property
    def word(self) -> str:
        """The label unless the definition gives its own."""
        return {"approve": "审核通过", "send_back": "退回修改", "terminate": "资格不符，终止审核"}[self.value]


class Moment(StrEnum):
    """Points in the life of a case that effects, outputs and stages refer to."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    RETURNED = "returned"
    COMPLETED = "completed"
    TERMINATED = "terminated"
    WITHDRAWN = "withdrawn"
    AWARDED = "awarded"


class ResultEnd(StrEnum):
    """How a published 通过 ceases to hold: an objection to its publicity was upheld, or it was revoked later."""

    OBJECTED = "objected"
    REVOKED = "revoked"

    @property
    def word(self) -> str:
        """What it is usually called; each service says its own word."""
        return {"objected": "公示未通过", "revoked": "资格撤销"}[self.value]


class Take(StrEnum):
    """Which record of many stands for all of them: in a column, or for a fact of a condition, which may take any."""

    ANY = "any"
    HIGHEST = "highest"
    LOWEST = "lowest"
    LATEST = "latest"
    COUNT = "count"


class Finding(StrEnum):
    """What is found of a condition for applying; unknown wherever a fact is missing that could tell."""

    MET = "met"
    UNMET = "unmet"
    UNKNOWN = "unknown"

    @property
    def word(self) -> str:
        """As it is shown."""
        return {"met": "符合", "unmet": "不符合", "unknown": "暂不能确定"}[self.value]


class SectionState(StrEnum):
    """How far a section is filled."""

    EMPTY = "empty"
    INCOMPLETE = "incomplete"
    VALID = "valid"
    NONE = "none"

    @property
    def word(self) -> str:
        """As it is shown."""
        return {"empty": "未填报", "incomplete": "不完整", "valid": "已填报", "none": "无此项"}[self.value]


APPLICANT = "applicant"

DETAILS = "unit.details."

# What the platform knows of the subject before anything is filled: the sources of fixed fields and of `was`, and, as
# `subject.x`, `person.x` and `unit.x`, names in conditions. `unit.details.x` is a source too, for whatever a kind of
# unit has beside these.
FACTS: dict[str, tuple[str, ...]] = {
    "person": (
        "identity_kind", "identity_number", "name", "sex", "birth_on", "ethnic_group", "phone", "email", "region",
        "photo", "telephone", "native_place", "school", "major", "title",
    ),
    "unit": (
        "name", "credit_code", "organization_code", "insurance_number", "region", "region_level", "kind", "unit_type",
        "affiliation", "economic_type", "industry", "address", "leader", "leader_phone",
        "superior", "superior_id", "superior_kind", "second_superior_kind",
    ),
}  # fmt: skip


def is_fact(path: str) -> bool:
    """Whether the platform can know this of person or unit."""
    owner, _, name = path.partition(".")
    return name in FACTS.get(owner, ()) or (path.startswith(DETAILS) and path.removeprefix(DETAILS).isidentifier())
