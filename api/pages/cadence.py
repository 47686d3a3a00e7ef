"""The quarters of a year as a council keeps them."""

from collections.abc import Sequence
from datetime import date
from typing import Literal, NamedTuple

from domain.council.cadence import Due
from projections.councils import SessionView

Kept = Literal["held", "missed", "coming", "none"]
KEPT: tuple[Kept, ...] = ("held", "missed", "coming")
QUARTERS = (1, 2, 3, 4)


class Quarter(NamedTuple):
    """A quarter: how the cadence was kept, whether it is not over, and its sessions."""

    kept: Kept
    open: bool
    sessions: Sequence[SessionView] = ()


def quarter_of(day: date) -> int:
    """The quarter of a day, 1 to 4."""
    return (day.month + 2) // 3


def quarters(
    day: date, year: int, due: Sequence[Due], sessions: Sequence[SessionView] = ()
) -> list[Quarter]:
    """The four quarters of a year, as of a day; `sessions` are those of the year."""
    return [
        Quarter(
            kept=_kept(day, _first(year, quarter), _first(year, quarter + 1), due),
            open=day < _first(year, quarter + 1),
            sessions=[each for each in sessions if quarter_of(each.day) == quarter],
        )
        for quarter in QUARTERS
    ]


def _first(year: int, quarter: int) -> date:
    return date(year + (quarter - 1) // 4, 3 * ((quarter - 1) % 4) + 1, 1)


def _kept(day: date, begin: date, end: date, due: Sequence[Due]) -> Kept:
    within = [each for each in due if each.period_from < end and begin < each.period_until]
    if not within:
        return "none"
    if any(each.is_missed(day) for each in within):
        return "missed"
    return "held" if all(each.held >= each.sessions_min for each in within) else "coming"
