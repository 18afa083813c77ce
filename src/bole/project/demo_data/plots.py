"""Which case takes which course, so that every state of the service is there. Pure: the same on every run.

A script is a row of words. 「to:city」 stands for as many passes as bring the case to that desk, 「finish」 for all
that are left; which desks there are follows from the level of the unit.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from bole.project.demo_data import units
from bole.project.demo_data.cast import DemoPerson, cast
from bole.project.demo_data.chance import chance

_DESKS = {
    "county": ("unit", "county", "city", "region"),
    "city": ("unit", "city", "region"),
    "province": ("unit", "region"),
}
_OWN = "open part fill submit"
_BY_UNIT_PAPER = "open-unit fill paper submit"
_BY_UNIT = "open-unit fill attest submit"


@dataclass(frozen=True, slots=True)
class Plot:
    """One course: how many cases take it, what they show, and whether the case stays open."""

    code: str
    count: int
    shows: str
    script: str
    open: bool = True
    level: str = ""  # only for units of this level; empty: wherever the desks of the script are
    clerks: int = 1  # how many 采集管理员 the unit needs

    def fits(self, person: DemoPerson) -> bool:
        """Whether a case of this person can take this course."""
        unit = person.employer
        if self.level and unit.level != self.level:
            return False
        desks = _DESKS[unit.level]
        named = {word.partition(":")[2] for word in self.script.split()} - {""}
        can_send = unit.clerks >= self.clerks and unit.region != units.VACANT
        return named <= set(desks) and (can_send or ("submit" not in self.script and "open-unit" not in self.script))


PLOTS: tuple[Plot, ...] = (
    Plot("draft", 12, "未上报：本人填写中", "open part"),
    Plot("draft-whole", 6, "未上报：已填完，可以上报", "open part fill"),
    Plot("draft-new", 3, "未上报：刚刚开始", "open"),
    Plot("withdrawn", 5, "未上报：上报后自行撤回", f"{_OWN} withdraw"),
    Plot("unit-draft", 6, "未上报：单位代为填报，尚未填完", "open-unit part"),
    Plot("unit-unconfirmed", 4, "未上报：单位已填完，等待本人确认", "open-unit part fill"),
    Plot("unit-confirmed", 4, "未上报：单位代填，本人已确认", "open-unit fill attest"),
    Plot("at-unit", 18, "待单位确认", _OWN),
    Plot("at-unit-begun", 4, "待单位确认：单位已开始审核，不能撤回", f"{_OWN} begin"),
    Plot("at-unit-paper", 3, "待单位确认：单位代填，书面签字，待另一位管理员确认", _BY_UNIT_PAPER, clerks=2),
    Plot("at-county", 20, "待审核：县（区）", f"{_OWN} to:county"),
    Plot("at-county-begun", 2, "待审核：县（区）已开始", f"{_OWN} to:county begin"),
    Plot("at-county-code", 2, "待审核：县（区），单位代填，短信确认", "open-unit fill code submit to:county"),
    Plot("at-county-unit", 3, "待审核：县（区），单位代填，本人确认", f"{_BY_UNIT} to:county"),
    Plot("at-city", 16, "待审核：市", f"{_OWN} to:city"),
    Plot("at-region", 16, "待审核：自治区", f"{_OWN} to:region"),
    Plot("back-unit", 6, "退回修改：单位退回", f"{_OWN} back"),
    Plot("back-county", 6, "退回修改：县（区）退回", f"{_OWN} to:county back"),
    Plot("back-city", 5, "退回修改：市退回", f"{_OWN} to:city back"),
    Plot("back-region", 5, "退回修改：自治区退回", f"{_OWN} to:region back"),
    Plot("lowered-county", 2, "待审核：自治区退回县（区）", f"{_OWN} to:region lower:county", level="county"),
    Plot("lowered-city", 2, "待审核：自治区退回市", f"{_OWN} to:region lower:city"),
    Plot("lowered-unit", 2, "待单位确认：市退回单位", f"{_OWN} to:city lower:unit"),
    Plot("again-unit", 4, "待单位确认：修改后再次上报", f"{_OWN} back mend submit"),
    Plot("again-region", 4, "待审核：自治区退回后再次上报", f"{_OWN} to:region back mend submit to:region"),
    Plot("passed", 96, "审核通过", f"{_OWN} finish", open=False),
    Plot("passed-again", 10, "审核通过：退回修改后", f"{_OWN} to:region back mend submit finish", open=False),
    Plot("passed-unit", 8, "审核通过：单位代为填报", f"{_BY_UNIT} finish", open=False),
    Plot("ended-county", 5, "资格不符，终止审核：县（区）", f"{_OWN} to:county end", open=False),
    Plot("ended-city", 5, "资格不符，终止审核：市", f"{_OWN} to:city end", open=False),
    Plot("ended-region", 6, "资格不符，终止审核：自治区", f"{_OWN} to:region end", open=False),
    Plot("cancelled", 5, "已撤销", "open part cancel", open=False),
    Plot("cancelled-back", 5, "已撤销：退回后放弃", f"{_OWN} back cancel", open=False),
)  # fmt: skip

CASES = sum(plot.count for plot in PLOTS)
_WITHOUT = 8  # persons who have begun nothing


@dataclass(frozen=True, slots=True)
class Course:
    """One case to come: whose, on which plot, and its words one by one."""

    person: DemoPerson
    plot: Plot
    words: tuple[str, ...]


@cache
def courses() -> dict[DemoPerson, tuple[Course, ...]]:
    """The cases of each person in their order: closed ones first, at most one open."""
    draw = chance("plots")
    people = list(cast().persons)
    draw.shuffle(people)
    found: dict[DemoPerson, list[Plot]] = {person: [] for person in people}
    free = people[_WITHOUT:]
    for plot in _narrowest_first([plot for plot in PLOTS if plot.open]):
        person = next(person for person in free if plot.fits(person))
        free.remove(person)
        found[person].append(plot)
    closed = _narrowest_first([plot for plot in PLOTS if not plot.open])
    # Those without an open case come first, so that nearly everybody has one case at least.
    row = free + [person for person in people[_WITHOUT:] if person not in set(free)]
    for plot in closed:
        fewest = min((person for person in row if plot.fits(person)), key=lambda person: _closed(found[person]))
        found[fewest].insert(0, plot)
    return {
        person: tuple(Course(person, plot, tuple(_words(plot, person))) for plot in plots)
        for person, plots in found.items()
    }


def _narrowest_first(plots: Sequence[Plot]) -> list[Plot]:
    """Each plot as often as it is wanted; those that fit few people choose first."""
    width = {plot.code: sum(plot.fits(person) for person in cast().persons) for plot in plots}
    return [plot for plot in sorted(plots, key=lambda plot: width[plot.code]) for _ in range(plot.count)]


def _closed(plots: Sequence[Plot]) -> int:
    return sum(not plot.open for plot in plots)


def _words(plot: Plot, person: DemoPerson) -> Iterator[str]:
    """The script with its passes written out."""
    desks, at, by_unit = _DESKS[person.employer.level], 0, False
    for word in plot.script.split():
        verb, _, where = word.partition(":")
        match verb:
            case "to" | "finish":
                last = desks.index(where) if verb == "to" else len(desks)
                yield from ["pass"] * (last - at)
                at = last
            case "lower":
                at = desks.index(where)
                yield word
            case _:
                by_unit = by_unit or verb in ("attest", "code")
                at = (1 if by_unit else 0) if verb == "submit" else at
                yield word
