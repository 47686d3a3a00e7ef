"""The databases that tests record in: made from a template, and emptied between tests.

Their files are in memory where there is room: a database is hundreds of small ones.

To empty one costs a fraction of making and dropping it. One that a test changed in another way
than by rows, or that cannot be emptied, is never given to another test.
"""

import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit
from uuid import uuid4

import psycopg
from psycopg import sql

from projections.all import PROJECTIONS
from projections.engine.worker import catch_up
from record.logins import settle_rights
from record.store.migrate import migrate

IN_MEMORY = Path("/dev/shm")
ROOM_BYTES_MIN = 4 * 1024**3
UNDROPPED_MAX = 20  # dropping one makes the server write all: many at once cost as much

# The tables with their ids, and the last transaction that changed anything else of a schema.
SHAPE = """
    select
        (select md5(string_agg(concat_ws(' ', oid, relname, relacl), ',' order by oid))
            from pg_class where oid >= 16384),
        (select (count(*), max(xmin::text::bigint))::text from pg_attribute),
        (select (count(*), max(xmin::text::bigint))::text from pg_constraint),
        (select (count(*), max(xmin::text::bigint))::text from pg_namespace),
        (select (count(*), max(xmin::text::bigint))::text from pg_proc),
        (select (count(*), max(xmin::text::bigint))::text from pg_trigger)
"""
FILLED = """
    select relnamespace::regnamespace::text, relname from pg_class
    where relnamespace in ('record'::regnamespace, 'access'::regnamespace,
            'projections'::regnamespace)
        and relkind = 'r' and relname <> 'migrations' and pg_relation_size(oid) > 0
"""
END_OTHERS = """
    select pg_terminate_backend(pid, 10000) from pg_stat_activity
    where datname = current_database() and pid <> pg_backend_pid()
        and backend_type = 'client backend'
"""
BEGIN_AGAIN = """
    insert into projections.progress (projection, "position", definition)
    select projection, 0, definition
    from unnest(%s::text[], %s::text[]) as known (projection, definition)
"""


@contextmanager
def folder_for_postgres() -> Iterator[Path]:
    """A new folder for a PostgreSQL of the tests' own; its user gets to it, who is not root."""
    roomy = IN_MEMORY.is_dir() and shutil.disk_usage(IN_MEMORY).free >= ROOM_BYTES_MIN
    folder = Path(tempfile.mkdtemp(prefix="annals-tests-", dir=IN_MEMORY if roomy else None))
    folder.chmod(0o755)
    try:
        yield folder
    finally:
        shutil.rmtree(folder)


def let_in_quickly(url: str) -> None:
    """Have the server prove its password in one step and not in thousands: the tests connect
    thousands of times."""
    with psycopg.connect(url) as connection:
        password = sql.Literal(urlsplit(url).password)
        connection.execute("set local scram_iterations = 1")
        connection.execute(sql.SQL("alter role current_user password {}").format(password))


class Server(NamedTuple):
    """A server to test on, and what the databases of this run are called.

    Tests record under a login that has the rights of the server and of the worker, and no others.
    """

    url: str
    prefix: str

    def database(self, name: str) -> str:
        """The url of one database on it, as its owner."""
        return urlsplit(self.url)._replace(path=f"/{name}").geturl()

    @property
    def login(self) -> str:
        """The login of this run's tests."""
        return f"{self.prefix}login"

    def make_login(self) -> None:
        """Make that login."""
        with psycopg.connect(self.url) as connection:
            if connection.info.server_version >= 160_000:
                connection.execute("set local scram_iterations = 1")
            settle_rights(connection)
            made = "create role {} login password {} in role annals_server, annals_worker"
            names = sql.Identifier(self.login), sql.Literal(self.login)
            connection.execute(sql.SQL(made).format(*names))

    def limited(self, url: str) -> str:
        """The same database under that login."""
        parts = urlsplit(url)
        place = parts.netloc.rpartition("@")[2]
        return parts._replace(netloc=f"{self.login}:{self.login}@{place}").geturl()

    def tell(self, statement: str, **names: str) -> None:
        """Carry out one statement about databases."""
        with psycopg.connect(self.url, autocommit=True) as connection:
            parts = {key: sql.Identifier(name) for key, name in names.items()}
            connection.execute(sql.SQL(statement).format(**parts))

    def made_once(self, what: str, make: Callable[[str], None]) -> str:
        """The url of a database that all processes of the run share: `make` fills it in whichever
        comes first, as its owner, while the others wait."""
        name, unfinished = f"{self.prefix}{what}", f"{self.prefix}{what}_unfinished"
        with psycopg.connect(self.url, autocommit=True) as connection:
            connection.execute("select pg_advisory_lock(hashtext(%s))", [name])
            found = connection.execute("select 1 from pg_database where datname = %s", [name])
            if found.fetchone() is None:
                self.tell("drop database if exists {name}", name=unfinished)
                self.tell("create database {name}", name=unfinished)
                make(self.database(unfinished))
                self.tell("alter database {old} rename to {name}", old=unfinished, name=name)
        return self.limited(self.database(name))

    def drop_all(self) -> None:
        """Drop every database of this run, and its login."""
        with psycopg.connect(self.url) as connection:
            found = connection.execute(
                "select datname from pg_database where starts_with(datname, %s)", [self.prefix]
            ).fetchall()
        for (name,) in found:
            self.tell("drop database if exists {name} with (force)", name=name)
        self.tell("drop role if exists {login}", login=self.login)


