"""One stream of the demo as it is told, day by day, so that a story knows its entries' numbers."""

from datetime import date
from typing import Any

from api.demo.acts import Act, Paper
from api.demo.chronicle import Chronicle
from domain.command import Command
from domain.occasion import Acting
from domain.task.assignment import task_id

# The offices close for the New Year; what would happen later is not told.
LAST_DAY = date(2025, 12, 30)


class Thread:
    """A stream whose every command makes one entry there, told in the order of its days."""

    def __init__(self, chronicle: Chronicle, stream: str, entries: int = 0) -> None:
        self.chronicle = chronicle
        self.stream = stream
        self.entries = entries
        self.day = date.min
        self.last: Command[Any] | None = None

    def note(self, day: date, command: Command[Any], by: Acting, *papers: Paper) -> Act:
        """Have somebody ask this on a working day, which is not before the last one."""
        assert self.day <= day <= LAST_DAY, f"{self.stream}: {day} behind {self.day}"
        self.day, self.last = day, command
        self.entries += 1
        return self.chronicle.note(day, self.stream, command, by, *papers)

    def tasks(self, act: Act, count: int) -> list[str]:
        """The ids of the tasks that the act noted last assigns."""
        return [task_id(act.id, self.stream, self.entries - 1, n) for n in range(count)]
