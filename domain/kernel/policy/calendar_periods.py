"""Calendar periods: months, quarters, half-years, years."""

from collections.abc import Iterator
from datetime import date
from typing import get_args

from domain.kernel.policy.parts import CalendarSpan

_MONTHS: dict[CalendarSpan, int] = {"month": 1, "quarter": 3, "half-year": 6, "year": 12}
assert set(_MONTHS) == set(get_args(CalendarSpan))


def period_of(day: date, span: CalendarSpan) -> date:
    """The first day of the calendar period that contains the day."""
    months = _MONTHS[span]
    return date(day.year, (day.month - 1) // months * months + 1, 1)


def next_period(first: date, span: CalendarSpan) -> date:
    """The first day of the period after the one that begins on `first`."""
    month = first.month - 1 + _MONTHS[span]
    return date(first.year + month // 12, month % 12 + 1, 1)


def periods(begin: date, end: date, span: CalendarSpan) -> Iterator[date]:
    """The first days of all periods with a day between `begin` and `end`, both included."""
    first = period_of(begin, span)
    while first <= end:
        yield first
        first = next_period(first, span)
