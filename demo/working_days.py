"""Days on which offices work in the demo: weekdays outside the public holidays of its five years.

It is no calendar of record: Saturdays and Sundays that were worked in lieu are simply left free.
"""

from bisect import bisect_left, bisect_right
from datetime import date, timedelta

_HOLIDAYS = """
2020-12-31 2021-01-03  2021-02-10 2021-02-17  2021-04-03 2021-04-05  2021-05-01 2021-05-05
2021-06-12 2021-06-14  2021-09-19 2021-09-21  2021-10-01 2021-10-07  2022-01-01 2022-01-03
2022-01-31 2022-02-06  2022-04-03 2022-04-05  2022-04-30 2022-05-04  2022-06-03 2022-06-05
2022-09-10 2022-09-12  2022-10-01 2022-10-07  2022-12-31 2023-01-02  2023-01-21 2023-01-27
2023-04-05 2023-04-05  2023-04-29 2023-05-03  2023-06-22 2023-06-24  2023-09-29 2023-10-06
2023-12-30 2024-01-01  2024-02-09 2024-02-17  2024-04-04 2024-04-06  2024-05-01 2024-05-05
2024-06-08 2024-06-10  2024-09-15 2024-09-17  2024-10-01 2024-10-07  2025-01-01 2025-01-01
2025-01-28 2025-02-04  2025-04-04 2025-04-06  2025-05-01 2025-05-05  2025-05-31 2025-06-02
2025-10-01 2025-10-08  2026-01-01 2026-01-03
"""


def working_day(day: date) -> date:
    """The day itself when offices work on it, else the next day on which they do.

    Days long after the story are not counted, and stay as they are.
    """
    if day > _WORKED[-1]:
        return day
    return _WORKED[bisect_left(_WORKED, day)]


def later(day: date, days: int) -> date:
    """The day that many working days later."""
    first = bisect_left(_WORKED, day)
    if days and _WORKED[first] != day:
        first -= 1
    return _WORKED[min(first + days, len(_WORKED) - 1)]


def last_working_day(day: date) -> date:
    """The day itself when offices work on it, else the last one before on which they do."""
    return _WORKED[bisect_right(_WORKED, day) - 1]


def next_month(day: date) -> date:
    """The first day of the month after that of the day."""
    return date(day.year + day.month // 12, day.month % 12 + 1, 1)


def _worked() -> list[date]:
    """Every working day of the five years, and of those around them, in order."""
    days = [date.fromisoformat(each) for each in _HOLIDAYS.split()]
    spans = zip(days[::2], days[1::2], strict=True)
    free = {
        first + timedelta(days=n) for first, last in spans for n in range((last - first).days + 1)
    }
    all_days = (date(2020, 1, 1) + timedelta(days=n) for n in range(12 * 366))
    return [day for day in all_days if day.weekday() < 5 and day not in free]


_WORKED = _worked()
