"""Effects: what a moment in the life of a case makes true elsewhere. `bindings` fills the registry at start-up."""

from bole.cases import queries as cases
from bole.cases.models import Case
from bole.cases.terms import FilledForm
from bole.definitions.terms import Moment, Service
from bole.kernel import clock
from bole.kernel.actors import Actor, Way
from bole.review.models import EffectRun
from bole.review.terms import Effect, EffectContext, OutcomeEntry

_effects: dict[str, Effect] = {}


def bind_effect(name: str, effect: Effect) -> None:
    """Give a name used in YAML its function. Called from AppConfig.ready of `bindings`."""
    if _effects.get(name, effect) is not effect:
        raise ValueError(f"effect {name} is bound twice")
    _effects[name] = effect


def bound_effects() -> frozenset[str]:
    """The names that a definition may use."""
    return frozenset(_effects)


def run_effects(
    *, case: Case, service: Service, moment: Moment, by: Actor, form: FilledForm | None = None, turn: int = 0,
    result: OutcomeEntry | None = None, only: str = "",
) -> None:  # fmt: skip
    """Run what the definition names for this moment, inside the deciding transaction, each once a round.

    `turn` tells the times apart at which a moment comes again in one round: a result that is corrected. `result` is
    what it says then; with `only` no other effect is run. `form` is the filled form where the caller has it already.
    An effect that raises takes the whole decision back.
    """
    names: tuple[str, ...] = getattr(service.on, moment.value, ())
    names = tuple(name for name in names if only in ("", name))
    if not names:
        return
    form = form or cases.form_of(case, service)
    context = EffectContext(
        case=case.id,
        number=case.number,
        person=case.person_id,
        unit=case.unit_id,
        service=service,
        typed=form.typed,
        values=form.values,
        opened_by=case.opened_by,
        on_behalf=Actor(way=Way.SYSTEM, account=by.account, name=by.name, site=case.site, address=by.address),
        by=by,
        moment=moment,
        result=result,
    )
    for name in names:
        EffectRun.objects.create(
            case=case, effect=f"{name}/{turn}" if turn else name, round=case.round, ran_at=clock.now()
        )
        _effects[name](context)
