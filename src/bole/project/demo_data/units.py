"""The units of the demonstration: authorities of every region, departments, and 44 invented employers."""

from dataclasses import dataclass, replace
from functools import cache
from typing import Any

from bole.project.demo_data.numbers import credit_code

SITE = "ningxia"
PROVINCE = "640000"

CITIES = {"640100": "银川市", "640200": "石嘴山市", "640300": "吴忠市", "640400": "固原市", "640500": "中卫市"}
COUNTIES = {
    "640104": "兴庆区", "640105": "西夏区", "640106": "金凤区", "640121": "永宁县", "640122": "贺兰县",
    "640181": "灵武市",
    "640202": "大武口区", "640205": "惠农区", "640221": "平罗县",
    "640302": "利通区", "640303": "红寺堡区", "640323": "盐池县", "640324": "同心县", "640381": "青铜峡市",
    "640402": "原州区", "640422": "西吉县", "640423": "隆德县", "640424": "泾源县", "640425": "彭阳县",
    "640502": "沙坡头区", "640521": "中宁县", "640522": "海原县",
}  # fmt: skip

# Where a chair is empty on purpose: the bureau of 泾源县 has nobody to review, and no case lies there.
VACANT = "640424"


@dataclass(frozen=True, slots=True)
class DemoUnit:
    """A unit. `under` is the key of its superior; `trade` says what its people do (empty for offices).

    `clerks` is how many 采集管理员 it has; -1 for a unit whose collection was never enabled.
    """

    key: str
    name: str
    region: str
    under: str
    kind: str = "unit"
    trade: str = ""
    category: str = "12"
    unit_type: str = "21"
    economic: str = "110"
    industry: str = ""
    clerks: int = 1
    described: bool = True
    serial: int = 0

    @property
    def code(self) -> str:
        """The credit code."""
        return credit_code(self.category, self.region, self.serial)

    @property
    def level(self) -> str:
        """province, city or county: where its cases begin above the unit."""
        return "province" if self.region == PROVINCE else "city" if self.region in CITIES else "county"


def authority_name(region: str) -> str:
    """The full name of a region's authority."""
    if region == PROVINCE:
        return "宁夏回族自治区人力资源和社会保障厅"
    if region in CITIES:
        return f"{CITIES[region]}人力资源和社会保障局"
    return f"{CITIES[region[:4] + '00']}{COUNTIES[region]}人力资源和社会保障局"


def _authorities() -> list[DemoUnit]:
    found = [DemoUnit(PROVINCE, authority_name(PROVINCE), PROVINCE, "", "authority")]
    found += [DemoUnit(region, authority_name(region), region, PROVINCE, "authority") for region in CITIES]
    found += [DemoUnit(region, authority_name(region), region, region[:4] + "00", "authority") for region in COUNTIES]
    return found


_DEPARTMENTS = (
    DemoUnit("edu", "宁夏回族自治区教育厅", PROVINCE, PROVINCE, "department"),
    DemoUnit("health", "宁夏回族自治区卫生健康委员会", PROVINCE, PROVINCE, "department"),
    DemoUnit("industry", "宁夏回族自治区工业和信息化厅", PROVINCE, PROVINCE, "department"),
    DemoUnit("farming", "宁夏回族自治区农业农村厅", PROVINCE, PROVINCE, "department"),
    DemoUnit("water", "宁夏回族自治区水利厅", PROVINCE, PROVINCE, "department"),
    DemoUnit("culture", "宁夏回族自治区文化和旅游厅", PROVINCE, PROVINCE, "department"),
    DemoUnit("edu-1", "银川市教育局", "640100", "640100", "department"),
    DemoUnit("edu-104", "兴庆区教育局", "640104", "640104", "department"),
)

_PLANT: dict[str, Any] = {"category": "91", "unit_type": "30", "economic": "151"}
_PRIVATE: dict[str, Any] = {"category": "91", "unit_type": "32", "economic": "173"}
_SCHOOL: dict[str, Any] = {"trade": "teaching", "unit_type": "20", "industry": "83"}
_HOSPITAL: dict[str, Any] = {"trade": "medicine", "industry": "84"}
_FARM: dict[str, Any] = {"trade": "farming", "unit_type": "20", "industry": "05"}


def _unit(key: str, name: str, region: str, under: str = "", **more: Any) -> DemoUnit:
    return DemoUnit(key, name, region, under or region, **more)