RUN: list[Server] = []  # the one server of this run


def owned(where: str | psycopg.Connection) -> str:
    """The url of the same database, as its owner."""
    name = urlsplit(where).path[1:] if isinstance(where, str) else where.info.dbname
    return RUN[0].database(name)


def as_owner(where: str | psycopg.Connection) -> psycopg.Connection:
    """A connection of the owner's to the same database, for what only the owner can do."""
    return psycopg.connect(owned(where))


class Databases:
    """Those of one process. Each holds an empty record and read models when it is given out."""

    def __init__(self, server: Server) -> None:
        self.server = server
        template = server.made_once("template", _make_template)
        self._template = urlsplit(template).path[1:]
        self._empty: list[str] = []
        self._outgrown: list[str] = []
        with psycopg.connect(template) as connection:
            self._shape = connection.execute(SHAPE).fetchone()
            progress = "select projection, definition from projections.progress"
            self._definitions = connection.execute(progress).fetchall()

    def new(self, template: str = "") -> str:
        """The url of a database that was made just now, of a template, and is only dropped. The
        owner's, if the template is another than ours."""
        url = self._made(template or self._template)
        self._outgrow(url)
        return owned(url) if template else url

    @contextmanager
    def lent(self) -> Iterator[str]:
        """The url of a database that nobody else uses until the end of the block."""
        url = self._empty.pop() if self._empty else self._made(self._template)
        whole = False
        try:
            yield url
            whole = self._emptied(url)
        finally:
            if whole:
                self._empty.append(url)
            else:
                self._outgrow(url)

    def _made(self, template: str) -> str:
        name = f"{self.server.prefix}{uuid4().hex[:12]}"
        self.server.tell("create database {name} template {template}", name=name, template=template)
        # It has what its template has, but for the rights on the database itself.
        self.server.tell("grant create on database {name} to annals_worker", name=name)
        return self.server.limited(self.server.database(name))

    def _outgrow(self, url: str) -> None:
        self._outgrown.append(url)
        while len(self._outgrown) > UNDROPPED_MAX:
            name = urlsplit(self._outgrown.pop(0)).path[1:]
            self.server.tell("drop database {name} with (force)", name=name)

    def _emptied(self, url: str) -> bool:
        """Take all rows out of it; False if it is not what it was or not ours to empty."""
        try:
            with as_owner(url) as connection:
                connection.execute(END_OTHERS)
                if connection.execute(SHAPE).fetchone() != self._shape:
                    return False
                # The record's own triggers refuse it, to the owner of its tables too.
                connection.execute("set local session_replication_role = replica")
                filled = connection.execute(FILLED).fetchall()
                names = sql.SQL(", ").join(sql.Identifier(*name) for name in filled)
                connection.execute(sql.SQL("truncate {} cascade").format(names))
                connection.execute("select setval('record.attachment_numbers', 1, false)")
                projections, definitions = zip(*self._definitions, strict=True)
                connection.execute(BEGIN_AGAIN, (list(projections), list(definitions)))
        except (psycopg.OperationalError, psycopg.errors.InsufficientPrivilege):
            return False
        return True


def _make_template(url: str) -> None:
    migrate(url)
    catch_up(url, PROJECTIONS)  # makes their tables
