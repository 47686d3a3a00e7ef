"""The columns of a list: from the shape of its lines, with the words of columns.toml.

A name stands where the shape has an id; the ids themselves come last.
"""

import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import is_dataclass
from functools import cache
from importlib.resources import files
from types import UnionType
from typing import Any, NamedTuple, Union, get_args, get_origin, get_type_hints

from pydantic import BaseModel

from domain.kernel.text import Bilingual

NO_ID, OF_ITSELF = "-", "="
LineShape = type[Any]


class Row(NamedTuple):
    """A row: a line, and of one that becomes several the part in its field `each`."""

    line: Any
    each: str | None = None
    part: Any = None


class Column(NamedTuple):
    """One column: the way from a line to its value, the heading, what the value names.

    `what` is that of `[terms]`. `named` is the kind of subject whose name stands for the id.
    """

    path: tuple[str, ...]
    title: Bilingual
    what: str | None = None
    named: str | None = None
    is_id: bool = False

    def value(self, row: Row) -> Any:
        """The value in a row; None where a part on the way is missing."""
        within = row.each is not None and self.path[0] == row.each
        found = row.part if within else row.line
        for name in self.path[1:] if within else self.path:
            found = None if found is None else getattr(found, name)
        return found

    def stream(self, row: Row) -> str | None:
        """The stream whose name is shown, if any."""
        id = self.value(row) if self.named else None
        return str(id) if id is None or self.named == "stream" else f"{self.named}:{id}"


class Layout(NamedTuple):
    """How the lines of a shape are laid out: its columns, and along which field one becomes as many
    rows as that has."""

    columns: tuple[Column, ...]
    each: str | None

    def rows(self, line: Any) -> Iterator[Row]:
        """The rows of a line: one for each of its parts, one at least."""
        parts: Sequence[Any] = (getattr(line, self.each) if self.each else ()) or (None,)
        for part in parts:
            yield Row(line, self.each, part)

    def streams(self, lines: Iterable[Any]) -> set[str]:
        """The streams whose names stand in the rows of these lines."""
        rows = [row for line in lines for row in self.rows(line)]
        named = [column for column in self.columns if column.named]
        return {found for row in rows for each in named if (found := each.stream(row))}


def layout_of(shape: LineShape) -> Layout:
    """The layout of the lines of a list."""
    each = words()["each"].get(short(shape))
    found = list(_columns(shape, each))
    return Layout(tuple(sorted(found, key=lambda column: column.is_id)), each)


def _columns(
    shape: LineShape, each: str | None = None, path: tuple[str, ...] = (), before: str = ""
) -> Iterator[Column]:
    fields = fields_of(shape)
    for place, (name, hint) in enumerate(fields.items()):
        inner, many = model_of(hint)
        if inner and (not many or name == each):
            along = "" if many else f"{before}{name}."
            yield from _columns(inner, None, (*path, name), along)
            continue
        kind = id_of(shape, name)
        title = heading(shape, name, path, before)
        if kind is None or many:
            yield Column((*path, name), title, what=what_of(shape, name))
            continue
        says = {f"{name}_name", f"{name}_title", *(("name", "title") if place == 0 else ())}
        if kind not in ("", OF_ITSELF) and says.isdisjoint(fields):
            yield Column((*path, name), title, named=kind)
        own = title if kind == OF_ITSELF else as_id(title)
        yield Column((*path, name), own, is_id=True)


def heading(shape: LineShape, name: str, path: Sequence[str], before: str) -> Bilingual:
    """The heading of a field, after that of the field that it is in."""
    stem = name.removesuffix("_name").removesuffix("_title")
    own = word("headings", shape, name) or word("headings", shape, stem) or (name, name)
    outer = [word("headings", None, each) or (each, each) for each in before.split(".") if each]
    zh = "·".join(each[0] for each in (*outer, own) if each[0])
    en = ", ".join(each[1] for each in (*outer, own) if each[1])
    assert zh, (path, name)
    return Bilingual(zh=zh, en=en)


def as_id(title: Bilingual) -> Bilingual:
    """The heading of the id of what a heading names."""
    zh, en = words()["headings"]["id"]
    return Bilingual(zh=f"{title.zh}{zh}", en=f"{title.en} {en}")


def id_of(shape: LineShape, name: str) -> str | None:
    """What an id identifies: a kind of subject, or nothing that has a name; None if it is no id."""
    found: str | None = word("ids", shape, name)
    return None if found == NO_ID else found


def what_of(shape: LineShape | None, name: str) -> str | None:
    """What the value of a field names."""
    found: str | None = word("terms", shape, name)
    return found


def model_of(hint: Any) -> tuple[LineShape | None, bool]:
    """The shape in an annotation, if there is one, and whether there may be several."""
    if isinstance(hint, type) and get_origin(hint) is None:
        return (hint if fields_of(hint) and hint is not Bilingual else None), False
    many = get_origin(hint) in (list, tuple)
    inner = get_origin(hint) in (list, tuple, Union, UnionType)
    for part in get_args(hint) if inner else ():
        found, several = model_of(part)
        if found or several:
            return found, many or several
    return None, many


def fields_of(shape: LineShape) -> Mapping[str, Any]:
    """The fields of a model, a data class or a named tuple with their annotations; none of what is
    no shape."""
    if issubclass(shape, BaseModel):
        return {name: field.annotation for name, field in shape.model_fields.items()}
    named = is_dataclass(shape) or (issubclass(shape, tuple) and hasattr(shape, "_fields"))
    return get_type_hints(shape) if named else {}


def short(shape: LineShape) -> str:
    """The name of a shape."""
    return shape.__name__


def word(section: str, shape: LineShape | None, name: str) -> Any:
    """What a section says of a field, of this shape or of any."""
    found = words()[section]
    own = found.get(f"{short(shape)}.{name}") if shape else None
    return found.get(name) if own is None else own


@cache
def words() -> Mapping[str, Mapping[str, Any]]:
    """The words of exports."""
    text = (files("api.exports") / "columns.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)
