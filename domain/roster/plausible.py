"""What a roster cannot mean, however well it is formed: refused before anything is recorded, for
entries are for ever. It says nothing about single rows."""

from collections.abc import Iterable
from datetime import date

from domain.jurisdiction.levels import tier
from domain.kernel.refusal import Refused
from domain.roster.finding import Comparison
from domain.roster.row import RosterRow

CITY_DIGITS = 4  # of a city's statistical code: what all codes within it begin with


def require_past(as_of: date, today: date) -> None:
    """Refused for a day that has not come."""
    if as_of > today:
        raise Refused(
            f"{as_of} has not come yet (today is {today}); a roster states what was. "
            "Check the day.",
            f"截止日 {as_of} 尚未到来（今日为 {today}）；名册只能说明已有的情况，请核对日期。",
        )


def require_of_the_city(rows: Iterable[RosterRow], city_code: str) -> None:
    """Refused when the districts of the file are another city's by their codes."""
    city = city_code[:CITY_DIGITS]
    foreign = sorted({r.district_code for r in rows if not r.district_code.startswith(city)})
    if foreign:
        raise Refused(
            f"District codes of the file such as {', '.join(foreign[:3])} are not of this city "
            f"({city_code}); check whether it is another city's roster, or Excel has changed the "
            "codes.",
            f"名册中的区县代码 {'、'.join(foreign[:3])} 等不属于本市（{city_code}）；"
            "请核对文件是否为他市名册，或代码是否被 Excel 改动。",
        )


def require_whole(comparison: Comparison) -> None:
    """Refused when districts on record are missing from the file, for all of them would end."""
    gone = (place for place in comparison.places if "dissolved" in place.kinds)
    missing = [place.name for place in gone if tier(place.level) == 1]
    if missing:
        raise Refused(
            f"Nothing was recorded: the file does not name {', '.join(missing)}, and all their "
            "communities would be abolished. Say --partial if it holds some districts only, or "
            "--whole-city if these are gone.",
            f"未入编：名册未列 {'、'.join(missing)}，照此入编将裁撤其全部社区。若名册只含部分区县，"
            "请加 --partial；若这些区县确已裁撤，请加 --whole-city。",
        )
