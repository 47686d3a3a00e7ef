"""The steps of a batch: the reasons that they come with, and why one is refused as a whole."""

from collections.abc import Iterator, Sequence, Set
from typing import Any, NamedTuple

from domain.kernel.command import Command
from domain.kernel.context import Document
from domain.kernel.refusal import Refused

REFUSALS_MAX = 100


class BatchStep(NamedTuple):
    """One command of a batch, with its stream and the documents that it rests on.

    `despite` is the reason to record it although it breaks a procedure. Steps of the same `row`
    share theirs: one of them has to break one.
    """

    stream: str
    command: Command[Any]
    basis: tuple[Document, ...] = ()
    despite: str | None = None
    row: int | None = None


class Reasons:
    """The reasons of a batch's steps, of which each has to be needed."""

    def __init__(self, steps: Sequence[BatchStep]) -> None:
        self._steps = [(index, each) for index, each in enumerate(steps) if each.despite]
        self._used: set[tuple[int | None, str | None]] = set()

    def used(self, step: BatchStep) -> str | None:
        """The reason of a step that breaks a procedure, if it has one."""
        self._used.add((step.row, step.despite))
        return step.despite

    def idle(self, *, refused: Set[int]) -> Iterator[tuple[int, Refused]]:
        """The first step of each reason that nothing needed, unless a step of it was refused."""
        known = self._used | {
            (each.row, each.despite) for index, each in self._steps if index in refused
        }
        for index, each in self._steps:
            if (each.row, each.despite) not in known:
                known.add((each.row, each.despite))
                yield index, Refused("fact.not-irregular")


class BatchRefused(Refused):
    """Nothing of the batch was recorded. It has the refused steps by index."""

    def __init__(self, refusals: Sequence[tuple[int, Refused]]) -> None:
        super().__init__("record.batch-refused", refused=len(refusals), first=refusals[0][1])
        self.refusals = tuple(refusals)
