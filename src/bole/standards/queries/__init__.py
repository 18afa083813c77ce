"""What other rooms may ask of the standards. Pure: no tables, no settings; data are read once, on first use."""

from bole.standards.queries.calendar import (
    calendar_known_until,
    is_working_day,
    working_days_after,
    working_days_between,
)
from bole.standards.queries.credit import credit_code, licence_check_character, organization_code
from bole.standards.queries.identity import identity
from bole.standards.queries.pinyin import pinyin
from bole.standards.queries.regions import region, regions_under
from bole.standards.queries.retirement import RETIREMENT_AGES, retirement_age, retirement_on
from bole.standards.queries.sources import configure
from bole.standards.queries.tables import table, table_codes

__all__ = [
    "RETIREMENT_AGES",
    "calendar_known_until",
    "configure",
    "credit_code",
    "identity",
    "is_working_day",
    "licence_check_character",
    "organization_code",
    "pinyin",
    "region",
    "regions_under",
    "retirement_age",
    "retirement_on",
    "table",
    "table_codes",
    "working_days_after",
    "working_days_between",
]
