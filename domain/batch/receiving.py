"""A batch: all commands of one file, recorded together or not at all."""

from collections.abc import Iterable
from datetime import date
from typing import ClassVar

from domain.batch.events import BatchApplied, BatchReceived, BatchSource, Rows
from domain.batch.state import Batch
from domain.kernel.command import Command
from domain.kernel.context import DecisionContext
from domain.kernel.event import Event, StreamEvent
from domain.kernel.ids import Digest, Title
from domain.kernel.permission import Permission
from domain.kernel.refusal import Refused
from domain.kernel.text import Bilingual

RECEIVE = Permission(
    "registers.may_import", doing=Bilingual(zh="导入表格", en="import a sheet"), governs=False
)


class ReceiveBatch(Command[Batch]):
    """Record that a file was received."""

    begins: ClassVar[bool] = True
    permission: ClassVar[Permission] = RECEIVE

    source: BatchSource
    file_name: Title
    file_digest: Digest
    rows: Rows
    as_of: date

    def places(self, state: Batch) -> Iterable[str]:
        """None: each of its commands is about its own."""
        return ()

    def decide(self, state: Batch, context: DecisionContext) -> list[Event | StreamEvent]:
        return [BatchReceived(**vars(self))]


class ApplyBatch(Command[Batch]):
    """Record that all commands of the file were recorded, and as how many entries."""

    permission: ClassVar[Permission] = RECEIVE

    entries: Rows

    def places(self, state: Batch) -> Iterable[str]:
        """None: each of its commands is about its own."""
        return ()

    def decide(self, state: Batch, context: DecisionContext) -> list[Event | StreamEvent]:
        if state.applied:
            raise Refused("batch.applied-already", batch=state.id)
        return [BatchApplied(entries=self.entries)]
