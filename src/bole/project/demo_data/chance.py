"""Chance from a fixed seed: the same draws on every run, and none that depends on what was drawn elsewhere."""

from random import Random

SEED = "bole-2018-10"


def chance(purpose: str) -> Random:
    """A stream of draws for one purpose; adding draws elsewhere does not change it."""
    return Random(f"{SEED}/{purpose}")  # noqa: S311  # invents people, guards nothing
