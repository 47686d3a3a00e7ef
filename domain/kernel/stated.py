"""The values of a command at any depth, and the checks that apply to every day and every text."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any

from pydantic import BaseModel

from domain.kernel.refusal import Refused
from domain.kernel.text import DAMAGED, INVISIBLE, UNSOUND

# A day further away than this is a typing error.
YEARS_OFF_MAX = 200
DAYS_OFF_MAX = 73_049
YEARS_AHEAD_MAX = 10  # nothing takes effect on a day for which nobody can read
SHOWN_CHARACTERS_MAX = 40


def stated(value: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    """Each value within a model, a mapping or a sequence, with its path: `tasks.0.due_on`."""
    parts: Iterable[tuple[Any, Any]]
    if isinstance(value, str | int | date | None):
        yield path, value
        return
    if isinstance(value, BaseModel):
        parts = vars(value).items()
    elif isinstance(value, Mapping):
        parts = value.items()
        yield from ((path, key) for key in value)
    elif isinstance(value, list | tuple | set | frozenset):
        parts = enumerate(value)
    else:
        yield path, value
        return
    for name, each in parts:
        where = f"{path}.{name}" if path else str(name)
        if isinstance(each, str | int | date | None):
            yield where, each
        else:
            yield from stated(each, where)


def require_sound(values: Any, today: date) -> None:
    """Refused for an implausible day, for one too far ahead to take effect on, and for a text with
    invisible or damaged characters."""
    if _is_beyond_doubt(values, today):
        return
    for path, value in stated(values):
        if isinstance(value, str) and (fault := fault_of(value, path)):
            raise fault
        if not isinstance(value, date):
            continue
        if abs((value - today).days) > DAYS_OFF_MAX:
            raise Refused("day.implausible", field=path, day=value, years_max=YEARS_OFF_MAX)
        takes_effect = path.rpartition(".")[2] == "effective_from"
        if takes_effect and value.year > today.year + YEARS_AHEAD_MAX:
            raise Refused("day.too-far-ahead", day=value, years_max=YEARS_AHEAD_MAX)


def _is_beyond_doubt(value: Any, today: date) -> bool:
    """Whether nothing in it can be refused, wherever it stands: an import asks for each of its
    commands, and where a value stands takes long to say."""
    if isinstance(value, str):
        return (value.isascii() and value.isprintable()) or not UNSOUND.search(value)
    if value is None or isinstance(value, int):
        return True
    if isinstance(value, date):
        off = value.year - today.year
        return -YEARS_OFF_MAX < off <= YEARS_AHEAD_MAX
    if isinstance(value, BaseModel):
        inner: Iterable[Any] = vars(value).values()
    elif isinstance(value, Mapping):
        inner = (*value, *value.values())
    elif isinstance(value, list | tuple | set | frozenset):
        inner = value
    else:
        return True
    return all(_is_beyond_doubt(each, today) for each in inner)


def fault_of(text: str, field: str | None = None) -> Refused | None:
    """The refusal of a text with invisible or damaged characters; None if there are none."""
    if (text.isascii() and text.isprintable()) or not UNSOUND.search(text):
        return None
    invisible = INVISIBLE.search(text)
    found = invisible or DAMAGED.search(text)
    assert found
    begin = max(0, found.start() - SHOWN_CHARACTERS_MAX // 2)
    return Refused(
        "text.invisible" if invisible else "text.damaged",
        field=field,
        shown=UNSOUND.sub("□", text[begin : begin + SHOWN_CHARACTERS_MAX]),
        character=f"U+{ord(found[0]):04X}",
        place=found.start() + 1,
    )
