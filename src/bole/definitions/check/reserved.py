"""Words of the language that nothing carries out yet. Taken, each would be a promise that the platform breaks."""

from collections.abc import Iterator
from typing import Any

from bole.definitions.terms import SeatKind, Service, Step, StepKind

_SEATS = (SeatKind.SUBJECT_UNIT, SeatKind.SUPERIOR, SeatKind.AUTHORITY, SeatKind.ANSWER)
_KINDS = (StepKind.CONFIRMATION, StepKind.REVIEW)
_NOT_YET = "本版本还不能办理{what}，写了也不起作用，请先去掉"


def of_step(step: Step) -> Iterator[tuple[str, str]]:
    """What a step asks for in vain: the key and the sentence."""
    if step.kind not in _KINDS:
        yield "kind", _NOT_YET.format(what=f"环节类型 {step.kind.value}")
    if step.seat.kind not in _SEATS:
        yield "seat", _NOT_YET.format(what=f"席位 {step.seat.kind.value}")
    if step.overdue != "remind":
        yield "overdue", _NOT_YET.format(what=f"超时 {step.overdue}")


def of_service(service: Service) -> Iterator[tuple[tuple[Any, ...], str]]:
    """What a service asks for in vain: the path and the sentence."""
    if service.limits.open_per_subject not in (None, 1):
        yield ("limits",), "open_per_subject 只能是 1；不限的不写"
    if service.limits.per_year not in (None, 1) or (service.limits.together and service.limits.per_year is None):
        yield ("limits",), "per_year 只能是 1，together 与它一起写；不限的不写"
    if service.window.per_unit is not None and service.window.opens is None:
        yield ("window",), "每单位限额按申报时间计，要写明 from"
