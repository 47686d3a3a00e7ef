"""Records the demo city: founded as a simulation, told forwards, carried out as commands."""

from collections.abc import Callable
from datetime import UTC, datetime
from functools import cache

from api.demo.acts import Act, Clock, Import, carry_out
from api.demo.beginning import FIRST_DAY, begin
from api.demo.years import live
from domain.policy import Policy, built_in
from record.record import Record


def record_demo_city(url: str, on_progress: Callable[[int, int], None]) -> None:
    """Record a fictional city's five years, 2021 to 2025, the same each time, byte for byte.

    `url` names a database that holds an empty record at the newest schema, or one in which this
    very recording was interrupted: then it goes on. `on_progress` hears how many commands are done,
    and of how many.
    """
    clock = Clock(datetime(FIRST_DAY.year, FIRST_DAY.month, FIRST_DAY.day, tzinfo=UTC))
    with Record(url, clock=clock) as record:
        carry_out(record, clock, _acts(), on_progress)


@cache
def _acts() -> tuple[Act | Import, ...]:
    """All that the offices do, told once for each process."""
    chronicle = begin(_policy())
    live(chronicle)
    return tuple(chronicle.acts)


def _policy() -> Policy:
    """The newest policy file in force on the first day; the city begins under it."""
    policies = [edition.policy for edition in built_in().values()]
    in_force = [each for each in policies if each.effective_from <= FIRST_DAY]
    return max(in_force or policies, key=lambda each: each.effective_from)
