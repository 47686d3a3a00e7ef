"""Which database a command works on: the one that DATABASE_URL names, or our own private one.

Our own is used where a process runs it already, and otherwise runs for the time of the command.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import psycopg
from psycopg.conninfo import conninfo_to_dict
from pydantic import ValidationError

from api.cli.refusals import Stopped
from api.settings import Settings
from record.postgres.data_directory import PostgresInUse
from record.postgres.server import EmbeddedPostgres
from record.store.migrate import migrate, pending

GIVE_UP_SECONDS = 15.0  # a short command gives our own PostgreSQL up sooner


class Database(NamedTuple):
    """A database that runs; `embedded` when it is our own private one."""

    url: str
    embedded: bool


def settings_of() -> Settings:
    """The settings of this run; Stopped when a variable has no usable value."""
    try:
        return Settings()
    except ValidationError as problem:
        names = ", ".join(
            f"ANNALS_{'_'.join(map(str, e['loc'])).upper()}" for e in problem.errors()
        )
        raise Stopped(
            f"环境变量 {names} 的值无法使用；请核对。",
            f"The environment variable {names} has no usable value; check it.",
        ) from None


@contextmanager
def database(
    settings: Settings, *, begins: bool = False, lasts: bool = False
) -> Iterator[Database]:
    """The database at the newest schema.

    Our own is migrated here; any other by `annals migrate`, which the refusal names. `begins`
    allows to make our own where there is none: a command that only reads never does. See
    `raw_database` for `lasts`.
    """
    with raw_database(settings, begins=begins, lasts=lasts) as found:
        if found.embedded:
            migrate(found.url)
        elif missing := pending(found.url):
            raise Stopped(
                f"数据库缺少 {len(missing)} 项结构更新；请先运行 annals migrate。",
                f"The database lacks {len(missing)} migrations; run annals migrate first.",
            )
        yield found


@contextmanager
def raw_database(settings: Settings, *, begins: bool, lasts: bool = False) -> Iterator[Database]:
    """The database as it is, migrated or not.

    A command that `lasts` never borrows our own from another process, which would take it away
    when it ends: it waits for a short command to give it up, and raises PostgresInUse then.
    """
    if settings.database_url:
        _require_address(settings.database_url)
        yield Database(settings.database_url, embedded=False)
        return
    if not begins and not _has_record(settings.home):
        raise Stopped(
            f"{settings.home} 中没有编年，也未设置 DATABASE_URL；"
            "请先运行 annals found，或以 ANNALS_HOME 指定目录。",
            f"There is no record in {settings.home}, and DATABASE_URL names none; run annals found "
            "first, or name the right folder in ANNALS_HOME.",
        )
    if not lasts and (url := EmbeddedPostgres.running(settings.home)):
        yield Database(url, embedded=True)
        return
    with _owned(settings.home, GIVE_UP_SECONDS if lasts else 0.0) as postgres:
        yield Database(postgres.url, embedded=True)


def _require_address(url: str) -> None:
    """Stopped when DATABASE_URL is no address; it is not repeated, as a password may be in it."""
    try:
        conninfo_to_dict(url)
    except psycopg.ProgrammingError:
        raise Stopped(
            "DATABASE_URL 不是有效的数据库地址；应形如 postgresql://用户:密码@主机:5432/库名。",
            "DATABASE_URL is no address of a database; it looks like "
            "postgresql://user:password@host:5432/name.",
        ) from None


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
