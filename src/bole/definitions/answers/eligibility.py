"""Who may apply: each condition judged by the facts that are known, never by a guess (ALL-13)."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from bole.definitions.answers.facts import Ground
from bole.definitions.conditions import compiled
from bole.definitions.terms import Assessed, Cleaned, Context, Finding, Held, Requirement, Service

_FINDINGS = {True: Finding.MET, False: Finding.UNMET, None: Finding.UNKNOWN}


def assess(
    service: Service,
    context: Context,
    *,
    archive: Mapping[str, Sequence[Held]],
    form: Mapping[str, Cleaned] | None = None,
    marks: Mapping[tuple[str, str], str] | None = None,
) -> tuple[Assessed, ...]:
    """What is found of each condition: from registered facts and the archive, or, with `form`, from its answers.

    Met and unmet hold whatever the missing facts turn out to be. `marks` tells for (section, record) of the form who
    verified an equal record of the archive.
    """
    ground = Ground(service, context, archive, form, marks or {})
    present = replace(ground, counted_to=context.today)
    return tuple(_assess(present if each.present else ground, each) for each in service.eligibility)


def _assess(ground: Ground, requirement: Requirement) -> Assessed:
    found = [(fact.key, *ground.find(fact)) for fact in requirement.facts]
    scope = {"today": ground.today} | {key: value for key, value, _ in found}
    finding = _FINDINGS[compiled(requirement.that).knows(scope)]
    return Assessed(requirement, finding, tuple(used for _, _, used in found))
