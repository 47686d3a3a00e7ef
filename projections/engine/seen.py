"""What a fold sees of an entry. It is read from the stored bytes in half the time of a whole entry:
a rebuild reads every entry, and most of an envelope says nothing that a read model shows."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import cache
from operator import attrgetter, itemgetter
from typing import Any, NamedTuple, Protocol

from pydantic import BaseModel, ValidationError
from pydantic_core import SchemaValidator
from pydantic_core.core_schema import (
    int_schema,
    str_schema,
    tuple_schema,
    typed_dict_field,
    typed_dict_schema,
)

from domain.catalogue import EVENTS
from domain.kernel.event import Event
from projections.engine.following import Row
from record.store.entry import RecordDamaged, decode


class _Actor(Protocol):
    @property
    def person(self) -> str: ...


class _Document(Protocol):
    @property
    def title(self) -> str: ...

    @property
    def number(self) -> str | None: ...

    @property
    def attachments(self) -> Sequence[str]: ...


class _Code(Protocol):
    @property
    def code(self) -> str: ...


class _Mark(Protocol):
    @property
    def codes(self) -> Sequence[_Code]: ...


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
    def irregular(self) -> _Mark | None:
        """The rules of procedure that it breaks, if it does."""

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


class Unread(NamedTuple):
    """An entry that this version cannot decode: whatever it would be shown to is parked there."""

    name: str
    position: int
    error: str


class _ReadActor(BaseModel):
    person: str


class _ReadDocument(BaseModel):
    title: str
    number: str | None = None
    attachments: tuple[str, ...] = ()


class _ReadCode(BaseModel):
    code: str


class _ReadMark(BaseModel):
    codes: tuple[_ReadCode, ...]


# By the names that they have in what is read.
ENVELOPE = {
    "name": typed_dict_field(str_schema(), validation_alias="event"),
    "actor": typed_dict_field(_ReadActor.__pydantic_core_schema__),
    "basis": typed_dict_field(
        tuple_schema([_ReadDocument.__pydantic_core_schema__], variadic_item_index=0),
        required=False,
    ),
    "irregular": typed_dict_field(_ReadMark.__pydantic_core_schema__, required=False),
    "policy": typed_dict_field(str_schema(), required=False),
    "position": typed_dict_field(int_schema()),
    "recorded": typed_dict_field(str_schema(), validation_alias="recorded_at"),
    "stream": typed_dict_field(str_schema()),
    "version": typed_dict_field(int_schema()),
}


class _Read:
    """What a fold sees of an entry, as it was read from its bytes."""

    name: str
    event: Event
    actor: _ReadActor
    basis: Sequence[_ReadDocument] = ()
    irregular: _ReadMark | None = None
    policy: str | None = None
    position: int
    recorded: str
    stream: str
    version: int

    def __init__(self, read: dict[str, Any]) -> None:
        self.__dict__ = read

    @property
    def recorded_at(self) -> datetime:
        """When it was recorded; made only where it is asked for, which is seldom."""
        return datetime.fromisoformat(self.recorded)


def seen_among(rows: Iterable[Row], names: frozenset[str]) -> list[Seen | Unread]:
    """What folds of these events see of stored entries. An event that this version does not know
    may be meant for any fold.

    They are read event by event, then put in order again: that takes two thirds of the time,
    because the processor finds what reads an event where it was just used.
    """
    meant = [row for row in rows if row[1] in names or row[1] not in EVENTS]
    entries = [_seen_of(row) for row in sorted(meant, key=itemgetter(1))]
    return sorted(entries, key=attrgetter("position"))


def _seen_of(row: Row) -> Seen | Unread:
    position, name, state, *_ = row
    try:
        return seen(name, state, position)
    except RecordDamaged as problem:
        return Unread(name, position, f"{type(problem).__name__}: {problem}")


def seen(name: str, state: bytes, position: int) -> Seen:
    """What a fold sees of the entry that these stored bytes hold; raises RecordDamaged."""
    try:
        return _Read(_reader(name).validate_json(state))
    except (KeyError, ValidationError):
        return decode(name, state, position=position)  # which says what is wrong


@cache
def _reader(name: str) -> SchemaValidator:
    """Reads an event's entries in one pass. It is put together from schemas that are there already:
    to make a model for each event takes a hundred times as long."""
    event = typed_dict_field(EVENTS[name].__pydantic_core_schema__, validation_alias="body")
    return SchemaValidator(typed_dict_schema({**ENVELOPE, "event": event}))
