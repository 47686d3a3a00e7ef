"""The day of world time that an entry is about."""

from datetime import date, datetime
from functools import cache
from typing import Protocol

from domain.kernel.event import Event
from record.store.record import CHINA

# The field with the day on which a community entered a round, as it was on the round's cut-off day.
ENTERED = "entered_on"


class Dated(Protocol):
    """What the day of an entry follows from."""

    @property
    def event(self) -> Event:
        """What happened."""

    @property
    def recorded_at(self) -> datetime:
        """When it was recorded."""


def effective_on(entry: Dated) -> date:
    """The day of world time that an entry is about; by default the day of recording."""
    field = _field(type(entry.event))
    day: date | None = getattr(entry.event, field) if field else None
    return day or recorded_on(entry)


def recorded_on(entry: Dated) -> date:
    """The day on which an entry was recorded, in China."""
    return entry.recorded_at.astimezone(CHINA).date()


@cache
def _field(event: type[Event]) -> str | None:
    """The field that says when such an event holds or happened: its first date, unless it says when
    it was entered."""
    if event.proposes:
        return None
    if ENTERED in event.model_fields:
        return ENTERED
    return next((n for n, field in event.model_fields.items() if field.annotation is date), None)
