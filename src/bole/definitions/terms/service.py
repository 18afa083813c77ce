"""A service (事项) as declared: sections, fields, evidence, outputs. Everything a face or a case needs is in here."""

from datetime import date
from functools import cached_property
from typing import Annotated, Any

from pydantic import BeforeValidator
from pydantic import Field as Key

from bole.definitions.terms.eligibility import Requirement
from bole.definitions.terms.entering import Drawn, Entering
from bole.definitions.terms.results import Results, endings
from bole.definitions.terms.route import Code, FieldCode, Name, Route
from bole.definitions.terms.windows import Window
from bole.definitions.terms.words import (
    Frozen,
    Moment,
    Nothing,
    Opener,
    Pick,
    ResultEnd,
    SectionKind,
    SubjectKind,
    Take,
    UnitSource,
    Width,
)
from bole.kernel.ids import digest
from bole.kernel.privacy import Privacy
from bole.organizations.terms import Role, UnitKind


class Field(Frozen):
    """One question. Conditions are kept as written; `conditions.compiled` turns them into functions.

    `fixed` names the fact that answers it (person.name), or the answer of a single section (plan.title): shown, never
    changed here. `parent` is the sibling
    whose code narrows the choice; `roots` offers only the entries that have no parent. `past` refuses dates after
    today. `lookup` names the search that a unit is picked by. `was` is the fact that stands now: typed in at opening
    and shown beside what it becomes. `listed` says whether the table of a section of many records shows it.
    """

    field: FieldCode
    name: Name
    type: Code
    required: bool | str = False
    fixed: str | None = None
    was: str | None = None
    max: int | None = None
    min: int | None = None
    decimals: int = 0
    past: bool = False
    help: str = ""
    hint: str = ""
    table: Code | None = None
    lookup: Code | None = None
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


class RecordKind(Frozen):
    """A kind of archive record, the dictionary that sections of many services draw their fields from.

    `key` lists the fields by which two entries are the same thing.
    """

    record: FieldCode
    name: Name
    key: tuple[FieldCode, ...]
    caption: str = ""
    fields: tuple[Field, ...]


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
    """A group of fields of a long single-record section, under its own heading; some may be `drawn` from the archive,
    from records of another kind than the section's."""

    name: Name
    fields: tuple[FieldCode, ...]
    drawn: Drawn | None = None


class Sample(Frozen):
    """A text to write by, for one trade."""

    name: Name
    text: str


class Section(Frozen):
    """One tab of the form: one record or many of fields, or the gathering of all evidence.

    `title` heads the list where it differs from the tab's name. `caption` names one record, such as "{title}".
    A section that is not required may be answered as a whole with 「无此项」. `only` says which records of its kind it
    holds where several sections share one kind: these fields have these values in the archive and no control here.
    """

    section: FieldCode
    name: Name
    kind: SectionKind = SectionKind.FIELDS
    title: str = ""
    note: str = ""
    guide: tuple[str, ...] = ()
    record: FieldCode | None = None
    only: dict[FieldCode, str] = Key(default_factory=dict)
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
    """Papers wanted for each record of a section, once for a single one, or once for the whole case.

    `for` names the section; where it is the gathering of all evidence itself, the papers belong to the whole case.
    `category` tells several kinds of paper for one section apart, `name` heads the category in lists. Of many records
    those are meant of which `each`, a condition over the record's own fields, is true. A `portrait` is taken upright
    only, as it is printed on papers. Without `when` being true nothing is asked; without `required` being true it may
    be left out. `because` and `otherwise` say why it is demanded, and why it is not.
    """

    section: FieldCode = Key(alias="for")
    category: FieldCode | None = None
    name: str = ""
    caption: Name
    min: Annotated[int, Key(ge=0, le=50)] = 1
    max: Annotated[int, Key(ge=1, le=50)] = 20
    instead: str | None = None
    portrait: bool = False
    each: str | None = None
    when: str | None = None
    required: bool | str = True
    because: str = ""
    otherwise: str = ""

    @property
    def heading(self) -> str:
        """What the category is called where no record is named."""
        return self.name or self.caption


class Output(Frozen):
    """A printed paper: `print` names the template, `after` the step or moment with which it is final.

    It can be had at any time; until then it bears a watermark, afterwards a check code. `photo` names the section
    whose evidence is the portrait in its corner, `cover` the answers that stand on its first page (`plan.series`).
    """

    print: Code
    name: Name
    after: str = Moment.COMPLETED.value
    photo: FieldCode | None = None
    cover: tuple[str, ...] = ()


