"""What a roster cannot mean, even if it is well formed: refused before anything is recorded, since
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
        raise Refused("roster.day-not-come", as_of=as_of, today=today)


def require_of_the_city(rows: Iterable[RosterRow], city_code: str) -> None:
    """Refused when the districts of the file are another city's by their codes."""
    city = city_code[:CITY_DIGITS]
    foreign = sorted({r.district_code for r in rows if not r.district_code.startswith(city)})
    if foreign:
        raise Refused("roster.of-another-city", codes=foreign[:3], city_code=city_code)


def require_whole(comparison: Comparison) -> None:
    """Refused when districts on record are missing from the file, for all of them would end."""
    gone = (place for place in comparison.places if "dissolved" in place.kinds)
    missing = [place.name for place in gone if tier(place.level) == 1]
    if missing:
        raise Refused("roster.districts-missing", districts=missing)
