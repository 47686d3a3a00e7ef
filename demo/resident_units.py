"""The resident units of the demo city that work together with communities. None is a real one."""

from collections.abc import Iterator
from datetime import date
from functools import cache
from random import Random
from typing import Literal, NamedTuple

from demo.chance import chance
from demo.chronicle import Chronicle, Member, Unit
from demo.names import UNITS
from domain.kernel.credit_code import ALPHABET, check_digit

ResidentUnitKind = Literal["office", "school", "hospital", "company", "culture"]

# The first two characters of a credit code: who registered the unit, and as what.
_REGISTERED: dict[ResidentUnitKind, str] = {
    "office": "11",
    "school": "12",
    "hospital": "12",
    "company": "91",
    "culture": "12",
}
_CITY = "990100"
_PARKS = "990103"
# A code is for ever: it keeps the region in which its unit was first registered.
_REGIONS = {each.short: each.code or _PARKS for each in UNITS}
_CODELESS_SHARE = 0.12
_SURNAMES = ("bai", "cui", "dai", "du", "fan", "fu", "gong", "jiang", "kong", "lei", "meng", "qiao")
_GIVEN = ("bo", "chao", "fei", "jiaxin", "jie", "lan", "ning", "qian", "shan", "xin", "yang", "yue")

# In every district, county or park: {u} is its name, {s} its short one.
_LOCAL: dict[ResidentUnitKind, tuple[str, ...]] = {
    "office": (
        "{u}税务局",
        "{u}人力资源和社会保障局",
        "{u}市场监督管理局",
        "{u}住房和城乡建设局",
        "{u}应急管理局",
        "{u}司法局",
    ),
    "school": ("{s}实验小学", "{s}第一中学", "{s}第三小学", "{s}中等职业技术学校"),
    "hospital": ("{s}人民医院", "{s}中医医院"),
    "company": (
        "{s}供电公司",
        "{s}自来水有限责任公司",
        "{s}农村商业银行股份有限公司",
        "{s}城市建设投资有限公司",
        "{s}公共交通有限公司",
    ),
    "culture": ("{s}文化馆", "{s}图书馆"),
}
_OF_THE_CITY: dict[ResidentUnitKind, tuple[str, ...]] = {
    "office": (
        "安澜市自然资源和规划局",
        "安澜市交通运输局",
        "安澜市水务局",
        "安澜市统计局",
        "安澜市气象局",
        "安澜市机关事务服务中心",
    ),
    "school": ("安澜师范学院", "安澜职业技术学院", "安澜外国语学校"),
    "hospital": ("安澜市中心医院", "安澜市第二人民医院", "安澜市妇幼保健院"),
    "company": (
        "安澜燃气有限责任公司",
        "华澜机械制造有限公司",
        "锦程物业服务有限公司",
        "同和百货有限责任公司",
        "江汇商业管理有限公司",
        "致远电子科技有限公司",
        "安澜建筑工程集团有限公司",
    ),
    "culture": ("安澜市博物馆", "安澜市青少年宫", "安澜市体育中心"),
}


class ResidentUnit(NamedTuple):
    """A unit that resides in the city. Not every agreement states its code."""

    name: str
    kind: ResidentUnitKind
    code: str


def units_near(chronicle: Chronicle, member: Member, day: date) -> list[ResidentUnit]:
    """The units that may work together with a community, of its own district and of the city."""
    unit = chronicle.unit_on(member, day)
    region = _REGIONS.get(unit.short, _PARKS)
    # A county that becomes a district renames its offices: their communities turn to others.
    renamed = unit.level == "county"
    return [
        *_named(_LOCAL, region, u=unit.name, s=unit.short, but="office" if renamed else None),
        *_named(_OF_THE_CITY, _CITY),
    ]


def residents(unit: Unit | None = None) -> list[ResidentUnit]:
    """The units that reside in a district, county or park, by the name that it has; without one,
    those of the city."""
    if unit is None:
        return list(_named(_OF_THE_CITY, _CITY))
    return list(_named(_LOCAL, _REGIONS.get(unit.short, _PARKS), u=unit.name, s=unit.short))


def stated_code(unit: ResidentUnit, *about: object) -> str | None:
    """The unit's code, if the author of the paper asked for it."""
    stated = chance("code stated", *about).random() >= _CODELESS_SHARE
    return unit.code if stated else None


def _named(
    of_kinds: dict[ResidentUnitKind, tuple[str, ...]],
    region: str,
    *,
    but: str | None = None,
    **parts: str,
) -> Iterator[ResidentUnit]:
    for kind, patterns in of_kinds.items():
        for pattern in patterns if kind != but else ():
            name = pattern.format(**parts)
            yield ResidentUnit(name, kind, _credit_code(name, kind, region))


@cache
def _credit_code(name: str, kind: ResidentUnitKind, region: str) -> str:
    """The code that the unit of this name always has: both of its check digits are right."""
    random = chance("credit code", name)
    own = "".join(random.choice(ALPHABET[:10]) for _ in range(8))
    weighted = zip(own, (3, 7, 9, 10, 5, 8, 4, 2), strict=True)
    rest = -sum(int(digit) * weight for digit, weight in weighted) % 11
    first = f"{_REGISTERED[kind]}{region}{own}{'X' if rest == 10 else rest}"
    return first + check_digit(first)


def insider(random: Random) -> str:
    """The id of somebody who works in a unit: no official of the city has such a name."""
    return f"{random.choice(_SURNAMES)}.{random.choice(_GIVEN)}"
