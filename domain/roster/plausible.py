"""Implausible rosters, well formed but wrong: refused before anything is recorded, since
entries are for ever. It does not check single rows."""

from collections.abc import Iterable
from datetime import date

from domain.jurisdiction.levels import tier
from domain.kernel.refusal import Refused
from domain.roster.finding import Comparison
from domain.roster.row import RosterRow

CITY_DIGITS = 4  # digits of a city's statistical code with which all codes within the city begin


def require_past(as_of: date, today: date) -> None:
    """Refused for a day in the future."""
    if as_of > today:
        raise Refused("roster.day-not-come", as_of=as_of, today=today)


def require_of_the_city(rows: Iterable[RosterRow], city_code: str) -> None:
    """Refused if by their codes the districts of the file belong to another city."""
    city = city_code[:CITY_DIGITS]
    foreign = sorted({r.district_code for r in rows if not r.district_code.startswith(city)})
    if foreign:
        raise Refused("roster.of-another-city", codes=foreign[:3], city_code=city_code)


def require_whole(comparison: Comparison) -> None:
    """Refused if districts on record are missing from the file, since they would all end."""
    gone = (place for place in comparison.places if "dissolved" in place.kinds)
    missing = [place.name for place in gone if tier(place.level) == 1]
    if missing:
        raise Refused("roster.districts-missing", districts=missing)
