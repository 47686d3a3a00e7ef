"""Each test of the doors has an app over a database of its own."""

from collections.abc import Iterator

import pytest
from fastapi.testclient import TestClient

from api.app import create_app
from projections.view import ReadModels
from record.record import Record
from tests.api.clerk import Clerk


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
