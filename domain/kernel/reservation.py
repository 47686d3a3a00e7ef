"""What there is one of at a time, by a key that is not its id: no two hold on one day.

A reservation is like that of a code (ADR 3): a command that records, corrects or annuls a subject
finds the others of the same key on its stream. It says nothing new about any of them.
"""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Protocol, Self, TypeVar, cast
from unicodedata import normalize

from pydantic import BaseModel

from domain.kernel.context import DecisionContext
from domain.kernel.event import Event, StreamEvent
from domain.kernel.refusal import Refused
from domain.kernel.staged_subject import StagedSubject
from domain.kernel.subject import Subject, changed
from domain.kernel.text import Bilingual
from domain.kernel.timeline import DateSpan

E = TypeVar("E", bound=Event)


class Reserving(BaseModel):
    """An event by which a subject has a key. It is recorded after the event that states the key."""

    @property
    def holder(self) -> str:
        """The stream of the subject that has the key."""
        raise NotImplementedError


@dataclass(frozen=True, kw_only=True)
class Reservation(Subject):
    """The streams of the subjects that have, or had, one key, in the order in which they came."""

    kind: ClassVar[str] = "reservation"
    what: ClassVar[Bilingual] = Bilingual(zh="同一事项的登记", en="registration of the same matter")

    holders: tuple[str, ...] = ()

    @property
    def called(self) -> Bilingual:
        """How a refusal names it: its id is a digest, which means nothing to a reader."""
        return Bilingual(zh=self.what.zh, en=f"the {self.what.en}")

    def evolve(self, event: Reserving) -> Self:
        """The state after one more event of this key."""
        return changed(self, holders=(*self.holders, event.holder))


class Key(ABC):
    """What distinguishes a subject from others of its kind, beside its id."""

    @abstractmethod
    def streams(self) -> Iterator[str]:
        """The streams of its reservations: several where it is known in several ways."""

    @abstractmethod
    def reserved(self, id: str) -> Event:
        """The event by which the subject of this id has the key."""

    @abstractmethod
    def already_held(self, stream: str, held: DateSpan) -> Refused:
        """The refusal while the subject of this stream has the key on the days `held`."""

    def same(self, other: Self) -> bool:
        """Whether two keys that share a stream are one: by default, if they share every stream."""
        return list(self.streams()) == list(other.streams())


class KeyHolder(Protocol):
    """A subject of which there is one at a time, by its key."""

    @property
    def id(self) -> str:
        """Its id."""

    @property
    def stream(self) -> str:
        """Its own stream."""

    @property
    def key(self) -> Key | None:
        """The key that it has; None when it is void, or there may be any number of it."""

    def spans(self) -> list[DateSpan]:
        """The days on which it holds."""


@dataclass(frozen=True, kw_only=True)
class SingleStagedSubject(StagedSubject[E]):
    """A staged subject of which there is one at a time, by the key that its first entry states."""

    def key_of(self, stated: Any) -> Key | None:
        """The key that a first entry states, or the command for it; None for what has none."""
        raise NotImplementedError

    @property
    def key(self) -> Key | None:
        """The key that its first entry states as it now reads; None when that was annulled."""
        first = self.first()
        return self.key_of(first.event) if first else None

    def first_grounds(self) -> Iterable[str]:
        """The streams that its first entry rests on, which say where it is."""
        first = self.first()
        return self.grounds(first.event) if first else ()

    def reservations(
        self, corrects: int = 0, changes: Mapping[str, Any] | None = None
    ) -> Iterator[str]:
        """The streams of the keys that it has, had, or would have by this correction."""
        step = self.first()
        if step and step.version == corrects:
            yield from streams_of(self.key_of(step.event.model_copy(update=changes)))
        while step:
            yield from streams_of(self.key_of(step.event))
            step = step.before


class ReservingCommand:
    """For commands by which a subject may come to hold on further days, or by another key.

    They name the reservations among what they consult, and record `reserved` after what they
    state.
    """

    def consults_further(self, state: Any, consulted: Mapping[str, Subject]) -> Iterable[str]:
        """The others that have the key."""
        for each in consulted.values():
            if isinstance(each, Reservation):
                yield from (holder for holder in each.holders if holder != state.stream)


def streams_of(key: Key | None) -> Iterator[str]:
    """The streams of a key's reservations, if there is one."""
    return key.streams() if key else iter(())


def reserved(after: KeyHolder, context: DecisionContext) -> list[StreamEvent]:
    """The events by which the subject has its key; Refused when another has it on one of its days.

    `after` is the subject with what the command states.
    """
    made: list[StreamEvent] = []
    for stream in streams_of(key := after.key):
        assert key is not None
        reservation = cast(Reservation, context.consulted[stream])
        for holder in reservation.holders:
            if holder != after.stream:
                _require_apart(after, cast(KeyHolder, context.consulted[holder]), key)
        if after.stream not in reservation.holders:
            made.append(StreamEvent(stream, key.reserved(after.id)))
    return made


def normalized(name: str) -> str:
    """A name as it is compared: without blanks, and without widths of letters."""
    return "".join(normalize("NFKC", name).split())


def _require_apart(after: KeyHolder, other: KeyHolder, key: Key) -> None:
    if other.key is None or not key.same(other.key):
        return
    spans = after.spans()
    for held in other.spans():
        if any(held.shared(span) for span in spans):
            raise key.already_held(other.stream, held)
