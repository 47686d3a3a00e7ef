"""Chinese working days, with public holidays and moved days. Reads no clock."""

from bisect import bisect_right
from datetime import date, timedelta
from functools import lru_cache
from typing import NamedTuple

from domain.kernel.policy import Calendar


class Counted(NamedTuple):
    """A number of working days between two days; `tentative` (暂定) if some of them belong to
    a year whose moved days have not been announced."""

    days: int
    tentative: bool


class _Year(NamedTuple):
    """The working days of one year in order, and whether its moved days are announced."""

    days: tuple[date, ...]
    announced: bool


# Moved days are announced a year ahead. Far later days are not counted year by year, so that no
# answer takes longer because a day is far away.
COUNTED_UNTIL = date(2060, 1, 1)


def is_working_day(day: date, calendar: Calendar) -> bool:
    """Whether people work on a day."""
    days = _year(day.year, calendar).days
    at = bisect_right(days, day)
    return at > 0 and days[at - 1] == day


def is_tentative(day: date, calendar: Calendar) -> bool:
    """Whether the moved days of the day's year have not been announced (暂定)."""
    return not _year(day.year, calendar).announced


@lru_cache(maxsize=10_000)  # of tasks that are shown together many have days in common
def working_days(after: date, until: date, calendar: Calendar) -> Counted:
    """The working days in (after, until]; none when `until` is not later than `after`. From 2060 on
    they are guessed: five in seven days."""
    if until > COUNTED_UNTIL:
        near = working_days(after, COUNTED_UNTIL, calendar).days
        far = max(0, (until - max(after, COUNTED_UNTIL)).days)
        return Counted(near + 5 * far // 7, True)
    found, tentative = 0, False
    for number in range(after.year, until.year + 1) if after < until else ():
        year = _year(number, calendar)
        found += bisect_right(year.days, until) - bisect_right(year.days, after)
        tentative = tentative or not year.announced
    return Counted(found, tentative)


def add_working_days(day: date, count: int, calendar: Calendar) -> date:
    """The last day that is at most this many working days after a day."""
    assert count >= 0, "lights look ahead"
    if day > COUNTED_UNTIL:
        return day + timedelta(days=min((7 * count + 4) // 5, (date.max - day).days))
    number = day.year
    days = _year(number, calendar).days
    at = bisect_right(days, day) + count
    while at >= len(days):  # the day before the next working day may lie in the next year
        number += 1
        days = (*days, *_year(number, calendar).days)
    return days[at] - timedelta(days=1)


@lru_cache(maxsize=1_000)
def _year(number: int, calendar: Calendar) -> _Year:
    # Imported lazily: a command line that counts no days does not wait for it.
    from holidays.countries.china import China, ChinaStaticHolidays

    # With the next year, because the days around New Year are announced with it.
    known = China(years=(number, number + 1))  # type: ignore[no-untyped-call]
    first, days_long = date(number, 1, 1), (date(number + 1, 1, 1) - date(number, 1, 1)).days
    every = (first + timedelta(days=n) for n in range(days_long))
    moved = {**dict.fromkeys(calendar.rest_days, False), **dict.fromkeys(calendar.work_days, True)}
    days = tuple(day for day in every if moved.get(day, known.is_working_day(day)))
    announced = number in ChinaStaticHolidays.special_public_holidays
    return _Year(days, announced or number in calendar.announced_years)