class Limits(Frozen):
    """How many open cases one subject may have at once, and how many handed in within a year (`per_year`).

    `together` names further services of the site that count as one with it in the year.
    """

    open_per_subject: Annotated[int, Key(ge=1)] | None = None
    per_year: Annotated[int, Key(ge=1)] | None = None
    together: tuple[Code, ...] = ()


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
    """Names of effects (in `bindings`) carried out at moments in the life of a case.

    Those of `awarded` run when a result of 通过 is published, and at each correction of one; they read the result.
    """

    submitted: tuple[str, ...] = ()
    returned: tuple[str, ...] = ()
    completed: tuple[str, ...] = ()
    terminated: tuple[str, ...] = ()
    withdrawn: tuple[str, ...] = ()
    awarded: tuple[str, ...] = ()

    def names(self) -> frozenset[str]:
        """All of them."""
        return frozenset(
            self.submitted + self.returned + self.completed + self.terminated + self.withdrawn + self.awarded
        )


# The category of what people declare; affairs of accounts and units stand under others.
DECLARATIONS = "业务申报"


class Service(Frozen):
    """A service with its route and record kinds resolved: the unit of publishing.

    `category` is its heading in reviewers' lists, `menu` the one in the menus of persons, where a site orders these;
    `desk_name` is what the menus of reviewers call it, `form_name` what its form is called in sentences. `unit` says
    whether the case belongs to the unit of whoever opens it or to one of `chosen_kinds` picked at opening. `filed_by`
    is the role that opens, fills and hands in for a unit. `eligibility` says who may apply, with years counted to the
    day `counted_to` (else to the day of asking); `enters` are the records that the archive gets from it. `archive` are
    the record kinds that conditions and parts read and `enters` writes, put here by parsing.
    One file may name several `sites`; each has a service then. `stepped`: the groups are numbered steps, of which
    handing in, called `hand_in`, is the last. Sections of `first` are filled before those that stand after them.
    """

    service: Code
    site: Code
    name: Name
    title: str = ""
    category: Name = DECLARATIONS
    menu: str = ""
    desk_name: str = ""
    form_name: Name = "申报表"
    version: Name
    number: Annotated[str, Key(pattern=r"^[A-Z]{1,4}$")]
    basis: str = ""
    subject: SubjectKind
    opened_by: tuple[Opener, ...]
    unit: UnitSource = UnitSource.OWN
    chosen_kinds: tuple[UnitKind, ...] = ()
    filed_by: Code = Role.COLLECTION_ADMINISTRATOR.value
    limits: Limits = Limits()
    window: Window = Window()
    in_force: date | None = None
    declaration: str = ""
    counted_to: date | None = None
    eligibility: tuple[Requirement, ...] = ()
    archive: tuple[RecordKind, ...] = ()
    progress: tuple[Stage, ...]
    groups: tuple[Group, ...] = ()
    stepped: bool = False
    hand_in: Name = "上报"
    first: tuple[FieldCode, ...] = ()
    sections: tuple[Section, ...]
    evidence: tuple[Evidence, ...] = ()
    route: Route
    outputs: tuple[Output, ...] = ()
    on: Effects = Effects()
    enters: tuple[Entering, ...] = ()
    columns: tuple[Annotated[Column, BeforeValidator(_column)], ...] = ()
    results: Results | None = None
    ends: dict[str, str] = Key(default_factory=dict)

    @cached_property
    def by_code(self) -> dict[str, Section]:
        """The sections by their codes."""
        return {section.section: section for section in self.sections}

    @property
    def endings(self) -> dict[ResultEnd, str]:
        """How a published 通过, or what a completed case without a result gave, may cease to hold; with its words."""
        return self.results.endings if self.results is not None else endings(self.ends)

    @property
    def keeping(self) -> str:
        """The role that keeps its results: where completion is the result, that of the last desk; else empty."""
        if self.results is not None:
            return self.results.role
        return self.route.steps[-1].role if self.ends else ""

    @property
    def declared(self) -> bool:
        """Whether it is a business that people declare, as against affairs of accounts and units."""
        return bool(self.menu) or self.category == DECLARATIONS

    @property
    def heading(self) -> str:
        """What it stands under in the menus of persons."""
        return self.menu or self.category

    @property
    def desk(self) -> str:
        """What the menus of reviewers call it."""
        return self.desk_name or self.name

    @cached_property
    def compared(self) -> tuple[tuple[Section, Field], ...]:
        """The fields that change something that stands, with their sections."""
        return tuple((section, field) for section in self.sections for field in section.fields if field.was)

    @cached_property
    def governed(self) -> tuple[tuple[Section, Field], ...]:
        """The fields that are chosen from a governed catalogue, with their sections."""
        found = ((section, field) for section in self.sections for field in section.fields)
        return tuple((section, field) for section, field in found if field.type == "governed")

    def kept(self, record: str) -> RecordKind:
        """The kind of archive record that it reads or enters. Raises KeyError."""
        return {kind.record: kind for kind in self.archive}[record]

    def section(self, code: str) -> Section:
        """The section of this code. Raises KeyError."""
        return self.by_code[code]

    def before(self, section: str) -> tuple[Section, ...]:
        """The sections of `first` that stand before this one."""
        codes = list(self.by_code)
        return tuple(self.by_code[code] for code in self.first if codes.index(code) < codes.index(section))

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
