"""The form of a day, and checks on the order of two days."""

import re
from datetime import date
from typing import Any

from domain.kernel.refusal import Refused
from domain.kernel.text import Bilingual

_ISO_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def is_iso_day(value: Any) -> bool:
    """Whether it has the form 2024-06-30; the calendar is not asked. A number is not a day."""
    return isinstance(value, str) and bool(_ISO_DAY.fullmatch(value))


def require_order(begin: date, until: date | None, what: Bilingual) -> None:
    """Refused unless the end, if there is one, comes after the beginning."""
    if until is not None and until <= begin:
        raise Refused("period.empty", what=what, begin=begin, until=until)


def require_due(day: date, due_on: date | None) -> None:
    """Refused for a deadline before the day on which the work is accepted."""
    if due_on is not None and due_on < day:
        raise Refused("deadline.before-begin", due_on=due_on, begin=day)
