"""The service as a whole: groups, progress, evidence, outputs, effects, columns."""

from collections.abc import Iterator
from typing import Any

from bole.definitions.answers.captions import SLOT
from bole.definitions.check.eligibility import of_eligibility
from bole.definitions.check.entering import of_drawing, of_entering
from bole.definitions.check.expressions import faults_of
from bole.definitions.check.naming import unit_named
from bole.definitions.check.reserved import of_service
from bole.definitions.check.results import of_results
from bole.definitions.check.routes import own_side
from bole.definitions.conditions import ConditionInvalid, compiled
from bole.definitions.parse import SHARED, Source
from bole.definitions.terms import (
    Column,
    Evidence,
    Known,
    Moment,
    Opener,
    Problem,
    SeatKind,
    Section,
    SectionKind,
    Service,
    SubjectKind,
    Take,
    UnitSource,
)
from bole.kernel.privacy import Privacy

_Found = Iterator[tuple[tuple[Any, ...], str]]
# The moments with which a paper can become final, beside the steps of the route.
_FINAL = {Moment.SUBMITTED.value, Moment.COMPLETED.value, Moment.AWARDED.value}


def check_service(source: Source, known: Known) -> Iterator[Problem]:
    """Problems of a service outside its sections."""
    service: Service = source.thing
    for part in (
        _groups,
        _progress,
        _evidence,
        _columns,
        _window,
        _parties,
        _seats,
        of_service,
        of_eligibility,
        of_drawing,
    ):
        yield from (source.problem(path, say) for path, say in part(service))
    for check in (_outputs, of_results, of_entering):
        yield from (source.problem(path, say) for path, say in check(service, known))
    if known.roles is not None and service.filed_by not in known.roles:
        yield source.problem(["filed_by"], f"没有角色「{service.filed_by}」")
    if known.sites is not None and service.site not in known.sites:
        yield source.problem(["site"], f"没有站点「{service.site}」")
    yield from (source.problem(path, say) for path, say in _effects(service, known))
    yield from (source.problem(["route"], say) for say in own_side(service))
    for place, step in enumerate(service.route.steps):
        if step.skip_when:
            says = faults_of(step.skip_when, service, None)
            yield from (source.problem(["route", "steps", place, "skip_when"], say) for say in says)


def _parties(service: Service) -> _Found:
    """Who it is about, who opens it, and whose unit it is."""
    chosen = service.unit is UnitSource.CHOSEN
    if service.subject is SubjectKind.UNIT and service.opened_by not in ((), (Opener.UNIT,)):
        yield ("opened_by",), "以单位为对象的事项由单位填报，opened_by 应写作 [unit]"
    if service.subject is SubjectKind.UNIT and chosen:
        yield ("unit",), "以单位为对象的事项办的是本单位，不能写 chosen"
    elif chosen and Opener.UNIT in service.opened_by:
        yield ("unit",), "填报时选择单位的事项由本人办理，opened_by 应写作 [subject]"
    if chosen and not service.chosen_kinds:
        yield ("unit",), "要用 chosen_kinds 写明可以选哪几类单位：authority、department、unit、base"
    if service.chosen_kinds and not chosen:
        yield ("chosen_kinds",), "没有写 unit: chosen，chosen_kinds 不起作用"


def _seats(service: Service) -> _Found:
    """A desk that an answer names must be named whenever the case is handed in."""
    for place, step in enumerate(service.route.steps):
        if step.seat.kind is SeatKind.ANSWER and step.seat.field is not None:
            yield from ((("route", "steps", place, "seat"), say) for say in unit_named(service, step.seat.field))


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
    for place, name in enumerate(service.first):
        if name not in service.by_code or service.by_code[name].required is not True:
            yield ("first", place), f"没有必填的栏目「{name}」，不能要求先填"
    if service.stepped and not service.groups:
        yield ("stepped",), "分步骤填报的事项要用 groups 写明各步骤的栏目"
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
    always = [(wanted.section, wanted.category) for wanted in service.evidence if wanted.when is None]
    for place, wanted in enumerate(service.evidence):
        at = ("evidence", place)
        section = service.by_code.get(wanted.section)
        if section is None:
            yield (*at, "for"), f"没有栏目「{wanted.section}」"
            continue
        if section.kind is SectionKind.EVIDENCE and wanted.category is None:
            yield (*at, "for"), "整份申报的材料要用 category 写明类别代码"
        if always.count((wanted.section, wanted.category)) > 1:  # those with a condition may take turns
            yield (*at, "for"), f"栏目「{section.name}」的材料类别重复，请用 category 区分"
        for path, say in _caption(wanted, section):
            yield (*at, path), say
        if wanted.min > wanted.max:
            yield (*at, "min"), "min 不能大于 max"
        if wanted.instead not in (None, "explanation"):
            yield (*at, "instead"), "instead 只能是 explanation（以说明代替）"
        if wanted.required is not True and wanted.min == 0:
            yield (*at, "required"), "min 为 0 的材料本来就可以不传，不能再写 required"
        if wanted.each is not None:
            yield from (((*at, "each"), say) for say in _each(wanted.each, section))
        for name in ("when", "required"):
            condition = getattr(wanted, name)
            if isinstance(condition, str):
                yield from (((*at, name), say) for say in faults_of(condition, service, None))


