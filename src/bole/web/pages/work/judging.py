"""What a reviewer typed on the review page, kept as it was typed until it is decided."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from django.http import QueryDict

from bole.cases.terms import place_of
from bole.definitions.terms import APPLICANT, Service, Step, Verdict
from bole.kernel.errors import Fault, Invalid
from bole.review.terms import Faulty

NO, YES, PART = "否", "是", "部分"  # the answers to 「此模块信息是否有误」
SAY_MOST = 200
_MOST_PLACES = 2_000
_SPOT = re.compile(
    r"(?P<place>[^@]{1,200})@(?P<file>[0-9a-f-]{36})/(?P<page>\d{1,4})(?:/(?P<box>[\d.]+(?:,[\d.]+){3}))?"
)


def spot_text(place: str, file: object, page: int, box: str = "") -> str:
    """A mark on a page of a file as one word: the place that it opens, the attachment, the page, and the spot on it."""
    return f"{place}@{file}/{page}" + (f"/{box}" if box else "")


def spot_fault(text: str, say: str) -> Faulty:
    """What a word of `spot_text` marks; a word that is none names a section that is not there."""
    found = _SPOT.fullmatch(text)
    if found is None:
        return Faulty(text, say)
    section, record, field_ = place_of(found["place"])
    try:
        left, top, width, height = (float(each) for each in (found["box"] or "").split(","))
    except ValueError:
        return Faulty(text if found["box"] else section, say, record, field_, found["file"], int(found["page"]))
    return Faulty(section, say, record, field_, found["file"], int(found["page"]), (left, top, width, height))


def _section(place: str) -> str:
    """The section of a place or of a mark on a file."""
    return place_of(place.partition("@")[0])[0]


@dataclass(frozen=True)
class Judged:
    """The panel and the marks. A section is faulty when its own foot, a mark in it or 「问题模块」 says so.

    `places` are the records and fields ticked, `spots` the marks on pages of files (`spot_text`); where a section has
    such marks only they are opened, unless its own answer is 「是」. `ticked` are the sections of 「问题模块」.
    """

    verdict: str = ""
    opinion: str = ""
    target: str = APPLICANT
    resume: bool = False
    late_reason: str = ""
    marks: Mapping[str, str] = field(default_factory=dict)
    says: Mapping[str, str] = field(default_factory=dict)
    places: tuple[str, ...] = ()
    spots: tuple[str, ...] = ()
    ticked: tuple[str, ...] = ()

    @classmethod
    def posted(cls, data: QueryDict, service: Service) -> "Judged":
        """What was posted; codes that the form does not have stay, for the action to refuse."""
        codes = [section.section for section in service.sections]
        return cls(
            verdict=data.get("verdict", ""),
            opinion=data.get("opinion", "").replace("\r\n", "\n"),
            target=data.get("target", APPLICANT),
            resume=data.get("resume") == "1",
            late_reason=data.get("late_reason", "").strip(),
            marks={code: data.get(f"mark-{code}", "") for code in codes if data.get(f"mark-{code}")},
            says=_says((name, text) for name, text in data.items() if isinstance(text, str)),
            places=tuple(dict.fromkeys(data.getlist("at")[:_MOST_PLACES])),
            spots=tuple(dict.fromkeys(data.getlist("spot")[:_MOST_PLACES])),
            ticked=tuple(dict.fromkeys(data.getlist("faulty"))),
        )

    @classmethod
    def kept(cls, typed: Mapping[str, Any]) -> "Judged":
        """What a draft holds."""
        return cls(
            verdict=str(typed.get("verdict", "")),
            opinion=str(typed.get("opinion", "")),
            target=str(typed.get("target", APPLICANT)),
            resume=bool(typed.get("resume")),
            late_reason=str(typed.get("late_reason", "")),
            marks=dict(typed.get("marks", {})),
            says=dict(typed.get("says", {})),
            places=tuple(typed.get("places", ())),
            spots=tuple(typed.get("spots", ())),
            ticked=tuple(typed.get("ticked", ())),
        )

    @property
    def typed(self) -> dict[str, Any]:
        """For a draft; nothing where nothing was typed."""
        everything = {
            "verdict": self.verdict,
            "opinion": self.opinion,
            "target": "" if self.target == APPLICANT else self.target,
            "resume": self.resume,
            "late_reason": self.late_reason,
            "marks": dict(self.marks),
            "says": dict(self.says),
            "places": list(self.places),
            "spots": list(self.spots),
            "ticked": list(self.ticked),
        }
        return {name: value for name, value in everything.items() if value}

    def inner(self, code: str) -> tuple[str, ...]:
        """The marked records, fields and pages of files of a section."""
        return tuple(place for place in (*self.places, *self.spots) if _section(place) == code)

    def mark(self, code: str) -> str:
        """The answer of a section: 否, 是, 部分, or nothing while it has not been looked at."""
        if self.inner(code):
            return YES if self.marks.get(code) == YES else PART
        if code in self.ticked:
            return YES
        return self.marks.get(code, "")

    def is_faulty(self, code: str) -> bool:
        """Whether anything in the section was marked."""
        return self.mark(code) in (YES, PART)

    def faulty(self, order: Iterable[str]) -> tuple[Faulty, ...]:
        """Every marked place with what is wrong with it, in the order of the form; unknown codes last."""
        known = list(order)
        found: list[Faulty] = []
        for code in known:
            if self.mark(code) == YES:
                found.append(Faulty(code, self.says.get(code, "")))
            found += [self._inner(place) for place in self.inner(code)]
        strange = [code for code in self.ticked if code not in known]
        strange += [place for place in (*self.places, *self.spots) if _section(place) not in known]
        return (*found, *(self._inner(place) for place in dict.fromkeys(strange)))

    def _inner(self, place: str) -> Faulty:
        if "@" in place:
            return spot_fault(place, self.says.get(place, ""))
        section, record, field_ = place_of(place)
        return Faulty(section, self.says.get(place, ""), record, field_)

    def empty_parts(self, service: Service) -> tuple[str, ...]:
        """Names of the sections answered 「部分」 in which nothing is marked."""
        return tuple(
            section.name
            for section in service.sections
            if self.marks.get(section.section) == PART and not self.inner(section.section)
        )

    def chosen(self, step: Step | None, codes: Iterable[str]) -> Verdict:
        """The verdict. Raises Invalid at "verdict" when none was chosen; the sentence says what the marks ask for."""
        try:
            return Verdict(self.verdict)
        except ValueError:
            pass
        following = self.following(step, codes)
        option = step.option(following) if step is not None and following is not None else None
        if option is None:
            raise Invalid.at("verdict", "请选择审核结果。")
        raise Invalid.at("verdict", f"请选择审核结果。已按您的标记选好「{option.name}」，核对后再点一次即可。")

    def led(self, step: Step | None, codes: Iterable[str]) -> "Judged":
        """The same with the verdict that follows from the marks, where none was chosen."""
        following = None if self.verdict else self.following(step, codes)
        return self if following is None else replace(self, verdict=following.value)

    def spotted(self, spot: str, say: str) -> "Judged":
        """The same with one more mark on a page of a file."""
        return replace(self, spots=tuple(dict.fromkeys((*self.spots, spot))), says={**self.says, spot: say})

    def unspotted(self, spot: str) -> "Judged":
        """The same without this mark on a page of a file."""
        says = {place: words for place, words in self.says.items() if place != spot}
        return replace(self, spots=tuple(each for each in self.spots if each != spot), says=says)

    def saying(self, words: str) -> "Judged":
        """The same with these words under the opinion."""
        return replace(self, opinion=f"{self.opinion.rstrip()}\n{words}" if self.opinion.strip() else words)

    def following(self, step: Step | None, codes: Iterable[str]) -> Verdict | None:
        """The verdict that follows from the marks: a return where something is marked, approval where each section
        was looked at and is right; None where they say nothing yet or the step does not offer it."""
        marks = [self.mark(code) for code in codes]
        wanted = None
        if any(mark in (YES, PART) for mark in marks):
            wanted = Verdict.SEND_BACK
        elif marks and all(mark == NO for mark in marks):
            wanted = Verdict.APPROVE
        return wanted if wanted is not None and step is not None and step.option(wanted) is not None else None

    def demand_sense(self, service: Service, names: Iterable[str]) -> None:
        """Raises Invalid where the panel contradicts itself: 「部分」 without a mark, a placeholder left in words that
        the applicant reads. `names` are the placeholders."""
        faults = []
        empty = self.empty_parts(service)
        if empty and self.verdict != Verdict.APPROVE:
            faults.append(Fault("faulty", f"「{'、'.join(empty)}」选了「部分」，请在其中标出有误的记录或栏目。"))
        left = [f"{{{name}}}" for name in names if f"{{{name}}}" in self.opinion]
        if left:
            said = "、".join(left)
            faults.append(Fault("opinion", f"审核意见里的 {said} 还没有填上，请改成具体内容。"))
        if faults:
            raise Invalid(*faults)


def _says(posted: Iterable[tuple[str, str]]) -> dict[str, str]:
    found: dict[str, str] = {}
    for name, text in posted:
        if name.startswith("say-") and text.strip() and len(found) < _MOST_PLACES:
            found[name.removeprefix("say-")] = text.strip()[:SAY_MOST]
    return found
