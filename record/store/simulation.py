"""A simulation told by one writer: each command is decided on those before it, and many are
recorded in one transaction."""

import sys
from collections.abc import Callable
from datetime import datetime
from typing import Any, NamedTuple

from domain.kernel.command import Command
from domain.kernel.context import Acting, Document
from record.sql import statements
from record.store.batch import BatchStep
from record.store.entry import Receipt
from record.store.record import CHINA, Record, command_digest
from record.store.recorder import Appended, Prepared
from record.store.unit_of_work import Loaded, States, UnitOfWork, Versions

SQL = statements(__file__)
TOGETHER_MAX = 256


class Told(NamedTuple):
    """A command that was decided and is not recorded yet."""

    work: UnitOfWork
    prepared: Prepared


class Simulation(Record):
    """A record at a clock of its own, to which nobody else writes meanwhile.

    So what it has recorded or been told is the newest, and is not loaded again. Should somebody
    else have written, the next `record_told` raises Conflict and records nothing.
    """

    def __init__(self, url: str, *, clock: Callable[[], datetime]) -> None:
        super().__init__(url, clock=clock)
        self._now = clock
        self._told: list[Told] = []
        self._as_told = States(sys.maxsize, behind=self._states)
        with self.recorder.datastore.get_connection() as connection:
            self._streams = {row["stream"] for row in connection.execute(SQL["streams"])}
            self._commands = {row["command_id"] for row in connection.execute(SQL["commands"])}

    def has_recorded(self, command_id: str) -> bool:
        """Whether a command, or a batch, is on record."""
        return command_id in self._commands

    @property
    def waiting(self) -> int:
        """How many commands were told and are not recorded yet."""
        return len(self._told)

    def tell(
        self,
        stream: str,
        command: Command[Any],
        *,
        by: Acting,
        basis: tuple[Document, ...] = (),
        despite: str | None = None,
        command_id: str,
    ) -> None:
        """Decide a command that is not on record, on what was told so far; raises Refused.

        It is recorded by `record_told`, or once TOGETHER_MAX are waiting.
        """
        step = BatchStep(stream, command, basis, despite)
        work = self._work(by=by, command_id=command_id)
        work.read_for(stream, command)
        self._decide(work, step)
        prepared = self._prepared(work, stream, command_digest(by, step))
        self._as_told.keep(work)
        self._told.append(Told(work, prepared))
        if self.waiting == TOGETHER_MAX:
            self.record_told()

    def record_told(self) -> None:
        """Record what was told, all of it or nothing; raises Conflict."""
        told, self._told = self._told, []
        self._as_told = States(sys.maxsize, behind=self._states)
        if not told:
            return
        answers = self.recorder.append_told([each.prepared for each in told])
        for each, answer in zip(told, answers, strict=True):
            self._answered(each.work, answer)

    def carry_out(self, *asked: Any, **more: Any) -> Receipt:
        """As in any record, after what was told."""
        self.record_told()
        return super().carry_out(*asked, **more)

    def carry_out_batch(self, *asked: Any, **more: Any) -> Receipt:
        """As in any record, after what was told."""
        self.record_told()
        return super().carry_out_batch(*asked, **more)

    def _answered(
        self, work: UnitOfWork, answer: Appended, *, if_head: int | None = None
    ) -> Receipt:
        receipt = super()._answered(work, answer, if_head=if_head)
        self._streams.update(draft.stream for draft in work.drafts)
        self._commands.add(work.command_id)
        return receipt

    def _work(self, load: Callable[[Versions], Loaded] | None = None, **asked: Any) -> UnitOfWork:
        learn = self.policies.learn
        return UnitOfWork(self._as_told, self._load_unknown, learn=learn, **asked)

    def _load_unknown(self, versions: Versions) -> Loaded:
        """The entries of streams that are on record, and of which no state is known."""
        unknown = {s: version for s, version in versions.items() if not version}
        if unknown := {s: 0 for s in unknown if s in self._streams}:
            return self._load(unknown)
        return Loaded((), self._now().astimezone(CHINA))
