"""The service as a whole: groups, progress, evidence, outputs, effects, columns."""

from collections.abc import Iterator
from typing import Any

from bole.definitions.answers.captions import SLOT
from bole.definitions.check.expressions import faults_of
from bole.definitions.check.reserved import of_service
from bole.definitions.check.routes import own_side
from bole.definitions.parse import Source
from bole.definitions.terms import Column, Known, Moment, Problem, SectionKind, Service, Take
from bole.kernel.privacy import Privacy

_Found = Iterator[tuple[tuple[Any, ...], str]]


def check_service(source: Source, known: Known) -> Iterator[Problem]:
    """Problems of a service outside its sections."""
    service: Service = source.thing
    for part in (_groups, _progress, _evidence, _columns, _window, of_service):
        yield from (source.problem(path, say) for path, say in part(service))
    yield from (source.problem(path, say) for path, say in _outputs(service, known))
    yield from (source.problem(path, say) for path, say in _effects(service, known))
    yield from (source.problem(["route"], say) for _, say in own_side(service))
    for place, step in enumerate(service.route.steps):
        if step.skip_when:
            says = faults_of(step.skip_when, service, None)
            yield from (source.problem(["route", "steps", place, "skip_when"], say) for say in says)


def _groups(service: Service) -> _Found:
    placed = [name for group in service.groups for name in group.sections]
    for place, group in enumerate(service.groups):
        for name in group.sections:
            if name not in service.by_code:
                yield ("groups", place, "sections"), f"没有栏目「{name}」"
    if service.groups:
        for name in service.by_code:
            if placed.count(name) != 1:
                yield ("groups",), f"栏目「{name}」应放进且只放进一组"
    if not service.opened_by:
        yield ("opened_by",), "要写明由谁填报：subject 或 unit"


def _progress(service: Service) -> _Found:
    steps = [step.step for step in service.route.steps]
    known = {*steps, *(moment.value for moment in Moment)}
    stops = [name for stage in service.progress for name in stage.at]
    for place, stage in enumerate(service.progress):
        for name in stage.at:
            if name not in known:
                yield ("progress", place, "at"), f"流程里没有环节「{name}」"
    for name in ("draft", *steps, "completed"):
        if stops.count(name) != 1:
            yield ("progress",), f"进度条应包含「{name}」一次，现在是{stops.count(name)}次"


def _evidence(service: Service) -> _Found:
    gathering = [section for section in service.sections if section.kind is SectionKind.EVIDENCE]
    if service.evidence and len(gathering) != 1:
        yield ("evidence",), f"有附件要求的事项应有一个附件栏目（kind: evidence），现在是{len(gathering)}个"
    for place, wanted in enumerate(service.evidence):
        section = service.by_code.get(wanted.section)
        if section is None or section.kind is SectionKind.EVIDENCE:
            yield ("evidence", place, "for"), f"没有栏目「{wanted.section}」"
            continue
        for name, _ in SLOT.findall(wanted.caption):
            field = section.by_code.get(name)
            if field is None:
                yield ("evidence", place, "caption"), f"栏目「{section.name}」里没有「{name}」"
            elif field.privacy is Privacy.SENSITIVE:
                yield ("evidence", place, "caption"), f"附件名称不能带敏感信息「{field.name}」"
        if "{" in SLOT.sub("", wanted.caption) or "}" in SLOT.sub("", wanted.caption):
            yield ("evidence", place, "caption"), "大括号里只能是字段代码，或 字段代码:compact"
        if wanted.min > wanted.max:
            yield ("evidence", place, "min"), "min 不能大于 max"
        if wanted.instead not in (None, "explanation"):
            yield ("evidence", place, "instead"), "instead 只能是 explanation（以说明代替）"
        if wanted.when is not None:
            yield from ((("evidence", place, "when"), say) for say in faults_of(wanted.when, service, None))


def _columns(service: Service) -> _Found:
    for place, column in enumerate(service.columns):
        yield from ((("columns", place, *path), say) for path, say in _column(service, column))


def _column(service: Service, column: Column) -> _Found:
    section = service.by_code.get(column.section)
    field = section.by_code.get(column.field) if section else None
    if section is None or (field is None and not (column.take is Take.COUNT and not column.field)):
        yield (), f"没有「{column.column}」"
        return
    if field is not None and field.privacy is Privacy.SENSITIVE:
        yield (), f"敏感信息「{field.name}」不能出现在列表和统计中"
    if bool(section.many) != bool(column.take):
        yield (), "多条栏目要写 take（取哪一条），单条栏目不写"
    if column.take not in (None, Take.COUNT) and column.by not in section.by_code:
        yield ("by",), f"要用 by 写明按哪个字段比较，现在是「{column.by}」"


def _window(service: Service) -> _Found:
    window = service.window
    if window.opens and window.closes and window.closes < window.opens:
        yield ("window",), "申报截止日期不能早于开始日期"


def _outputs(service: Service, known: Known) -> _Found:
    steps = {step.step for step in service.route.steps}
    for place, output in enumerate(service.outputs):
        if output.after not in steps | {moment.value for moment in Moment}:
            yield ("outputs", place, "after"), f"流程里没有「{output.after}」"
        if output.photo is not None and output.photo not in {wanted.section for wanted in service.evidence}:
            yield ("outputs", place, "photo"), f"栏目「{output.photo}」没有附件，取不到照片"
        name = f"{service.site}/{output.print}"
        if known.templates is not None and name not in known.templates:
            yield ("outputs", place, "print"), f"没有打印模板 {service.site}/print/{output.print}.typ"


def _effects(service: Service, known: Known) -> _Found:
    if known.effects is None:
        return
    for moment, names in service.on.model_dump().items():
        for name in names:
            if name not in known.effects:
                yield ("on", moment), f"没有办结动作「{name}」"
