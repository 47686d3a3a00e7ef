"""Checks on the order of two days."""

from datetime import date

from domain.kernel.refusal import Refused
from domain.kernel.text import Bilingual


def require_order(begin: date, until: date | None, what: Bilingual) -> None:
    """Refused unless the end, if there is one, comes after the beginning."""
    if until is not None and until <= begin:
        raise Refused("period.empty", what=what, begin=begin, until=until)


def require_due(day: date, due_on: date | None) -> None:
    """Refused for a deadline before the day on which the work is accepted."""
    if due_on is not None and due_on < day:
        raise Refused("deadline.before-begin", due_on=due_on, begin=day)
