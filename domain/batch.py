"""A file's worth of commands, recorded together or not at all: what came, what it became."""

from dataclasses import dataclass
from datetime import date
from typing import Annotated, ClassVar, Literal, Self, assert_never

from pydantic import Field

from domain.command import Command
from domain.event import Event, On
from domain.ids import Digest, Title
from domain.occasion import Occasion
from domain.refusals import Refused
from domain.subject import Subject, changed
from domain.words import Words

Rows = Annotated[int, Field(ge=0, le=10_000_000)]
# What people keep in sheets, beside the rosters of communities.
SheetKind = Literal[
    "classifications", "appraisals", "scores", "programme-items", "tasks", "minutes"
]
BatchSource = Literal["roster", SheetKind]


class BatchReceived(Event):
    """A file arrived that states how things stood on a day: its codes and names are of that day."""

    sentence = Words(
        zh="收到文件 {file_name}，共 {rows} 行，截至{as_of}。",
        en="Received {file_name}: {rows:row|rows}, as of {as_of}.",
    )

    source: BatchSource
    file_name: Title
    file_digest: Digest
    rows: Rows
    as_of: date


class BatchApplied(Event):
    """Everything that followed from the file was recorded."""

    sentence = Words(zh="已入编 {entries} 条。", en="{entries:entry|entries} recorded.")

    entries: Rows


BatchEvent = BatchReceived | BatchApplied


@dataclass(frozen=True, kw_only=True)
class Batch(Subject):
    """One file, received and perhaps applied."""

    kind: ClassVar[str] = "batch"
    what: ClassVar[Words] = Words(zh="导入批次", en="batch")

    applied: bool = False

    def evolve(self, event: BatchEvent) -> Self:
        """The state after one more event of this batch."""
        match event:
            case BatchReceived():
                return self
            case BatchApplied():
                return changed(self, applied=True)
            case _:
                assert_never(event)


class ReceiveBatch(Command[Batch]):
    """Record that a file arrived."""

    begins: ClassVar[bool] = True

    source: BatchSource
    file_name: Title
    file_digest: Digest
    rows: Rows
    as_of: date

    def decide(self, state: Batch, occasion: Occasion) -> list[Event | On]:
        """Received."""
        return [BatchReceived(**vars(self))]


class ApplyBatch(Command[Batch]):
    """Record that everything that followed from the file was recorded, and how many entries."""

    entries: Rows

    def decide(self, state: Batch, occasion: Occasion) -> list[Event | On]:
        """Applied."""
        if state.applied:
            raise Refused(
                "This batch was applied already; receive the file anew under another id.",
                "该批次已入编；请以新编号重新接收文件。",
            )
        return [BatchApplied(entries=self.entries)]
