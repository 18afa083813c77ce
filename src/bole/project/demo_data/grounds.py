"""The ground of the four other sites: authorities at their levels, departments, a base, employers, and who is there.

No database needed. Each place has its administrator (the highest authority two), a deputy where said, its
operators with their roles, and the persons who belong to it.
"""

from dataclasses import dataclass
from datetime import date
from functools import cache

from bole.project.demo_data.chance import chance
from bole.project.demo_data.names import fresh_name
from bole.project.demo_data.numbers import credit_code, identity_number, phone


@dataclass(frozen=True, slots=True)
class Place:
    """A unit of another site. `under` is the key of its superior; without `category` it has no credit code of its own.

    `operators` are roles by the code of `organizations.terms.Role` or names of the site's business roles.
    """

    key: str
    name: str
    region: str
    under: str = ""
    kind: str = "unit"
    category: str = "12"
    operators: tuple[str, ...] = ()
    persons: int = 0
    deputy: bool = False
    duties: str = ""


@dataclass(frozen=True, slots=True)
class Bundle:
    """A business role that the site's highest authority keeps (GZ-07)."""

    name: str
    note: str
    functions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Ground:
    """A site: the city whose …90 code its people's numbers begin with, its places in the order of the tree."""

    site: str
    prefix: str
    places: tuple[Place, ...]
    bundles: tuple[Bundle, ...]


@dataclass(frozen=True, slots=True)
class Dweller:
    """Somebody at a place. `part`: administrator, deputy, person, or the role held."""

    site: str
    place: str
    part: str
    name: str
    number: str
    phone: str


_CHECKS = Bundle("职称子系统-审核", "单位内部核验、单位推荐上报、上级单位流转", ("reviewer", "registrar"))
_EXPERTS = Bundle("评审专家", "参加评审委员会评审", ("expert",))
_DESK = Bundle("人社窗口经办", "审核账户、业务审核、门户内容维护", ("reviewer", "registrar", "editor"))
_BUNDLES = (_CHECKS, _EXPERTS, _DESK)
_PROVINCE = ("authorizer", "editor", "registrar", _CHECKS.name)

