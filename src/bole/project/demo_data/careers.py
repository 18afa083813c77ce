"""A person's career as it would be typed: study, then work, then title, each no earlier than the one before."""

from random import Random
from typing import Any

from bole.project.demo_data import merits
from bole.project.demo_data.cast import DemoPerson
from bole.project.demo_data.chance import chance
from bole.project.demo_data.lives import LAST_YEAR, Life, life
from bole.project.demo_data.names import fresh_name

_SCHOOLS = (
    "朔方大学", "河套理工大学", "陇右师范大学", "塞北农业大学", "贺兰山医科大学", "秦陇工业大学", "关中水利电力大学",
)  # fmt: skip
_TOWNS = {"6401": "银川市", "6402": "石嘴山市", "6403": "吴忠市", "6404": "固原市", "6405": "中卫市", "6400": "银川市"}
_STREETS = ("凤鸣街", "湖城东路", "塞上南街", "朔方路", "枸杞巷", "黄河东路", "贺兰山西路")

Answers = dict[str, Any]


def answers(person: DemoPerson) -> dict[str, Any]:
    """What the person types, by section; records carry their keys."""
    told = life(person)
    draw = chance(f"answers/{person.number}")
    basic = _basic(told, draw)
    found: dict[str, Any] = {
        "basic": basic,
        "work": _work(told, draw, basic["duty"]),
        "education": _education(told, draw),
        "family": _family(told, draw),
        "contact": _contact(told, draw),
        **merits.merits(told, draw),
    }
    return {section: _keyed(typed) for section, typed in found.items() if typed}


def _keyed(typed: Any) -> Any:
    if isinstance(typed, list):
        return [{"id": f"r{place}", **record} for place, record in enumerate(typed, start=1)]
    return typed


def _basic(told: Life, draw: Random) -> Answers:
    person, trade = told.person, told.trade
    town = _TOWNS[person.employer.region[:4]]
    home = (
        f"宁夏{town}{draw.choice(_STREETS)}{draw.randint(1, 300)}号{draw.randint(1, 30)}号楼{draw.randint(101, 1899)}室"
    )
    basic: Answers = {
        "political_status": draw.choice(("01", "01", "13", "13", "05", "10", "12")),
        "marital_status": draw.choice(("20", "20", "20", "21", "40")),
        "nationality": "CHN",
        "household": f"宁夏回族自治区{town}",
        "work_since": f"{told.began}-07",
        "phone": person.phone,
        "email": f"rc{person.phone[-4:]}@example.cn",
        "address": f"宁夏{town}{draw.choice(_STREETS)}{draw.randint(1, 200)}号",
        "home_address": home,
        "talent_category": "4" if person.skilled else "3",
        "specialty_fields": list(trade.fields[: draw.randint(1, len(trade.fields))]),
        "discipline": trade.disciplines[told.line],
        "specialty": draw.choice(trade.crafts) if person.skilled else trade.majors[told.line],
        "duty": "班组长" if person.skilled else draw.choice(trade.duties),
        "staffing": "1" if person.employer.category == "12" else "3",
    }
    if told.wealth:
        basic["strengths"] = draw.choice(trade.topics)
        basic["talent_type"] = "C" if told.chief else draw.choice(("D", "E"))
    if not person.skilled and person.employer.category == "12":
        basic["professional_grade"] = "4" if told.chief else draw.choice(("5", "6", "7"))
        basic["appointed"] = f"{told.chief or told.deputy}-12"
    if told.wealth == 2:
        basic["english_name"] = "DEMO Person"
    return basic


def _work(told: Life, draw: Random, duty: str) -> list[Answers]:
    trade, middle = told.trade, min(told.began + draw.randint(4, 9), told.deputy)
    task = trade.work[told.line % len(trade.work)]
    if told.person.skilled:
        task = f"{draw.choice(trade.crafts)}岗位操作与检修"
    now = {"employer": told.person.employer.name, "duty": duty, "responsibility": task}
    if draw.random() < 0.35:
        return [{"start": f"{told.began}-07", **now}]
    before = {"employer": draw.choice(trade.before), "duty": "无", "responsibility": task}
    return [
        {"start": f"{told.began}-07", "end": f"{middle}-06", **before},
        {"start": f"{middle}-07", **now},
    ]


