"""Rows as the text that COPY reads, column by column: that takes a third of the time that psycopg
takes for them row by row."""

from collections.abc import Iterable, Sequence
from datetime import date
from functools import cache
from typing import Any

from projections.engine.row import Column, Table

NULL = r"\N"
# What COPY would take for its own in a text; a backslash first, for the others become one.
ESCAPES = {"\\": r"\\", "\n": r"\n", "\r": r"\r", "\t": r"\t"}


def copy_text(table: Table, rows: Iterable[Any], *positions: Iterable[int]) -> bytes:
    """A line for each of these rows, with its positions in the columns after its own."""
    columns = [
        _texts(column, values)
        for column, values in zip(table.columns, zip(*rows, strict=True), strict=True)
    ]
    columns += [list(map(str, each)) for each in positions]
    return "\n".join(map("\t".join, zip(*columns, strict=True))).encode()


def _texts(column: Column, values: Sequence[Any]) -> list[str]:
    """The values of one column. A null where none may be is for the table to refuse."""
    if column.type == "integer[]":
        return [NULL if value is None else f"{{{str(list(value))[1:-1]}}}" for value in values]
    if column.is_array:
        values = _escaped([None if value is None else _array(value) for value in values])
    elif column.type == "text":
        values = _escaped(values)
    else:
        text = _day if column.type == "date" else str
        return [NULL if value is None else text(value) for value in values]
    return [NULL if value is None else value for value in values]


def _escaped(texts: Sequence[Any]) -> Sequence[Any]:
    """Texts without what COPY would take for its own; there is seldom any."""
    all_of_them = "".join(filter(None, texts))
    for special, escape in ESCAPES.items():
        if special in all_of_them:
            texts = [text and text.replace(special, escape) for text in texts]
    return texts


@cache
def _day(day: date) -> str:
    return str(day)


def _array(values: tuple[Any, ...]) -> str:
    if not values:
        return "{}"
    return "{" + ",".join([_element(value) for value in values]) + "}"


def _element(value: Any) -> str:
    if isinstance(value, str):
        return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'
    return _array(value) if isinstance(value, tuple) else str(value)