_EMPLOYERS = (
    # 区直属单位: their cases go straight to the region's department.
    _unit("academy", "宁夏塞上农业科学研究院", PROVINCE, "farming", trade="farming", unit_type="20", industry="73"),
    _unit("clinic", "宁夏贺兰山医科大学附属医院", PROVINCE, "health", clerks=2, **_HOSPITAL),
    _unit("university", "宁夏朔方大学", PROVINCE, "edu", trade="lecturing", industry="83"),
    _unit("design", "宁夏黄河水利勘测设计院有限公司", PROVINCE, "water", trade="water", industry="74", **_PLANT),
    _unit(
        "chemistry", "宁夏六盘山煤化工集团有限公司", PROVINCE, "industry", trade="chemistry", industry="26", **_PLANT
    ),
    _unit("college", "宁夏凤城职业技术学院", PROVINCE, "edu", trade="lecturing", industry="83"),
    _unit("museum", "宁夏文澜博物院", PROVINCE, "culture", trade="museum", unit_type="20", industry="88"),
    _unit("energy", "宁夏西部新能源研究院", PROVINCE, "industry", trade="power", industry="73"),
    # 市直属单位: the city first.
    _unit("city-1", "银川市凤凰人民医院", "640100", **_HOSPITAL),
    _unit("city-2", "银川市湖城高级中学", "640100", "edu-1", **_SCHOOL),
    _unit("city-3", "银川市政工程设计研究院有限公司", "640100", trade="building", industry="74", **_PLANT),
    _unit("city-4", "宁夏西塔机床制造有限公司", "640100", trade="machines", industry="34", **_PRIVATE),
    _unit("city-5", "石嘴山市星海人民医院", "640200", **_HOSPITAL),
    _unit("city-6", "石嘴山市朔北技师学院", "640200", trade="machines", industry="83"),
    _unit("city-7", "宁夏星瀚新材料有限公司", "640200", trade="materials", industry="32", **_PLANT),
    _unit("city-8", "吴忠市滨河高级中学", "640300", **_SCHOOL),
    _unit("city-9", "宁夏朔塞自动化仪表有限公司", "640300", trade="machines", industry="40", **_PRIVATE),
    _unit("city-10", "固原市六盘人民医院", "640400", **_HOSPITAL),
    _unit("city-11", "固原市萧关高级中学", "640400", **_SCHOOL),
    _unit("city-12", "中卫市云川数据有限公司", "640500", trade="software", industry="65", **_PRIVATE),
    # County-level units: county, city, region.
    _unit("county-1", "兴庆区凤鸣第一中学", "640104", "edu-104", clerks=2, **_SCHOOL),
    _unit("county-2", "兴庆区丽景社区卫生服务中心", "640104", **_HOSPITAL),
    _unit("county-3", "西夏区镇北中学", "640105", **_SCHOOL),
    _unit("county-4", "宁夏紫穗葡萄酒业有限公司", "640105", trade="farming", industry="15", **_PRIVATE),
    _unit("county-5", "金凤区阅湖实验小学", "640106", **_SCHOOL),
    _unit("county-6", "宁夏阅湖软件有限公司", "640106", trade="software", industry="65", **_PRIVATE),
    _unit("county-7", "永宁县望洪人民医院", "640121", **_HOSPITAL),
    _unit("county-8", "贺兰县稻香农业技术推广中心", "640122", **_FARM),
    _unit("county-9", "灵武市长流水煤业有限公司", "640181", trade="mining", industry="06", **_PLANT),
    _unit("county-10", "大武口区星湖中学", "640202", **_SCHOOL),
    _unit("county-11", "惠农区河滨化工有限公司", "640205", trade="chemistry", industry="26", **_PRIVATE),
    _unit("county-12", "平罗县沙湖农业技术推广中心", "640221", **_FARM),
    _unit("county-13", "平罗县塞北人民医院", "640221", **_HOSPITAL),
    _unit("county-14", "利通区金积中学", "640302", **_SCHOOL),
    _unit("county-15", "盐池县滩羊产业技术服务中心", "640323", **_FARM),
    _unit("county-16", "同心县豫海人民医院", "640324", **_HOSPITAL),
    _unit("county-17", "青铜峡市峡光铝业有限公司", "640381", trade="materials", industry="32", **_PLANT),
    _unit("county-18", "原州区古雁中学", "640402", **_SCHOOL),
    _unit("county-19", "西吉县葫芦河马铃薯研究所", "640422", **_FARM),
    _unit("county-20", "泾源县老龙潭中学", VACANT, **_SCHOOL),
    _unit("county-21", "沙坡头区香山中学", "640502", described=False, **_SCHOOL),
    _unit("county-22", "中宁县枸杞产业研究所", "640521", **_FARM),
    _unit("county-23", "海原县南华山人民医院", "640522", clerks=-1, **_HOSPITAL),
    _unit("county-24", "彭阳县茹河中学", "640425", clerks=0, **_SCHOOL),
)


@cache
def units() -> tuple[DemoUnit, ...]:
    """All units, superiors before what is under them, each with its serial number."""
    rows = (*_authorities(), *_DEPARTMENTS, *_EMPLOYERS)
    office: dict[str, Any] = {"category": "11", "unit_type": "10", "industry": "92"}
    return tuple(
        replace(row, serial=serial, **({} if row.kind == "unit" else office))
        for serial, row in enumerate(rows, start=1)
    )


@cache
def by_key() -> dict[str, DemoUnit]:
    """Units by their key."""
    return {unit.key: unit for unit in units()}


def employers() -> tuple[DemoUnit, ...]:
    """The units whose people are collected."""
    return tuple(unit for unit in units() if unit.trade)