def _education(told: Life, draw: Random) -> list[Answers]:
    trade, year = told.trade, told.studied
    if told.person.skilled:
        left = told.person.born.year + 15
        found = [
            _study(left - 3, left, f"{_TOWNS[told.person.employer.region[:4]]}第{draw.randint(2, 9)}中学", "无", "71"),
            _study(left, year, "宁夏朔北技工学校", draw.choice(trade.crafts), "47"),
        ]
        if draw.random() < 0.5:
            later = year + draw.randint(4, 8)
            found.append(_study(later, later + 3, draw.choice(_SCHOOLS), draw.choice(trade.majors), "31", mode="2"))
        return found
    major = trade.majors[told.line]
    found = [_study(year - 4, year, draw.choice(_SCHOOLS), major, "21", trade.degrees[0], rank="1")]
    if told.degrees > 1:
        found.append(_study(year, year + 3, draw.choice(_SCHOOLS), major, "14", trade.degrees[1]))
    if told.degrees > 2:
        found.append(_study(year + 3, year + 6, draw.choice(_SCHOOLS), major, "11", trade.degrees[2]))
    return found


def _study(
    start: int, end: int, school: str, major: str, education: str, degree: str = "", *, mode: str = "1", rank: str = ""
) -> Answers:
    study = {"start": f"{start}-09", "end": f"{end}-06", "school": school, "major": major, "education": education}
    study |= {"mode": mode}
    if degree:
        study["degree"] = degree
    if rank:
        study["degree_rank"] = rank
    return study


def _family(told: Life, draw: Random) -> list[Answers]:
    person = told.person
    spouse = {
        "relation": "10",
        "name": fresh_name(draw, set(), man=not person.man),
        "sex": "2" if person.man else "1",
        "born": f"{person.born.year + draw.randint(-3, 3)}-{draw.randint(1, 12):02d}",
        "employer": draw.choice(("宁夏塞上供水有限公司 职员", "乡镇中心小学 教师", "个体经营")),
    }
    if told.wealth == 0 and draw.random() < 0.5:
        return [spouse]
    son = draw.random() < 0.5
    child = {
        "relation": "20" if son else "30",
        "name": _child_of(person, draw),
        "sex": "1" if son else "2",
        "born": f"{min(told.began + draw.randint(2, 6), LAST_YEAR)}-05",
        "employer": {"nothing": "none"},
    }
    mother = {
        "relation": "52",
        "name": fresh_name(draw, set(), man=False),
        "sex": "2",
        "born": {"nothing": "unknown"},
        "employer": {"nothing": "none"},
    }
    return [spouse, child] if told.wealth < 2 else [spouse, child, mother]


def _child_of(person: DemoPerson, draw: Random) -> str:
    """A child's name: the family's, or the parent's own name behind a middle dot."""
    if "·" in person.name:
        return f"{draw.choice(('迪丽娜', '艾力', '帕孜来', '凯撒尔'))}·{person.name.partition('·')[0]}"
    family = person.name[:2] if person.name[:2] in ("欧阳", "司马", "尉迟", "诸葛") else person.name[0]
    return family + draw.choice(("子衿", "一诺", "沐辰", "若溪"))


def _contact(told: Life, draw: Random) -> Answers:
    man = draw.random() < 0.5
    return {
        "name": fresh_name(draw, set(), man=man),
        "sex": "1" if man else "2",
        "relation": draw.choice(("C1", "C2", "C3", "70")),
        "employer": told.person.employer.name,
        "phone": f"1990000{draw.randint(7000, 9999)}",
        "address": f"宁夏{_TOWNS[told.person.employer.region[:4]]}{draw.choice(_STREETS)}{draw.randint(1, 99)}号",
    }
