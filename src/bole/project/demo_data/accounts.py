"""What `bole demo accounts` tells of one log-in."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class DemoAccount:
    """A demo log-in. `kind`: person, unit, administrator, operator, expert or authority; `way`: 个人 or 单位.

    `shows` says what there is to see with it, such as the state of the person's cases.
    """

    site: str
    kind: str
    way: str
    login: str
    password: str
    name: str
    unit: str
    shows: str
