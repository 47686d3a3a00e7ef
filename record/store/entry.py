"""One entry of the record: an event in its envelope, and its canonical bytes.

The stored bytes are canonical JSON (RFC 8785: keys sorted, no spaces, no floats), so that the
hashed bytes can be derived again from what is read.
"""

import re
from datetime import datetime
from decimal import Decimal
from functools import cache, lru_cache
from typing import Annotated, Any, Generic, TypeVar, cast

from eventsourcing.persistence import StoredEvent
from msgspec.json import Encoder
from pydantic import BaseModel, ConfigDict, Field, ValidationError, create_model

from domain.catalogue import EVENTS
from domain.kernel.context import Acting, Actor, Authority, Document
from domain.kernel.event import Event
from domain.kernel.irregular import Irregularity
from domain.kernel.refusal import Refused, Stopped

E_co = TypeVar("E_co", bound=Event, covariant=True)

ENTRY_BYTES_MAX = 65_536
# What the append function adds after the head: four keys, 20-digit numbers, the stream's name.
TAIL_BYTES_MAX = 256
# NUL as JSON writes it, as opposed to an escaped backslash in the text before "u0000".
_NUL = re.compile(rb"(?<!\\)(?:\\\\)*\\u0000")


class RecordDamaged(Stopped):
    """A stored entry cannot have been written by this program; `position` is None if unknown."""


class Made(BaseModel):
    """A subject that a command put on record, or a part of its own subject that got an id."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    stream: Annotated[str, Field(description="The subject, such as `task:k7m2p4xq3ab5cd6e`.")]
    part: Annotated[
        str | None,
        Field(description="The id of a part of it: a proposal, a session, a resolution, an item."),
    ] = None


class Receipt(BaseModel):
    """The answer to a command: its place in the record."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    position: Annotated[int, Field(description="Position of the command's first entry.")]
    last_position: Annotated[int, Field(description="Position of its last entry.")]
    stream: str
    version: Annotated[int, Field(description="The stream's version after the command.")]
    recorded_at: datetime
    made: Annotated[
        tuple[Made, ...],
        Field(
            description="What the command put on record, with the ids that were derived for it. "
            "What an import put on record is listed by the entries that its first one caused."
        ),
    ] = ()


