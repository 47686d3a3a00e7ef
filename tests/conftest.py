"""Gives each test that asks for one an empty database of its own, at the newest schema, and checks
after the test that whatever it recorded is sound.

DATABASE_URL names the server; without it one private PostgreSQL, started once, serves the run.
"""

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlsplit
from uuid import uuid4

import psycopg
import pytest
from psycopg import sql
from xdist.scheduler import LoadScopeScheduling  # type: ignore[import-untyped]

from projections.all import PROJECTIONS
from projections.engine.view import ReadModels
from projections.engine.worker import catch_up
from record.postgres.server import EmbeddedPostgres
from record.store.migrate import migrate
from record.store.record import Record
from tests.checker import check
from tests.city import found

# A failed expectation of the given-when-then tests shows what was expected and what happened.
pytest.register_assert_rewrite("tests.domain.given")

UNDROPPED_DATABASES_MAX = 20  # dropping one makes the server write all: many at once cost as much


class Server(NamedTuple):
    """A server to test on, and what the databases of this run are called."""

    url: str
    prefix: str

    def database(self, name: str) -> str:
        """The url of one database on it."""
        return urlsplit(self.url)._replace(path=f"/{name}").geturl()

    def tell(self, statement: str, **names: str) -> None:
        """Carry out one statement about databases."""
        with psycopg.connect(self.url, autocommit=True) as connection:
            parts = {key: sql.Identifier(name) for key, name in names.items()}
            connection.execute(sql.SQL(statement).format(**parts))

    def drop_all(self) -> None:
        """Drop every database of this run."""
        with psycopg.connect(self.url) as connection:
            found = connection.execute(
                "SELECT datname FROM pg_database WHERE starts_with(datname, %s)", [self.prefix]
            ).fetchall()
        for (name,) in found:
            self.tell("DROP DATABASE IF EXISTS {name} WITH (FORCE)", name=name)


SERVER = pytest.StashKey[Server]()
PRIVATE = pytest.StashKey[EmbeddedPostgres]()


def start_server(config: pytest.Config) -> Server:
    """The server of this run: the one that DATABASE_URL names, or a private one."""
    if not (url := os.environ.get("DATABASE_URL")):
        home = Path(tempfile.mkdtemp(prefix="annals-tests-"))
        home.chmod(0o755)  # PostgreSQL does not run as root: its user must get to its own folder
        config.stash[PRIVATE] = private = EmbeddedPostgres(home)
        private.start()
        url = private.url
    config.stash[SERVER] = Server(url, f"annals_test_{uuid4().hex[:8]}_")
    return config.stash[SERVER]


def pytest_configure(config: pytest.Config) -> None:
    """Start the server before the workers of a parallel run; a lone process does it when asked."""
    if worker := getattr(config, "workerinput", None):
        config.stash[SERVER] = Server(*worker["server"])
    elif config.getoption("numprocesses", None) and not config.option.collectonly:
        start_server(config)


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    """Tell a worker where the server is."""
    node.workerinput["server"] = tuple(node.config.stash[SERVER])


class DemoTogether(LoadScopeScheduling):  # type: ignore[misc]
    """Deals tests out one by one, but all that look at the demo city to one process, which records
    it once. (The library's own groups name tests in a way that this pytest no longer reads.)"""

    def _split_scope(self, nodeid: str) -> str:
        return "demo" if nodeid.startswith("tests/api/test_demo") else nodeid


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> DemoTogether:
    """Ours, for a parallel run."""
    return DemoTogether(config, log)


def pytest_unconfigure(config: pytest.Config) -> None:
    """Leave nothing behind; the workers leave this to the process that started them."""
    if private := config.stash.get(PRIVATE, None):
        private.stop()
        shutil.rmtree(private.home)
    elif not hasattr(config, "workerinput") and (server := config.stash.get(SERVER, None)):
        server.drop_all()


@pytest.fixture(scope="session")
def server(pytestconfig: pytest.Config) -> Server:
    """The server that this run tests on."""
    return pytestconfig.stash.get(SERVER, None) or start_server(pytestconfig)


@pytest.fixture(scope="session")
def template(server: Server) -> str:
    """The name of a database at the newest schema, made by whichever worker comes first."""
    name, unfinished = f"{server.prefix}template", f"{server.prefix}unfinished"
    with psycopg.connect(server.url, autocommit=True) as connection:
        connection.execute("SELECT pg_advisory_lock(hashtext(%s))", [name])
        found = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name])
        if found.fetchone() is None:
            server.tell("CREATE DATABASE {name}", name=unfinished)
            migrate(server.database(unfinished))
            catch_up(server.database(unfinished), PROJECTIONS)  # makes their tables
            server.tell("ALTER DATABASE {old} RENAME TO {name}", old=unfinished, name=name)
    return name


@pytest.fixture(scope="session")
def outgrown(server: Server) -> Iterator[list[str]]:
    """The databases of finished tests, dropped together."""
    names: list[str] = []
    yield names
    for name in names:
        server.tell("DROP DATABASE IF EXISTS {name} WITH (FORCE)", name=name)


@pytest.fixture(scope="session")
def new_database(server: Server, template: str, outgrown: list[str]) -> Callable[[], str]:
    """Makes a database that holds an empty record and read models; answers with its url."""

    def new() -> str:
        while len(outgrown) >= UNDROPPED_DATABASES_MAX:
            server.tell("DROP DATABASE IF EXISTS {name} WITH (FORCE)", name=outgrown.pop(0))
        name = f"{server.prefix}{uuid4().hex[:12]}"
        server.tell("CREATE DATABASE {name} TEMPLATE {template}", name=name, template=template)
        outgrown.append(name)
        return server.database(name)

    return new


@pytest.fixture
def database_url(request: pytest.FixtureRequest, new_database: Callable[[], str]) -> Iterator[str]:
    """The url of a database that holds an empty record and read models, and is this test's alone.

    What the test leaves in it is checked, unless it is marked `unchecked`.
    """
    url = new_database()
    yield url
    if request.node.get_closest_marker("unchecked") is None:
        check(url)


@pytest.fixture
def empty_record(database_url: str) -> Iterator[Record]:
    """A record that is not founded yet."""
    with Record(database_url) as record:
        yield record


@pytest.fixture
def record(empty_record: Record) -> Record:
    """A record as it is founded, with one district and two subdistricts (see tests/city.py)."""
    found(empty_record)
    return empty_record


@pytest.fixture
def models(database_url: str) -> Iterator[ReadModels]:
    """The read models of this test's database; they stand still unless the test advances them."""
    models = ReadModels(database_url, connections_max=4)
    models.open()
    yield models
    models.close()
