"""The resident units of the demo city that work together with communities, and the bodies of the
city that are paired with communities. None is a real one."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from functools import cache
from random import Random
from typing import Literal, NamedTuple

from demo.chance import chance
from demo.chronicle import Chronicle, Insider, Member, Unit
from demo.names import UNITS
from domain.kernel.credit_code import ALPHABET, check_digit
from domain.kernel.ids import derive_id

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
_SURNAMES = tuple("白崔戴杜范傅龚姜孔雷孟乔")
_GIVEN = ("博", "超", "菲", "嘉欣", "洁", "岚", "宁", "茜", "珊", "鑫", "阳", "悦")

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


# The bodies of the city that are paired with communities, with the kinds of those that reside
# nowhere else.
AGENCIES: Mapping[str, str | None] = {
    "安澜市住房和城乡建设局": "government-office",
    "安澜市发展和改革委员会": "government-office",
    "安澜市委组织部": "party-office",
    "安澜市卫生健康委员会": "government-office",
    "安澜市教育局": "government-office",
    "安澜市水务局": None,
    "安澜市城市管理行政执法局": "government-office",
    "安澜市司法局": "government-office",
    "安澜市文化和旅游局": "government-office",
    "安澜市交通运输局": None,
    "安澜市税务局": "government-office",
    "安澜市市场监督管理局": "government-office",
    "安澜市总工会": "social-organisation",
    "共青团安澜市委员会": "social-organisation",
}


class ResidentUnit(NamedTuple):
    """A unit that resides in the city, by the name of a day."""

    id: str
    name: str
    kind: ResidentUnitKind
    code: str


def units_near(chronicle: Chronicle, member: Member, day: date) -> list[ResidentUnit]:
    """The units that may work together with a community, of its own district and of the city."""
    unit = chronicle.unit_on(member, day)
    return [*residents(unit, chronicle.first_name(unit.id)), *residents_of_city()]


def residents(unit: Unit, first_name: str) -> list[ResidentUnit]:
    """The units that reside in a district, county or park, which began with that name."""
    began = replace(unit, name=first_name)
    region = _REGIONS.get(unit.short, _PARKS)
    names = zip(_named(_LOCAL, unit), _named(_LOCAL, began), strict=True)
    return [_resident(kind, name, first, region) for (kind, name), (_, first) in names]


def residents_of_city() -> list[ResidentUnit]:
    """The units that reside in the city."""
    return [_resident(kind, name, name, _CITY) for kind, name in _named(_OF_THE_CITY)]


def unit_id(first_name: str) -> str:
    """The id of the unit that began with this name."""
    return derive_id("demo", "unit", first_name)


def _named(
    of_kinds: dict[ResidentUnitKind, tuple[str, ...]], unit: Unit | None = None
) -> Iterator[tuple[ResidentUnitKind, str]]:
    parts = {"u": unit.name, "s": unit.short} if unit else {}
    for kind, patterns in of_kinds.items():
        yield from ((kind, pattern.format(**parts)) for pattern in patterns)


def _resident(kind: ResidentUnitKind, name: str, first: str, region: str) -> ResidentUnit:
    return ResidentUnit(unit_id(first), name, kind, _credit_code(first, kind, region))


@cache
def _credit_code(name: str, kind: ResidentUnitKind, region: str) -> str:
    """The code that the unit of this name always has: both of its check digits are right."""
    random = chance("credit code", name)
    own = "".join(random.choice(ALPHABET[:10]) for _ in range(8))
    weighted = zip(own, (3, 7, 9, 10, 5, 8, 4, 2), strict=True)
    rest = -sum(int(digit) * weight for digit, weight in weighted) % 11
    first = f"{_REGISTERED[kind]}{region}{own}{'X' if rest == 10 else rest}"
    return first + check_digit(first)


def insider(chronicle: Chronicle, unit: ResidentUnit, random: Random, day: date) -> str:
    """The id of somebody who works in a unit, and has to be on record by that day."""
    name = random.choice(_SURNAMES) + random.choice(_GIVEN)
    id = derive_id("demo", "insider", unit.id, name)
    known = chronicle.insiders.setdefault(id, Insider(name, unit.id, day))
    chronicle.insiders[id] = known._replace(by=min(known.by, day))
    return id
