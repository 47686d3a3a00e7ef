"""How often a council meets, and which sessions are missing on a day. Derived, never recorded."""

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from datetime import date
from functools import lru_cache
from typing import NamedTuple

from domain.kernel.policy.calendar_periods import next_period, period_of
from domain.kernel.policy.parts import CalendarSpan


class Due(NamedTuple):
    """A calendar period in which sessions are due, and how many were held in it.

    `period_until` is the first day after it.
    """

    period_from: date
    period_until: date
    sessions_min: int
    held: int

    def is_missed(self, today: date) -> bool:
        """Whether the period is over and sessions are lacking."""
        return self.period_until <= today and self.held < self.sessions_min


@lru_cache(maxsize=1_000)  # most councils are founded in the same few periods
def periods(per: CalendarSpan, begin: date, today: date) -> tuple[tuple[date, date], ...]:
    """The calendar periods from the first whole one to the one that contains `today`.

    No session is due for the rest of the period in which the council was founded.
    """
    start = period_of(begin, per)
    if start < begin:
        start = next_period(start, per)
    found = []
    while start <= today:
        until = next_period(start, per)
        found.append((start, until))
        start = until
    return tuple(found)


def due(
    per: CalendarSpan,
    sessions_min: int,
    *,
    founded_on: date,
    dissolved_on: date | None,
    ended: Sequence[tuple[date, date | None]] = (),
    held_on: Iterable[date],
    today: date,
) -> list[Due]:
    """Every period in which sessions are due, up to a day, with the sessions held by then.

    `ended` are the days from which the community did not exist, each up to its restoration: nothing
    is due for a period with such a day.
    """
    days = sorted(day for day in held_on if day <= today)
    return [
        Due(begin, until, sessions_min, bisect_left(days, until) - bisect_left(days, begin))
        for begin, until in periods(per, founded_on, today)
        if (dissolved_on is None or until <= dissolved_on)
        and all(until <= end or (again and again <= begin) for end, again in ended)
    ]
