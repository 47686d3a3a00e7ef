"""Rows are written and read back as they are."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import NamedTuple

from psycopg import Connection

from domain.task.state import Lapse
from projections.engine.copy_text import copy_text
from projections.engine.row import row, table_of
from projections.engine.scope import Everyones
from tests.databases import as_owner


@row(key=("id",), scope=Everyones("a test"))
class Listing(NamedTuple):
    """A row with a text, and with arrays of one and of two dimensions."""

    id: str
    text: str | None
    is_listed: bool
    points: Decimal | None
    listed_at: datetime
    texts: tuple[str, ...]
    days: tuple[date, ...] | None
    lapses: tuple[Lapse, ...]


def test_rows_are_copied_into_a_table_as_they_are(connection: Connection) -> None:
    texts = ("", " ", "NULL", "{a,b}", 'a"b', "a\\b", '\\"', "一\n二\t三", "\\N", "\r\n", "\\.")
    days = (date(2024, 2, 29), date(1949, 10, 1))
    lapses = (Lapse(*days), Lapse(*reversed(days)))
    at = datetime(2024, 2, 29, 23, 59, 59, 1, tzinfo=UTC)
    rows = [
        Listing(str(number), text, bool(number % 2), Decimal("1.50"), at, texts, days, lapses)
        for number, text in enumerate(texts)
    ]
    rows.append(Listing("none", None, False, None, at, (), None, ()))
    table = table_of(Listing)
    with as_owner(connection) as owner, owner.cursor() as cursor:
        cursor.execute(table.created())
        with cursor.copy("copy listing from stdin") as copy:
            copy.write(copy_text(table, rows, range(len(rows))))
        found = cursor.execute("select * from listing order by from_position").fetchall()

    assert [table.loaded(each) for each in found] == [
        (*each, number) for number, each in enumerate(rows)
    ]
