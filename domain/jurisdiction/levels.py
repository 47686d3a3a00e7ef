"""The levels of the organisation tree, and which may lie under which."""

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

# The three tiers of the tree. Communities lie under the third.
_TIERS: tuple[tuple[Level, ...], ...] = (
    ("city",),
    ("district", "county", "county-city", "park"),
    ("subdistrict", "town", "township"),
)
_TIER: Mapping[Level, int] = {level: tier for tier, each in enumerate(_TIERS) for level in each}
_CODE_DIGITS: tuple[tuple[int, ...], ...] = ((4, 6), (6,), (9,))


def tier(level: Level) -> int:
    """The distance from the city: 0 for the city, 1 for districts, 2 for subdistricts."""
    return _TIER[level]


def require_parent(level: Level, parent: Level) -> None:
    """Refused unless a unit of this level may lie directly under one of the other."""
    if tier(level) - tier(parent) != 1:
        fitting = _TIERS[tier(level) - 1]
        raise Refused(
            "jurisdiction.wrong-tier",
            level=LEVELS[level],
            parent=LEVELS[parent],
            fitting=[LEVELS[each] for each in fitting],
        )


def require_code(level: Level, code: str | None) -> None:
    """Refused unless the code has as many digits as codes of this level have."""
    digits = _CODE_DIGITS[tier(level)]
    if code is not None and len(code) not in digits:
        raise Refused(
            "jurisdiction.wrong-code-length",
            level=LEVELS[level],
            code=code,
            digits=len(code),
            digits_of_level=digits,
        )
