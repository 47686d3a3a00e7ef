"""Whether a file was applied."""

from dataclasses import dataclass
from typing import ClassVar, Self, assert_never

from domain.batch.events import BatchApplied, BatchEvent, BatchReceived
from domain.kernel.subject import Subject, changed
from domain.kernel.text import Bilingual


@dataclass(frozen=True, kw_only=True)
class Batch(Subject):
    """One file, received and perhaps applied."""

    kind: ClassVar[str] = "batch"
    what: ClassVar[Bilingual] = Bilingual(zh="导入批次", en="batch")

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
