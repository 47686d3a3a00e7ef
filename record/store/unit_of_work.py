"""One decision in the making: the streams read, at which versions, and the entries to record.

It touches no database: the record loads into it and appends what comes out of it.
"""

from collections import OrderedDict
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime
from threading import Lock
from typing import Any, NamedTuple

from domain.adoption.adopting import AdoptPolicy
from domain.adoption.state import Adopted, edition
from domain.catalogue import subject
from domain.founding.founding import FoundRecord
from domain.kernel.command import Command, decide
from domain.kernel.context import Acting, DecisionContext, Document
from domain.kernel.event import Event, StreamEvent
from domain.kernel.subject import Subject
from domain.policy import Policy
from record.store.entry import Envelope, decode, head
from record.store.recorder import Draft

STATES_MAX = 8_192


class Loaded(NamedTuple):
    """A stored entry as the record's loading query returns it."""

    stream: str
    event: str
    state: bytes
    position: int


class States:
    """The states folded lately, by stream. Entries never change, so a state can only be old,
    never wrong: whoever uses one loads what came behind it, and append checks the version."""

    def __init__(self) -> None:
        self._states: OrderedDict[str, Subject] = OrderedDict()
        self._lock = Lock()

    def get(self, stream: str) -> Subject | None:
        """The kept state of a stream, if there is one."""
        with self._lock:
            if stream in self._states:
                self._states.move_to_end(stream)
            return self._states.get(stream)

    def keep(self, work: "UnitOfWork") -> None:
        """Keep the states that a recorded command left behind."""
        with self._lock:
            for stream, state in work.states.items():
                if state.version:
                    self._states[stream] = state
                    self._states.move_to_end(stream)
            while len(self._states) > STATES_MAX:
                self._states.popitem(last=False)


class UnitOfWork:
    """What one command, or one batch, has read and decided so far."""

    def __init__(
        self,
        states: States,
        *,
        by: Acting | None = None,
        command_id: str = "",
        batch: str | None = None,
        caused_by: int | None = None,
    ) -> None:
        self.command_id = command_id
        self.read: dict[str, int] = {}
        self.states: dict[str, Subject] = {}
        self.drafts: list[Draft] = []
        self.now = datetime.min.replace(tzinfo=UTC)
        self._kept = states
        self._folded: dict[str, Subject] = {}
        self._by = by
        self._batch = batch
        self._caused_by = caused_by
        self._circumstances: tuple[Any, DecisionContext, Envelope] | None = None

    @property
    def entries(self) -> int:
        """How many entries are decided."""
        return len(self.drafts)

    def peek(self, stream: str) -> Subject:
        """The state of a stream as far as it is known without loading anything."""
        return self.states.get(stream) or self._kept.get(stream) or subject(stream)

    def wanted(self, streams: Iterable[str]) -> dict[str, int]:
        """Of these streams those still to be loaded, each with the version already folded."""
        # Held until then: another thread may replace, or drop, the kept state in between.
        self._folded = {s: self.peek(s) for s in dict.fromkeys(streams) if s not in self.states}
        return {stream: state.version for stream, state in self._folded.items()}

    def loaded(
        self, wanted: Mapping[str, int], entries: Iterable[Loaded], *, now: datetime
    ) -> None:
        """Fold what was loaded; the streams count as read at the versions that this gives."""
        behind: dict[str, list[Event]] = {stream: [] for stream in wanted}
        for entry in entries:
            decoded = decode(entry.event, entry.state, position=entry.position)
            behind[entry.stream].append(decoded.event)
        for stream, events in behind.items():
            state = self._folded[stream].fold(events)
            self.states[stream] = state
            self.read[stream] = state.version
        self.now = max(self.now, now)

    def state(self, stream: str) -> Any:
        """The state of a stream that was loaded, with what this work has decided since."""
        return self.states[stream]

    def version(self, stream: str) -> int:
        """The version at which a stream was read."""
        return self.read[stream]

    def decide(
        self,
        stream: str,
        command: Command[Any],
        basis: tuple[Document, ...],
        *,
        today: date,
        adopted: Adopted,
    ) -> None:
        """Apply one command and keep what happened as drafts; raises Refused."""
        context, envelope = self._under(_policy_for(command, adopted, today), basis, today)
        decided = decide(command, self.state(stream), context)
        assert decided, f"{type(command).__name__} recorded nothing and refused nothing"
        made = [(i.stream, i.event) if isinstance(i, StreamEvent) else (stream, i) for i in decided]
        heads = [head(envelope, event) for _, event in made]
        for (target, event), content in zip(made, heads, strict=True):
            self._draft(target, event, content)

    def _under(
        self, policy: Policy, basis: tuple[Document, ...], today: date
    ) -> tuple[DecisionContext, Envelope]:
        """Occasion and envelope, made once for all commands of a batch that share them."""
        shared = (policy.version, basis, today)
        if self._circumstances is None or self._circumstances[0] != shared:
            assert self._by is not None, "only work that has an actor decides"
            context = DecisionContext(
                by=self._by,
                today=today,
                policy=policy,
                command_id=self.command_id,
                basis=basis,
                consulted=self.states,
            )
            envelope = Envelope(
                by=self._by,
                basis=basis,
                batch=self._batch,
                caused_by=self._caused_by,
                command_id=self.command_id,
                policy=policy.version,
            )
            self._circumstances = (shared, context, envelope)
        return self._circumstances[1], self._circumstances[2]

    def _draft(self, stream: str, event: Event, content: bytes) -> None:
        if stream not in self.states:  # a subject that this command begins elsewhere
            self.states[stream] = subject(stream)
            self.read[stream] = 0
        state = self.states[stream].fold((event,))
        self.states[stream] = state
        self.drafts.append(Draft(stream, state.version, type(event).__name__, content))


def _policy_for(command: Command[Any], adopted: Adopted, today: date) -> Policy:
    if isinstance(command, FoundRecord | AdoptPolicy):  # these need no policy in force before them
        return edition(command.policy).policy
    return adopted.in_force(today)
