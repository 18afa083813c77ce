"""Two contestants taking turns, and what is said of them."""

import gc
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass

ROUNDS = 31  # an odd number, so that the median is a run that took place
_WARM = 5


@dataclass(frozen=True)
class Result:
    """Medians of one race in milliseconds, and the ratio that must not be passed."""

    name: str
    ours: float
    floor: float
    aim: float
    note: str = ""

    @property
    def ratio(self) -> float:
        """How many times the floor."""
        return self.ours / self.floor

    @property
    def met(self) -> bool:
        """Whether the aim was met in this run."""
        return self.ratio <= self.aim

    def line(self) -> str:
        """As it is printed."""
        verdict = "met" if self.met else "MISSED"
        return (
            f"{self.name:<22} {self.ours:9.2f} ms  floor {self.floor:9.2f} ms  "
            f"ratio {self.ratio:6.2f}  aim <= {self.aim:g}  {verdict}  {self.note}"
        )


def race(
    name: str,
    ours: Callable[[int], object],
    floor: Callable[[int], object],
    *,
    aim: float,
    rounds: int = ROUNDS,
    warm: int = _WARM,
    note: str = "",
) -> Result:
    """Run both in turns, each first every other round, and take the medians. Both get the number of the round."""
    taken: dict[str, list[float]] = {"ours": [], "floor": []}
    contestants = [("ours", ours), ("floor", floor)]
    for place in range(warm + rounds):
        for key, run in contestants if place % 2 else reversed(contestants):
            gc.collect()
            start = time.perf_counter()
            run(place)
            if place >= warm:
                taken[key].append((time.perf_counter() - start) * 1000)
    medians = {key: statistics.median(times) for key, times in taken.items()}
    return Result(name, medians["ours"], medians["floor"], aim, note)
