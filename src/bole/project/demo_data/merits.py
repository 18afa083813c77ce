"""What a person holds and has done: titles, skills, projects, papers and the rest, after the years of the career."""

from random import Random
from typing import Any

from bole.project.demo_data.lives import LAST_YEAR, Life

Answers = dict[str, Any]
_ISSUER = "宁夏回族自治区人力资源和社会保障厅"


def merits(told: Life, draw: Random) -> dict[str, Any]:
    """The sections about merit that the person has something to say in."""
    found: dict[str, Any] = {"skills": _skills(told, draw)} if told.person.skilled else {"titles": _titles(told, draw)}
    if told.wealth >= 1:
        found |= {"honors": _honors(told, draw)}
    if told.wealth >= 1 and not told.person.skilled:
        found |= {"projects": _projects(told, draw), "papers": _papers(told, draw)}
    if told.wealth == 2:
        found |= {
            "talent_projects": [_talent_project(told, draw)],
            "patents": _patents(told, draw),
            "part_time": [_part_time(told, draw)],
            "supplement": {"text": _introduction(told, draw)},
        }
        if not told.person.skilled:
            found |= {"appraisals": [_appraisal(told, draw)], "visits": [_visit(told, draw)]}
    return found


def _titles(told: Life, draw: Random) -> list[Answers]:
    trade = told.trade
    held = [("2", trade.deputy, told.deputy)]
    if told.chief:
        held.append(("1", trade.chief, told.chief))
    return [
        {
            "series": trade.series,
            "level": f"{trade.series}-{level}",
            "title": title,
            "number": f"NX{year}{draw.randint(10000, 99999)}",
            "obtained": f"{year}-12",
            "issuer": _ISSUER,
        }
        for level, title, year in held
    ]


def _skills(told: Life, draw: Random) -> list[Answers]:
    craft = draw.choice(told.trade.crafts)
    held = [("2", told.deputy)] + ([("1", told.chief)] if told.chief else [])
    return [
        {
            "trade": craft,
            "grade": grade,
            "number": f"NXJN{year}{draw.randint(10000, 99999)}",
            "obtained": f"{year}-{draw.randint(3, 11):02d}-{draw.randint(1, 28):02d}",
        }
        for grade, year in held
    ]


def _year(told: Life, draw: Random) -> int:
    """A year between the first title and the last year told of."""
    return draw.randint(told.deputy - 3, LAST_YEAR)


def _day(told: Life, draw: Random) -> str:
    return f"{_year(told, draw)}-{draw.randint(1, 12):02d}-{draw.randint(1, 28):02d}"


def _projects(told: Life, draw: Random) -> list[Answers]:
    topics = draw.sample(told.trade.topics, min(told.wealth, len(told.trade.topics)))
    return [
        {
            "title": f"{topic}关键技术研究与示范",
            "number": f"NXYF{_year(told, draw)}{draw.randint(100, 999)}",
            "kind": draw.choice(("20", "21", "25", "40")),
            "department": "宁夏回族自治区科学技术厅",
            "approved": f"{_year(told, draw)}-0{draw.randint(3, 9)}",
            "concluded": draw.choice(("1", "0")),
            "description": f"围绕{topic}开展调查、试验和示范，形成可推广的技术规程，培训基层技术人员。",
            "role": "1" if place == 0 else draw.choice(("2", "3")),
        }
        for place, topic in enumerate(topics)
    ]


def _papers(told: Life, draw: Random) -> list[Answers]:
    topics = draw.sample(told.trade.topics, min(told.wealth + 1, len(told.trade.topics)))[: told.wealth]
    return [
        {
            "title": f"{topic}的实践与思考",
            "publisher": f"《塞上{draw.choice(('学报', '论坛', '科技', '研究'))}》",
            "published": _day(told, draw),
            "rank": draw.choice(("一作", "一作", "二作", "通信")),
        }
        for topic in topics
    ]


def _honors(told: Life, draw: Random) -> list[Answers]:
    titles = draw.sample(told.trade.honors, min(told.wealth, len(told.trade.honors)))
    return [
        {
            "title": f"自治区{title}" if place == 0 else title,
            "issuer": "宁夏回族自治区人民政府" if place == 0 else told.person.employer.name,
            "level": "2" if place == 0 else "5",
            "awarded": _day(told, draw),
            "grade": "5",
            "rank": "1",
        }
        for place, title in enumerate(titles)
    ]


def _talent_project(told: Life, draw: Random) -> Answers:
    project, level = draw.choice((("Z08", "2"), ("Z05", "2"), ("Z09", "2"), ("G18", "1"), ("G38", "1")))
    return {"project": project, "technology": told.trade.technology, "level": level, "year": str(_year(told, draw))}


def _patents(told: Life, draw: Random) -> list[Answers]:
    return [
        {
            "title": f"一种用于{draw.choice(told.trade.topics)[:12]}的装置",
            "kind": kind,
            "granted": _day(told, draw),
            "number": f"ZL{_year(told, draw)}{draw.randint(10000000, 99999999)}",
            "rank": "1",
        }
        for kind in ("2", "1")
    ]


def _part_time(told: Life, draw: Random) -> Answers:
    return {
        "organization": told.trade.society,
        "duty": draw.choice(("理事", "常务理事", "副秘书长")),
        "since": f"{_year(told, draw)}-04",
        "responsibility": "组织学术交流，参与行业标准讨论",
        "term": "5年",
        "remark": {"nothing": "none"},
    }


def _appraisal(told: Life, draw: Random) -> Answers:
    return {
        "title": f"{draw.choice(told.trade.topics)[:20]}集成技术",
        "agency": "宁夏回族自治区科学技术厅",
        "passed": _day(told, draw),
        "rank": "1/7",
        "level": "3",
        "grade": "2",
        "number": f"9{draw.randint(1000000, 9999999)}Y",
    }


def _visit(told: Life, draw: Random) -> Answers:
    year = min(told.began + draw.randint(3, 8), LAST_YEAR - 1)
    return {
        "start": f"{year}-09",
        "end": f"{year + 1}-06",
        "place": "1",
        "kind": draw.choice(("1", "2")),
        "school": "秦陇工业大学",
        "major": draw.choice(told.trade.majors)[:20],
        "content": f"{draw.choice(told.trade.topics)}方向的访学与进修",
    }


def _introduction(told: Life, draw: Random) -> str:
    first, second = draw.sample(told.trade.topics, 2)
    return (
        f"长期从事{draw.choice(told.trade.work)}工作。主持完成「{first}」等项目，参与制定自治区地方标准1项，"
        f"在{second}方面形成一套适合宁夏实际的做法，已在区内三个市县推广，培养青年技术骨干12名。"
    )
