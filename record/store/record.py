"""The only write path: load what a command names, fold, decide, append.

A conflict is returned, never retried: the caller has to see what changed and try again.
"""

from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta, timezone
from hashlib import sha256
from typing import Any
from uuid import uuid4

from eventsourcing.application import Application
from eventsourcing.persistence import InfrastructureFactory
from eventsourcing.utils import Environment
from psycopg.rows import tuple_row
from pydantic_core import to_json

from domain.adoption.state import Adopted
from domain.batch.receiving import ApplyBatch, ReceiveBatch
from domain.founding.state import Founded
from domain.kernel.command import Command
from domain.kernel.context import Acting, Document
from domain.kernel.decision import Decided, unread
from domain.kernel.refusal import CommandIdReused, Conflict, Irregular, Refused, Stale
from domain.kernel.subject import Subject
from record.attachments.attachments import Attachments
from record.policies import PolicyFiles
from record.sql import lines, statements
from record.store.batch import REFUSALS_MAX, BatchRefused, BatchStep, Reasons
from record.store.bulk import collector_paused
from record.store.entry import AnyEntry, Made, Receipt, decode
from record.store.made import made
from record.store.recorder import Appended, EntryMapper, Factory, Prepared, Recorder, independent
from record.store.unit_of_work import Loaded, States, Stored, UnitOfWork, Versions
from record.together import Together

SQL = statements(__file__)
CHINA = timezone(timedelta(hours=8), "Asia/Shanghai")


