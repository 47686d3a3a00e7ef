"""A decision in progress: the streams read, their versions, and the entries to record.

It uses no database: the record provides `load` and appends the result.
"""

from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime
from functools import partial
from threading import Lock
from typing import Any, NamedTuple

from domain.adoption.adopting import AdoptPolicy, AdoptPolicyFile
from domain.adoption.events import PolicyAdopted
from domain.adoption.state import Adopted
from domain.catalogue import subject
from domain.founding.founding import FoundRecord
from domain.founding.state import Founded
from domain.kernel.command import Command
from domain.kernel.context import Acting, DecisionContext, Document
from domain.kernel.decision import Decided, Decisions, unread
from domain.kernel.event import Event
from domain.kernel.policy import edition_of
from domain.kernel.refusal import NotOnRecord
from domain.kernel.scope import unread_above
from domain.kernel.subject import Subject
from record.store.entry import Envelope, Made, decode_event, head
from record.store.made import made
from record.store.recorder import Draft

# Measured: a state takes about 1 KiB of memory, and 1.5 bytes for each byte of its entries.
STATES_BYTES_MAX = 64 << 20
STATE_BYTES = 1_024
ALWAYS_READ = ("policy", "record")
NeedsNoPolicy = FoundRecord | AdoptPolicy | AdoptPolicyFile  # none may be in force before these
Versions = Mapping[str, int]  # of each stream


class Stored(NamedTuple):
    """A stored entry as the record's loading query returns it."""

    stream: str
    version: int
    event: str
    state: bytes
    position: int


class Loaded(NamedTuple):
    """The entries of streams after the requested versions, and when they were read."""

    entries: Iterable[Stored]
    now: datetime


class Cached(NamedTuple):
    """A state and its estimated size: STATE_BYTES and the length of its entries."""

    state: Subject
    bytes: int


class States:
    """Recently folded states, by stream, as many as `bytes_max` holds. Entries never change, so a
    state can only be old, never wrong: its user loads the newer entries, and append checks the
    version. What is not here is looked for in those `behind`."""

    def __init__(
        self, bytes_max: int = STATES_BYTES_MAX, *, behind: "States | None" = None
    ) -> None:
        self._bytes_max = bytes_max
        self._behind = behind
        self._bytes = 0
        self._cached: OrderedDict[str, Cached] = OrderedDict()
        self._lock = Lock()

    def get(self, stream: str) -> Cached:
        """The cached state of a stream, or the blank one; NotOnRecord for what is no stream."""
        with self._lock:
            if cached := self._cached.get(stream):
                self._cached.move_to_end(stream)
                return cached
        if self._behind:
            return self._behind.get(stream)
        return Cached(subject(stream), STATE_BYTES)

    def keep(self, work: "UnitOfWork") -> None:
        """Cache the states after a recorded command; those used longest ago make room."""
        with self._lock:
            for stream, state in work.states.items():
                old = self._cached.get(stream)
                if state.version and (old is None or old.state is not state):
                    self._cached[stream] = Cached(state, work.sizes[stream])
                    self._cached.move_to_end(stream)
                    self._bytes += work.sizes[stream] - (old.bytes if old else 0)
            while self._bytes > self._bytes_max:
                _, gone = self._cached.popitem(last=False)
                self._bytes -= gone.bytes


class Circumstances(NamedTuple):
    """What the commands of a batch share, in the forms for rules and for entries."""

    of: Any
    context: DecisionContext
    envelope: Envelope


class AdoptedFile(NamedTuple):
    """A policy file that is about to be adopted."""

    version: str
    text: str


