"""Placeholders of 「常用意见」: 「{姓名}的{问题模块}……」 becomes words when the phrase is put into the opinion."""

from collections.abc import Mapping, Sequence

from bole.web.pages.work.marking import MarkedSection
from bole.web.pages.work.seat import Seat

NAME, UNIT, SERVICE, NUMBER, FAULTY, MATERIAL = "姓名", "单位", "事项", "受理编号", "问题模块", "材料"
PLACEHOLDERS = (NAME, UNIT, SERVICE, NUMBER, FAULTY, MATERIAL)


def fixed_words(seat: Seat) -> dict[str, str]:
    """What does not depend on the marks."""
    case = seat.case
    return {NAME: seat.whose, UNIT: case.unit.name, SERVICE: seat.service.name, NUMBER: case.number}


def words_of(seat: Seat, sections: Sequence[MarkedSection]) -> dict[str, str]:
    """Every placeholder with its words; without marks 「{材料}」 are the papers that are lacking."""
    found = [material for section in sections for material in section.materials]
    if not found:
        slots = {slot.key: slot for section in sections for slot in section.read.slots}
        found = [slot.caption for slot in slots.values() if slot.required and not slot.proved]
    return {
        **fixed_words(seat),
        FAULTY: "、".join(section.read.name for section in sections if section.faulty),
        MATERIAL: "、".join(dict.fromkeys(found)),
    }


def fill(text: str, words: Mapping[str, str]) -> str:
    """The phrase with its placeholders filled; one without words stays, and is asked for before anything is decided."""
    for name in PLACEHOLDERS:
        if words.get(name):
            text = text.replace(f"{{{name}}}", words[name])
    return text
