"""Read models of the tests' own, in the place of the product's."""

from collections.abc import Iterator

import pytest
from psycopg import Connection

from projections.engine import connect, prepare
from projections.projection import Projection
from record.record import Record
from tests.projections.tally import Tally, Touchy


@pytest.fixture
def toys() -> tuple[Tally, Touchy]:
    """A sound read model and one that some names make fail."""
    return Tally(), Touchy()


@pytest.fixture
def connection(record: Record) -> Iterator[Connection]:
    """A worker's connection to the record's database."""
    with connect(record.url) as connection:
        yield connection


@pytest.fixture
def toy_connection(connection: Connection, toys: tuple[Projection, ...]) -> Connection:
    """The same, with the tests' read models in the place of the product's."""
    connection.execute("drop schema projections cascade")
    prepare(connection, toys)
    return connection
