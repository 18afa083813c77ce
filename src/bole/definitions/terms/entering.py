"""What a case enters in the archive of its person, and what a part of a form draws from it; both are data."""

from typing import Annotated, Any

from pydantic import BeforeValidator
from pydantic import Field as Key

from bole.definitions.terms.route import FieldCode
from bole.definitions.terms.words import Frozen, Moment

# The effect that carries out `enters`; named under `on` at each of its moments.
ENTER_RECORDS = "people.enter_records"

# What a record can take from beside the answers of the form: day, number, grade and unit of the result, or, of a case
# that is completed without one, day and unit of the last decision.
RESULT_DAY, RESULT_DOCUMENT, RESULT_GRADE = "result.decided_on", "result.document", "result.awarded"
RESULT_UNIT = "result.unit"
CASE_NUMBER, SITE_AUTHORITY = "case.number", "site.authority"
TOLD = (RESULT_DAY, RESULT_DOCUMENT, RESULT_GRADE, RESULT_UNIT, CASE_NUMBER, SITE_AUTHORITY)


class Entered(Frozen):
    """One field of a record that is entered: `from` an answer ("plan.title") or one of TOLD, or a `value` of its own.

    `codes` says which code of the field stands for each code of the source; a code that it leaves out enters nothing.
    """

    field: FieldCode
    source: str | None = Key(default=None, alias="from")
    value: str | None = None
    codes: dict[str, str] = Key(default_factory=dict)


class Entering(Frozen):
    """A record that the archive of the person gets when the case is completed, or its result is published as 通过.

    It is verified by the unit that decided; a result that is put right or undone takes it out again.
    """

    record: FieldCode
    on: Moment
    fields: tuple[Entered, ...]


def _names(value: Any) -> Any:
    return (value,) if isinstance(value, str) else value


class Drawn(Frozen):
    """Fields of a part that are filled from the latest record of a kind when a case is opened, by the day `latest`.

    `fields` says for each field of the form which field of the record fills it; of several the first that is filled.
    """

    record: FieldCode
    latest: FieldCode
    fields: dict[FieldCode, Annotated[tuple[FieldCode, ...], BeforeValidator(_names)]]
