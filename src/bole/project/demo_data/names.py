"""Invented names, rare characters and middle dots among them."""

from random import Random

_SURNAMES = (
    "马王李张杨刘陈白丁哈沙纳虎海赵周吴徐孙朱高林何郭罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕"
    "苏卢蒋蔡贾魏薛叶阎余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔崔康毛邱"
)
_MEN = (
    "致远", "建宁", "文博", "立新", "学军", "海峰", "国梁", "志勇", "振华", "晓东", "宏伟", "永强", "长河",
    "云山", "泽田", "砺锋", "思齐", "克勤", "守正", "明德", "润生", "青松", "沐阳", "浩然", "景行", "伯言",
    "启元", "承志", "延河", "朔方", "凤鸣", "广川", "万里", "一鸣", "知行", "定边", "怀远", "平罗", "岳", "骁",
    "翀", "昊", "珩", "钧",
)  # fmt: skip
_WOMEN = (
    "海燕", "淑芬", "雅琴", "晓梅", "玉兰", "静宜", "秀珍", "凤英", "慧敏", "雪莲", "丽娟", "文秀", "瑞芳",
    "春桃", "若兰", "婉清", "书瑶", "思语", "念慈", "佳音", "云舒", "沙枣", "紫穗", "映雪", "灵犀", "清禾",
    "知夏", "语桐", "采薇", "秋水", "岚", "珺", "璟", "昕", "霏", "瑶", "婧", "颖",
)  # fmt: skip

# Names that a careless system breaks: beyond the basic plane, of private letters, long, with dots, of two surnames.
RARE: tuple[tuple[str, bool, str], ...] = (
    ("𠮷田静禾", False, "01"),
    ("陈䶮", True, "01"),
    ("马㛃", False, "03"),
    ("李𬀩", True, "01"),
    ("王𣲗", False, "01"),
    ("阿依古丽·买买提", False, "05"),
    ("买买提江·吐尔逊", True, "05"),
    ("阿卜杜热合曼·伊米提江·艾则孜", True, "05"),
    ("古丽米热·阿不都热合曼", False, "05"),
    ("叶尔兰·哈比提", True, "17"),
    ("欧阳静宜", False, "01"),
    ("司马承泽", True, "01"),
    ("尉迟明远", True, "01"),
    ("诸葛云舒", False, "01"),
    ("丹增卓玛", False, "04"),
    ("格桑", True, "04"),
)


def ethnic_group(draw: Random, surname: str) -> str:
    """汉 or 回, the latter more often with surnames that are common among them."""
    likely = 0.8 if surname in "马哈沙纳虎海丁白" else 0.12
    return "03" if draw.random() < likely else "01"


def fresh_name(draw: Random, taken: set[str], *, man: bool) -> str:
    """A name that nobody in the demonstration has yet."""
    while True:
        name = draw.choice(_SURNAMES) + draw.choice(_MEN if man else _WOMEN)
        if name not in taken:
            taken.add(name)
            return name