def _each(condition: str, section: Section) -> Iterator[str]:
    """`each` speaks of the record alone."""
    try:
        names = compiled(condition).names
    except ConditionInvalid as error:
        yield str(error)
        return
    yield from (f"栏目「{section.name}」里没有「{name}」" for name in sorted(names - set(section.by_code)))


def _caption(wanted: Evidence, section: Section) -> Iterator[tuple[str, str]]:
    for name, _ in SLOT.findall(wanted.caption):
        field = section.by_code.get(name)
        if field is None:
            yield "caption", f"栏目「{section.name}」里没有「{name}」"
        elif field.privacy is Privacy.SENSITIVE:
            yield "caption", f"附件名称不能带敏感信息「{field.name}」"
    if "{" in SLOT.sub("", wanted.caption) or "}" in SLOT.sub("", wanted.caption):
        yield "caption", "大括号里只能是字段代码，或 字段代码:compact"
    if "{" in wanted.name:
        yield "name", "材料类别的名称不能带字段，请写在 caption 里"


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
    if column.take is Take.ANY:
        yield ("take",), "列表栏目只显示一条，take 不能写 any"
    if bool(section.many) != bool(column.take):
        yield (), "多条栏目要写 take（取哪一条），单条栏目不写"
    if column.take not in (None, Take.COUNT) and column.by not in section.by_code:
        yield ("by",), f"要用 by 写明按哪个字段比较，现在是「{column.by}」"


def _window(service: Service) -> _Found:
    window = service.window
    if (window.opens is None) is not (window.closes is None):
        yield ("window",), "申报时间要同时写明 from 和 to；全年受理的都不写"
    elif window.opens and window.closes:
        if (window.opens.year == 1) is not (window.closes.year == 1):
            yield ("window",), "每年的申报时间，from 和 to 都写成月和日，例如 03-01"
        elif window.closes < window.opens:
            yield ("window",), "申报截止日期不能早于开始日期"


def _outputs(service: Service, known: Known) -> _Found:
    steps = {step.step for step in service.route.steps}
    templates = [output.print for output in service.outputs]
    names = [output.name for output in service.outputs]
    for place, output in enumerate(service.outputs):
        if templates.index(output.print) != place:
            yield ("outputs", place, "print"), f"打印模板「{output.print}」用了两次，每种打印件要有自己的模板"
        if names.index(output.name) != place:
            yield ("outputs", place, "name"), f"有两种打印件都叫「{output.name}」，无法按名称选择"
        if output.after not in steps | _FINAL:
            yield ("outputs", place, "after"), f"流程里没有「{output.after}」"
        for path in output.cover:
            code, _, name = path.partition(".")
            section = service.by_code.get(code)
            if section is None or section.many is not None or name not in section.by_code:
                yield ("outputs", place, "cover"), f"封面要写单条栏目里的字段，没有「{path}」"
        if output.photo is not None and output.photo not in {wanted.section for wanted in service.evidence}:
            yield ("outputs", place, "photo"), f"栏目「{output.photo}」没有附件，取不到照片"
        places = {f"{service.site}/{output.print}", f"{SHARED}/{output.print}"}
        if known.templates is not None and not places & known.templates:
            yield ("outputs", place, "print"), f"没有打印模板 {service.site}/print/{output.print}.typ"


def _effects(service: Service, known: Known) -> _Found:
    if known.effects is None:
        return
    for moment, names in service.on.model_dump().items():
        for name in names:
            if name not in known.effects:
                yield ("on", moment), f"没有办结动作「{name}」"
