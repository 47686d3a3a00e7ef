"""Gives each test that asks for one an empty database of its own, at the newest schema, and checks
after the test that whatever it recorded is sound.

DATABASE_URL names the server; without it one private PostgreSQL, started once, serves the run.
"""

import gc
import os
import shutil
from collections.abc import Iterator
from contextlib import ExitStack
from multiprocessing.context import SpawnProcess
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, settings
from xdist.scheduler import LoadScopeScheduling  # type: ignore[import-untyped]

from projections.engine.view import ReadModels
from record.postgres.server import EmbeddedPostgres
from record.store.record import Record
from tests.checker import check
from tests.city import found
from tests.databases import RUN, Databases, Server, folder_for_postgres, let_in_quickly
from tests.demo_city import recording

# A failed expectation of the given-when-then tests shows what was expected and what happened.
pytest.register_assert_rewrite("tests.domain.given")

# No test asserts how long something takes; a slow machine draws slowly.
settings.register_profile("annals", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("annals")

SERVER = pytest.StashKey[Server]()
PRIVATE = pytest.StashKey[ExitStack]()
RECORDING = pytest.StashKey[SpawnProcess]()
DEMO = "tests/api/test_demo"
DEMO_TOO = ("tests/oracle/test_demo", "tests/api/test_scope")
BROWSER = "tests/browser/"
DEALT_OUT = ("tests/api/test_fuzz.py",)


def start_server(config: pytest.Config) -> Server:
    """The server of this run: the one that DATABASE_URL names, or a private one."""
    if not (url := os.environ.get("DATABASE_URL")):
        config.stash[PRIVATE] = private = ExitStack()
        home = private.enter_context(folder_for_postgres())
        url = private.enter_context(EmbeddedPostgres(home, durable=False)).url
        let_in_quickly(url)
    server = Server(url, f"annals_test_{uuid4().hex[:8]}_")
    server.make_login()
    return keep_server(config, server)


def keep_server(config: pytest.Config, server: Server) -> Server:
    """Note the server of this run."""
    config.stash[SERVER] = server
    RUN[:] = [server]
    return server


def pytest_configure(config: pytest.Config) -> None:
    """Start the server before the workers of a parallel run; a lone process does it when asked."""
    if worker := getattr(config, "workerinput", None):
        keep_server(config, Server(*worker["server"]))
    elif config.getoption("numprocesses", None) and not config.option.collectonly:
        start_server(config)


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    """Tell a worker where the server is."""
    node.workerinput["server"] = tuple(node.config.stash[SERVER])


def pytest_collection_finish() -> None:
    """Keep the collector from going again and again through what stays to the end."""
    gc.collect()
    gc.freeze()


class FileByFile(LoadScopeScheduling):  # type: ignore[misc]
    """Deals out file by file, those that take long test by test; to one process what needs a
    browser, and last, to one process, what looks at the demo city, which is recorded beside the
    other tests."""

    def _split_scope(self, nodeid: str) -> str:
        file = nodeid.partition("::")[0]
        if file.startswith((DEMO, *DEMO_TOO)):
            return DEMO
        if file.startswith(BROWSER):
            return BROWSER
        return nodeid if file in DEALT_OUT else file

    def _assign_work_unit(self, node: Any) -> None:
        # Its loop stays to the end of the process, where no other test could run one of its own.
        if BROWSER in self.workqueue:
            self.workqueue.move_to_end(BROWSER)
        if DEMO in self.workqueue:
            self.workqueue.move_to_end(DEMO)
            if RECORDING not in self.config.stash:
                self.config.stash[RECORDING] = recording(self.config.stash[SERVER])
        super()._assign_work_unit(node)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> FileByFile:
    """Ours, for a parallel run."""
    return FileByFile(config, log)


def pytest_unconfigure(config: pytest.Config) -> None:
    """Leave nothing behind; the workers leave this to the process that started them."""
    if process := config.stash.get(RECORDING, None):
        process.terminate()  # it has ended before, unless the run was broken off
        process.join()
    if private := config.stash.get(PRIVATE, None):
        private.close()
    elif not hasattr(config, "workerinput") and (server := config.stash.get(SERVER, None)):
        server.drop_all()


@pytest.fixture(scope="session")
def server(pytestconfig: pytest.Config) -> Server:
    """The server that this run tests on."""
    return pytestconfig.stash.get(SERVER, None) or start_server(pytestconfig)


@pytest.fixture
def empty_home() -> Iterator[Path]:
    """A folder for a private PostgreSQL that has no database yet."""
    with folder_for_postgres() as home:
        yield home


@pytest.fixture(scope="session")
def made_home() -> Iterator[Path]:
    """One that has its database: making that costs more than most tests."""
    with folder_for_postgres() as home:
        with EmbeddedPostgres(home, durable=False):
            pass
        yield home


@pytest.fixture
def home(empty_home: Path, made_home: Path) -> Path:
    """A folder of this test's own, with a private PostgreSQL's database in it."""
    shutil.copytree(made_home, empty_home, dirs_exist_ok=True)
    return empty_home


@pytest.fixture(scope="session")
def databases(server: Server) -> Databases:
    """The databases of this process."""
    return Databases(server)


@pytest.fixture
def database_url(request: pytest.FixtureRequest, databases: Databases) -> Iterator[str]:
    """The url of a database that holds an empty record and read models, and is this test's alone.
    Its login may do what a server and a worker may; `as_owner` connects as its owner.

    What the test leaves in it is checked, unless it is marked `unchecked`.
    """
    with databases.lent() as url:
        yield url
        if request.node.get_closest_marker("unchecked") is None:
            check(url)


@pytest.fixture
def bare_url(databases: Databases) -> str:
    """The url of a database without any schema of ours, as its owner."""
    return databases.new(template="template0")


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
