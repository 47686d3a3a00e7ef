"""The levels of the organisation tree, and what each may lie under. Names no place."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Literal

from domain.kernel.refusal import Refused
from domain.kernel.text import Bilingual

Level = Literal[
    "city", "district", "county", "county-city", "park", "subdistrict", "town", "township"
]
UnitLevel = Literal["district", "county", "county-city", "park", "subdistrict", "town", "township"]

LEVELS: Mapping[Level, Bilingual] = MappingProxyType(
    {
        "city": Bilingual(zh="市", en="city"),
        "district": Bilingual(zh="区", en="district"),
        "county": Bilingual(zh="县", en="county"),
        "county-city": Bilingual(zh="县级市", en="county-level city"),
        "park": Bilingual(zh="园区", en="park"),
        "subdistrict": Bilingual(zh="街道", en="subdistrict"),
        "town": Bilingual(zh="镇", en="town"),
        "township": Bilingual(zh="乡", en="township"),
    }
)

# The three tiers of the tree. Communities lie under the last.
_TIERS: tuple[tuple[Level, ...], ...] = (
    ("city",),
    ("district", "county", "county-city", "park"),
    ("subdistrict", "town", "township"),
)
_TIER: Mapping[Level, int] = {level: tier for tier, each in enumerate(_TIERS) for level in each}
_CODE_DIGITS: tuple[tuple[int, ...], ...] = ((4, 6), (6,), (9,))


def tier(level: Level) -> int:
    """How far below the city: 0 for it, 1 for districts and their like, 2 for subdistricts."""
    return _TIER[level]


def require_parent(level: Level, parent: Level) -> None:
    """Refused unless a unit of the one level may lie directly under one of the other."""
    if tier(level) - tier(parent) != 1:
        fitting = _TIERS[tier(level) - 1]
        raise Refused(
            f"A {LEVELS[level].en} does not lie under a {LEVELS[parent].en}; name a "
            f"{' or '.join(LEVELS[each].en for each in fitting)}.",
            f"{LEVELS[level].zh}不能直接隶属于{LEVELS[parent].zh}；"
            f"请指明{'、'.join(LEVELS[each].zh for each in fitting)}。",
        )


def require_code(level: Level, code: str | None) -> None:
    """Refused unless the code has as many digits as codes of this level have."""
    digits = _CODE_DIGITS[tier(level)]
    if code is not None and len(code) not in digits:
        raise Refused(
            f"The code of a {LEVELS[level].en} has {' or '.join(map(str, digits))} digits, "
            f"and {code} has {len(code)}; correct the code.",
            f"{LEVELS[level].zh}的代码应为{'或'.join(map(str, digits))}位，"
            f"而 {code} 为 {len(code)} 位；请更正代码。",
        )
