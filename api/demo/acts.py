"""What the demo's offices do, act by act, and on which papers; carried out in time's order.

It decides nothing: every act is a command to the record, at an hour of the simulation.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from api.demo.chance import chance
from domain.batch import ReceiveBatch
from domain.command import Command
from domain.ids import mint
from domain.occasion import Acting, Document
from record.record import Record, Step

# The command, or how it follows from the stream's state: a correction names an entry's number.
Ask = Command[Any] | Callable[[Any], Command[Any]]


@dataclass(frozen=True)
class Paper:
    """A document that an act rests on. Its number follows from its issuer's others of that year."""

    issuer: str
    stem: str
    title: str
    issued_on: date


@dataclass(frozen=True)
class Act:
    """One command on one stream, at a moment."""

    at: datetime
    stream: str
    ask: Ask
    by: Acting
    papers: tuple[Paper, ...] = ()

    @property
    def id(self) -> str:
        """Its command id: the same whenever the demo is recorded."""
        return mint("demo", self.stream, self.at)

    @property
    def commands(self) -> int:
        """How many commands it is."""
        return 1


@dataclass(frozen=True)
class Import:
    """A list that an office hands in: one batch of commands, at a moment."""

    at: datetime
    received: ReceiveBatch
    asked: tuple[tuple[str, Command[Any]], ...]
    by: Acting
    papers: tuple[Paper, ...] = ()

    @property
    def id(self) -> str:
        """Its batch's id: the same whenever the demo is recorded."""
        return mint("demo", self.received.file_name, self.at)

    @property
    def commands(self) -> int:
        """How many commands it is."""
        return len(self.asked)


class Clock:
    """The simulation's clock: it stands at the act that is being carried out."""

    def __init__(self, now: datetime) -> None:
        self.now = now

    def __call__(self) -> datetime:
        """What it shows."""
        return self.now


def carry_out(
    record: Record,
    clock: Clock,
    acts: Iterable[Act | Import],
    on_progress: Callable[[int, int], None],
) -> None:
    """Carry out all acts in the order of their moments; tells how many commands are done, of all.

    What was recorded before an interruption is not asked again: acts are recorded in their order,
    so all before the record's last moment are there, and one at that very moment is asked again
    under its id, which the record knows.
    """
    in_order = sorted(acts, key=lambda act: act.at)
    documents = numbered(in_order)
    total = sum(act.commands for act in in_order)
    recorded_until = _last_moment(record)
    done = 0
    for act in in_order:
        done += act.commands
        if recorded_until and act.at < recorded_until:
            on_progress(done, total)
            continue
        clock.now = act.at
        basis = tuple(documents[paper] for paper in act.papers)
        if isinstance(act, Act):
            command = act.ask if isinstance(act.ask, Command) else act.ask(record.state(act.stream))
            record.carry_out(act.stream, command, by=act.by, basis=basis, command_id=act.id)
        else:
            steps = [Step(stream, command) for stream, command in act.asked]
            record.carry_out_batch(act.id, act.received, steps, by=act.by, basis=basis)
        on_progress(done, total)


def _last_moment(record: Record) -> datetime | None:
    """When the record's last entry was recorded; None while it is empty."""
    head = record.head()
    return record.entries(after=head - 1, limit=1)[0].recorded_at if head else None


def numbered(acts: Sequence[Act | Import]) -> dict[Paper, Document]:
    """The papers as documents: each issuer's of a year numbered in the order of their days.

    There are gaps: offices issue documents about other things too.
    """
    papers = dict.fromkeys(paper for act in acts for paper in act.papers)
    last: defaultdict[tuple[str, int], int] = defaultdict(int)
    found = {}
    for paper in sorted(papers, key=lambda each: each.issued_on):
        issued = (paper.stem, paper.issued_on.year)
        last[issued] += chance(*issued, last[issued]).randint(1, 4)
        found[paper] = Document(
            issuer=paper.issuer,
            number=f"{paper.stem}〔{paper.issued_on.year}〕{last[issued]}号",
            title=paper.title,
            issued_on=paper.issued_on,
        )
    return found
