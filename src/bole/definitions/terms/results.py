"""Results (评定结果): what an authority decides outside the platform on cases that have passed their route."""

from collections.abc import Mapping
from typing import Annotated

from pydantic import Field as Key

from bole.definitions.terms.route import Code, Name, Seat, Seating
from bole.definitions.terms.words import Frozen, Level, ResultEnd, SeatKind
from bole.organizations.terms import Role


class Results(Frozen):
    """A completed case waits for a result, entered and published by a role at a seat: of the authority at a `level`, or
    at a `seat` of the same language as those of a route (the unit that an answer names).

    `name` is what the result is called in words (评定, 认定). `applied` is "section.field" where the applicant said
    which grade is asked for, `table` holds the grades that can be given; without a table there is only 通过 or 未通过.
    `publicity` is for how many working days who passed is shown to the public: at least 5 (TR-50, 40号令 Art 26).
    `ends` names how a published 通过 may cease to hold, each with what this service calls it.
    """

    name: Name = "评定"
    applied: Annotated[str, Key(pattern=r"^[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*$")] | None = None
    table: Code | None = None
    level: Level | None = None
    seat: Seating | None = None
    role: Code = Role.REVIEWER.value
    publicity: Annotated[int, Key(ge=5, le=60)] | None = None
    ends: dict[str, str] = Key(default_factory=dict)

    @property
    def keeper(self) -> Seat:
        """Who enters and publishes the results."""
        return self.seat or Seat(kind=SeatKind.AUTHORITY, level=self.level)

    @property
    def endings(self) -> dict[ResultEnd, str]:
        """The ends that a published 通过 may meet, in their order, with the service's words."""
        return endings(self.ends)


def endings(ends: Mapping[str, str]) -> dict[ResultEnd, str]:
    """Ends as they are written, in their order; what is none is told by the checks."""
    return {end: ends[end.value] for end in ResultEnd if end.value in ends}
