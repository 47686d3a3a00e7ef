"""One stream of the demo's record, noted in the order of days: as a thread or as a strand.

A thread is noted at once, day by day, where a story has to know the numbers of its entries. A
strand is planned in any order, and noted when all of it is planned. What would happen after the
last day of the story, or after the community ended, is left out, so some matters stay open.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from demo.acts import Act, Paper
from demo.chance import chance
from demo.chronicle import Chronicle, Member, Place
from demo.working_days import later, working_day
from domain.kernel.command import Command
from domain.kernel.context import Acting
from domain.task.assignment import task_id

# The offices close for the New Year; later acts are left out.
LAST_DAY = date(2025, 12, 31)
# How many working days pass until something is recorded.
LAGS = (0, 0, 0, 0, 1, 1, 2, 3)

Planned = Command[Any] | Callable[[], Command[Any]]


class Thread:
    """A stream whose every command makes one entry there, noted in the order of its days."""

    def __init__(self, chronicle: Chronicle, stream: str, entries: int = 0) -> None:
        self.chronicle = chronicle
        self.stream = stream
        self.entries = entries
        self.day = date.min
        self.last: Command[Any] | None = None

    def note(
        self,
        day: date,
        command: Command[Any],
        by: Acting,
        *papers: Paper,
        despite: str | None = None,
    ) -> Act:
        """Have somebody ask this on a working day, which is not before the last one."""
        assert self.day <= day <= LAST_DAY, f"{self.stream}: {day} is before {self.day}"
        self.day, self.last = day, command
        self.entries += 1
        return self.chronicle.note(day, self.stream, command, by, *papers, despite=despite)

    def tasks(self, act: Act, count: int) -> list[str]:
        """The ids of the tasks that the act noted last assigns."""
        return [task_id(act.id, self.stream, self.entries - 1, n) for n in range(count)]


@dataclass
class StreamStep:
    """Something that happens; `entry` is its number in the stream once it is noted."""

    day: date
    ask: Planned
    role: str
    papers: tuple[Paper, ...]
    seat: str = ""
    at: str | None = None
    entry: int = 0


@dataclass
class Strand:
    """What happens on one stream, in a community or in a subdistrict of its own."""

    chronicle: Chronicle
    stream: str
    community: str | None
    place: str | None = None
    steps: list[StreamStep] = field(default_factory=list)

    @property
    def until(self) -> date:
        """The first day on which nothing more happens."""
        end = self.chronicle.until(self.community) if self.community else None
        return min(end or date.max, LAST_DAY + timedelta(days=1))

    @property
    def heir(self) -> str | None:
        """The community that continues this one, if this one ended and there is one."""
        ended = self.chronicle.ended.get(self.community or "")
        return next(iter(ended.heirs), None) if ended else None

    def plan(
        self,
        day: date,
        ask: Planned,
        *papers: Paper,
        role: str = "recorder",
        seat: str = "",
        at: str | None = None,
        prompt: bool = False,
    ) -> StreamStep:
        """Have somebody ask this on a day, or some days later when they are not prompt.

        They act for the community's subdistrict, or for the jurisdiction `at`.
        """
        random = chance("lag", self.stream, len(self.steps))
        day = working_day(day) if prompt else later(day, random.choice(LAGS))
        if self.community and self.chronicle.changes_on(self.community, day):
            day = later(day, 1)  # whose it is on that day depends on the hour
        step = StreamStep(day, ask, role, papers, seat, at)
        self.steps.append(step)
        return step

    def tell(self, closing: Callable[[], Planned] | None = None) -> None:
        """Note all steps in the order of their days, those of one day as planned.

        When the community ends, the officials there close what is open: `closing` says how.
        """
        steps = sorted((s for s in self.steps if s.day < self.until), key=lambda step: step.day)
        if closing and steps and self.until <= LAST_DAY:
            day = max(working_day(self.until), steps[-1].day)
            if day <= LAST_DAY:
                steps.append(StreamStep(day, closing(), "recorder", ()))
        for number, step in enumerate(steps, start=1):
            step.entry = number
            ask = step.ask if isinstance(step.ask, Command) else step.ask()
            where = step.at or self.where(step.day)
            by = self.chronicle.by(step.role, where, step.day, seat=step.seat)
            self.chronicle.note(step.day, self.stream, ask, by, *step.papers)

    def where(self, day: date) -> str:
        """The subdistrict or town in which it happens on a day."""
        if self.community:
            return self.chronicle.on(self.community, day).place
        assert self.place
        return self.place

    def place_on(self, day: date) -> Place:
        """That subdistrict or town as it was on the day."""
        return self.chronicle.place_on(self.where(day), day)

    def member_on(self, day: date) -> Member:
        """The community as it was on the day."""
        assert self.community
        return self.chronicle.on(self.community, day)
