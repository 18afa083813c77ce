"""The years that a career hangs on: study, then work, then title."""

from dataclasses import dataclass

from bole.project.demo_data.cast import DemoPerson
from bole.project.demo_data.chance import chance
from bole.project.demo_data.trades import TRADES, Trade

LAST_YEAR = 2023  # nothing in a career is later, so that the demonstration does not age


@dataclass(frozen=True, slots=True)
class Life:
    """The years that a career hangs on."""

    person: DemoPerson
    trade: Trade
    studied: int  # year of the first degree (or of leaving the technical school)
    degrees: int  # 1 bachelor, 2 master, 3 doctor
    began: int  # first day at work, in July
    deputy: int  # year of 副高级, or of 技师
    chief: int  # year of 正高级, or of 高级技师; 0 when not reached
    line: int  # which of the trade's majors and disciplines
    wealth: int  # how much there is to tell: 0, 1 or 2


def life(person: DemoPerson) -> Life:
    """When things happened to the person."""
    draw = chance(f"life/{person.number}")
    trade = TRADES[person.employer.trade]
    studied = person.born.year + (18 if person.skilled else 22)
    degrees = 1 if person.skilled else draw.choices((1, 2, 3), (6, 3, 1))[0]
    if degrees == 3 and person.born.year > 1984:
        degrees = 2
    began = studied if degrees == 1 else studied + (3 if degrees == 2 else 6)
    wait = 12 - 3 * (degrees - 1)
    deputy = min(began + wait + draw.randint(0, 2), LAST_YEAR)
    chief = deputy + 5 + draw.randint(0, 2)
    reached = chief <= LAST_YEAR and draw.random() < 0.4
    wealth = draw.choices((0, 1, 2), (13, 6, 1))[0]
    return Life(
        person,
        trade,
        studied,
        degrees,
        began,
        deputy,
        chief if reached else 0,
        draw.randrange(len(trade.majors)),
        wealth,
    )
