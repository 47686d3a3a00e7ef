"""Read models of the tests' own, in the place of the product's; and who works and looks."""

from collections.abc import Callable, Iterator
from typing import Any
from uuid import uuid4

import pytest
from psycopg import Connection

from domain.kernel.command import Command
from projections.all import PROJECTIONS
from projections.engine.engine import connect, prepare
from projections.engine.projection import Projection
from projections.engine.view import ReadModels
from projections.engine.worker import catch_up
from record.store.record import Record
from tests.city import BASIS, CITY, acting, enrol, register
from tests.projections.round_year import WHO, Ask
from tests.projections.tally import Tally, Touchy
from tests.projections.work import Do


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


@pytest.fixture
def do(record: Record) -> Do:
    """Carries a command out with whoever may; answers with its last position."""

    def do(stream: str, command: Command[Any], role: Any = "decider", person: str = "li") -> int:
        by = acting(role, person)
        enrol(record, command)
        receipt = record.carry_out(stream, command, by=by, basis=BASIS, command_id=uuid4().hex)
        return receipt.last_position

    do("community:a", register("甲社区", "510703001001"))
    return do


@pytest.fixture
def show(record: Record, models: ReadModels) -> Callable[..., Any]:
    """Asks the read models, once they have caught up."""

    def show(ask: Callable[..., Any], *args: Any, known: int | None = None, **asked: Any) -> Any:
        catch_up(record.url, PROJECTIONS)
        with models.view(known=known) as view:
            return ask(view, *args, **asked)

    return show


@pytest.fixture
def ask(record: Record) -> Ask:
    """Carries a command out as whoever does such things; answers with its last position."""

    def carry_out(stream: str, command: Command[Any], **who: Any) -> int:
        role, person, unit = WHO.get(type(command).__name__, ("arbiter", "arb", CITY))
        by = acting(who.get("role", role), who.get("person", person), who.get("unit", unit))
        enrol(record, command)
        return record.carry_out(stream, command, by=by).last_position

    return carry_out


@pytest.fixture
def view(record: Record, models: ReadModels) -> Callable[..., Any]:
    """A picture of the read models once they have caught up."""

    def look(known: int | None = None) -> Any:
        catch_up(record.url, PROJECTIONS)
        return models.view(known=known)

    return look
