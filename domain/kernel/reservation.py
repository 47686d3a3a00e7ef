"""Subjects of which there is one at a time by a key other than the id: no two hold on one day.

Works like the reservation of a code (ADR 3): a command that records, corrects or annuls a subject
finds the others with the same key on the key's stream. It states nothing new about them.
"""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, NamedTuple, Protocol, Self, TypeVar, cast

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
    """An event that reserves a key for a subject. Recorded after what states the key."""

    @property
    def holder(self) -> str:
        """The stream of the subject that has the key."""
        raise NotImplementedError


@dataclass(frozen=True, kw_only=True)
class Reservation(Subject):
    """The streams of the subjects that have or had one key, in the order of reservation."""

    kind: ClassVar[str] = "reservation"
    what: ClassVar[Bilingual] = Bilingual(zh="同一事项的登记", en="registration of the same matter")

    holders: tuple[str, ...] = ()

    @property
    def called(self) -> Bilingual:
        """Its name in a refusal, without the id: that is a digest and means nothing to a reader."""
        return Bilingual(zh=self.what.zh, en=f"the {self.what.en}")

    def evolve(self, event: Reserving) -> Self:
        """The state after one more event of this key."""
        return changed(self, holders=(*self.holders, event.holder))


class Key(ABC):
    """What distinguishes a subject from others of its kind, besides its id."""

    @abstractmethod
    def streams(self) -> Iterator[str]:
        """The streams of its reservations: several if it can be identified in several ways."""

    @abstractmethod
    def reserved(self, id: str) -> Event:
        """The event that reserves the key for the subject with this id."""

    @abstractmethod
    def already_held(self, stream: str, held: DateSpan) -> Refused:
        """The refusal if the subject of this stream has the key on the days `held`."""

    def same(self, other: Self) -> bool:
        """Whether two keys that share a stream are equal: by default, if they share all streams."""
        return list(self.streams()) == list(other.streams())


class KeyHolder(Protocol):
    """A subject of which there is one at a time for each of its keys."""

    @property
    def id(self) -> str:
        """Its id."""

    @property
    def stream(self) -> str:
        """Its own stream."""

    def held(self) -> "Iterable[Held]":
        """Its keys, each with the days on which it has the key; none when it is void."""


class Held(NamedTuple):
    """A key, and the days on which its holder has it."""

    key: Key
    spans: Sequence[DateSpan]


@dataclass(frozen=True, kw_only=True)
class SingleStagedSubject(StagedSubject[E]):
    """A staged subject of which there is one at a time for the key that its first entry states."""

    def key_of(self, stated: Any) -> Key | None:
        """The key that a first entry, or the command for it, states; None if it has none."""
        raise NotImplementedError

    @property
    def key(self) -> Key | None:
        """The key that its first entry states, as corrected; None when that was annulled."""
        first = self.first()
        return self.key_of(first.event) if first else None

    def spans(self) -> list[DateSpan]:
        """The days on which it holds."""
        raise NotImplementedError

    def held(self) -> Iterable[Held]:
        """Its key, with the days on which it holds."""
        return [Held(self.key, self.spans())] if self.key else ()

    def first_grounds(self) -> Iterable[str]:
        """The streams that its first entry rests on, such as its place."""
        first = self.first()
        return self.grounds(first.event) if first else ()

    def reservations(
        self, corrects: int = 0, changes: Mapping[str, Any] | None = None
    ) -> Iterator[str]:
        """The streams of its keys, past and present, and of the key after this correction."""
        step = self.first()
        if step and step.version == corrects:
            yield from streams_of(self.key_of(step.event.model_copy(update=changes)))
        while step:
            yield from streams_of(self.key_of(step.event))
            step = step.before


class ReservingCommand:
    """A base for commands by which a subject may hold on more days or under another key.

    They name the reservations among what they consult, and record `reserved` after their own
    events.
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
    """The events that reserve its keys; Refused when another subject has one of them on one of its
    days.

    `after` is the state of the subject after the command.
    """
    made: dict[str, StreamEvent] = {}
    for held in after.held():
        for stream in held.key.streams():
            reservation = cast(Reservation, context.consulted[stream])
            for holder in reservation.holders:
                if holder != after.stream:
                    _require_apart(held, cast(KeyHolder, context.consulted[holder]))
            if after.stream not in reservation.holders:
                made[stream] = StreamEvent(stream, held.key.reserved(after.id))
    return list(made.values())


def _require_apart(held: Held, other: KeyHolder) -> None:
    for others in other.held():
        if held.key.same(others.key):
            for each in others.spans:
                if any(each.shared(span) for span in held.spans):
                    raise held.key.already_held(other.stream, each)