class Record(Application[str]):
    """One city's record in one PostgreSQL database.

    `clock` is only for a simulation; otherwise the time comes from the database. `closed`
    returns why nothing can be recorded for now, or None.
    """

    name = "annals"
    recorder: Recorder

    def __init__(
        self,
        url: str,
        *,
        clock: Callable[[], datetime] | None = None,
        closed: Callable[[], Refused | None] = lambda: None,
    ) -> None:
        self.url = url
        self._closed = closed
        self._clock = clock
        self._states = States()
        self._simulates: bool | None = None  # unknown until the record is founded
        super().__init__()
        self.attachments = Attachments(self.recorder.datastore)
        self.policies = PolicyFiles(self.attachments)
        self._loading = Together(self._load_together)
        self._appending = Together(self.recorder.append, independent)

    def construct_env(self, name: str, env: Any = None) -> Environment:
        """A fixed environment: variables of the process do not change how the record is kept."""
        return Environment(name, {"ORIGINATOR_ID_TYPE": "text"})

    def construct_factory(self, env: Environment) -> InfrastructureFactory[Any]:
        """The library's factory over our datastore."""
        return Factory(env, self.url)

    def construct_mapper(self) -> EntryMapper:
        """A mapper that knows the closed list of events and imports nothing."""
        return EntryMapper(transcoder=self.factory.transcoder())

    def carry_out(
        self,
        stream: str,
        command: Command[Any],
        *,
        by: Acting,
        basis: tuple[Document, ...] = (),
        despite: str | None = None,
        command_id: str | None = None,
        if_version: int | None = None,
        caused_by: int | None = None,
    ) -> Receipt:
        """Decide a command on a stream, record what happened, and return the receipt.

        The same `command_id` again returns the first receipt. `despite` is the reason to record it
        although it breaks a procedure. Raises Refused by the command's rule, Irregular without a
        reason, Stale if the stream is not at `if_version`, Conflict if another command came first.
        """
        command_id = command_id or uuid4().hex
        digest = command_digest(by, BatchStep(stream, command, basis, despite))
        work = self._work(self._loading.ask, by=by, command_id=command_id, caused_by=caused_by)
        try:
            work.read_for(stream, command)
            if if_version is not None and work.version(stream) != if_version:
                work.admit(stream, command)  # others are not told that it has changed, or is there
                raise _stale(work.state(stream), if_version, work.version(stream))
            self._decide(work, BatchStep(stream, command, basis, despite))
        except Refused:
            if receipt := self._receipt(command_id, digest):
                return self._with_made(receipt, command)
            raise
        answer = self._appending.ask(self._prepared(work, stream, digest))
        receipt = self._answered(work, answer)
        return self._with_made(receipt, command) if answer.outcome == "repeated" else receipt

    def rehearse(
        self,
        stream: str,
        command: Command[Any],
        *,
        by: Acting,
        basis: tuple[Document, ...] = (),
        despite: str | None = None,
        command_id: str,
    ) -> list[AnyEntry]:
        """The entries that a command would become now; records nothing and raises the same errors.

        Their positions are those after the head, if nobody else records first.
        """
        work = self._work(self._loading.ask, by=by, command_id=command_id)
        work.read_for(stream, command)
        decided = self._decide(work, BatchStep(stream, command, basis, despite))
        head = self.head()
        return [
            AnyEntry.model_validate(
                {
                    "actor": by.actor,
                    "authority": by.authority,
                    "basis": basis,
                    "body": event,
                    "command_id": command_id,
                    "event": type(event).__name__,
                    "irregular": irregular,
                    "policy": work.policy,
                    "position": head + number,
                    "recorded_at": work.now,
                    "stream": target,
                    "version": version,
                }
            )
            for number, (target, version, event, irregular) in enumerate(decided, 1)
        ]

    def _with_made(self, receipt: Receipt, command: Command[Any]) -> Receipt:
        """The receipt of a repeated command as it was the first time."""
        entries = self.entries(
            after=receipt.position - 1, limit=receipt.last_position - receipt.position + 1
        )
        found = made(receipt.stream, command, [(e.stream, e.version, e.event) for e in entries])
        return receipt.model_copy(update={"made": found})

    def carry_out_batch(
        self,
        batch: str,
        received: ReceiveBatch,
        steps: Sequence[BatchStep],
        *,
        by: Acting,
        basis: tuple[Document, ...] = (),
        if_head: int | None = None,
        on_step: Callable[[], None] = lambda: None,
    ) -> Receipt:
        """Record a whole batch in one append, or nothing; raises BatchRefused.

        `batch` is both the batch's id and the command id: a repeated batch is recorded once.
        `if_head` is the position at which it was planned; raises Conflict if the record has moved
        on.
        """
        stream = f"batch:{batch}"
        digest = command_digest(by, BatchStep(stream, received, basis), *steps)
        with collector_paused():
            if receipt := self._receipt(batch, digest):
                return receipt
            work = self._decide_batch(batch, received, steps, by, basis, if_head, on_step)
            prepared = self._prepared(work, stream, digest)
            (answer,) = self.recorder.append([prepared], read_head=if_head)
        return self._answered(work, answer, if_head=if_head)

    def rehearse_batch(
        self,
        batch: str,
        received: ReceiveBatch,
        steps: Sequence[BatchStep],
        *,
        by: Acting,
        basis: tuple[Document, ...] = (),
        on_step: Callable[[], None] = lambda: None,
    ) -> int:
        """How many entries the batch would become; records nothing and raises the same errors."""
        with collector_paused():
            return self._decide_batch(batch, received, steps, by, basis, None, on_step).entries

    def _decide_batch(
        self,
        batch: str,
        received: ReceiveBatch,
        steps: Sequence[BatchStep],
        by: Acting,
        basis: tuple[Document, ...],
        if_head: int | None,
        on_step: Callable[[], None],
    ) -> UnitOfWork:
        stream = f"batch:{batch}"
        work = self._work(by=by, command_id=batch, batch=batch)
        work.read_all((stream, *(step.stream for step in steps)))
        work.read_all(
            name for step in steps for name in unread(step.stream, step.command, work.states)
        )
        work.read_above((step.stream, step.command) for step in steps)
        if if_head is not None and (head := self.head()) != if_head:
            raise _behind(if_head, head)
        self._decide(work, BatchStep(stream, received, basis))
        refusals: list[tuple[int, Refused]] = []
        reasons = Reasons(steps)
        for index, step in enumerate(steps):
            asked = step._replace(basis=step.basis or basis, despite=None)
            try:
                try:
                    self._decide(work, asked)
                except Irregular:
                    self._decide(work, asked._replace(despite=reasons.used(step)))
            except Refused as refusal:
                refusals.append((index, refusal))
                if len(refusals) == REFUSALS_MAX:
                    break
            on_step()
        refusals += reasons.idle(refused={index for index, _ in refusals})
        if refusals:
            raise BatchRefused(refusals)
        self._decide(work, BatchStep(stream, ApplyBatch(entries=work.entries), basis))
        return work

    @property
    def waiting(self) -> int:
        """How many decided commands are waiting for others to be recorded."""
        return self._appending.waiting

    def state(self, stream: str) -> Any:
        """The newest state of a stream; version 0 if nothing is on record."""
        return self.states([stream])[stream]

    def states(self, streams: Sequence[str]) -> dict[str, Any]:
        """The newest states of these streams, read in one snapshot."""
        work = self._work()
        work.read_all(streams)
        return {stream: work.state(stream) for stream in streams}

    def adopted(self) -> Adopted:
        """Which policy is in force on which day, every adopted file of the record being known."""
        adopted: Adopted = self.state("policy")
        self.policies.learn(adopted)
        return adopted

    def history(self, stream: str) -> list[AnyEntry]:
        """All entries of one stream, in order."""
        return self.histories([stream])[stream]

    def histories(self, streams: Sequence[str]) -> dict[str, list[AnyEntry]]:
        """All entries of each of these streams, in order, read in one snapshot."""
        with self.recorder.datastore.get_connection() as connection:
            rows = connection.execute(SQL["histories"], {"streams": list(streams)}).fetchall()
        found: dict[str, list[AnyEntry]] = {stream: [] for stream in streams}
        for row in rows:
            entry = decode(row["event"], bytes(row["state"]), position=row["position"])
            found[row["stream"]].append(entry)
        return found

    def entries(self, *, after: int, limit: int = 1_000) -> list[AnyEntry]:
        """The entries after a position, in order, at most `limit` of them."""
        found = self.recorder.select_notifications(after, limit, inclusive_of_start=False)
        return [decode(event.topic, event.state, position=event.id) for event in found]

    def caused_by(self, position: int, *, after: int, limit: int) -> list[AnyEntry]:
        """The entries that one entry caused, in order, from after a position."""
        asked = {"position": position, "after": max(position, after), "limit": limit}
        with self.recorder.datastore.get_connection() as connection:
            rows = connection.execute(SQL["caused_by"], asked).fetchall()
        return [decode(r["event"], bytes(r["state"]), position=r["position"]) for r in rows]

    def head(self) -> int:
        """The record's last position; 0 if it is empty."""
        return self.recorder.max_notification_id() or 0

    def today(self) -> date:
        """Today in China; in a simulation, the day of its last entry."""
        if self._simulates is None:
            founded: Founded = self.state("record")
            self._simulates = founded.simulation if founded.version else None
        if self._simulates:
            with self.recorder.datastore.get_connection() as connection:
                row = connection.execute(SQL["last"]).fetchone()
            assert row is not None
            instant: datetime = row["recorded_at"]
        else:
            instant = datetime.now(CHINA)
        return instant.astimezone(CHINA).date()

    def position_at(self, instant: datetime) -> int:
        """The last position recorded at or before an aware instant; 0 before the first."""
        with self.recorder.datastore.get_connection() as connection:
            row = connection.execute(SQL["position_at"], {"instant": instant}).fetchone()
        assert row is not None
        return int(row["position"])

    def day_of(self, position: int) -> date | None:
        """The day in China on which the entry at a position was recorded, of the first before it;
        None beyond the record's end."""
        with self.recorder.datastore.get_connection() as connection:
            row = connection.execute(SQL["recorded_at"], {"position": max(position, 1)}).fetchone()
        return row["recorded_at"].astimezone(CHINA).date() if row else None

    def _work(self, load: Callable[[Versions], Loaded] | None = None, **asked: Any) -> UnitOfWork:
        learn = self.policies.learn
        return UnitOfWork(self._states, load or self._load, learn=learn, **asked)

    def _load(self, versions: Versions) -> Loaded:
        """The entries after these versions."""
        (loaded,) = self._load_together([versions])
        return loaded

    def _load_together(self, asked: Sequence[Versions]) -> list[Loaded]:
        """The same for many requests, in one round trip."""
        oldest: dict[str, int] = {}
        for versions in asked:
            for stream, version in versions.items():
                oldest[stream] = min(version, oldest.get(stream, version))
        with self.recorder.datastore.get_connection() as connection:
            rows = (
                connection.cursor(row_factory=tuple_row)
                .execute(
                    SQL["load"],
                    {"streams": lines(oldest), "versions": lines(map(str, oldest.values()))},
                    prepare=True,
                    binary=True,
                )
                .fetchall()
            )
        found: dict[str, list[Stored]] = {stream: [] for stream in oldest}
        for clock, *entry in rows:
            if not clock:
                found[entry[0]].append(Stored(*entry))
        (clock,) = [row[0] for row in rows if row[0]]
        now = (self._clock() if self._clock else clock).astimezone(CHINA)
        return [
            Loaded(
                [
                    e
                    for stream, known in versions.items()
                    for e in found[stream]
                    if e.version > known
                ],
                now,
            )
            for versions in asked
        ]

    def _decide(self, work: UnitOfWork, step: BatchStep) -> list[Decided]:
        self.attachments.require_stored(step.basis)
        return work.decide(step.stream, step.command, step.basis, step.despite)

    def _prepared(self, work: UnitOfWork, stream: str, digest: bytes) -> Prepared:
        if refusal := self._closed():
            raise refusal
        for file, (version, text) in work.adopting.items():
            self.policies.keep(file, text, version=version, person=work.person)
        clock = work.now if self._clock else None
        return Prepared(work.command_id, digest, stream, work.read, work.drafts, clock)

    def _answered(
        self, work: UnitOfWork, answer: Appended, *, if_head: int | None = None
    ) -> Receipt:
        match answer.outcome:
            case "recorded":
                self._states.keep(work)
                return _as_receipt(answer, work.made)
            case "repeated":
                return _as_receipt(answer)
            case "reused":
                raise _reused(work.command_id)
            case "behind":
                assert if_head is not None
                raise _behind(if_head, answer.position)
            case "conflict":
                raise _overtaken(self.state(answer.stream))

    def _receipt(self, command_id: str, digest: bytes) -> Receipt | None:
        with self.recorder.datastore.get_connection() as connection:
            row = connection.execute(SQL["receipt"], {"command_id": command_id}).fetchone()
        if row is None:
            return None
        if row.pop("digest") != digest:
            raise _reused(command_id)
        return Receipt(**row)


def _as_receipt(answer: Appended, made: tuple[Made, ...] = ()) -> Receipt:
    return Receipt(
        position=answer.position,
        last_position=answer.last_position,
        stream=answer.stream,
        version=answer.version,
        recorded_at=answer.recorded_at,
        made=made,
    )


def command_digest(by: Acting, *steps: BatchStep) -> bytes:
    """The identity of a command, or a batch: actor, streams, content, basis and reasons."""
    asked = [
        (each.stream, type(each.command).__name__, each.command, each.basis)
        + ((each.despite,) if each.despite else ())
        for each in steps
    ]
    return sha256(to_json((by, asked))).digest()


def _overtaken(state: Subject) -> Conflict:
    return Conflict("record.changed-meanwhile", what=state.called, version=state.version)


def _stale(state: Subject, named: int, version: int) -> Stale:
    return Stale(
        "record.other-version",
        what=state.called,
        named=named,
        stream=state.stream,
        version=version,
    )


def _behind(planned: int, head: int) -> Conflict:
    return Conflict("record.went-on", planned=planned, head=head)


def _reused(command_id: str) -> CommandIdReused:
    return CommandIdReused("record.command-id-reused", command_id=command_id)
