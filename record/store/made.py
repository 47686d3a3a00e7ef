"""What a command put on record under ids that it did not give, for its receipt."""

from collections.abc import Iterable
from typing import Any, get_args

from domain.kernel.command import Command
from domain.kernel.event import Event
from domain.kernel.ids import kind_of
from record.store.entry import Made

# Streams that keep something unique: nobody asks for them by id.
RESERVING = ("code", "reservation", "pairing", "calendar")
# A part whose id no command gives.
RESOLUTION = "resolution"


def made(
    own: str, command: Command[Any], entries: Iterable[tuple[str, int, Event]]
) -> tuple[Made, ...]:
    """The subjects that begin with these entries, each a stream, a version and an event; and the
    parts of the command's own subject that got an id."""
    names = (*_left_out(command), RESOLUTION)
    found = [
        Made(stream=stream)
        for stream, version, _ in entries
        if version == 1 and kind_of(stream) not in RESERVING
    ]
    given = {value for value in vars(command).values() if isinstance(value, str)}
    parts = {
        value: Made(stream=own, part=value)
        for stream, _, event in entries
        if stream == own
        for name in names
        if (value := vars(event).get(name)) and value not in given
    }
    return (*found, *parts.values())


def _left_out(command: Command[Any]) -> list[str]:
    """The command's fields for an id that were left to be derived."""
    return [
        name
        for name, field in type(command).model_fields.items()
        if getattr(command, name) is None and str in map(_plain, get_args(field.annotation))
    ]


def _plain(hint: Any) -> Any:
    """The type under an annotation."""
    return get_args(hint)[0] if hasattr(hint, "__metadata__") else hint
