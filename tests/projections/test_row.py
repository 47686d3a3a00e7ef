"""Rows are written and read back as they are."""

from datetime import date
from typing import NamedTuple

from psycopg import Connection

from domain.task.state import Lapse
from projections.engine.row import ArrayDumper, row, table_of


@row(key=("id",))
class Listing(NamedTuple):
    """A row with arrays of one and of two dimensions."""

    id: str
    texts: tuple[str, ...]
    days: tuple[date, ...] | None
    lapses: tuple[Lapse, ...]


def test_tuples_are_arrays_in_a_table(connection: Connection) -> None:
    texts = ("", " ", "NULL", "{a,b}", 'a"b', "a\\b", '\\"', "一\n二\t三")
    days = (date(2024, 2, 29), date(1949, 10, 1))
    rows = [
        Listing("1", texts, days, (Lapse(*days), Lapse(*reversed(days)))),
        Listing("2", (), None, ()),
    ]
    table = table_of(Listing)
    with connection.transaction(force_rollback=True), connection.cursor() as cursor:
        cursor.execute(table.created())
        cursor.adapters.register_dumper(tuple, ArrayDumper)
        with cursor.copy("copy listing from stdin") as copy:
            for each in rows:
                copy.write_row((*each, 1))
        found = cursor.execute("select * from listing order by id").fetchall()

    assert [table.loaded(each) for each in found] == [(*each, 1) for each in rows]
