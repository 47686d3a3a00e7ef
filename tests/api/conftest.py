"""Each test of the doors has an app over a database of its own."""

from collections.abc import Iterator
from pathlib import Path
from subprocess import Popen
from typing import Any

import pytest
from fastapi import FastAPI

from api.http.app import build_app
from projections.engine.view import ReadModels, View
from record.store.record import Record
from tests.api.clerk import Clerk, at_the_door
from tests.api.task_sheets import CODE, CODE_2
from tests.city import CITY, LI, put_on_register, register
from tests.databases import Server
from tests.demo_city import demo_city


@pytest.fixture(scope="session")
def city(server: Server) -> str:
    """The url of the database in which the whole demo city is recorded, its read models caught up.

    In a parallel run it was begun with the first test (see tests/conftest.py).
    """
    return demo_city(server)


@pytest.fixture
def view(city: str) -> Iterator[View]:
    """What the read models of the demo city show."""
    models = ReadModels(city, connections_max=1)
    models.open()
    with models.view() as view:
        yield view
    models.close()


@pytest.fixture(scope="session")
def app() -> FastAPI:
    """All routes, made once: that takes longer than most tests. They lead to no record yet."""
    return build_app()


@pytest.fixture
def clerk(app: FastAPI, database_url: str) -> Iterator[Clerk]:
    """Somebody at the door of a record that is not founded yet."""
    with at_the_door(app, database_url) as clerk:
        yield clerk


@pytest.fixture
def subdistrict(clerk: Clerk) -> str:
    """A subdistrict in a founded city."""
    clerk.found_once()
    return clerk.subdistrict(CITY)


@pytest.fixture
def community(clerk: Clerk, subdistrict: str) -> str:
    """A community in a founded city."""
    return clerk.community(subdistrict)


@pytest.fixture
def processes() -> Iterator[list["Popen[str]"]]:
    """Every process of the test ends with it."""
    running: list[Popen[str]] = []
    yield running
    for process in running:
        if process.poll() is None:
            process.kill()
        process.communicate()


@pytest.fixture
def url(database_url: str, record: Record) -> str:
    """A city with two communities."""
    put_on_register(record, {"unit:street": "城厢街道办事处", "unit:city": "城市管理局"})
    put_on_register(record, {"person:zhao": "赵敏", "person:zhao.liu": "赵柳"})
    for id, name, code in (("a", "临园社区", CODE), ("b", "北街社区居民委员会", CODE_2)):
        record.carry_out(f"community:{id}", register(name, code), by=LI)
    return database_url


@pytest.fixture
def written(tmp_path: Path) -> Any:
    """Writes a file and answers with its path."""

    def write(content: bytes, name: str = "sheet.xlsx") -> Path:
        (tmp_path / name).write_bytes(content)
        return tmp_path / name

    return write