GROUNDS: tuple[Ground, ...] = (
    Ground("shenzhen", "440300", (
        Place("city", "深圳市人力资源和社会保障局", "440300", "", "authority", "11",
              (*_PROVINCE, "title-keeper"), deputy=True),
        Place("futian", "深圳市福田区人力资源局", "440304", "city", "authority", "11", (_CHECKS.name,)),
        Place("nanshan", "深圳市南山区人力资源局", "440305", "city", "authority", "11", (_DESK.name,)),
        Place("industry", "深圳市工业和信息化局", "440300", "city", "department", "11", (_CHECKS.name,)),
        Place("qianhai", "深圳前湾智能装备有限公司", "440305",
              "industry", "unit", "91", (_CHECKS.name,), 8, deputy=True),
        Place("chip", "深圳梧桐山集成电路设计有限公司", "440305", "industry", "unit", "91", ("registrar",), 4),
        Place("hospital", "深圳莲花岭医院", "440304", "futian", "unit", "12", (_CHECKS.name, _EXPERTS.name), 5),
        Place("water", "深圳市水务局", "440300", "city", "department", "11", (_CHECKS.name,)),
    ), _BUNDLES),
    Ground("jilin", "220100", (
        Place("province", "吉林省人力资源和社会保障厅", "220000", "", "authority", "11", _PROVINCE, deputy=True),
        Place("changchun", "长春市人力资源和社会保障局", "220100", "province", "authority", "11", (_DESK.name,)),
        Place("chaoyang", "长春市朝阳区人力资源和社会保障局", "220104",
              "changchun", "authority", "11", (_CHECKS.name,)),
        Place("jilin", "吉林市人力资源和社会保障局", "220200", "province", "authority", "11", (_DESK.name,)),
        Place("changyi", "吉林市昌邑区人力资源和社会保障局", "220202", "jilin", "authority", "11", (_CHECKS.name,)),
        Place("health", "吉林省卫生健康委员会", "220000", "province", "department", "11", (_CHECKS.name,)),
        Place("lake", "吉林松原湖医院", "220104", "health", "unit", "12", (_CHECKS.name,), 8, deputy=True),
        Place("cars", "长春净月汽车电子有限公司", "220104", "chaoyang", "unit", "91", (_CHECKS.name,), 6),
        Place("river", "吉林松花江职业技术学校", "220202", "changyi", "unit", "12", (_CHECKS.name,), 4),
        Place("clinic", "吉林松原湖医院长岭门诊部", "220104", "lake", "unit", "", (), 2,
              duties="门诊医疗"),
    ), _BUNDLES),
    Ground("guizhou", "520100", (
        Place("province", "贵州省人力资源和社会保障厅", "520000", "", "authority", "11", _PROVINCE, deputy=True),
        Place("guiyang", "贵阳市人力资源和社会保障局", "520100", "province", "authority", "11", (_DESK.name,)),
        Place("nanming", "贵阳市南明区人力资源和社会保障局", "520102", "guiyang", "authority", "11", (_CHECKS.name,)),
        Place("zunyi", "遵义市人力资源和社会保障局", "520300", "province", "authority", "11", (_DESK.name,)),
        Place("honghuagang", "遵义市红花岗区人力资源和社会保障局", "520302",
              "zunyi", "authority", "11", (_CHECKS.name,)),
        Place("water", "贵州省水利厅", "520000",
              "province", "department", "11", (_CHECKS.name,), duties="全省水利工作的行政管理"),
        Place("wujiang", "贵州乌江源水利设计院", "520102",
              "water", "unit", "12", (_CHECKS.name, _EXPERTS.name), 8, deputy=True,
              duties="水利工程勘察设计"),
        Place("gauges", "贵州乌江源水利设计院水文测站", "520102",
              "wujiang", "unit", "", (_CHECKS.name,), 3, duties="水文测验"),
        Place("college", "贵阳花溪河师范学校", "520102",
              "guiyang", "unit", "12", (_CHECKS.name,), 5, duties="师范教育"),
    ), _BUNDLES),
    Ground("henan", "410100", (
        Place("province", "河南省人力资源和社会保障厅", "410000", "", "authority", "11", _PROVINCE, deputy=True),
        Place("zhengzhou", "郑州市人力资源和社会保障局", "410100", "province", "authority", "11", (_DESK.name,)),
        Place("jinshui", "郑州市金水区人力资源和社会保障局", "410105", "zhengzhou", "authority", "11", (_CHECKS.name,)),
        Place("puyang", "濮阳市人力资源和社会保障局", "410900", "province", "authority", "11", (_DESK.name,)),
        Place("hualong", "濮阳市华龙区人力资源和社会保障局", "410902", "puyang", "authority", "11", (_CHECKS.name,)),
        Place("farming", "河南省农业农村厅", "410000", "province", "department", "11", (_CHECKS.name,)),
        Place("base", "濮阳龙湖继续教育培训中心", "410902", "puyang", "base", "12", (_CHECKS.name,), 2),
        Place("songluo", "河南嵩洛农业科学研究所", "410105", "farming", "unit", "12", (_CHECKS.name,), 8, deputy=True),
        Place("oil", "濮阳中原钻采装备有限公司", "410902", "hualong", "unit", "91", (_CHECKS.name,), 5),
        Place("school", "濮阳龙湖实验中学", "410902", "hualong", "unit", "12", ("registrar",), 4),
    ), _BUNDLES),
)  # fmt: skip


def code_of(ground: Ground, place: Place) -> str:
    """The credit code of a place; empty where it has none of its own."""
    serial = 9000 + 100 * GROUNDS.index(ground) + ground.places.index(place)
    return credit_code(place.category, place.region, serial) if place.category else ""


@cache
def dwellers() -> tuple[Dweller, ...]:
    """Everybody, the same on every run."""
    draw, taken, found = chance("grounds"), set[str](), list[Dweller]()
    for ground in GROUNDS:
        for place in ground.places:
            for part in _parts(place):
                serial = len(found)
                man = draw.random() < 0.5
                born = date(1966 + serial % 24, 1 + serial % 12, 1 + serial % 28)
                number = identity_number(ground.prefix, born, serial, man=man)
                name = fresh_name(draw, taken, man=man)
                found.append(Dweller(ground.site, place.key, part, name, number, phone(7000 + serial)))
    return tuple(found)


def _parts(place: Place) -> list[str]:
    heads = ["administrator"] * (2 if place.kind == "authority" and not place.under else 1)
    return [*heads, *(["deputy"] if place.deputy else []), *place.operators, *(["person"] * place.persons)]