class UnitOfWork:
    """What a command or a batch has read and decided so far.

    `load` gets streams, each with the version already folded, and returns the newer entries.
    `learn` makes the adopted policy files known. `now` is the time of the last reading, in the
    city's time zone.
    """

    def __init__(
        self,
        cache: States,
        load: Callable[[Versions], Loaded],
        *,
        learn: Callable[[Adopted], None] = lambda _: None,
        by: Acting | None = None,
        command_id: str = "",
        batch: str | None = None,
        caused_by: int | None = None,
    ) -> None:
        self.command_id = command_id
        self.read: dict[str, int] = {}
        self.sizes: dict[str, int] = {}  # of the states, as Cached has them
        self.drafts: list[Draft] = []
        self.adopting: dict[str, AdoptedFile] = {}  # by digest
        self.made: tuple[Made, ...] = ()  # by a command of no batch
        self.now = datetime.min.replace(tzinfo=UTC)
        self._cache = cache
        self._load = load
        self._learn = learn
        self._decisions = Decisions(self._newest, subject)
        self._by = by
        self._batch = batch
        self._caused_by = caused_by
        self._shared: Circumstances | None = None

    @property
    def person(self) -> str:
        """Who acts."""
        assert self._by is not None, "only a unit of work with an actor decides"
        return self._by.actor.person

    @property
    def states(self) -> Mapping[str, Subject]:
        """The states that were read, including what was decided since."""
        return self._decisions.states

    @property
    def entries(self) -> int:
        """The number of decided entries."""
        return len(self.drafts)

    def state(self, stream: str) -> Any:
        """One of these states."""
        return self.states[stream]

    def version(self, stream: str) -> int:
        """The version at which a stream was read."""
        return self.read[stream]

    def read_all(self, streams: Iterable[str]) -> None:
        """Read these streams together."""
        self._decisions.read((*streams, *ALWAYS_READ))

    def read_for(self, stream: str, command: Command[Any]) -> None:
        """Read what a command will depend on together, as far as cached states show it."""
        cached = {stream: self._cache.get(stream).state}
        while names := self._unread(stream, command, cached):
            cached.update((name, self._cache.get(name).state) for name in names)
        self.read_all(cached)

    def read_above(self, steps: Iterable[tuple[str, Command[Any]]]) -> None:
        """Read what tells whether these commands are within the actor's jurisdiction: for all of
        them together, one level of the tree at a time."""
        assert self._by is not None, "only a unit of work with an actor decides"
        places = [each for stream, what in steps for each in what.places(self.states[stream])]
        while names := unread_above(places, self._by.authority, self.states, self.now.date()):
            self.read_all(names)

    def _unread(
        self, stream: str, command: Command[Any], cached: Mapping[str, Subject]
    ) -> list[str]:
        """As far as can be known before the record's own day is known."""
        assert self._by is not None, "only a unit of work with an actor decides"
        if names := unread(stream, command, cached):
            return names
        places = command.places(cached[stream])
        return unread_above(places, self._by.authority, cached, datetime.now(UTC).date())

    def admit(self, stream: str, command: Command[Any]) -> None:
        """Raises NotAuthorised or Refused unless whoever acts may ask for this of this subject."""
        self._decisions.admit(stream, command, partial(self._context, command, (), None))

    def decide(
        self,
        stream: str,
        command: Command[Any],
        basis: tuple[Document, ...],
        despite: str | None = None,
    ) -> list[Decided]:
        """Decide one command and keep its entries as drafts; raises Refused."""
        context = partial(self._context, command, basis, despite)
        decided = self._decisions.decide(stream, command, context)
        assert self._shared is not None, "the context was requested"
        envelope = self._shared.envelope
        if self._batch is None:
            self.made = made(stream, command, [each[:3] for each in decided])
        for _, _, event, _ in decided:
            if isinstance(event, PolicyAdopted):
                self.adopting[event.digest] = _file_of(command, event)
        first = len(self.drafts)
        for target, version, event, irregular in decided:
            if target not in self.read:  # a subject that this command begins besides its own
                self.read[target], self.sizes[target] = 0, STATE_BYTES
            # The first entry causes the others; those of a batch answer to its first.
            now = len(self.drafts)
            content = head(
                envelope, event, entries_after_cause=now - first or now, irregular=irregular
            )
            self.sizes[target] += len(content)
            self.drafts.append(Draft(target, version, type(event).__name__, content))
        return decided

    @property
    def policy(self) -> str | None:
        """The version of the policy under which the last command was decided."""
        return self._shared.context.policy.version if self._shared else None

    def _newest(self, streams: Sequence[str]) -> Mapping[str, Subject]:
        # Held until then: another thread may replace or drop the cached state in between.
        cached = {stream: self._cache.get(stream) for stream in streams}
        folded = {stream: each.state for stream, each in cached.items()}
        self.sizes.update((stream, each.bytes) for stream, each in cached.items())
        loaded = self._load({stream: state.version for stream, state in folded.items()})
        newer: dict[str, list[Event]] = {}
        for entry in loaded.entries:
            event = decode_event(entry.event, entry.state, position=entry.position)
            newer.setdefault(entry.stream, []).append(event)
            self.sizes[entry.stream] += len(entry.state)
        for stream, events in newer.items():
            folded[stream] = folded[stream].fold(events)
        self.read.update((stream, state.version) for stream, state in folded.items())
        self.now = max(self.now, loaded.now)
        return folded

    def _context(
        self,
        command: Command[Any],
        basis: tuple[Document, ...],
        despite: str | None,
        states: Mapping[str, Subject],
    ) -> DecisionContext:
        """The context of a command, shared by commands of a batch in the same circumstances."""
        adopting = command if isinstance(command, NeedsNoPolicy) else None
        of = (adopting, states["policy"], basis, despite, self.now.date())
        if self._shared is None or self._shared.of != of:
            founded: Founded = self.state("record")
            if not founded.version and not isinstance(command, FoundRecord):
                raise NotOnRecord("record.not-founded")
            self._shared = Circumstances(of, *self._circumstances(adopting, basis, despite))
        return self._shared.context

    def _circumstances(
        self,
        adopting: FoundRecord | AdoptPolicy | AdoptPolicyFile | None,
        basis: tuple[Document, ...],
        despite: str | None,
    ) -> tuple[DecisionContext, Envelope]:
        assert self._by is not None, "only a unit of work with an actor decides"
        today = self.now.date()
        adopted: Adopted = self.state("policy")
        self._learn(adopted)
        if adopting is None or adopted.is_readable(today):
            policy = adopted.in_force(today)
        elif isinstance(adopting, FoundRecord):
            policy = adopting.edition.policy
        else:
            policy = adopting.edition(adopted).policy
        context = DecisionContext(
            by=self._by,
            today=today,
            policy=policy,
            command_id=self.command_id,
            basis=basis,
            despite=despite,
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
        return context, envelope


def _file_of(command: Command[Any], event: PolicyAdopted) -> AdoptedFile:
    if isinstance(command, AdoptPolicyFile):
        return AdoptedFile(event.version, command.file)
    edition = edition_of(event.digest)
    assert edition is not None, "a file that is adopted was read"
    return AdoptedFile(event.version, edition.text)
