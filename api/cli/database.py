"""The database of a command: the one in DATABASE_URL, or our own private one.

Our own is used if a process already runs it; otherwise it runs for the time of the command.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import psycopg
from psycopg.conninfo import conninfo_to_dict, make_conninfo
from pydantic import ValidationError

from api.settings import Settings
from domain.kernel.refusal import Stopped
from record.logins import Logins
from record.postgres.data_directory import PostgresInUse
from record.postgres.server import EmbeddedPostgres
from record.store.migrate import migrate, pending

GIVE_UP_SECONDS = 15.0  # a short command releases our own PostgreSQL sooner


class Database(NamedTuple):
    """A running database; `folder` is that of our own private one, and None for any other.

    Our own has a login for each task; any other has the one that DATABASE_URL names.
    """

    logins: Logins
    folder: Path | None

    @property
    def embedded(self) -> bool:
        """Whether it is our own private one."""
        return self.folder is not None

    @property
    def url(self) -> str:
        """Its url under the login of the server."""
        return self.logins.server


def settings_of() -> Settings:
    """The settings of this run; Stopped if a variable has no usable value."""
    try:
        return Settings()
    except ValidationError as problem:
        names = [f"ANNALS_{'_'.join(map(str, e['loc'])).upper()}" for e in problem.errors()]
        raise Stopped("command-line.setting-unusable", names=names) from None


@contextmanager
def database(
    settings: Settings, *, begins: bool = False, lasts: bool = False
) -> Iterator[Database]:
    """The database with the newest schema.

    Our own is migrated here, any other only by `annals migrate`, as the refusal says. `begins`
    allows creating our own if there is none; commands that only read do not. See
    `raw_database` for `lasts`.
    """
    with raw_database(settings, begins=begins, lasts=lasts) as found:
        if missing := pending(found.logins.owner):
            if not found.embedded:
                raise Stopped("command-line.migrations-missing", count=len(missing))
            migrate(found.logins.owner)
        yield found


@contextmanager
def raw_database(settings: Settings, *, begins: bool, lasts: bool = False) -> Iterator[Database]:
    """The database as it is, migrated or not.

    A command that `lasts` never uses our own through another process, which would stop it when
    it ends. It waits for a short command to release it, and otherwise raises PostgresInUse.
    """
    if settings.database_url:
        yield Database(Logins.one(_address(settings.database_url, settings)), None)
        return
    if not begins and not _has_record(settings.home):
        raise Stopped("command-line.no-record", home=str(settings.home))
    if not lasts and (logins := EmbeddedPostgres.running(settings.home)):
        yield Database(logins, settings.home / "postgres")
        return
    with _owned(settings.home, GIVE_UP_SECONDS if lasts else 0.0) as postgres:
        yield Database(postgres.logins, settings.home / "postgres")


def _address(url: str, settings: Settings) -> str:
    """The address with the password of the file, if there is one.

    Stopped if it is no address. It is not shown, as it may contain a password.
    """
    try:
        conninfo_to_dict(url)
        if file := settings.database_password_file:
            return make_conninfo(url, password=file.read_text(encoding="utf-8").strip())
    except psycopg.ProgrammingError:
        raise Stopped("command-line.not-an-address") from None
    return url


@contextmanager
def _owned(home: Path, seconds: float) -> Iterator[EmbeddedPostgres]:
    postgres = EmbeddedPostgres(home)
    deadline = time.monotonic() + seconds
    while True:
        try:
            postgres.start()
        except PostgresInUse:
            if time.monotonic() >= deadline:
                raise
        else:
            break
    with postgres:
        yield postgres


def _has_record(home: Path) -> bool:
    return (home / "postgres" / "data").exists()
