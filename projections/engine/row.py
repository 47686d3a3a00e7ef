"""What a row is: a NamedTuple class from which its table is made.

It says by which columns its rows are told apart, and by which they are looked for; the columns and
their types follow from its fields. The first column of the key is the key of the page that the row
belongs to.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from operator import itemgetter
from types import NoneType, UnionType
from typing import (
    Annotated,
    Any,
    Literal,
    LiteralString,
    TypeVar,
    Union,
    get_args,
    get_origin,
    get_type_hints,
)

from psycopg.sql import SQL, Composable, Composed, Identifier

from projections.engine.scope import Rule

RowKind = type[Any]  # a class of rows: its fields are the columns of a table
Key = tuple[Any, ...]
C = TypeVar("C")

TYPES: dict[Any, LiteralString] = {
    str: "text",
    int: "bigint",
    bool: "boolean",
    date: "date",
    datetime: "timestamptz",
    Decimal: "numeric",
}
ARRAYS: dict[Any, LiteralString] = {str: "text[]", date: "date[]", int: "integer[]"}
BYTES: LiteralString = ' collate "C"'
Bytewise = Annotated[str, BYTES]  # a text in the order of its bytes, whatever the database's own


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A field of a row as a column of its table."""

    name: str
    type: LiteralString
    collation: LiteralString = ""
    optional: bool = False
    is_array: bool = False

    @property
    def definition(self) -> Composed:
        """How it is written where a table is made."""
        null: LiteralString = "" if self.optional else " not null"
        return SQL("{} {}{}{}").format(
            Identifier(self.name), SQL(self.type), SQL(self.collation), SQL(null)
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """The table of the present rows of a kind; that of its ended rows has the same columns.

    `key_of` takes a row's own key out of it; an index is what it is on, as SQL
    writes it, of some rows alone after `where`; one on a range finds what holds on a day, one on an
    array the rows with these elements. `scope` says who reads which of them.
    """

    name: str
    columns: tuple[Column, ...]
    key: tuple[Column, ...]
    indexes: tuple[LiteralString, ...]
    key_of: Callable[[Any], Key]
    has_arrays: bool  # which are tuples in a row
    scope: Rule

    def loaded(self, values: tuple[Any, ...]) -> tuple[Any, ...]:
        """A row's values of those that psycopg reads."""
        if not self.has_arrays:
            return values
        return tuple(_tupled(value) for value in values)

    @property
    def names(self) -> tuple[str, ...]:
        """The names of its columns."""
        return tuple(column.name for column in self.columns)

    @property
    def ended(self) -> LiteralString:
        """The name of the table of ended rows."""
        return f"{self.name}_ended"

    def in_scope(self, row: LiteralString) -> LiteralString | None:
        """The SQL of what holds for those of its rows that are in scope; None if all are."""
        return self.scope.condition(row, self.key[0].name)

    def created(self) -> Composed:
        """The statement that makes the table of the present rows."""
        parts: list[Composable] = [column.definition for column in self.columns]
        key = SQL(", ").join(Identifier(column.name) for column in self.key)
        parts.append(SQL("from_position bigint not null"))
        parts.append(SQL("primary key ({})").format(key))
        return SQL("create table {} ({})").format(Identifier(self.name), SQL(", ").join(parts))

    def indexed(self) -> Composed:
        """The statements that make its indexes but for the key's."""
        return SQL("; ").join(
            SQL("create index on {} {}({}){}").format(
                Identifier(self.name), SQL(method), SQL(columns), SQL(condition)
            )
            for method, columns, condition in map(self._parts, self.indexes)
        )

    def _parts(self, index: LiteralString) -> tuple[LiteralString, LiteralString, LiteralString]:
        """The method of an index, what it is on, and the condition of a partial one, as SQL."""
        columns, where, condition = index.partition(" where ")
        arrays = {column.name for column in self.columns if column.is_array}
        method: LiteralString = "using gin " if columns in arrays else ""
        spans = columns.startswith("daterange")
        return "using gist " if spans else method, columns, where + condition


def row(
    *, key: tuple[LiteralString, ...], scope: Rule, indexes: tuple[LiteralString, ...] = ()
) -> Callable[[type[C]], type[C]]:
    """Make a table of a class: `community_line` of `CommunityLine`, with this primary key, and with
    what of it is in whose scope."""

    def keyed(kind: Any) -> Any:
        columns = tuple(
            _column(name, hint) for name, hint in get_type_hints(kind, include_extras=True).items()
        )
        names = [column.name for column in columns]
        assert key[0] == names[0], f"{kind.__name__}: the key begins with the page's"
        places = [names.index(each) for each in key]
        name = kind.__name__.removesuffix("Row")
        kind.__table__ = Table(
            name="".join(f"_{c.lower()}" if c.isupper() else c for c in name).lstrip("_"),
            columns=columns,
            key=tuple(columns[place] for place in places),
            indexes=indexes,
            scope=scope,
            has_arrays=any(column.is_array for column in columns),
            key_of=itemgetter(*places) if len(key) > 1 else itemgetter(slice(1)),
        )
        return kind

    return keyed


def table_of(kind: RowKind) -> Table:
    """The table of a class of rows."""
    table: Table = kind.__table__
    return table


def row_of(kind: type[C], found: Mapping[str, Any]) -> C:
    """The row that a query found, by the names of its columns."""
    table = table_of(kind)
    return kind(*table.loaded(tuple(found[name] for name in table.names)))


def _column(name: str, hint: Any) -> Column:
    """The column of a field; TypeError for one of which none can be made."""
    collation: LiteralString = ""
    optional = False
    while (origin := get_origin(hint)) in (Annotated, Union, UnionType):
        inner = get_args(hint)
        if origin is Annotated:
            hint, metadata = inner[0], inner[1:]
            collation = BYTES if BYTES in metadata else collation
        else:
            optional = optional or NoneType in inner
            hint = Union[tuple(each for each in inner if each is not NoneType)]  # noqa: UP007
            if get_origin(hint) is Union:
                raise TypeError(f"{name} is of several types: no column can be made of it")
    if origin is Literal:
        (hint,) = {type(value) for value in get_args(hint)}
    if origin is tuple:
        scalar = _scalar(get_args(hint)[0])
        return Column(name=name, type=ARRAYS[scalar], optional=optional, is_array=True)
    return Column(name=name, type=TYPES[hint], collation=collation, optional=optional)


def _scalar(hint: Any) -> Any:
    """What an array is made of: a pair of days in it makes an array of two dimensions."""
    if fields := getattr(hint, "_fields", ()):
        hints = get_type_hints(hint)
        (hint,) = {hints[name] for name in fields}
    return get_args(hint)[0] if get_origin(hint) is Annotated else hint


def _tupled(value: Any) -> Any:
    return tuple(_tupled(each) for each in value) if isinstance(value, list) else value
