"""Each test of the doors has an app over a database of its own."""

from collections.abc import Iterator
from typing import TYPE_CHECKING
from uuid import uuid4

import pytest
from fastapi.testclient import TestClient

from api.http.app import create_app
from demo import record_demo_city
from projections.all import PROJECTIONS
from projections.engine.view import ReadModels, View
from projections.engine.worker import catch_up
from record.store.record import Record
from tests.api.clerk import Clerk

if TYPE_CHECKING:
    from tests.conftest import Server


@pytest.fixture(scope="session")
def city(server: "Server", template: str) -> Iterator[str]:
    """The url of a database in which the whole demo city is recorded, its read models caught up.

    The one for all: tests/conftest.py gives the tests that ask for it to one process.
    """
    name = f"{server.prefix}demo_{uuid4().hex[:8]}"
    server.tell("CREATE DATABASE {name} TEMPLATE {template}", name=name, template=template)
    url = server.database(name)
    record_demo_city(url, lambda _done, _total: None)
    catch_up(url, PROJECTIONS)
    yield url
    server.tell("DROP DATABASE IF EXISTS {name} WITH (FORCE)", name=name)


@pytest.fixture
def view(city: str) -> Iterator[View]:
    """What the read models of the demo city show."""
    models = ReadModels(city, connections_max=1)
    models.open()
    with models.view() as view:
        yield view
    models.close()


@pytest.fixture
def clerk(database_url: str) -> Iterator[Clerk]:
    """Somebody at the door of a record that is not founded yet."""
    app = create_app(Record(database_url), ReadModels(database_url))
    with TestClient(app, base_url="http://127.0.0.1:8000", raise_server_exceptions=False) as client:
        yield Clerk(client, database_url)


@pytest.fixture
def subdistrict(clerk: Clerk) -> str:
    """A subdistrict in a founded city."""
    return clerk.subdistrict(clerk.found())


@pytest.fixture
def community(clerk: Clerk, subdistrict: str) -> str:
    """A community in a founded city."""
    return clerk.community(subdistrict)
