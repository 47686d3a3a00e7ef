"""What a fold sees of an entry. It is read from the stored bytes in half the time of a whole entry:
a rebuild reads every entry, and most of an envelope says nothing that a read model shows."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any, Protocol

from pydantic import BaseModel, Field, PlainValidator, ValidationError, ValidationInfo

from domain.catalogue import EVENTS
from domain.kernel.event import Event
from record.store.entry import decode


class _Actor(Protocol):
    @property
    def person(self) -> str: ...


class _Document(Protocol):
    @property
    def attachments(self) -> Sequence[str]: ...


class Seen(Protocol):
    """What a fold sees of an entry: the event, where it stands, and who acted on which basis."""

    @property
    def name(self) -> str:
        """The event's."""

    @property
    def event(self) -> Event:
        """What happened."""

    @property
    def actor(self) -> _Actor:
        """Who acted."""

    @property
    def basis(self) -> Sequence[_Document]:
        """The documents that it rests on."""

    @property
    def policy(self) -> str | None:
        """The version of the policy that it was decided under."""

    @property
    def position(self) -> int:
        """Its place in the record."""

    @property
    def recorded_at(self) -> datetime:
        """When it was recorded."""

    @property
    def stream(self) -> str:
        """The stream of its subject."""

    @property
    def version(self) -> int:
        """Its place in its stream."""


class _ReadActor(BaseModel):
    person: str


class _ReadDocument(BaseModel):
    attachments: tuple[str, ...] = ()


def _event_of(body: Any, info: ValidationInfo) -> Event:
    return EVENTS[info.data["name"]].__pydantic_validator__.validate_python(body)  # type: ignore[no-any-return]


class _Read(BaseModel):
    name: str = Field(alias="event")  # before the event, which is read by it
    event: Annotated[Event, PlainValidator(_event_of)] = Field(alias="body")
    actor: _ReadActor
    basis: tuple[_ReadDocument, ...] = ()
    policy: str | None = None
    position: int
    recorded: str = Field(alias="recorded_at")
    stream: str
    version: int

    @property
    def recorded_at(self) -> datetime:
        # Parsed only where it is asked for, which is seldom.
        return datetime.fromisoformat(self.recorded)


def seen(name: str, state: bytes, position: int) -> Seen:
    """What a fold sees of the entry that these stored bytes hold; raises RecordDamaged."""
    try:
        return _Read.__pydantic_validator__.validate_json(state)  # type: ignore[no-any-return]
    except (KeyError, ValidationError):
        return decode(name, state, position=position)  # which says what is wrong
