"""Declarations on the other sites, as `catalogue/demonstration/<site>.yaml` has them: whose, their scripts, contents.

No service is named here: forms, desks and letters follow from the definitions, contents from the data.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from django.conf import settings

from bole.bindings import actions as bindings
from bole.cases import actions as cases
from bole.cases import queries
from bole.cases.models import Case
from bole.cases.terms import Status, Typed
from bole.definitions import queries as definitions
from bole.definitions.terms import Service, Verdict
from bole.kernel import clock
from bole.kernel.actors import Actor, Way
from bole.organizations import queries as organizations
from bole.organizations.terms import Role
from bole.project.demo_data.affairs import comes_without
from bole.project.demo_data.chance import chance
from bole.project.demo_data.grounds import GROUNDS, Dweller, dwellers
from bole.project.demo_data.papers import Papers
from bole.project.demo_data.stage import Stage
from bole.project.demo_data.timeline import instants
from bole.review import actions as review
from bole.review import queries as reviewed
from bole.review.terms import Faulty, PublicityResult

_FIRST = ("basic", "education")
_OWN = "any"
_ROUTE = ("to", "finish")


@dataclass(frozen=True)
class Told:
    """One declaration to come: whose, which service, its words, and what it shows."""

    who: Dweller
    service: str
    script: tuple[str, ...]
    shows: str


@cache
def _book(site: str) -> Mapping[str, Any] | None:
    path = Path(settings.BOLE_CATALOGUE) / "demonstration" / f"{site}.yaml"
    return yaml.safe_load(path.read_text(encoding="utf-8")) if path.is_file() else None


@cache
def told() -> tuple[Told, ...]:
    """Every declaration of the other sites, in the order of the books."""
    return tuple(each for ground in GROUNDS for each in _told(ground.site))


def _told(site: str) -> Iterator[Told]:
    for row in (_book(site) or {}).get("cases", ()):
        here = [each for each in dwellers() if (each.site, each.place, each.part) == (site, row["place"], "person")]
        who = [each for each in here if not comes_without(each)][row["person"] - 1]
        yield Told(who, row["service"], tuple(row["script"].split()), row["shows"])


def shown(who: Dweller) -> str:
    """What a person's declarations show, for the list of log-ins; empty without any."""
    rows = [each for each in told() if each.who == who]
    names = {each.service: definitions.catalogue().services[who.site, each.service].name for each in rows}
    return "；".join(f"{names[each.service]}：{each.shows}" for each in rows)


