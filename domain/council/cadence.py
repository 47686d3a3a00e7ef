"""How often a council meets, and which sessions are missing on a day. Derived, never recorded."""

from collections.abc import Iterable, Iterator
from datetime import date
from typing import NamedTuple

from domain.policy.parts import Span

MONTHS: dict[Span, int] = {"month": 1, "quarter": 3, "half-year": 6, "year": 12}


class Due(NamedTuple):
    """A calendar period in which sessions are due, and how many were held in it.

    `until` is the first day behind it.
    """

    begins_on: date
    until: date
    sessions_min: int
    held: int

    def is_missed(self, today: date) -> bool:
        """Whether the period is over and sessions are lacking."""
        return self.until <= today and self.held < self.sessions_min


def periods(per: Span, begin: date, today: date) -> Iterator[tuple[date, date]]:
    """The calendar periods from the first whole one on, up to the one in which today lies.

    A council founded within a period owes nothing for the rest of it.
    """
    months = MONTHS[per]
    start = _months_on(date(begin.year, 1, 1), (begin.month - 1) // months * months)
    if start < begin:
        start = _months_on(start, months)
    while start <= today:
        until = _months_on(start, months)
        yield start, until
        start = until


def due(
    per: Span,
    sessions_min: int,
    *,
    founded_on: date,
    dissolved_on: date | None,
    held_on: Iterable[date],
    today: date,
) -> list[Due]:
    """Every period in which the council owes sessions up to a day, with what was held by then."""
    days = sorted(day for day in held_on if day <= today)
    return [
        Due(begin, until, sessions_min, sum(begin <= day < until for day in days))
        for begin, until in periods(per, founded_on, today)
        if dissolved_on is None or until <= dissolved_on
    ]


def _months_on(day: date, months: int) -> date:
    years, month = divmod(day.month - 1 + months, 12)
    return date(day.year + years, month + 1, 1)
