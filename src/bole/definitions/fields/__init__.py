"""The types of fields: one file each, found by name."""

from bole.definitions.fields.base import Around, FieldType, Wrong, tidy
from bole.definitions.fields.code import Code, Codes, YesNo, choices, name_of, table_of
from bole.definitions.fields.contact import Email, Phone
from bole.definitions.fields.credit import Credit
from bole.definitions.fields.days import Day, Month, Period, Year
from bole.definitions.fields.governed import GovernedChoice, attributes_of, governed_offers, vacancy
from bole.definitions.fields.identity import Identity
from bole.definitions.fields.number import Number
from bole.definitions.fields.photo import Photo
from bole.definitions.fields.region import Region
from bole.definitions.fields.text import LongText, Text
from bole.definitions.fields.unit import Unit, offers
from bole.definitions.terms import Field

_KINDS: tuple[type[FieldType], ...] = (
    Text, LongText, Number, Month, Day, Year, Period, Code, Codes, YesNo, Phone, Email, Identity, Credit, Region, Photo,
    Unit, GovernedChoice,
)  # fmt: skip
TYPES: dict[str, FieldType] = {kind.code: kind() for kind in _KINDS}


def type_of(field: Field) -> FieldType:
    """The type of a field. Raises KeyError for an unknown name, which a checked definition cannot have."""
    return TYPES[field.type]


__all__ = [
    "TYPES",
    "Around",
    "FieldType",
    "Wrong",
    "attributes_of",
    "choices",
    "governed_offers",
    "name_of",
    "offers",
    "table_of",
    "tidy",
    "type_of",
    "vacancy",
]
