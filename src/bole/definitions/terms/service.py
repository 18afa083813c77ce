"""A service (事项) as declared: sections, fields, evidence, outputs. Everything a face or a case needs is in here."""

from datetime import date
from functools import cached_property
from typing import Annotated, Any

from pydantic import BeforeValidator
from pydantic import Field as Key

from bole.definitions.terms.route import Code, FieldCode, Name, Route
from bole.definitions.terms.words import (
    Frozen,
    Moment,
    Nothing,
    Opener,
    Pick,
    SectionKind,
    SubjectKind,
    Take,
    Width,
)
from bole.kernel.ids import digest
from bole.kernel.privacy import Privacy


class Field(Frozen):
    """One question. Conditions are kept as written; `conditions.compiled` turns them into functions.

    `fixed` names the fact that answers it (person.name): shown, never changed here. `parent` is the sibling
    whose code narrows the choice; `roots` offers only the entries that have no parent. `past` refuses dates after
    today. `listed` says whether the table of a section of many records shows it.
    """

    field: FieldCode
    name: Name
    type: Code
    required: bool | str = False
    fixed: str | None = None
    max: int | None = None
    min: int | None = None
    decimals: int = 0
    past: bool = False
    help: str = ""
    hint: str = ""
    table: Code | None = None
    parent: FieldCode | None = None
    roots: bool = False
    codes: tuple[str, ...] = ()
    show: str | None = None
    privacy: Privacy = Privacy.PLAIN
    default: str | None = None
    nothing: tuple[Nothing, ...] = ()
    width: Width | None = None
    pick: Pick | None = None
    purpose: str = ""
    autocomplete: str = ""
    suffix: str = ""
    listed: bool = True


class Check(Frozen):
    """A condition over several fields; `at` is the field the sentence stands at."""

    that: str
    say: Name
    at: FieldCode | None = None


class Many(Frozen):
    """How many records a section holds."""

    max: Annotated[int, Key(ge=1, le=500)] = 50
    min: Annotated[int, Key(ge=0, le=500)] = 0


class Part(Frozen):
    """A group of fields of a long single-record section, under its own heading."""

    name: Name
    fields: tuple[FieldCode, ...]


class Sample(Frozen):
    """A text to write by, for one trade."""

    name: Name
    text: str


class Section(Frozen):
    """One tab of the form: one record or many of fields, or the gathering of all evidence.

    `title` heads the list where it differs from the tab's name. `caption` names one record, such as "{title}".
    A section that is not required may be answered as a whole with 「无此项」.
    """

    section: FieldCode
    name: Name
    kind: SectionKind = SectionKind.FIELDS
    title: str = ""
    note: str = ""
    guide: tuple[str, ...] = ()
    record: FieldCode | None = None
    many: Many | None = None
    required: bool | str = False
    samples: tuple[Sample, ...] = ()
    parts: tuple[Part, ...] = ()
    fields: tuple[Field, ...] = ()
    checks: tuple[Check, ...] = ()
    caption: str = ""
    order_by: FieldCode | None = None

    @cached_property
    def by_code(self) -> dict[str, Field]:
        """The fields by their codes."""
        return {field.field: field for field in self.fields}

    @property
    def heading(self) -> str:
        """What stands above the list."""
        return self.title or self.name


class Evidence(Frozen):
    """Papers wanted for each record of a section (or once, for a single one)."""

    section: FieldCode = Key(alias="for")
    caption: Name
    min: Annotated[int, Key(ge=0, le=50)] = 1
    max: Annotated[int, Key(ge=1, le=50)] = 20
    instead: str | None = None
    when: str | None = None


class Output(Frozen):
    """A printed paper: `print` names the template, `after` the moment or step from which it can be had.

    `photo` names the section whose evidence is the portrait in its corner.
    """

    print: Code
    name: Name
    after: str = Moment.SUBMITTED.value
    photo: FieldCode | None = None