class Entry(BaseModel, Generic[E_co]):
    """An event with everything that the record knows about it."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)

    actor: Actor
    authority: Authority
    basis: tuple[Document, ...] = ()
    batch: str | None = None
    event: E_co = Field(alias="body")
    # Of what a command brought about: the position of its first entry. Of the first entry of each
    # command of a batch: that of the batch.
    caused_by: int | None = None
    command_id: str
    name: str = Field(alias="event")
    # Of the first entry of a command that breaks a procedure.
    irregular: Irregularity | None = None
    policy: str | None = None
    position: int
    recorded_at: datetime
    stream: str
    version: int

    @property
    def originator_id(self) -> str:
        """The stream, by the name that the eventsourcing library uses."""
        return self.stream

    @property
    def originator_version(self) -> int:
        """The version, by the name that the eventsourcing library uses."""
        return self.version


AnyEntry = Entry[Event]


class Envelope:
    """What the entries of one command share, as canonical JSON. `caused_by` is the entry to which
    the command as a whole answers, if it does."""

    __slots__ = ("after_event", "before_body", "caused_by", "command")

    def __init__(
        self,
        *,
        by: Acting,
        basis: tuple[Document, ...],
        batch: str | None,
        caused_by: int | None,
        command_id: str,
        policy: str,
    ) -> None:
        before: dict[str, Any] = {}
        if basis:
            before["basis"] = basis
        if batch:
            before["batch"] = batch
        self.before_body = b",".join(
            (_acting(by), *([canonical(before)[1:-1]] if before else []), b'"body":')
        )
        self.caused_by = b',"caused_by":%d' % caused_by if caused_by else b""
        self.command = b"," + canonical({"command_id": command_id})[1:-1] + b',"event":'
        self.after_event = b"," + canonical({"policy": policy})[1:-1]


@lru_cache(maxsize=1_024)
def _acting(by: Acting) -> bytes:
    """The first part of the entries of an actor, without the closing brace."""
    return canonical({"actor": by.actor, "authority": by.authority})[:-1]


def canonical(value: Any) -> bytes:
    """Canonical JSON (RFC 8785) of models, dates and JSON values without floats, with ASCII keys.

    A model's field that is None is left out; a decimal becomes a text.
    """
    return _CANONICAL.encode(value)


def _plain(value: Any) -> Any:
    match value:
        case BaseModel():
            return {name: each for name, each in vars(value).items() if each is not None}
        case Decimal():
            return str(value)
        case _:
            raise TypeError(f"no event has a {type(value).__name__}")


_CANONICAL = Encoder(enc_hook=_plain, order="sorted")


def head(
    envelope: Envelope,
    event: Event,
    *,
    entries_after_cause: int = 0,
    irregular: Irregularity | None = None,
) -> bytes:
    """The entry's canonical JSON without the part that the append function adds at the end.

    `entries_after_cause`: so many entries before this one, in the same append, is its cause, whose
    position that function writes. Raises Refused for an entry over 64 KiB.
    """
    name = f'"{type(event).__name__}"'.encode()
    cause = b',"caused_by":@%d' % entries_after_cause if entries_after_cause else envelope.caused_by
    mark = b"," + canonical({"irregular": irregular})[1:-1] if irregular else b""
    content = b"".join(
        (
            envelope.before_body,
            canonical(event),
            cause,
            envelope.command,
            name,
            mark,
            envelope.after_event,
        )
    )
    if len(content) > ENTRY_BYTES_MAX - TAIL_BYTES_MAX:
        raise Refused("record.entry-too-large", bytes=len(content), allowed=ENTRY_BYTES_MAX)
    assert b"\\u0000" not in content or not _NUL.search(content), "no command's text has a NUL"
    return content


def decode(name: str, state: bytes, *, position: int | None = None) -> AnyEntry:
    """Decode and validate stored bytes; raises RecordDamaged."""
    try:
        return _shape(name).model_validate_json(state)
    except (KeyError, ValidationError) as problem:
        raise _damaged(name, problem, position) from problem


def decode_event(name: str, state: bytes, *, position: int) -> Event:
    """Only the event, for folds: in half the time, without validating the envelope."""
    try:
        read: Event = vars(_body(name).model_validate_json(state))["body"]
    except (KeyError, ValidationError) as problem:
        raise _damaged(name, problem, position) from problem
    return read


def decode_stored(stored: StoredEvent) -> AnyEntry:
    """The entry of one of the library's stored events or notifications."""
    return decode(stored.topic, stored.state, position=getattr(stored, "id", None))


@cache
def _shape(name: str) -> type[AnyEntry]:
    """The entry model of an event class, which validates envelope and body at once."""
    event_class = EVENTS[name]
    model = create_model(f"{name}Entry", __base__=Entry, event=(event_class, Field(alias="body")))
    return cast(type[AnyEntry], model)


@cache
def _body(name: str) -> type[BaseModel]:
    """A model of an entry that reads the body only and ignores everything else."""
    return create_model(f"{name}Body", body=(EVENTS[name], ...))


def _damaged(name: str, problem: Exception, position: int | None) -> RecordDamaged:
    """Where it is wrong, and nothing of what it says: a log has more readers than the record."""
    said = str(problem)
    if isinstance(problem, ValidationError):
        wrong = problem.errors(include_url=False, include_context=False, include_input=False)
        places = ((".".join(str(part) for part in each["loc"]), each["type"]) for each in wrong[:3])
        said = "; ".join(f"{place}: {kind}" for place, kind in places)
    return RecordDamaged("record.damaged", position=position, event=name, problem=said)
