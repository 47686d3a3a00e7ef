"""The city's calendar of rounds: which years have one, and which rounds are not over yet.

A reservation like that of a code (ADR 8), on the one stream that rules across rounds read. It
states nothing new about a round and decides nothing.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import ClassVar, NamedTuple, Self, assert_never

from domain.kernel.refusal import Refused
from domain.kernel.subject import Subject, changed
from domain.kernel.text import Bilingual
from domain.round.events import CalendarEvent, RoundConcluded, RoundScheduled, RoundUnscheduled

CALENDAR = "calendar"


class Scheduled(NamedTuple):
    """A round's place in the calendar."""

    round: str
    title: str
    begins_on: date
    over: bool = False


@dataclass(frozen=True, kw_only=True)
class Calendar(Subject):
    """The rounds that were not annulled, by id, in the order in which they were planned."""

    kind: ClassVar[str] = CALENDAR
    single: ClassVar[bool] = True
    what: ClassVar[Bilingual] = Bilingual(zh="评定日程", en="calendar of rounds")

    rounds: Mapping[str, Scheduled] = field(default_factory=dict)

    def not_over(self) -> Iterator[str]:
        """The ids of the rounds that are not closed."""
        return (each.round for each in self.rounds.values() if not each.over)

    def require_free_year(self, year: int) -> None:
        """Refused if another round that was not annulled is planned for the same year."""
        for each in self.rounds.values():
            if each.begins_on.year == year:
                raise Refused(
                    "round.year-taken",
                    year=year,
                    title=each.title,
                    round=each.round,
                    begins_on=each.begins_on,
                )

    def evolve(self, event: CalendarEvent) -> Self:
        """The state after one more event of the calendar."""
        match event:
            case RoundScheduled(round=id):
                scheduled = Scheduled(id, event.title, event.begins_on)
                return changed(self, rounds={**self.rounds, id: scheduled})
            case RoundConcluded():
                # A round planned before the calendar existed is not in it.
                rounds = {
                    id: each._replace(over=True) if id == event.round else each
                    for id, each in self.rounds.items()
                }
                return changed(self, rounds=rounds)
            case RoundUnscheduled():
                rounds = {id: each for id, each in self.rounds.items() if id != event.round}
                return changed(self, rounds=rounds)
            case _:
                assert_never(event)