class Limits(Frozen):
    """How many open cases one subject may have at once."""

    open_per_subject: Annotated[int, Key(ge=1)] | None = None


class Window(Frozen):
    """The declaration window, and how many cases one unit may hand in within it (ALL-05)."""

    opens: date | None = Key(default=None, alias="from")
    closes: date | None = Key(default=None, alias="to")
    per_unit: Annotated[int, Key(ge=1)] | None = None

    def open_on(self, day: date) -> bool:
        """Whether the day lies within; both ends belong to it."""
        return (self.opens is None or day >= self.opens) and (self.closes is None or day <= self.closes)


def _tuple(value: Any) -> Any:
    return (value,) if isinstance(value, str) else value


class Stage(Frozen):
    """One stop of the progress bar and the moments or steps it stands for."""

    name: Name
    at: Annotated[tuple[str, ...], BeforeValidator(_tuple)]


class Group(Frozen):
    """Sections shown under one heading."""

    name: Name
    sections: tuple[FieldCode, ...]


class Column(Frozen):
    """What lists and statistics show: `basic.discipline`; of many records the one that `take` picks by field `by`.

    Pages show the columns that are `listed`, the first of them in front; workbooks and statistics have all.
    """

    column: str
    name: str = ""
    take: Take | None = None
    by: FieldCode | None = None
    listed: bool = True

    @property
    def section(self) -> str:
        """The section part of the path."""
        return self.column.partition(".")[0]

    @property
    def field(self) -> str:
        """The field part of the path."""
        return self.column.partition(".")[2]


def _column(value: Any) -> Any:
    return {"column": value} if isinstance(value, str) else value


class Effects(Frozen):
    """Names of effects (in `bindings`) carried out at moments in the life of a case."""

    submitted: tuple[str, ...] = ()
    returned: tuple[str, ...] = ()
    completed: tuple[str, ...] = ()
    terminated: tuple[str, ...] = ()
    withdrawn: tuple[str, ...] = ()

    def names(self) -> frozenset[str]:
        """All of them."""
        return frozenset(self.submitted + self.returned + self.completed + self.terminated + self.withdrawn)


class Service(Frozen):
    """A service with its route and record kinds resolved: the unit of publishing."""

    service: Code
    site: Code
    name: Name
    title: str = ""
    version: Name
    number: Annotated[str, Key(pattern=r"^[A-Z]{1,4}$")]
    basis: str = ""
    subject: SubjectKind
    opened_by: tuple[Opener, ...]
    limits: Limits = Limits()
    window: Window = Window()
    in_force: date | None = None
    declaration: str = ""
    progress: tuple[Stage, ...]
    groups: tuple[Group, ...] = ()
    sections: tuple[Section, ...]
    evidence: tuple[Evidence, ...] = ()
    route: Route
    outputs: tuple[Output, ...] = ()
    on: Effects = Effects()
    columns: tuple[Annotated[Column, BeforeValidator(_column)], ...] = ()

    @cached_property
    def by_code(self) -> dict[str, Section]:
        """The sections by their codes."""
        return {section.section: section for section in self.sections}

    def section(self, code: str) -> Section:
        """The section of this code. Raises KeyError."""
        return self.by_code[code]

    def group_of(self, section: str) -> str:
        """The heading a section stands under; empty when it has none."""
        return next((group.name for group in self.groups if section in group.sections), "")

    def body(self) -> dict[str, Any]:
        """The JSON form in which the service is published; what was not said is left out."""
        return self.model_dump(mode="json", by_alias=True, exclude_defaults=True)

    @cached_property
    def hash(self) -> str:
        """SHA-256 of the body: equal definitions, equal hashes."""
        return digest(self.body())


class RecordKind(Frozen):
    """A kind of archive record, the dictionary that sections of many services draw their fields from.

    `key` lists the fields by which two entries are the same thing.
    """

    record: FieldCode
    name: Name
    key: tuple[FieldCode, ...]
    caption: str = ""
    fields: tuple[Field, ...]
