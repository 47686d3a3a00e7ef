"""One row of a roster, and the levels that its codes and names imply. Reads no file."""

from typing import NamedTuple

from domain.jurisdiction.levels import UnitLevel

# Third part of a statistical code (统计用区划代码): 001-099 subdistricts, from 100 towns.
SUBDISTRICT_PART_MAX = 99


class RosterRow(NamedTuple):
    """One community in a roster, in row `number`; codes of 12, 9 and 6 digits."""

    number: int
    code: str
    name: str
    subdistrict_code: str
    subdistrict_name: str
    district_code: str
    district_name: str


def district_level(name: str) -> UnitLevel:
    """The level of a district by its name: 区, 县 (also 自治县) or 市."""
    if name.endswith(("县", "旗")):
        return "county"
    return "county-city" if name.endswith("市") else "district"


def subdistrict_level(code: str, name: str) -> UnitLevel:
    """The level of a subdistrict by its code and name: 街道, 镇 or 乡."""
    if "街道" in name or 1 <= int(code[6:9]) <= SUBDISTRICT_PART_MAX:
        return "subdistrict"
    return "township" if name.endswith("乡") else "town"