@dataclass
class Declarer:
    """Plays one declaration through the rooms' own actions, word by word."""

    stage: Stage
    papers: Papers
    told: Told
    words: tuple[str, ...] = ()
    case: Case | None = None
    service: Service = field(init=False)
    by: Actor = field(init=False)

    def __post_init__(self) -> None:
        """Find the form, and as who the person acts."""
        who = self.told.who
        row = self.stage.persons[who.number]
        self.service = definitions.service(who.site, self.told.service)
        self.by = Actor(way=Way.PERSON, account=row.account_id, name=row.name, person=row.pk, site=who.site)
        self.words = self.words or tuple(self._words())

    def _words(self) -> Iterator[str]:
        """The script with its passes written out: one word for each desk that there is for the person's unit."""
        for word in self.told.script:
            if word.partition(":")[0] in _ROUTE:
                for step in self.service.route.steps:
                    yield f"on:{word}"
                    if step.dispatch is not None and step.dispatch.publicity is not None:
                        yield f"public:{word}"
            else:
                yield word

    def act(self, word: str) -> None:
        """Do what the word says, now; what is behind it already is left."""
        verb, _, where = word.partition(":")
        if verb == "open":
            person = self.stage.persons[self.told.who.number]
            unit = self.stage.places[self.told.who.site, self.told.who.place]
            self.case = bindings.open_case(service=self.service, person=person, unit=unit, by=self.by)
            return
        case = self._fresh()
        match verb:
            case "part" | "fill" | "mend":
                self._type(case, {"part": _FIRST, "mend": tuple(case.open_sections or ())}.get(verb))
                if verb == "fill":
                    self._prove(case)
            case "submit":
                review.submit_case(case=case, seen=case.revision, by=self.by)
            case "withdraw":
                review.withdraw_case(case=case, seen=case.revision, by=self.by)
            case "cancel":
                review.cancel_case(case=case, seen=case.revision, by=self.by)
            case "on":
                self._go_on(case, where)
            case "public":
                self._recommend(case)
            case "hold":
                self._decide(case, Verdict.APPROVE, "同意推荐")
            case "back":
                section = next(code for code in self._book["faults"] if code in self.service.by_code)
                say = self._book["faults"][section]
                self._decide(case, Verdict.SEND_BACK, say, (Faulty(section, say),))
            case "end":
                self._decide(case, Verdict.TERMINATE, self._book["ends"])
            case "result":
                self._award(case, *where.split(":"))
            case "lost":
                self._end(case, where)

    @property
    def _book(self) -> Mapping[str, Any]:
        return _book(self.told.who.site) or {}

    def _fresh(self) -> Case:
        assert self.case is not None  # noqa: S101  # every script begins with opening
        return Case.objects.select_related("unit", "person").get(pk=self.case.pk)

    def _go_on(self, case: Case, where: str) -> None:
        """The desk passes the case and sends it on, unless it lies where it was to come to, or is done."""
        if case.status != Status.IN_REVIEW or f"to:{case.step}" == where or reviewed.replay(case).cleared:
            return
        step, desk = self.service.route.step(case.step), self._desk(case)
        self._decide(case, Verdict.APPROVE, "情况属实，同意推荐。" if step.dispatch else "审核通过。")
        if step.dispatch is None:
            return
        if step.dispatch.publicity is not None:
            today, days = clock.today(), step.dispatch.publicity.working_days
            place, ends = self._book["publicity"], reviewed.last_day(days, today)
            review.announce_publicity(cases=[case.number], place=place, starts=today, ends=ends, by=desk)
            return
        for name in step.dispatch.requires:
            file_name = self._book["letters"].get(name, f"{name}.pdf")
            review.add_paper(cases=[case.number], name=name, data=self.papers.scan, file_name=file_name, by=desk)
        review.dispatch(case=case, seen=self._fresh().revision, by=desk)

    def _recommend(self, case: Case) -> None:
        """The publicity is over: its result is recorded, and the unit sends the case on."""
        task = reviewed.open_task(case)
        row = reviewed.publicity_of(task) if task is not None else None
        if row is None or clock.today() <= row.ends:
            return
        desk = self._desk(case)
        review.close_publicity(cases=[case.number], result=PublicityResult.CLEAR, by=desk)
        review.dispatch(case=case, seen=case.revision, opinion=self._book["recommendation"], by=desk)

    def _desk(self, case: Case) -> Actor:
        """Whoever keeps the desk where the case lies."""
        assert case.seat_unit_id is not None  # noqa: S101  # the script says that it lies at a desk
        return self._keeper(case.seat_unit_id, Role(self.service.route.step(case.step).role))

    def _keeper(self, unit: Any, role: Role) -> Actor:
        holder = organizations.holders(unit, role)[0]
        return Actor(way=Way.UNIT, account=holder.account, name=holder.name, unit=unit, site=self.told.who.site)

    def _decide(self, case: Case, verdict: Verdict, opinion: str, faulty: tuple[Faulty, ...] = ()) -> None:
        review.decide(
            case=case, step=case.step, seen=case.revision, verdict=verdict, opinion=opinion, faulty=faulty,
            by=self._desk(case),
        )  # fmt: skip

    def _award(self, case: Case, state: str, grade: str) -> None:
        """The authority enters the result and publishes it."""
        results = self.service.results
        assert results is not None  # noqa: S101  # the script says that there is one
        by = self._keeper(reviewed.keeper_of_result(case), Role(results.role))
        stands = reviewed.chosen_outcomes([case.number], self.service, by)[case.number]
        typed = {"state": state, "awarded": grade, **self._book["result"]}
        done = review.enter_outcome(number=case.number, seen=stands.revision, typed=typed, by=by)
        review.publish_outcomes(chosen=[(case.number, done.revision)], by=by)

    def _end(self, case: Case, end: str) -> None:
        """What was published as 通过, or given by completion, ceases to hold."""
        by = self._keeper(reviewed.keeper_of_result(case), Role(self.service.keeping))
        stands = reviewed.chosen_outcomes([case.number], self.service, by)[case.number]
        review.end_outcome(number=case.number, seen=stands.revision, end=end, reason=self._book["lost"][end], by=by)

    def _type(self, case: Case, only: tuple[str, ...] | None) -> None:
        """Save what is told of each section, or of those named."""
        standing = {row.section: row.version for row in case.answers.all()}
        for section in self.service.sections:
            if only is not None and section.section not in only:
                continue
            typed = self._typed(section.section)
            if typed:
                seen = standing.get(section.section, 0)
                cases.save_section(case=case, section=section.section, typed=typed, seen=seen, by=self.by)

    def _typed(self, code: str) -> Typed:
        """What the book tells of a section: of everybody, of the place, of the form; no field that the form lacks."""
        section, lives, forms = self.service.by_code[code], self._book["lives"], self._book["forms"]
        own = {field.field for field in section.fields if field.fixed is None}
        texts = [lives["common"], lives[self.told.who.place], forms[_OWN], forms.get(self.service.service, {})]
        found = [text[code] for text in texts if code in text]
        if section.many is not None:
            rows = found[-1] if found else []
            return [
                {"id": f"r{place}", **self._fitting(row, own)} for place, row in enumerate(rows[: section.many.max], 1)
            ]
        return self._fitting({key: value for text in found for key, value in text.items()}, own)

    def _fitting(self, record: Mapping[str, Any], own: set[str]) -> dict[str, Any]:
        told = {"{phone}": self.told.who.phone, "{name}": self.told.who.name}
        told["{unit}"] = self.stage.places[self.told.who.site, self.told.who.place].name
        return {key: _plain(value, told) for key, value in record.items() if key in own}

    def _prove(self, case: Case) -> None:
        """Upload a paper for every line that needs one."""
        for slot in queries.form_of(case, self.service).slots:
            if slot.answered or not slot.required:
                continue
            data, name = self.papers.portrait(0) if "照片" in slot.caption else self.papers.of(slot.section)
            place: dict[str, Any] = {"section": slot.section, "record": slot.record, "category": slot.category}
            cases.attach(case=case, **place, data=data, name=name, by=self.by)


def _plain(value: Any, told: Mapping[str, str]) -> Any:
    """As it would be typed: YAML reads days as dates."""
    if isinstance(value, date):
        return value.isoformat()
    return told.get(value, value) if isinstance(value, str) else value


def declarers(stage: Stage, papers: Papers) -> list[Declarer]:
    """A player for each declaration."""
    return [Declarer(stage, papers, each) for each in told()]


def times(player: Declarer, now: datetime) -> list[datetime]:
    """One instant for each of its words, over the last weeks."""
    who = player.told.who
    return instants(player.words, now, chance(f"declared/{who.number}/{player.told.service}"))
